"""What query's handlers are asked here, and what AWS and the partners answer them.

One member with answers of all issuers, all lanes at ease.
"""

import json
from typing import Any

from bench.asked import Case, given_message, given_request
from bench.sample_member import CI, DAY_MS, SUBJECT, answer_items, member_item, sealed_ci
from bench.stub import ITSELF, Rule
from modupoint.clock import real_ms
from modupoint.http import member_key
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from query.lanes import LANE_BATCH_SIZE
from query.lookup_message import LookupMessage
from query.terms import NEEDED

_LANE = "modupoint-lookup-shinhan"


def query_cases(lookup_id: str) -> list[Case]:
    """Return every way in which functions are invoked here."""
    consent = {"terms_version": "2026-11-01", "agreed": list(NEEDED)}
    path = {"lookup_id": lookup_id}
    return [
        Case("PutConsent", "", given_request("PUT /v1/me/consent", body=consent)),
        Case("WithdrawConsent", "", given_request("DELETE /v1/me/consent")),
        Case("ReadMe", "", given_request("GET /v1/me")),
        Case("RequestLookup", "", given_request("POST /v1/lookups", body={"max_age_seconds": 60})),
        Case("ReadLookup", "", given_request("GET /v1/lookups/{lookup_id}", path=path)),
        Case("ListIssuers", "", given_request("GET /v1/issuers")),
        # Caches ask again when what they have is as old as what an environment
        # keeps, so an invocation that need not read is the exception.
        Case(
            "ReadStatus",
            "",
            given_request("GET /v1/status"),
            {"query.lane_board": {"KEPT_MS": -1}},
        ),
        Case("AskIssuer", "1 message", given_lookups(_LANE, 1)),
        Case("AskIssuer", f"{LANE_BATCH_SIZE} messages", given_lookups(_LANE, LANE_BATCH_SIZE)),
    ]


def query_rules(lookup_id: str) -> list[Rule]:
    """Return what the stub answers them."""
    member = member_item(lookup_id)
    answers = answer_items(lookup_id)
    lanes = [_lane_item(code) for code in ISSUERS]
    person = {"sub": SUBJECT, "ci": CI, "name": "홍길동", "birthdate": "19900101"}
    told: list[tuple[str, str, Any]] = [
        ("UpdateItem", '"ALL_NEW"', {"Attributes": member}),
        ("GetItem", '"LANE"', {"Item": lanes[0]}),
        ("GetItem", "", {"Item": member}),
        ("Query", '"LANE"', {"Items": lanes, "Count": len(lanes)}),
        ("Query", "", {"Items": [*answers, member], "Count": len(answers) + 1}),
        (
            "GET /identity/.well-known/openid-configuration",
            "",
            {"userinfo_endpoint": f"{ITSELF}/identity/userinfo"},
        ),
        ("GET /identity/userinfo", "", person),
        ("POST /issuers/shinhan/v1/points/inquiry", "", _inquiry()),
    ]
    return [Rule(action, json.dumps(answer), word) for action, word, answer in told]


def given_lookups(lane: str, count: int) -> dict[str, Any]:
    """Return what brings some members' lookups to a lane's worker."""
    return {"Records": [_record(lane, f"{SUBJECT}-{number}") for number in range(count)]}


def _record(lane: str, subject: str) -> dict[str, Any]:
    member = member_key(subject)
    message = LookupMessage(member, new_id("lkp"), real_ms() + DAY_MS, sealed_ci(member))
    return given_message(lane, subject, message.to_json())


def _lane_item(issuer: str) -> dict[str, Any]:
    numbers = {
        "backlog": 0,
        "drain_per_s": 600.0,
        "answer_ms": 300,
        # A lane that was reported a moment ago, whenever a worker looks.
        "seen_at": real_ms() + DAY_MS,
        "trouble": 0,
        "open_until": 0,
        "probe_until": 0,
        "rests": 0,
    }
    item: dict[str, Any] = {"pk": {"S": "LANE"}, "sk": {"S": issuer}}
    return item | {name: {"N": str(number)} for name, number in numbers.items()}


def _inquiry() -> dict[str, Any]:
    points = [
        {
            "point_code": point.code,
            "point_name": point.name["ko"],
            "cashable": point.cashable,
            "remain_point_amt": 12345,
            "transferable_point_amt": 12345,
            "expiring_point_amt": 300,
            "expiring_month": "202612",
            "expiring_list": [{"month": "202612", "amt": 300}, {"month": "202703", "amt": 45}],
        }
        for point in ISSUERS["shinhan"].points
    ]
    return {
        "rsp_code": "00000",
        "rsp_msg": "정상",
        "search_timestamp": "20261122110000",
        "member_status": "ACTIVE",
        "point_cnt": len(points),
        "point_list": points,
    }
