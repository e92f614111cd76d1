"""Moving a leg: each arrow of the graph, and what a worker must never do (decisions 6, 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import epoch_ms
from modupoint.effects import LEASE_MS, SEND_WITHIN_MS, TRIES, IllegalMoveError
from tests.unit.transfer.leg_samples import NOON_MS, TODAY, TRAN, a_leg, day
from tests.unit.transfer.moving_fakes import (
    DONE,
    NOT_DONE,
    NOT_FOUND,
    UNKNOWN,
    YESTERDAY,
    World,
    a_world,
    overtaken,
    refused,
)
from transfer.legs import FINAL, WITH_OPERATOR, LegKey, LegState
from transfer.moving import LegMover
from transfer.postings import Cause

if TYPE_CHECKING:
    from modupoint.effects import Finding
    from transfer.legs import Leg

_S = LegState
SENT: dict[str, Any] = {"sent_at_ms": NOON_MS, "not_before_ms": NOON_MS}


def one_call(effect: str, state: LegState, call: str, finding: Finding, **leg: Any) -> World:
    world = a_world(a_leg(state, **leg)).expect(effect, (call, finding))
    world.run()
    return world


def test_a_leg_redeems_and_deposits_in_one_go() -> None:
    world = a_world(a_leg()).expect("redemption", ("send", DONE)).expect("deposit", ("send", DONE))
    leg = world.run()
    assert world.store.path == ["ACCEPTED", "REDEEMING", "REDEEMED", "DEPOSITING", "DEPOSITED"]
    assert [entry.cause for entry in world.store.postings] == [Cause.REDEEMED, Cause.DEPOSITED]
    assert (leg.deposited_at_ms, leg.approved_at) == (NOON_MS, "20261122115900")
    assert leg.progress.version == 4


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_moves_a_final_leg(state: LegState) -> None:
    world = a_world(a_leg(state))
    world.run()
    assert world.store.path == [state]


@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_nothing_moves_before_a_person_has_looked(state: LegState) -> None:
    world = a_world(a_leg(state, sent_at_ms=NOON_MS - 10**9, bank_tran=TRAN, tries=TRIES))
    world.run()
    assert world.store.path == [state]


def test_a_message_about_no_leg_does_nothing() -> None:
    world = a_world(a_leg())
    LegMover(world.store, world.partners, world, lambda: world.now).run(LegKey("M#1", "trf", "kb"))
    assert world.store.path == ["ACCEPTED"]


# The arrows of the three effects that a call or an inquiry decides.
ARROWS = [
    ("redemption", _S.ACCEPTED, "send", NOT_DONE, _S.ACCEPTED),
    ("redemption", _S.ACCEPTED, "send", UNKNOWN, _S.REDEMPTION_UNKNOWN),
    ("redemption", _S.ACCEPTED, "send", refused("card_dormant"), _S.FAILED),
    ("redemption", _S.REDEEMING, "ask", UNKNOWN, _S.REDEMPTION_UNKNOWN),
    ("redemption", _S.REDEEMING, "ask", refused("card_dormant"), _S.FAILED),
    ("redemption", _S.REDEMPTION_UNKNOWN, "ask", NOT_FOUND, _S.REDEMPTION_UNKNOWN),
    ("redemption", _S.REDEMPTION_UNKNOWN, "ask", refused("card_dormant"), _S.FAILED),
    ("deposit", _S.REDEEMED, "send", DONE, _S.DEPOSITED),
    ("deposit", _S.REDEEMED, "send", NOT_DONE, _S.REDEEMED),
    ("deposit", _S.REDEEMED, "send", UNKNOWN, _S.DEPOSIT_UNKNOWN),
    ("deposit", _S.DEPOSITING, "ask", DONE, _S.DEPOSITED),
    ("deposit", _S.DEPOSITING, "ask", UNKNOWN, _S.DEPOSIT_UNKNOWN),
    ("deposit", _S.DEPOSIT_UNKNOWN, "ask", DONE, _S.DEPOSITED),
    ("deposit", _S.DEPOSIT_UNKNOWN, "ask", NOT_FOUND, _S.DEPOSIT_UNKNOWN),
    ("reversal", _S.REVERSAL_DUE, "send", DONE, _S.REVERSED),
    ("reversal", _S.REVERSAL_DUE, "send", NOT_DONE, _S.REVERSAL_DUE),
    ("reversal", _S.REVERSAL_DUE, "send", UNKNOWN, _S.REVERSAL_UNKNOWN),
    ("reversal", _S.REVERSAL_DUE, "send", refused("issuer_refused"), _S.REVERSAL_WITH_OPERATOR),
    ("reversal", _S.REVERSING, "ask", DONE, _S.REVERSED),
    ("reversal", _S.REVERSAL_UNKNOWN, "ask", NOT_FOUND, _S.REVERSAL_UNKNOWN),
    ("reversal", _S.REVERSAL_UNKNOWN, "ask", DONE, _S.REVERSED),
]


@pytest.mark.parametrize(("effect", "state", "call", "finding", "to"), ARROWS)
def test_each_answer_leads_where_the_graph_says(
    effect: str, state: LegState, call: str, finding: Finding, to: LegState
) -> None:
    tran = TRAN if state in {_S.DEPOSITING, _S.DEPOSIT_UNKNOWN} else None
    leg = one_call(effect, state, call, finding, bank_tran=tran, **SENT).store.leg
    assert leg.state is to


@pytest.mark.parametrize("state", [_S.DEPOSITING, _S.DEPOSIT_UNKNOWN])
def test_a_refused_deposit_gives_the_points_back_and_says_why_r_t5(state: LegState) -> None:
    world = a_world(a_leg(state, bank_tran=TRAN, **SENT))
    world.expect("deposit", ("ask", refused("account_closed")))
    leg = world.expect("reversal", ("send", DONE)).run()
    assert world.store.path[1:] == ["REVERSAL_DUE", "REVERSING", "REVERSED"]
    assert leg.failure == "account_closed"
    assert [entry.cause for entry in world.store.postings] == [Cause.REVERSED]


def test_the_first_reason_stays_when_the_reversal_is_refused_too() -> None:
    world = a_world(a_leg(_S.REVERSAL_DUE, failure="account_closed"))
    leg = world.expect("reversal", ("send", refused("issuer_refused"))).run()
    assert (leg.state, leg.failure) == (_S.REVERSAL_WITH_OPERATOR, "account_closed")


@pytest.mark.parametrize(
    ("effect", "state", "call", "finding", "end"),
    [
        ("redemption", _S.ACCEPTED, "send", NOT_DONE, _S.FAILED),
        ("redemption", _S.REDEMPTION_UNKNOWN, "ask", UNKNOWN, _S.REDEMPTION_WITH_OPERATOR),
        ("deposit", _S.REDEEMED, "send", NOT_DONE, _S.DEPOSIT_WITH_OPERATOR),
        ("deposit", _S.DEPOSIT_UNKNOWN, "ask", UNKNOWN, _S.DEPOSIT_WITH_OPERATOR),
        ("reversal", _S.REVERSAL_DUE, "send", NOT_DONE, _S.REVERSAL_WITH_OPERATOR),
        ("reversal", _S.REVERSAL_UNKNOWN, "ask", UNKNOWN, _S.REVERSAL_WITH_OPERATOR),
    ],
)
def test_the_tenth_try_is_the_last_decision_7(
    effect: str, state: LegState, call: str, finding: Finding, end: LegState
) -> None:
    leg = one_call(effect, state, call, finding, tries=TRIES - 1, bank_tran=TRAN, **SENT).store.leg
    assert leg.state is end
    assert leg.failure == ("issuer_unavailable" if end is _S.FAILED else None)


def test_an_intent_is_stored_with_its_id_before_the_call_decision_6() -> None:
    world = a_world(a_leg(_S.REDEEMED)).expect("deposit", ("send", DONE))

    def stored(sent: Leg) -> None:
        assert world.store.leg == sent
        assert sent.state is _S.DEPOSITING
        assert sent.bank_tran is not None

    world.partners["deposit"].before_answer = stored
    world.run()


def test_within_its_lease_an_intent_is_left_alone_and_then_asked_about() -> None:
    leg = a_leg(_S.REDEEMING, sent_at_ms=NOON_MS, not_before_ms=NOON_MS + LEASE_MS)
    world = a_world(leg).later(milliseconds=LEASE_MS - 1)
    world.run()
    assert world.store.path == ["REDEEMING"]
    world.later(milliseconds=1).expect("redemption", ("ask", UNKNOWN)).run()
    assert world.store.path == ["REDEEMING", "REDEMPTION_UNKNOWN"]


def test_an_intent_that_is_late_is_not_sent() -> None:
    world = a_world(a_leg())
    world.monotonic_s = SEND_WITHIN_MS / 1000 + 0.001
    assert world.run().state is _S.REDEEMING
    world.monotonic_s = 0
    world.later(milliseconds=LEASE_MS).expect("redemption", ("ask", UNKNOWN)).run()


def test_an_intent_that_is_just_in_time_is_sent() -> None:
    world = a_world(a_leg())
    world.monotonic_s = SEND_WITHIN_MS / 1000
    world.expect("redemption", ("send", UNKNOWN)).run()


def test_who_is_overtaken_at_the_intent_calls_nobody() -> None:
    world = a_world(a_leg())
    world.store.before_save = overtaken(world)
    world.run()
    assert world.store.path == ["ACCEPTED"]


def test_who_is_overtaken_after_the_call_leaves_the_leg_to_the_other() -> None:
    world = a_world(a_leg()).expect("redemption", ("send", DONE))
    world.partners["redemption"].before_answer = overtaken(world)
    world.run()
    assert world.store.path == ["ACCEPTED", "REDEEMING"]
    assert world.store.postings == []


def test_not_found_past_the_horizon_is_sent_again_with_the_same_id_r_t9() -> None:
    leg = a_leg(_S.REDEMPTION_UNKNOWN, **SENT)
    world = a_world(leg).later(milliseconds=LEASE_MS + 60_000)
    world.expect("redemption", ("ask", NOT_FOUND), ("send", UNKNOWN)).run()
    assert world.store.path == ["REDEMPTION_UNKNOWN", "ACCEPTED", "REDEEMING", "REDEMPTION_UNKNOWN"]
    [_, (_, sent)] = world.partners["redemption"].calls
    assert (sent.redemption_id, sent.requested_at_ms) == (leg.redemption_id, leg.requested_at_ms)


def test_a_redemption_on_a_later_day_takes_that_day_too_r_t2() -> None:
    world = a_world(a_leg(guard_day=YESTERDAY, tries=1))
    world.expect("redemption", ("send", UNKNOWN)).run()
    assert world.store.leg.guard_day == TODAY
    assert world.store.days == {YESTERDAY: world.store.leg.leg_id, TODAY: world.store.leg.leg_id}


def test_a_later_day_that_another_leg_has_ends_the_leg_uncalled_r_t2() -> None:
    world = a_world(a_leg(guard_day=YESTERDAY, tries=1), taken=(TODAY,))
    leg = world.run()
    assert (leg.state, leg.failure) == (_S.FAILED, "already_redeemed_today")
    # It gives up the day it had, and not the other's.
    assert world.store.days == {TODAY: "another leg"}


@pytest.mark.parametrize(
    ("effect", "state", "call", "finding"),
    [
        ("redemption", _S.REDEEMING, "ask", refused("insufficient_points")),
        ("reversal", _S.REVERSING, "ask", DONE),
    ],
)
def test_a_leg_that_took_nothing_or_gave_it_back_gives_up_its_day_r_t2(
    effect: str, state: LegState, call: str, finding: Finding
) -> None:
    assert one_call(effect, state, call, finding, **SENT).store.days == {}


def test_a_deposited_leg_keeps_its_day_r_t2() -> None:
    world = one_call("deposit", _S.DEPOSITING, "ask", DONE, bank_tran=TRAN, **SENT)
    assert list(world.store.days) == [TODAY]


@pytest.mark.parametrize("finding", [DONE, refused("account_closed")])
def test_a_final_leg_keeps_nothing_personal(finding: Finding) -> None:
    world = a_world(a_leg(_S.REDEEMED)).expect("deposit", ("send", finding))
    if finding is not DONE:
        world.expect("reversal", ("send", DONE))
    leg = world.run()
    assert leg.state in FINAL
    assert (leg.sealed_ci, leg.sealed_account) == (None, None)


def test_a_leg_that_still_moves_keeps_what_it_needs() -> None:
    leg = one_call("deposit", _S.REDEEMED, "send", UNKNOWN).store.leg
    assert (leg.sealed_ci, leg.sealed_account) == (b"sealed ci", b"sealed account")


@pytest.mark.parametrize(
    ("stamp", "book_day"), [("20261122000000", "2026-11-22"), ("20261121235959", "2026-11-21")]
)
def test_a_redemption_stands_in_the_book_of_the_issuers_own_day_r_t8(
    stamp: str, book_day: str
) -> None:
    done = type(DONE)(DONE.verdict, partner_time=stamp)
    world = one_call("redemption", _S.REDEEMING, "ask", done, promised_at_ms=NOON_MS + 1, **SENT)
    [entry] = world.store.postings
    assert (entry.book_day, entry.partner) == (day(book_day), "kb")


def test_a_move_that_no_table_allows_is_never_stored() -> None:
    world = a_world(a_leg())
    mover = LegMover(world.store, world.partners, world, lambda: world.now)
    with pytest.raises(IllegalMoveError):
        mover._save(a_leg(), a_leg(_S.DEPOSITED))
    assert world.store.path == ["ACCEPTED"]


def test_tries_of_one_effect_are_not_counted_for_the_next() -> None:
    world = a_world(a_leg(_S.REDEMPTION_UNKNOWN, tries=9, **SENT))
    leg = world.expect("redemption", ("ask", DONE)).expect("deposit", ("send", UNKNOWN)).run()
    assert leg.progress.tries == 1
    assert leg.progress.not_before_ms == epoch_ms(world.now + timedelta(minutes=1))
