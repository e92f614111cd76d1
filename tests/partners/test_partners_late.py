"""Effects that land after their caller has gone, over whatever happens to the process."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import urllib3

from tests.partners.partners_bank import Bank
from tests.partners.partners_bank import new_id as new_bank_id
from tests.partners.partners_issuer import Redeemer, new_id, somebody

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.partners.partners_driver import Partners, Reply

SHINHAN = "MYSHINHAN"
TODAY = "20261122"
# Longer than any test: what lands has been let go.
NEVER_MS = 600_000


@pytest.fixture(autouse=True)
def _noon(partners: Partners) -> None:
    partners.send("PUT", "/clock", {"now": "2026-11-22T12:00:00+09:00"})


def _late(
    partners: Partners, target: str, operation: str, ask: Callable[[], Reply], **fault: object
) -> None:
    """Ask, and give up, while the partner goes on."""
    waiting = len(partners.pending())
    partners.fail(target, "late", operation=operation, **{"ms": NEVER_MS, **fault})
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        ask()
    partners.wait_for_pending(waiting + 1)


def _late_redemption(redeemer: Redeemer, key: str, **fault: object) -> None:
    _late(
        redeemer.partners,
        "issuers/shinhan",
        "redemption",
        lambda: redeemer.redeem(key, (SHINHAN, 10), timeout_s=0.1),
        **fault,
    )


def _late_deposit(bank: Bank, sub: str, key: str, **fault: object) -> None:
    target = bank.account(sub)
    _late(
        bank.partners, "bank", "deposit", lambda: bank.deposit(target, key, timeout_s=0.1), **fault
    )


def test_not_found_is_not_final(partners: Partners) -> None:
    redeemer, key = Redeemer(partners, "shinhan", somebody()), new_id()
    before = redeemer.remaining(SHINHAN)
    _late_redemption(redeemer, key)

    assert redeemer.status(key).status == 404
    assert redeemer.reverse(key).status == 404
    assert redeemer.remaining(SHINHAN) == before
    assert partners.send("POST", "/control/late/release").json == {"released": 1}
    assert redeemer.status(key).json["status"] == "APPROVED"
    assert redeemer.remaining(SHINHAN) == before - 10
    assert partners.pending() == []


def test_a_redemption_sent_again_before_the_first_lands_is_one(partners: Partners) -> None:
    redeemer, key = Redeemer(partners, "shinhan", somebody()), new_id()
    before = redeemer.remaining(SHINHAN)
    _late_redemption(redeemer, key)
    assert redeemer.redeem(key, (SHINHAN, 10)).status == 200

    partners.send("POST", "/control/late/release")

    assert redeemer.remaining(SHINHAN) == before - 10
    [line] = redeemer.book()
    assert line["attempts"] == 2


def test_what_lands_late_may_be_refused(partners: Partners) -> None:
    """R-T2: another redemption of the day came first."""
    redeemer, key = Redeemer(partners, "shinhan", somebody()), new_id()
    _late_redemption(redeemer, key)
    assert redeemer.redeem(new_id(), (SHINHAN, 1)).status == 200

    partners.send("POST", "/control/late/release")

    assert redeemer.status(key).json["status"] == "REFUSED"
    assert {line["code"] for line in redeemer.book()} == {None, "42203"}


def test_a_reversal_can_be_late(partners: Partners) -> None:
    redeemer, key = Redeemer(partners, "shinhan", somebody()), new_id()
    redeemer.redeem(key, (SHINHAN, 10))
    _late(
        partners,
        "issuers/shinhan",
        "reversal",
        lambda: redeemer.reverse(key, timeout_s=0.1),
    )

    assert redeemer.status(key).json["status"] == "APPROVED"
    partners.send("POST", "/control/late/release")
    assert redeemer.status(key).json["status"] == "REVERSED"


def test_the_bank_knows_nothing_of_a_late_deposit(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    _late_deposit(bank, sub, key)

    assert bank.code(key, TODAY) == "701"
    assert bank.book(sub) == []
    partners.send("POST", "/control/late/release")
    assert bank.code(key, TODAY) == "000"


def test_the_bank_may_own_up_to_a_late_deposit(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    _late_deposit(bank, sub, key, taken_in=True)

    assert bank.code(key, TODAY) == "804"
    assert bank.deposited(bank.account(sub), key)["bank_rsp_code"] == "822"
    partners.send("POST", "/control/late/release")
    assert bank.code(key, TODAY) == "000"


def test_a_deposit_sent_again_before_the_first_lands_pays_once(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    _late_deposit(bank, sub, key)
    assert bank.deposited(bank.account(sub), key)["bank_rsp_code"] == "000"

    partners.send("POST", "/control/late/release")

    [line] = bank.book(sub)
    assert (line["bank_rsp_code"], line["attempts"]) == ("000", 2)


def test_of_two_deposits_taken_in_under_one_id_the_first_pays(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    _late_deposit(bank, sub, key, taken_in=True)
    _late_deposit(bank, sub, key, taken_in=True)

    assert partners.send("POST", "/control/late/release").json == {"released": 2}

    [line] = bank.book(sub)
    assert line["bank_rsp_code"] == "000"


def test_a_deposit_is_of_the_day_it_came_in(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    _late_deposit(bank, sub, key)
    partners.send("PUT", "/clock", {"now": "2026-11-22T12:05:00+09:00"})
    assert len(partners.pending()) == 1

    partners.send("PUT", "/clock", {"now": "2026-11-23T00:00:05+09:00"})
    partners.wait_for_pending(0)

    assert bank.code(key, TODAY) == "000"
    assert bank.book(sub)[0]["decided_at"].startswith("20261123")


def test_a_late_account_may_be_closed_by_then(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    _late_deposit(bank, sub, key)
    target = bank.account(sub)
    partners.send(
        "PUT", f"/control/bank/accounts/{target.bank}/{target.number}", {"state": "CLOSED"}
    )

    partners.send("POST", "/control/late/release")

    assert bank.code(key, TODAY) == "415"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_is_late_lands_after_a_restart(own_partners: Partners, number: signal.Signals) -> None:
    partners = own_partners
    partners.send("PUT", "/clock", {"now": "2026-11-22T12:00:00+09:00"})
    bank, sub = Bank(partners), somebody()
    redeemer, key = Redeemer(partners, "shinhan", sub), new_id()
    bank_key, owned = new_bank_id(), new_bank_id()
    before = redeemer.remaining(SHINHAN)
    _late_redemption(redeemer, key)
    _late_deposit(bank, sub, bank_key)
    _late_deposit(bank, sub, owned, taken_in=True)
    waiting = partners.pending()

    partners.stop(number)
    partners.start()

    assert partners.pending() == waiting
    assert redeemer.status(key).status == 404
    assert (bank.code(bank_key, TODAY), bank.code(owned, TODAY)) == ("701", "804")
    assert partners.send("POST", "/control/late/release").json == {"released": 3}
    assert redeemer.status(key).json["status"] == "APPROVED"
    assert redeemer.remaining(SHINHAN) == before - 10
    assert (bank.code(bank_key, TODAY), bank.code(owned, TODAY)) == ("000", "000")
    assert len(bank.book(sub)) == 2


def test_what_came_due_while_nobody_was_there_lands_at_the_start(own_partners: Partners) -> None:
    redeemer, key = Redeemer(own_partners, "shinhan", somebody()), new_id()
    _late_redemption(redeemer, key)
    due = datetime.fromisoformat(own_partners.pending()[0]["due_at"])
    now = datetime.fromisoformat(own_partners.send("GET", "/clock").json["now"])
    assert due - now > timedelta(minutes=9)
    own_partners.stop(signal.SIGKILL)
    own_partners.start()

    own_partners.send("PUT", "/clock", {"now": (due + timedelta(seconds=1)).isoformat()})
    own_partners.wait_for_pending(0)

    assert redeemer.status(key).json["status"] == "APPROVED"


def test_money_outlives_the_process(own_partners: Partners) -> None:
    partners = own_partners
    partners.send("PUT", "/clock", {"now": "2026-11-22T12:00:00+09:00"})
    bank, sub = Bank(partners), somebody()
    redeemer = Redeemer(partners, "shinhan", sub)
    target = bank.account(sub)
    kept, undone, refused, bank_key = new_id(), new_id(), new_id(), new_bank_id()
    first = redeemer.redeem(kept, (SHINHAN, 10))
    other = Redeemer(partners, "shinhan", somebody())
    other.redeem(undone, (SHINHAN, 20))
    other.reverse(undone)
    assert redeemer.redeem(refused, (SHINHAN, 1)).json["rsp_code"] == "42203"
    bank.deposited(target, bank_key)
    account = f"/control/bank/accounts/{target.bank}/{target.number}"
    partners.send("PUT", account, {"state": "RESTRICTED"})
    window = {"closed": [{"start": "01:00", "end": "02:00"}]}
    partners.send("PUT", "/control/closed/kb", window)

    def known() -> list[object]:
        return [
            redeemer.points(),
            other.points(),
            redeemer.book(),
            other.book(),
            redeemer.day_list(TODAY).json,
            bank.book(sub),
            bank.settlement(TODAY)["items"],
            partners.send("GET", account).json,
            partners.send("GET", "/control/closed/kb").json,
        ]

    before = known()
    partners.stop(signal.SIGKILL)
    partners.start()

    assert known() == before
    assert redeemer.redeem(kept, (SHINHAN, 10)).json == first.json
    assert redeemer.redeem(refused, (SHINHAN, 1)).json["rsp_code"] == "42203"
    assert bank.deposited(target, bank_key)["bank_rsp_code"] == "822"
    assert bank.code(bank_key, TODAY) == "000"


def test_no_ci_is_kept_while_a_redemption_is_late(own_partners: Partners) -> None:
    redeemer = Redeemer(own_partners, "shinhan", "kim-haneul")
    _late_redemption(redeemer, new_id())
    own_partners.stop()

    data = b"".join(path.read_bytes() for path in own_partners.state_dir.iterdir())

    assert redeemer.ci.encode() not in data
    own_partners.start()
