"""Agreement, what is kept of a member, and what is public: issuers and lanes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.issuers import ISSUERS
from tests.api.shapes import check_problem, is_text, seoul_time
from tests.stack.member import AGREED, TERMS_VERSION, Member

if TYPE_CHECKING:
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

GOOD = {"terms_version": TERMS_VERSION, "agreed": AGREED}


@pytest.fixture
def stranger(api: Http, partners: Partners) -> Member:
    """Give somebody who has signed in and agreed to nothing."""
    return Member(api, partners)


def test_agreeing_is_answered_with_time_and_version(stranger: Member) -> None:
    reply = stranger.send("PUT", "/v1/me/consent", GOOD)
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.json.keys() == {"consented_at", "terms_version"}
    assert reply.json["terms_version"] == TERMS_VERSION
    seoul_time(reply.json["consented_at"])
    assert stranger.send("GET", "/v1/me").json["consent"] == reply.json


def test_the_order_of_the_agreements_does_not_matter_and_agreeing_twice_renews(
    stranger: Member,
) -> None:
    first = stranger.send("PUT", "/v1/me/consent", GOOD).json
    again = stranger.send("PUT", "/v1/me/consent", {**GOOD, "agreed": AGREED[::-1]})
    assert again.status == 200
    assert seoul_time(again.json["consented_at"]) >= seoul_time(first["consented_at"])


def test_a_member_who_has_agreed_to_nothing_is_kept_as_nothing(stranger: Member) -> None:
    reply = stranger.send("GET", "/v1/me")
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.json == {
        "consent": None,
        "accounts": [],
        "expiry_alerts": {"enabled": False, "lead_months": None},
        "auto_cashout": {"enabled": False, "account_id": None, "minimum_amount": None},
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/terms_version"),
        ({"agreed": AGREED}, "/terms_version"),
        ({**GOOD, "terms_version": 20261101}, "/terms_version"),
        ({**GOOD, "terms_version": ""}, "/terms_version"),
        ({**GOOD, "terms_version": "x" * 33}, "/terms_version"),
        ({**GOOD, "terms_version": "1\n"}, "/terms_version"),
        ({"terms_version": TERMS_VERSION}, "/agreed"),
        ({**GOOD, "agreed": []}, "/agreed"),
        ({**GOOD, "agreed": AGREED[:2]}, "/agreed"),
        ({**GOOD, "agreed": ["service", "service", "service"]}, "/agreed"),
        ({**GOOD, "agreed": "service"}, "/agreed"),
        ({**GOOD, "agreed": None}, "/agreed"),
        ({**GOOD, "agreed": [*AGREED[:2], "marketing"]}, "/agreed"),
        ({**GOOD, "agreed": [*AGREED[:2], 3]}, "/agreed"),
        ({**GOOD, "ci": "x"}, "/ci"),
        ({**GOOD, "a/b~c": 1}, "/a~1b~0c"),
    ],
    ids=str,
)
def test_an_agreement_that_is_not_whole_is_refused(
    stranger: Member, body: dict[str, Any], pointer: str
) -> None:
    problem = check_problem(stranger.send("PUT", "/v1/me/consent", body), 422, "invalid_request")
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert stranger.send("GET", "/v1/me").json["consent"] is None


def test_nothing_is_stored_while_the_identity_provider_does_not_answer(
    stranger: Member, partners: Partners, cloud: Cloud
) -> None:
    partners.spoil("identity", {"kind": "internal", "operation": "userinfo"})
    reply = stranger.send("PUT", "/v1/me/consent", GOOD)
    check_problem(reply, 429, "identity_unavailable")
    assert int(reply.headers["retry-after"]) > 0
    assert cloud.items_of(stranger.key) == {}


def test_a_lookup_without_an_agreement_is_refused(stranger: Member) -> None:
    check_problem(stranger.send("POST", "/v1/lookups", {}), 403, "consent_required")


def test_withdrawal_erases_everything_but_the_proof(member: Member, cloud: Cloud) -> None:
    lookup = member.look_up()
    reply = member.send("DELETE", "/v1/me/consent")
    assert (reply.status, reply.body) == (204, b"")

    missing = member.send("GET", f"/v1/lookups/{lookup['lookup_id']}")
    check_problem(missing, 404, "not_found")
    assert member.send("GET", "/v1/me").json["consent"] is None
    check_problem(member.send("POST", "/v1/lookups", {}), 403, "consent_required")
    own = [item for item in cloud.items("MembersTable") if item["pk"]["S"] == member.key]
    assert own, "the proof of the agreement stays"
    for item in own:
        assert not {"ci", "balances", "balances_at"} & item.keys()
    (proof,) = [item for item in own if item["sk"]["S"] == "MEMBER"]
    assert {"terms_version", "consented_at", "withdrawn_at"} <= proof["consent"]["M"].keys()


def test_what_was_erased_does_not_come_back_by_agreeing_again(
    member: Member, partners: Partners
) -> None:
    old = member.look_up()
    member.send("DELETE", "/v1/me/consent")
    member.agree()
    check_problem(member.send("GET", f"/v1/lookups/{old['lookup_id']}"), 404, "not_found")
    partners.fault("kb", {"kind": "internal"})
    new = member.look_up(issuers=["kb"])
    assert new["lookup_id"] != old["lookup_id"]
    assert (new["results"]["kb"]["points"], new["results"]["kb"]["stale"]) == ([], False)


def test_withdrawing_twice_or_without_an_agreement_is_no_error(
    stranger: Member, member: Member
) -> None:
    assert stranger.send("DELETE", "/v1/me/consent").status == 204
    for _ in range(2):
        assert member.send("DELETE", "/v1/me/consent").status == 204


def test_the_issuers_are_listed_for_everybody(api: Http) -> None:
    reply = api.send("GET", "/v1/issuers")
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert re.fullmatch(r"public, max-age=\d+", reply.headers["cache-control"])
    assert reply.json.keys() == {"issuers"}
    assert [one["code"] for one in reply.json["issuers"]] == [
        *("shinhan", "kb", "woori", "bc", "nonghyup", "hyundai", "hana", "lotte", "samsung"),
        *("citi", "epost"),
    ]
    for issuer in reply.json["issuers"]:
        assert issuer.keys() == {"code", "name", "phone", "cash_arrival", "points"}
        assert is_text(issuer["name"])
        assert re.fullmatch(r"\d{4}-\d{4}", issuer["phone"])
        assert is_text(issuer["cash_arrival"])
        assert issuer["points"]
        for point in issuer["points"]:
            assert point.keys() == {"code", "name", "cashable"}
            assert is_text(point["name"])
            assert type(point["cashable"]) is bool
    cashable = {
        point["name"]["ko"]
        for issuer in reply.json["issuers"]
        for point in issuer["points"]
        if point["cashable"]
    }
    assert cashable == {
        *("마이신한포인트", "포인트리", "위비꿀머니", "모아포인트", "TOP포인트", "NH포인트"),
        *("H-Coin", "하나머니", "L.POINT", "보너스포인트", "씨티포인트", "우체국포인트"),
    }


@pytest.mark.usefixtures("partners")
def test_the_lanes_are_shown_to_everybody(api: Http) -> None:
    reply = api.send("GET", "/v1/status")
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert reply.headers["cache-control"] == "public, max-age=5"
    assert reply.json.keys() == {"lanes"}
    assert [one["issuer"] for one in reply.json["lanes"]] == list(ISSUERS)
    for lane in reply.json["lanes"]:
        assert lane.keys() == {"issuer", "state", "eta_seconds"}
        assert lane["state"] in {"OK", "SLOW", "DOWN"}
        assert type(lane["eta_seconds"]) is int
        assert lane["eta_seconds"] >= 1


def test_problems_speak_korean_unless_english_is_asked_for(stranger: Member) -> None:
    korean = stranger.send("POST", "/v1/lookups", {})
    english = stranger.send("POST", "/v1/lookups", {}, language="en-GB,en;q=0.9,ko;q=0.1")
    assert korean.headers["content-language"] == "ko"
    assert english.headers["content-language"] == "en"
    assert re.search("[가-힣]", korean.json["title"])
    assert english.json["title"].isascii()
    assert korean.json["code"] == english.json["code"]
