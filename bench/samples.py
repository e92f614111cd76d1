"""What handlers are asked here, and what AWS and the partners answer them.

One member with answers of all issuers, all lanes at ease. Made with the
project's own keys, ids and messages, so that the samples are what the handlers
write themselves.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from bench.stub import ITSELF, Rule
from modupoint.clock import at_ms, real_ms, rfc3339
from modupoint.envelope import DataKeys, ci_owner, seal
from modupoint.http import member_key
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from query.lanes import LANE_BATCH_SIZE
from query.lookup_message import LookupMessage
from query.terms import NEEDED

_DAY_MS = 24 * 3600 * 1000
_KEY_ID = "2026-11"
_KEY = bytes(range(32))
_SUBJECT = "sample-person"
_CI = "C" * 88
_LANE = "arn:aws:sqs:ap-northeast-2:000000000000:modupoint-lookup-shinhan"


@dataclass(frozen=True, slots=True)
class Case:
    """One way to invoke a function.

    ``settings`` are values of the code's own modules that hold meanwhile, by
    module and name.
    """

    function: str
    name: str
    event: dict[str, Any]
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)


class _OneKey(DataKeys):
    """A key that both the samples and the stub's KMS know."""

    def current(self) -> tuple[str, bytes]:
        return _KEY_ID, _KEY


def variables(stub_url: str) -> dict[str, str]:
    """Return the environment variables that functions and AWS's runtime know, as in production."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_REGION": "ap-northeast-2",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": stub_url,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "MEMBERS_TABLE": "members",
        "OPERATIONS_TABLE": "operations",
        "DATA_KMS_KEY": "arn:aws:kms:ap-northeast-2:000000000000:key/sample",
        "CLOCK_URL": "",
        "IDENTITY_ISSUER": f"{stub_url}/identity",
        "LOOKUP_TOPIC_ARN": "arn:aws:sns:ap-northeast-2:000000000000:modupoint-lookups",
        "ISSUERS_SECRET": "modupoint/issuers",
        "LANE_CONCURRENCY": "20",
    }


def cases(lookup_id: str) -> list[Case]:
    """Return every way in which functions are invoked here."""
    consent = {"terms_version": "2026-11-01", "agreed": list(NEEDED)}
    path = {"lookup_id": lookup_id}
    return [
        Case("PutConsent", "", _request("PUT /v1/me/consent", body=consent)),
        Case("WithdrawConsent", "", _request("DELETE /v1/me/consent")),
        Case("ReadMe", "", _request("GET /v1/me")),
        Case("RequestLookup", "", _request("POST /v1/lookups", body={"max_age_seconds": 60})),
        Case("ReadLookup", "", _request("GET /v1/lookups/{lookup_id}", path=path)),
        Case("ListIssuers", "", _request("GET /v1/issuers")),
        # Caches ask again when what they have is as old as what an environment
        # keeps, so an invocation that need not read is the exception.
        Case(
            "ReadStatus",
            "",
            _request("GET /v1/status"),
            {"query.lane_board": {"KEPT_MS": -1}},
        ),
        Case("AskIssuer", "1 message", _messages(1)),
        Case("AskIssuer", f"{LANE_BATCH_SIZE} messages", _messages(LANE_BATCH_SIZE)),
    ]


def rules(lookup_id: str) -> list[Rule]:
    """Return what the stub answers."""
    member = _member_item(lookup_id)
    answers = [_answer_item(code, lookup_id) for code in ISSUERS]
    lanes = [_lane_item(code) for code in ISSUERS]
    key = {"wrapped": {"B": base64.b64encode(b"wrapped").decode()}}
    credential = {"base_url": f"{ITSELF}/issuers/{{code}}", "client_id": "modupoint", "key": "k"}
    person = {"sub": _SUBJECT, "ci": _CI, "name": "홍길동", "birthdate": "19900101"}
    told: list[tuple[str, str, Any]] = [
        ("UpdateItem", '"ALL_NEW"', {"Attributes": member}),
        ("UpdateItem", "", {}),
        ("GetItem", '"DATA_KEY"', {"Item": key}),
        ("GetItem", '"LANE"', {"Item": lanes[0]}),
        ("GetItem", "", {"Item": member}),
        ("Query", '"LANE"', {"Items": lanes, "Count": len(lanes)}),
        ("Query", "", {"Items": [*answers, member], "Count": len(answers) + 1}),
        ("TransactWriteItems", "", {}),
        ("Decrypt", "", {"Plaintext": base64.b64encode(_KEY).decode(), "KeyId": "sample"}),
        ("GetSecretValue", "", {"Name": "s", "SecretString": json.dumps({"*": credential})}),
        (
            "GET /identity/.well-known/openid-configuration",
            "",
            {"userinfo_endpoint": f"{ITSELF}/identity/userinfo"},
        ),
        ("GET /identity/userinfo", "", person),
        ("POST /issuers/shinhan/v1/points/inquiry", "", _inquiry()),
    ]
    published = (
        '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
        "<MessageId>m</MessageId></PublishResult></PublishResponse>"
    )
    return [
        *(Rule(action, json.dumps(answer), word) for action, word, answer in told),
        Rule("Publish", published),
    ]


def _request(
    route: str, *, body: dict[str, Any] | None = None, path: dict[str, str] | None = None
) -> dict[str, Any]:
    method, _, raw_path = route.partition(" ")
    claims = {"sub": _SUBJECT, "iss": "https://id", "aud": "modupoint", "scope": "points:read"}
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw_path,
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-language": "ko-KR,ko;q=0.9",
            "authorization": f"Bearer {'t' * 700}",
            "content-type": "application/json",
            "host": "api.example",
            "user-agent": "Mozilla/5.0",
            "x-amzn-trace-id": "Root=1-67f0a1b2-0123456789abcdef01234567",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "requestId": "r",
            "http": {"method": method, "path": raw_path, "protocol": "HTTP/1.1"},
            "authorizer": {"jwt": {"claims": claims, "scopes": ["points:read"]}},
        },
        "pathParameters": path,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def _messages(count: int) -> dict[str, Any]:
    return {"Records": [_record(f"{_SUBJECT}-{number}") for number in range(count)]}


def _record(subject: str) -> dict[str, Any]:
    member = member_key(subject)
    message = LookupMessage(member, new_id("lkp"), real_ms() + _DAY_MS, _sealed(member))
    return {
        "messageId": subject,
        "receiptHandle": "h" * 200,
        "body": message.to_json(),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(real_ms())},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": _LANE,
    }


def _sealed(member: str) -> bytes:
    return seal(_OneKey("", ""), _CI, ci_owner(member))


def _member_item(lookup_id: str) -> dict[str, Any]:
    member = member_key(_SUBJECT)
    consent = {
        "terms_version": {"S": "2026-11-01"},
        "consented_at": {"S": rfc3339(at_ms(real_ms()))},
        "text_sha256": {"S": "0" * 64},
    }
    older = {f"recent_{place}": _register(new_id("lkp")) for place in range(1, 6)}
    return {
        "pk": {"S": member},
        "sk": {"S": "MEMBER"},
        "consent": {"M": consent},
        "ci": {"B": base64.b64encode(_sealed(member)).decode()},
        **older,
        "recent_6": _register(lookup_id),
        "repaired": {"S": ""},
        "repairs": {"N": "0"},
    }


def _register(lookup_id: str) -> dict[str, Any]:
    times = {"at": {"N": str(real_ms())}, "due": {"N": str(real_ms() + _DAY_MS)}}
    return {"M": {"id": {"S": lookup_id}, **times}}


def _answer_item(issuer: str, lookup_id: str) -> dict[str, Any]:
    balances = [
        {
            "code": point.code,
            "name": point.name,
            "cashable": point.cashable,
            "remaining": 12345,
            "transferable": 12345 if point.cashable else 0,
            "expiring": 300,
            "expiring_month": "2026-12",
            "expirations": [
                {"month": "2026-12", "amount": 300},
                {"month": "2027-03", "amount": 45},
            ],
        }
        for point in ISSUERS[issuer].points
    ]
    return {
        "pk": {"S": member_key(_SUBJECT)},
        "sk": {"S": f"ISSUER#{issuer}"},
        "lookup_id": {"S": lookup_id},
        "status": {"S": "OK"},
        "answered_at": {"N": str(real_ms())},
        "balances": {"S": json.dumps(balances, ensure_ascii=False, separators=(",", ":"))},
        "balances_at": {"N": str(real_ms())},
        "expires_at": {"N": str((real_ms() + 400 * _DAY_MS) // 1000)},
    }


def _lane_item(issuer: str) -> dict[str, Any]:
    numbers = {
        "backlog": 0,
        "drain_per_s": 600.0,
        "answer_ms": 300,
        # A lane that was reported a moment ago, whenever a worker looks.
        "seen_at": real_ms() + _DAY_MS,
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
