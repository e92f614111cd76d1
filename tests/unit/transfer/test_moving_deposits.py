"""When a deposit goes out, and under which id: the bank's hours and days (R-P7, R-T3, R-T9)."""

from __future__ import annotations

from typing import Any

import pytest

from modupoint.clock import epoch_ms
from modupoint.effects import LEASE_MS
from tests.unit.transfer.leg_samples import NOON_MS, TODAY, TRAN, a_leg, at, day
from tests.unit.transfer.moving_fakes import (
    DONE,
    NOT_DONE,
    NOT_FOUND,
    UNKNOWN,
    YESTERDAY,
    World,
    a_world,
)
from transfer.legs import BankTran, LegState

_S = LegState
HORIZON_MS = LEASE_MS + 600_000
OLD = BankTran("M202600001U000000000", YESTERDAY)


def redeemed_at(moment: str, promised: str | None = None) -> World:
    """Return a world in which the issuer has just taken the points, at a moment."""
    now = at(moment)
    leg = a_leg(
        promised_at_ms=epoch_ms(at(promised) if promised else now),
        guard_day=now.date(),
        not_before_ms=0,
    )
    return a_world(leg, now=now).expect("redemption", ("send", DONE))


@pytest.mark.parametrize(
    ("moment", "promised", "leaves"),
    [
        ("2026-11-22T12:00:00", None, "2026-11-22T12:00:00"),
        ("2026-11-22T23:29:59", None, "2026-11-22T23:29:59"),
        ("2026-11-22T23:30:00", "2026-11-23T00:30:00", "2026-11-23T00:30:00"),
        ("2026-11-22T00:10:00", "2026-11-22T00:30:00", "2026-11-22T00:30:00"),
        ("2026-11-20T20:00:00", "2026-11-23T00:30:00", "2026-11-23T00:30:00"),
        # The bank closed while the issuer took its time: as soon as it opens.
        ("2026-11-22T23:40:00", "2026-11-22T23:29:00", "2026-11-23T00:30:00"),
        # Late is late: as soon as possible.
        ("2026-11-24T09:00:00", "2026-11-23T00:30:00", "2026-11-24T09:00:00"),
    ],
)
def test_money_leaves_as_promised_and_in_the_banks_hours(
    moment: str, promised: str | None, leaves: str
) -> None:
    world = redeemed_at(moment, promised)
    if leaves == moment:
        world.expect("deposit", ("send", DONE))
    leg = world.run()
    assert leg.state is (_S.DEPOSITED if leaves == moment else _S.REDEEMED)
    if leaves != moment:
        assert leg.progress.not_before_ms == epoch_ms(at(leaves))
        world.until_due().expect("deposit", ("send", DONE)).run()
        assert world.now == at(leaves)


def test_a_deposit_that_comes_up_during_maintenance_waits_without_a_call_r_p7() -> None:
    world = a_world(a_leg(_S.REDEEMED, tries=2), now=at("2026-11-22T23:30:00"))
    leg = world.run()
    assert (leg.state, leg.progress.tries) == (_S.REDEEMED, 2)
    assert leg.progress.not_before_ms == epoch_ms(at("2026-11-23T00:30:00"))
    assert world.given == []


def deposit_ids(world: World) -> list[tuple[str, BankTran | None]]:
    return [(call, leg.bank_tran) for call, leg in world.partners["deposit"].calls]


def test_on_one_day_every_call_and_inquiry_has_the_same_id_r_t9() -> None:
    world = a_world(a_leg(_S.REDEEMED))
    world.expect("deposit", ("send", NOT_DONE)).run()
    world.until_due().expect("deposit", ("send", UNKNOWN)).run()
    world.until_due().expect("deposit", ("ask", NOT_FOUND)).run()
    world.later(milliseconds=HORIZON_MS)
    world.expect("deposit", ("ask", NOT_FOUND), ("send", DONE)).run()
    assert {tran for _, tran in deposit_ids(world)} == {BankTran("M202600001U000000001", TODAY)}
    leg = world.store.leg
    assert (leg.former_bank_trans, world.given) == ((), ["M202600001U000000001"])
    assert leg.bank_tran == BankTran("M202600001U000000001", TODAY)


def test_not_found_past_the_horizon_on_a_later_day_gets_a_new_id_and_keeps_the_old_r_t9() -> None:
    sent: dict[str, Any] = {"bank_tran": OLD, "sent_at_ms": NOON_MS - 24 * 3_600_000}
    world = a_world(a_leg(_S.DEPOSIT_UNKNOWN, **sent))
    leg = world.expect("deposit", ("ask", NOT_FOUND), ("send", DONE)).run()
    new = BankTran("M202600001U000000001", TODAY)
    assert deposit_ids(world) == [("ask", OLD), ("send", new)]
    assert (leg.bank_tran, leg.former_bank_trans) == (new, (OLD,))


def test_across_midnight_the_original_date_is_asked_for() -> None:
    world = a_world(a_leg(_S.DEPOSITING, bank_tran=OLD, sent_at_ms=NOON_MS - 24 * 3_600_000))
    leg = world.expect("deposit", ("ask", DONE)).run()
    assert deposit_ids(world) == [("ask", OLD)]
    [entry] = world.store.postings
    assert (entry.book_day, entry.reference) == (YESTERDAY, OLD.id)
    assert leg.bank_tran == OLD


def test_an_old_id_is_asked_about_before_another_takes_its_place_r_t9() -> None:
    # Definitely not done yesterday, and due today: the bank must say that it has none.
    world = a_world(a_leg(_S.REDEEMED, bank_tran=OLD, tries=1, sent_at_ms=NOON_MS - HORIZON_MS))
    world.expect("deposit", ("ask", NOT_FOUND), ("send", UNKNOWN)).run()
    assert world.store.path == [
        "REDEEMED", "DEPOSIT_UNKNOWN", "REDEEMED", "DEPOSITING", "DEPOSIT_UNKNOWN",
    ]  # fmt: skip
    assert [tran for _, tran in deposit_ids(world)] == [OLD, world.store.leg.bank_tran]
    assert world.store.leg.former_bank_trans == (OLD,)


def test_an_id_the_bank_only_would_not_take_stays_and_is_asked_about_the_next_day_r_t9() -> None:
    world = a_world(a_leg(_S.REDEEMED)).expect("deposit", ("send", NOT_DONE))
    refused_for_now = world.run().bank_tran
    assert refused_for_now == BankTran("M202600001U000000001", TODAY)
    world.later(days=1).expect("deposit", ("ask", NOT_FOUND), ("send", DONE)).run()
    assert [call for call, _ in deposit_ids(world)] == ["send", "ask", "send"]
    assert world.store.leg.former_bank_trans == (refused_for_now,)


def test_an_old_id_that_did_arrive_is_never_paid_again() -> None:
    world = a_world(a_leg(_S.REDEEMED, bank_tran=OLD, tries=1, sent_at_ms=NOON_MS - HORIZON_MS))
    leg = world.expect("deposit", ("ask", DONE)).run()
    assert (leg.state, leg.bank_tran, world.given) == (_S.DEPOSITED, OLD, [])


def test_an_id_put_aside_today_is_taken_up_again_today() -> None:
    world = a_world(a_leg(_S.REDEEMED, former_bank_trans=(OLD, TRAN)))
    leg = world.expect("deposit", ("send", DONE)).run()
    assert (leg.bank_tran, leg.former_bank_trans, world.given) == (TRAN, (OLD,), [])


def test_not_found_before_the_horizon_never_gives_an_id_up_r_t9() -> None:
    leg = a_leg(_S.DEPOSIT_UNKNOWN, bank_tran=TRAN, sent_at_ms=NOON_MS)
    world = a_world(leg).later(milliseconds=HORIZON_MS - 1)
    assert world.expect("deposit", ("ask", NOT_FOUND)).run().bank_tran == TRAN
    assert world.store.path[-1] == "DEPOSIT_UNKNOWN"


def test_a_deposit_stands_in_the_book_of_its_own_date_r_t8() -> None:
    world = redeemed_at("2026-11-22T12:00:00").expect("deposit", ("send", DONE))
    world.run()
    assert [(one.partner, one.book_day) for one in world.store.postings] == [
        ("kb", day("2026-11-22")),
        ("bank", day("2026-11-22")),
    ]
