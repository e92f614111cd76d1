"""Transfers through the API: accepted, read, listed; who may, and withdrawal meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from tests.api.shapes import check_gateway_answer, check_problem
from tests.api.transfer_shapes import check_quote, check_transfer_reply
from tests.stack.member import Member, cash, leg_statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.cloud import Cloud
    from tests.stack.saver import Saver

SECONDS_OF_A_MINUTE = 60


def _signed_in(member: Member, **fields: object) -> Member:
    token = member.partners.token(member.sub, **fields)
    return Member(member.api, member.partners, member.sub, token)


def test_a_transfer_is_accepted_at_once_and_read_until_it_is_done(tuesday: Saver) -> None:
    tuesday.partners.fault("kb", latency_ms=700)
    body = tuesday.cash(kb=11, samsung=12)
    quote = tuesday.member.quote(body)
    check_quote(quote)
    accepted = check_transfer_reply(tuesday.member.ask_for(body), 202)
    assert leg_statuses(accepted) == {"kb": "ACCEPTED", "samsung": "ACCEPTED"}
    assert accepted["totals"] == {
        "requested": 23,
        **dict.fromkeys(("redeemed", "deposited", "in_flight", "reversed", "failed"), 0),
    }
    promised = {leg["issuer"]: leg["promised_at"] for leg in accepted["legs"]}
    assert promised["samsung"] == quote["items"][1]["promised_at"]

    path = f"/v1/transfers/{accepted['transfer_id']}"
    check_transfer_reply(tuesday.member.send("GET", path), 200)
    tuesday.until(accepted["transfer_id"], kb="DEPOSITED", samsung="SCHEDULED")
    now = check_transfer_reply(tuesday.member.send("GET", path), 200)
    for name in ("transfer_id", "requested_at", "account"):
        assert now[name] == accepted[name]
    assert {leg["issuer"]: leg["promised_at"] for leg in now["legs"]} == promised
    listed = tuesday.member.send("GET", "/v1/transfers")
    assert (listed.status, listed.json) == (200, {"transfers": [now], "next_cursor": None})


def test_a_quote_moves_nothing(tuesday: Saver) -> None:
    since = tuesday.partners.last_call()
    for _ in range(2):
        tuesday.member.quote(tuesday.cash(kb=11))
    assert tuesday.member.transfers() == []
    assert not tuesday.partners.calls(sub=tuesday.member.sub, since=since)


@pytest.mark.parametrize(
    ("age_s", "allowed"),
    [
        (9 * SECONDS_OF_A_MINUTE, True),
        (11 * SECONDS_OF_A_MINUTE, False),
        (10**9, False),
        (-5 * SECONDS_OF_A_MINUTE, False),
    ],
)
def test_money_needs_a_sign_in_of_the_last_ten_minutes(
    tuesday: Saver, age_s: int, *, allowed: bool
) -> None:
    """R-M4; by real time, whatever the business clock says."""
    earlier = _signed_in(tuesday.member, auth_time=int(time.time()) - age_s)
    body = tuesday.cash(kb=11)
    check_quote(earlier.quote(body))
    reply = earlier.ask_for(body)
    if allowed:
        check_transfer_reply(reply, 202)
    else:
        check_problem(reply, 401, "reauthentication_required")
        assert earlier.transfers() == []


@pytest.mark.parametrize("auth_time", [None, "", "just now", "1e9"])
def test_a_token_that_does_not_say_when_is_not_recent(
    tuesday: Saver, sign: Callable[[dict[str, Any]], str], auth_time: object
) -> None:
    claims = jwt.decode(tuesday.member.token, options={"verify_signature": False})
    del claims["auth_time"]
    if auth_time is not None:
        claims["auth_time"] = auth_time
    member = Member(tuesday.member.api, tuesday.partners, tuesday.member.sub, sign(claims))
    check_problem(member.ask_for(tuesday.cash(kb=11)), 401, "reauthentication_required")
    assert member.transfers() == []


def test_reading_points_moves_none(tuesday: Saver) -> None:
    reader = _signed_in(tuesday.member, scope="points:read autopay")
    check_gateway_answer(reader.ask_for(tuesday.cash(kb=11)), 403)
    check_gateway_answer(reader.send("POST", "/v1/transfers/quote", tuesday.cash(kb=11)), 403)
    assert tuesday.member.transfers() == []


def test_nobody_reaches_anothers_account_or_transfer(
    tuesday: Saver, new_member: Callable[[], Member]
) -> None:
    thief = new_member()
    transfer_id = tuesday.submit(kb=11)
    theirs = cash(tuesday.account, bc=5)
    check_problem(thief.ask_for(theirs), 404, "not_found")
    check_problem(thief.send("POST", "/v1/transfers/quote", theirs), 404, "not_found")
    check_problem(thief.send("GET", f"/v1/transfers/{transfer_id}"), 404, "not_found")
    assert thief.transfers() == []
    page = thief.send("GET", f"/v1/transfers?cursor={transfer_id}")
    assert page.json == {"transfers": [], "next_cursor": None}
    tuesday.until(transfer_id, kb="DEPOSITED")
    tuesday.audit()


def test_a_deleted_account_takes_no_new_transfer_but_still_the_old_one(tuesday: Saver) -> None:
    transfer_id = tuesday.submit(samsung=11)
    tuesday.until(transfer_id, samsung="SCHEDULED")
    path = f"/v1/accounts/{tuesday.account['account_id']}"
    assert tuesday.member.send("DELETE", path).status == 204
    check_problem(tuesday.member.ask_for(tuesday.cash(kb=5)), 404, "not_found")
    tuesday.later(hours=15)
    tuesday.until(transfer_id, samsung="DEPOSITED")
    tuesday.audit()


def test_withdrawal_waits_for_money_in_flight_and_then_erases(tuesday: Saver, cloud: Cloud) -> None:
    """R-M2: the ledger stays, under the pseudonymous key; accounts and CI go."""
    member = tuesday.member
    transfer_id = tuesday.submit(samsung=11)
    check_problem(member.send("DELETE", "/v1/me/consent"), 409, "transfer_in_flight")
    tuesday.until(transfer_id, samsung="SCHEDULED")
    check_problem(member.send("DELETE", "/v1/me/consent"), 409, "transfer_in_flight")
    assert member.send("GET", "/v1/me").json["consent"] is not None
    tuesday.later(hours=15)
    tuesday.until(transfer_id, samsung="DEPOSITED")
    tuesday.audit()
    assert member.send("DELETE", "/v1/me/consent").status == 204
    me = member.send("GET", "/v1/me").json
    assert (me["consent"], me["accounts"]) == (None, [])
    assert [sk for sk in cloud.items_of(member.key) if sk.startswith("ACCOUNT#")] == []
    kept = cloud.transfer_items(member.key)
    assert [sk for sk in kept if sk.startswith("LEDGER#")]
    assert not [sk for sk, item in kept.items() if {"sealed_ci", "sealed_account"} & item.keys()]
    for path in ("/v1/transfers/quote", "/v1/transfers"):
        reply = member.send("POST", path, tuesday.cash(kb=5), headers={"idempotency-key": "a"})
        check_problem(reply, 403, "consent_required")
