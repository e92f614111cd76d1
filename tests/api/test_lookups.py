"""Lookups through the API: starting, joining, reading, limits and bad input."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from modupoint.issuers import ISSUERS
from tests.api.shapes import check_gateway_answer, check_lookup_reply, check_problem, seoul_time
from tests.stack.member import statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.member import Member
    from tests.stack.partners import Partners


def _requested(member: Member, body: object = None) -> Any:
    return check_lookup_reply(member.send("POST", "/v1/lookups", body), 202)


def test_a_lookup_is_accepted_at_once_and_read_until_done(
    member: Member, partners: Partners
) -> None:
    partners.fault("epost", latency_ms=1_500)
    accepted = _requested(member, {})
    assert accepted["status"] == "RUNNING"
    assert list(accepted["results"]) == list(ISSUERS)
    assert set(statuses(accepted).values()) == {"PENDING"}
    path = f"/v1/lookups/{accepted['lookup_id']}"
    running = check_lookup_reply(member.send("GET", path), 200)
    assert running["status"] == "RUNNING"

    member.done(accepted["lookup_id"])
    done = check_lookup_reply(member.send("GET", path), 200)
    for name in ("lookup_id", "requested_at", "deadline_at"):
        assert done[name] == accepted[name]
    assert set(statuses(done).values()) == {"OK"}


@pytest.mark.parametrize("body", [None, b"", {}, {"issuers": None}], ids=str)
def test_a_lookup_without_wishes_asks_all(member: Member, body: object) -> None:
    assert list(_requested(member, body)["results"]) == list(ISSUERS)


def test_a_lookup_of_some_asks_only_them(member: Member, partners: Partners) -> None:
    since = partners.last_call()
    lookup = member.look_up(issuers=["citi", "kb", "kb"])
    assert list(lookup["results"]) == ["kb", "citi"], "each once, in the members' order"
    asked = [call["partner"] for call in partners.calls(sub=member.sub, since=since)]
    assert sorted(asked) == ["issuers/citi", "issuers/kb"]


def test_sample_people_are_shown_every_status_and_what_to_do(
    new_member: Callable[..., Member], partners: Partners
) -> None:
    member = new_member()
    partners.say(
        member.sub,
        {
            "shinhan": {
                "points": [
                    {"point_code": "MYSHINHAN", "remain": 500},
                    {"point_code": "PARTNER", "remain": 70},
                ]
            },
            "kb": {"member_status": "DORMANT", "points": [_points("POINTREE")]},
            "bc": {"member_status": "SUSPENDED", "points": [_points("TOP")]},
            "citi": {"member_status": "CORPORATE", "points": [_points("CITIPOINT")]},
            "hyundai": {"points": [_points("HCOIN"), _points("MPOINT")]},
        },
        elsewhere="NOT_MEMBER",
    )
    lookup = member.look_up()
    check_lookup_reply(member.send("GET", f"/v1/lookups/{lookup['lookup_id']}"), 200)
    results = lookup["results"]
    assert statuses(lookup) == {
        **dict.fromkeys(ISSUERS, "NOT_MEMBER"),
        "shinhan": "OK",
        "hyundai": "OK",
        "kb": "DORMANT",
        "bc": "SUSPENDED",
        "citi": "CORPORATE",
    }
    for code in ("kb", "bc"):
        (point,) = results[code]["points"]
        assert (point["remaining"], point["transferable"]) == (1000, 0)
        assert all(ISSUERS[code].phone in text for text in results[code]["message"].values())
    assert "휴면" in results["kb"]["message"]["ko"]
    own, partner = results["shinhan"]["points"]
    assert (own["cashable"], own["transferable"]) == (True, 500)
    assert (partner["cashable"], partner["remaining"], partner["transferable"]) == (False, 70, 0)
    coin, m_point = results["hyundai"]["points"]
    assert (coin["transferable"], m_point["remaining"], m_point["transferable"]) == (1000, 1000, 0)
    assert lookup["totals"]["transferable"] == 1500


def test_a_second_call_in_time_joins_the_first(member: Member) -> None:
    first = _requested(member, {})
    assert _requested(member, {})["lookup_id"] == first["lookup_id"]
    assert _requested(member, {"issuers": ["kb"]})["lookup_id"] == first["lookup_id"]
    done = member.done(first["lookup_id"])
    joined = _requested(member, {"max_age_seconds": 600})
    assert joined == done


def test_a_call_that_wants_more_or_newer_starts_anew(member: Member) -> None:
    some = _requested(member, {"issuers": ["kb", "bc"]})
    newer = _requested(member, {"issuers": ["kb"], "max_age_seconds": 0})
    more = _requested(member, {"issuers": ["kb", "bc"]})
    every = _requested(member, {})
    ids = [one["lookup_id"] for one in (some, newer, more, every)]
    assert len(set(ids)) == 4
    assert ids == sorted(ids), "ids sort by age"
    member.done(every["lookup_id"])


def test_the_seventh_fresh_lookup_of_a_minute_waits(member: Member, partners: Partners) -> None:
    for _ in range(6):
        newest = _requested(member, {"issuers": ["kb"], "max_age_seconds": 0})
    refused = member.send("POST", "/v1/lookups", {"issuers": ["kb"], "max_age_seconds": 0})
    check_problem(refused, 429, "too_many_lookups")
    wait_s = int(refused.headers["retry-after"])
    assert 1 <= wait_s <= 60
    assert _requested(member, {"issuers": ["kb"]})["lookup_id"] == newest["lookup_id"]
    member.done(newest["lookup_id"])
    partners.set_clock(partners.now() + timedelta(seconds=wait_s))
    _requested(member, {"issuers": ["kb"], "max_age_seconds": 0})


def test_all_of_the_last_six_lookups_can_be_read(member: Member) -> None:
    ids = [
        _requested(member, {"issuers": ["kb"], "max_age_seconds": 0})["lookup_id"] for _ in "123456"
    ]
    member.done(ids[-1])
    for one in ids:
        assert check_lookup_reply(member.send("GET", f"/v1/lookups/{one}"), 200)["lookup_id"] == one


def test_another_members_lookup_is_not_found(new_member: Callable[[], Member]) -> None:
    owner, other = new_member(), new_member()
    lookup = owner.look_up(issuers=["kb"])
    check_problem(other.send("GET", f"/v1/lookups/{lookup['lookup_id']}"), 404, "not_found")
    other.look_up(issuers=["kb"])
    check_problem(other.send("GET", f"/v1/lookups/{lookup['lookup_id']}"), 404, "not_found")
    assert owner.read(lookup["lookup_id"]) == lookup


@pytest.mark.parametrize(
    "lookup_id",
    [
        "lkp_01890000-0000-7000-8000-000000000000",
        "LKP_01890000-0000-7000-8000-000000000000",
        "lkp_",
        "0",
        "MEMBER",
        "ISSUER#kb",
        "한글",
        "😀",
        "' OR 1=1 --",
        "\u202e\x00\x7f",
        "x" * 2000,
        "%00",
        "null",
    ],
    ids=ascii,
)
def test_an_odd_or_unknown_lookup_id_is_not_found(member: Member, lookup_id: str) -> None:
    path = f"/v1/lookups/{quote(lookup_id, safe='')}"
    check_problem(member.send("GET", path), 404, "not_found")


@pytest.mark.parametrize("lookup_id", ["", "a/b", "../../v1/nothing"])
def test_a_path_that_is_no_route_is_the_gateways_affair(member: Member, lookup_id: str) -> None:
    check_gateway_answer(member.send("GET", f"/v1/lookups/{lookup_id}"), 404)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"issuers": []}, "/issuers"),
        ({"issuers": "kb"}, "/issuers"),
        ({"issuers": {"kb": True}}, "/issuers"),
        ({"issuers": ["kb"] * 101}, "/issuers"),
        ({"issuers": ["hsbc"]}, "/issuers/0"),
        ({"issuers": ["kb", "KB"]}, "/issuers/1"),
        ({"issuers": ["kb", ""]}, "/issuers/1"),
        ({"issuers": [None]}, "/issuers/0"),
        ({"issuers": [1]}, "/issuers/0"),
        ({"issuers": [["kb"]]}, "/issuers/0"),
        ({"max_age_seconds": -1}, "/max_age_seconds"),
        ({"max_age_seconds": 601}, "/max_age_seconds"),
        ({"max_age_seconds": 10**30}, "/max_age_seconds"),
        ({"max_age_seconds": -(10**400)}, "/max_age_seconds"),
        ({"max_age_seconds": 1.5}, "/max_age_seconds"),
        ({"max_age_seconds": "60"}, "/max_age_seconds"),
        ({"max_age_seconds": True}, "/max_age_seconds"),
        ({"max_age_seconds": None}, "/max_age_seconds"),
        ({"max_age_seconds": [60]}, "/max_age_seconds"),
        ({"member": "M#somebody"}, "/member"),
        ({"": 0}, "/"),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_a_lookup_that_makes_no_sense_is_refused_by_its_place(
    member: Member, body: dict[str, Any], pointer: str
) -> None:
    problem = check_problem(member.send("POST", "/v1/lookups", body), 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize("max_age", [0, 1, 600, 60.0])
def test_the_bounds_of_the_age_are_allowed(member: Member, max_age: float) -> None:
    _requested(member, {"issuers": ["kb"], "max_age_seconds": max_age})


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"[]",
        b"null",
        b"1",
        b'"kb"',
        b"\xff\xfe\x00",
        b'{"issuers": ["kb"],}',
        b"{'issuers': ['kb']}",
        b'{"max_age_seconds": NaN}',
        b'{"max_age_seconds": 1e400}',
        b'{"issuers": ["\\ud800"]}',
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"max_age_seconds": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: ascii(body[:20]),
)
def test_a_body_that_is_no_request_is_refused(member: Member, body: bytes) -> None:
    problem = check_problem(member.send("POST", "/v1/lookups", body), 422, "invalid_request")
    assert problem["errors"]


def test_business_time_is_the_clocks_and_tokens_go_by_real_time(
    member: Member, partners: Partners
) -> None:
    partners.say(
        member.sub,
        {
            "shinhan": {
                "points": [
                    {
                        "point_code": "MYSHINHAN",
                        "remain": 900,
                        "expirations": [
                            {"months_ahead": 1, "amt": 300},
                            {"months_ahead": 2, "amt": 50},
                        ],
                    }
                ]
            }
        },
    )
    moment = datetime(2031, 12, 31, 23, 0, tzinfo=ZoneInfo("Asia/Seoul"))
    partners.set_clock(moment)
    lookup = member.look_up(issuers=["shinhan"])
    result = lookup["results"]["shinhan"]
    for moved in (lookup["requested_at"], result["as_of"]):
        assert timedelta(0) <= seoul_time(moved) - moment < timedelta(minutes=10)
    assert seoul_time(lookup["deadline_at"]) > seoul_time(lookup["requested_at"])
    assert result["points"][0]["expiring_month"] == "2032-01"
    assert lookup["totals"]["expiring_next_month"] == 300

    partners.heal()
    now = member.look_up(issuers=["shinhan"])
    assert now["lookup_id"] != lookup["lookup_id"], "one from the future is not young"
    assert seoul_time(now["requested_at"]) < moment


def _points(code: str) -> dict[str, Any]:
    return {"point_code": code, "remain": 1000}
