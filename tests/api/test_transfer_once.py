"""Once per key, and once per issuer and day, from however many devices (R-T2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.api.shapes import check_problem
from tests.api.transfer_shapes import check_transfer, check_transfer_reply
from tests.stack.member import Member, cash, leg_statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.saver import Saver

DEVICES = 4


@pytest.mark.parametrize(
    "key", [None, "", "k" * 65, "k" * 4000], ids=["none", "empty", "65", "4000"]
)
def test_a_transfer_needs_a_key_of_1_to_64_characters(tuesday: Saver, key: str | None) -> None:
    headers = {} if key is None else {"idempotency-key": key}
    reply = tuesday.member.send("POST", "/v1/transfers", tuesday.cash(kb=11), headers=headers)
    check_problem(reply, 422, "invalid_request")
    assert tuesday.member.transfers() == []


@pytest.mark.parametrize("key", ["k", "k" * 64, "a/b#c|d e", "1"])
def test_any_such_key_will_do_and_its_answer_is_given_again(tuesday: Saver, key: str) -> None:
    body = tuesday.cash(kb=100, samsung=12)
    first = check_transfer_reply(tuesday.member.ask_for(body, key), 202)
    turned = {
        "items": [dict(reversed(item.items())) for item in body["items"]],
        "account_id": body["account_id"],
    }
    turned["items"][0]["amount"] = 100.0
    assert check_transfer_reply(tuesday.member.ask_for(turned, key), 202, replayed=True) == first
    tuesday.until(first["transfer_id"], kb="DEPOSITED", samsung="SCHEDULED")
    # On another day too, and though the account is gone: it is the answer to that request.
    tuesday.later(days=2)
    tuesday.member.send("DELETE", f"/v1/accounts/{tuesday.account['account_id']}")
    assert check_transfer_reply(tuesday.member.ask_for(body, key), 202, replayed=True) == first
    assert len(tuesday.member.transfers()) == 1


def test_a_key_with_another_body_is_refused(tuesday: Saver) -> None:
    transfer = tuesday.member.submit(tuesday.cash(kb=11), "key")
    for other in (
        tuesday.cash(kb=12),
        tuesday.cash(bc=11),
        tuesday.cash(kb=11, bc=1),
        {"account_id": tuesday.account["account_id"], "all": True},
    ):
        check_problem(tuesday.member.ask_for(other, "key"), 422, "idempotency_key_reused")
    tuesday.until(transfer["transfer_id"], kb="DEPOSITED")
    tuesday.audit()


def test_a_key_is_its_members_own(tuesday: Saver, new_member: Callable[[], Member]) -> None:
    other = new_member()
    account = other.register()
    tuesday.member.submit(tuesday.cash(kb=11), "same")
    transfer = check_transfer_reply(other.ask_for(cash(account, bc=3), "same"), 202)
    assert leg_statuses(transfer) == {"bc": "ACCEPTED"}


def test_a_refused_request_does_not_use_its_key_up(tuesday: Saver) -> None:
    wrong = tuesday.cash(kb=11)
    wrong["items"][0]["amount"] = 0
    check_problem(tuesday.member.ask_for(wrong, "key"), 422, "invalid_request")
    check_transfer_reply(tuesday.member.ask_for(tuesday.cash(kb=11), "key"), 202)


def test_the_same_key_on_many_devices_at_once_is_one_transfer(tuesday: Saver) -> None:
    body = tuesday.cash(kb=11, bc=12)
    with ThreadPoolExecutor(DEVICES) as pool:
        replies = list(pool.map(lambda _: tuesday.member.ask_for(body, "key"), range(DEVICES)))
    assert {reply.status for reply in replies} == {202}
    assert len({reply.body for reply in replies}) == 1
    replayed = [reply.headers.get("idempotency-replayed") for reply in replies]
    assert sorted(map(str, replayed)) == ["None", *["true"] * (DEVICES - 1)]
    check_transfer(replies[0].json)
    tuesday.until(replies[0].json["transfer_id"], kb="DEPOSITED", bc="DEPOSITED")
    tuesday.audit()


def test_a_second_transfer_of_the_day_names_the_issuers(tuesday: Saver) -> None:
    """R-T2."""
    transfer_id = tuesday.submit(kb=11, bc=12)
    for _ in range(2):
        reply = tuesday.member.ask_for(tuesday.cash(shinhan=5, bc=1, kb=1))
        problem = check_problem(reply, 409, "already_transferred_today")
        assert [error["pointer"] for error in problem["errors"]] == [
            "/items/1/issuer",
            "/items/2/issuer",
        ]
        assert [error["detail"].partition(":")[0] for error in problem["errors"]] == ["bc", "kb"]
        tuesday.until(transfer_id, kb="DEPOSITED", bc="DEPOSITED")
    others = tuesday.submit(shinhan=5)
    tuesday.until(others, shinhan="DEPOSITED")
    tuesday.later(hours=13, minutes=59)
    check_problem(tuesday.member.ask_for(tuesday.cash(kb=1)), 409, "already_transferred_today")
    tuesday.later(minutes=40)
    tuesday.until(tuesday.submit(kb=1, bc=1), kb="DEPOSITED", bc="DEPOSITED")
    tuesday.audit()


def test_both_balances_of_an_issuer_go_together_or_not_that_day(tuesday: Saver) -> None:
    """R-T2: two balances of one issuer are one leg."""
    both = {
        "account_id": tuesday.account["account_id"],
        "items": [
            {"issuer": "woori", "point_code": "WIBEE", "amount": 3},
            {"issuer": "woori", "point_code": "MOA", "amount": 4},
        ],
    }
    transfer = tuesday.member.submit(both)
    (leg,) = transfer["legs"]
    assert leg["amount"] == 7
    assert leg["items"] == [
        {"point_code": "WIBEE", "amount": 3},
        {"point_code": "MOA", "amount": 4},
    ]
    check_problem(tuesday.member.ask_for(both), 409, "already_transferred_today")
    tuesday.until(transfer["transfer_id"], woori="DEPOSITED")
    tuesday.audit()


def test_an_issuer_that_refused_may_be_asked_again_the_same_day(tuesday: Saver) -> None:
    transfer_id = tuesday.submit(kb=1_000_000_000)
    tuesday.until(transfer_id, kb="FAILED")
    tuesday.until(tuesday.submit(kb=11), kb="DEPOSITED")
    tuesday.audit()


def test_of_many_devices_at_once_exactly_one_gets_each_issuer(tuesday: Saver) -> None:
    """R-T2: everything of a transfer is accepted, or nothing."""
    wishes = [{"kb": 1, "bc": 1}, {"bc": 2, "woori": 2}, {"woori": 3, "kb": 3}, {"kb": 4}]
    with ThreadPoolExecutor(DEVICES) as pool:
        replies = list(pool.map(lambda wish: tuesday.member.ask_for(tuesday.cash(**wish)), wishes))
    accepted = [reply.json for reply in replies if reply.status == 202]
    assert accepted
    assert {reply.json["code"] for reply in replies if reply.status != 202} == {
        "already_transferred_today"
    }
    issuers = [leg["issuer"] for transfer in accepted for leg in transfer["legs"]]
    assert len(issuers) == len(set(issuers))
    assert len(tuesday.member.transfers()) == len(accepted)
    for transfer in accepted:
        legs = {leg["issuer"]: "DEPOSITED" for leg in transfer["legs"]}
        tuesday.until(transfer["transfer_id"], **legs)
    tuesday.audit()
