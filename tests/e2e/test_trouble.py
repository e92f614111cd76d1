"""Issuers that hang, refuse, fail and recover: what members see meanwhile (R-P6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.stack.member import statuses
from tests.stack.partners import CUT, HANG
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.calls import Http
    from tests.stack.member import Lookup, Member
    from tests.stack.partners import Partners

INTERNAL: dict[str, Any] = {"kind": "internal"}


def test_a_hanging_and_a_refusing_issuer_hold_nobody_else_up(
    member: Member, partners: Partners
) -> None:
    before = member.look_up()
    partners.fault("kb", HANG)
    partners.fault("shinhan", CUT)
    failing = {"kb", "shinhan"}

    def nine_are_there(lookup: Lookup) -> bool:
        there = {code for code, status in statuses(lookup).items() if status == "OK"}
        return len(there) == 9

    lookup_id = member.request(max_age_seconds=0)["lookup_id"]
    nine = member.until(lookup_id, nine_are_there, "nine answers")
    assert statuses(nine)["kb"] == "PENDING", "the nine waited for the hanging one"

    after = member.done(lookup_id)
    assert datetime.now(UTC) <= datetime.fromisoformat(after["deadline_at"])
    for code, result in after["results"].items():
        earlier = before["results"][code]
        assert result["points"] == earlier["points"]
        if code in failing:
            assert result["status"] in {"UNAVAILABLE", "TIMED_OUT"}
            assert (result["stale"], result["as_of"]) == (True, earlier["as_of"])
            assert result["message"].keys() == {"ko", "en"}
        else:
            assert (result["status"], result["stale"]) == ("OK", False)
            assert result["as_of"] >= earlier["as_of"]
    assert after["totals"] == before["totals"], "what is shown counts, stale or not"


def test_an_issuer_that_never_answered_shows_nothing_rather_than_zero(
    member: Member, partners: Partners
) -> None:
    partners.fault("citi", INTERNAL)
    result = member.look_up(issuers=["citi"])["results"]["citi"]
    assert (result["status"], result["stale"]) == ("UNAVAILABLE", False)
    assert (result["as_of"], result["points"]) == (None, [])


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "maintenance"},
        {"kind": "malformed", "body": "wrong_types"},
        {"kind": "malformed", "body": "negative_amounts"},
        {"kind": "malformed", "body": "truncated_json"},
        {"kind": "malformed", "body": "html"},
        {"kind": "cut_after_effect"},
        {"kind": "error", "http_status": 404, "rsp_code": "40400"},
    ],
    ids=lambda fault: fault.get("body", fault["kind"]),
)
def test_whatever_an_issuer_says_instead_of_an_answer_leaves_the_last_known_balance(
    member: Member, partners: Partners, fault: dict[str, Any]
) -> None:
    before = member.look_up(issuers=["hana", "lotte"])["results"]
    partners.fault("hana", fault)
    after = member.look_up(issuers=["hana", "lotte"], max_age_seconds=0)["results"]
    assert (after["hana"]["status"], after["hana"]["stale"]) == ("UNAVAILABLE", True)
    assert after["hana"]["points"] == before["hana"]["points"]
    assert after["hana"]["as_of"] == before["hana"]["as_of"]
    assert (after["lotte"]["status"], after["lotte"]["stale"]) == ("OK", False)


@pytest.mark.parametrize("kind", ["too_many_requests", "unavailable"])
def test_an_issuer_that_asks_for_patience_is_asked_again_and_answers(
    member: Member, partners: Partners, kind: str
) -> None:
    partners.fault("epost", {"kind": kind, "count": 1, "retry_after_seconds": 1})
    since = partners.last_call()
    assert statuses(member.look_up(issuers=["epost"])) == {"epost": "OK"}
    outcomes = [
        call["outcome"]
        for call in partners.calls(partner="issuers/epost", sub=member.sub, since=since)
    ]
    assert outcomes == [f"fault:{kind}", "answered"]


def test_a_failing_issuer_is_left_alone_until_it_has_recovered(
    api: Http, new_member: Callable[[], Member], partners: Partners
) -> None:
    people = [new_member() for _ in range(3)]
    known = {one.sub: one.look_up(issuers=["citi"])["results"]["citi"] for one in people}
    partners.fault("citi", INTERNAL)

    def lane() -> str:
        lanes = api.send("GET", "/v1/status").json["lanes"]
        state: str = next(one["state"] for one in lanes if one["issuer"] == "citi")
        return state

    def failed() -> bool:
        new_member().look_up(issuers=["citi"])
        return lane() == "DOWN"

    eventually(failed, "the breaker opens after repeated failures")

    def left_alone() -> dict[str, Any] | None:
        since = partners.last_call()
        one = people.pop(0)
        people.append(new_member())
        result: dict[str, Any] = one.look_up(issuers=["citi"], max_age_seconds=0)["results"]["citi"]
        called = partners.calls(partner="issuers/citi", sub=one.sub, since=since)
        if called or one.sub not in known:
            return None
        return {**result, "sub": one.sub}

    result = eventually(left_alone, "a lookup that does not reach the failing issuer")
    earlier = known[result["sub"]]
    assert (result["status"], result["stale"]) == ("UNAVAILABLE", True)
    assert (result["points"], result["as_of"]) == (earlier["points"], earlier["as_of"])
    assert "pause" in result["message"]["en"]

    partners.heal()

    def recovered() -> bool:
        return statuses(new_member().look_up(issuers=["citi"])) == {"citi": "OK"}

    eventually(recovered, "the breaker closes once the issuer is well")
    eventually(lambda: lane() == "OK", "the lane is shown as well")
