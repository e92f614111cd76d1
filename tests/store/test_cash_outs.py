"""What came of a hand-over: one end under one key, whatever strikes and however often it is sent."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from modupoint import aws
from modupoint.business_calendar import BusinessCalendar
from modupoint.cash_outs import (
    TOO_LATE,
    CashOutOutcome,
    CashOuts,
    Course,
    submission_key,
)
from modupoint.hand_overs import HandedItem, HandOver
from tests.store.lookup_steps import at_once
from tests.store.transfer_steps import items_of, submitted, with_account
from tests.unit.transfer.leg_samples import NOON, NOON_MS, TODAY
from transfer.funds import MembersFunds
from transfer.legs import FINAL, Leg, LegState
from transfer.ports import Saved
from transfer.standing_cash_outs import StandingCashOuts
from transfer.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tests.store.conftest import Store

KEY = "cashout-kb-2026-11-1"
WRITES = ("PutItem", "TransactWriteItems")


class QuietLanes:
    """Lanes that nobody listens to: the sweep finds the legs."""

    def send(self, legs: list[Leg]) -> None:
        assert legs


class Calendars:
    def calendar(self) -> BusinessCalendar:
        return BusinessCalendar()


def worker(store: Store, now: datetime = NOON) -> StandingCashOuts:
    """Give the worker as an environment of its own has it, at a time that stands still."""
    transfers = store.transfers()
    submission = Submission(
        MembersFunds(store.members_table), transfers, QuietLanes(), Calendars(), lambda: now
    )
    return StandingCashOuts(submission, transfers, lambda: now)


def outcome(store: Store, member: str) -> CashOutOutcome:
    return CashOuts(store.transfers_table).outcome(member, KEY)


def a_hand_over(member: str, **changes: Any) -> HandOver:
    given = HandOver(member, KEY, "acc_1", (HandedItem("kb", "POINTREE", 500),), TODAY)
    return replace(given, **changes)


def transfers_of(store: Store, member: str) -> list[str]:
    return [
        sk for sk in items_of(store, member) if sk.startswith("TRANSFER#") and "#LEG#" not in sk
    ]


def the_leg(store: Store, member: str) -> Leg:
    transfer_id = outcome(store, member).transfer_id
    assert transfer_id is not None
    found = store.transfers().read(member, transfer_id)
    assert found is not None
    [leg] = found[1]
    return leg


def move(store: Store, leg: Leg, state: LegState, **changes: Any) -> None:
    progress = leg.progress.moved(state, tries=0, not_before_ms=NOON_MS, sent_at_ms=None)
    assert store.legs().save(leg, replace(leg, progress=progress, **changes)) is Saved.YES


@pytest.fixture
def member(store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed and registered an account."""
    return with_account(store, new_member())


def test_a_hand_over_nobody_has_taken_yet_is_pending(store: Store, member: str) -> None:
    assert outcome(store, member) == CashOutOutcome(Course.PENDING)


def test_an_accepted_one_says_which_transfer_how_much_and_when(store: Store, member: str) -> None:
    worker(store).take(a_hand_over(member))
    [sk] = transfers_of(store, member)
    assert outcome(store, member) == CashOutOutcome(
        Course.MOVING,
        transfer_id=sk.removeprefix("TRANSFER#"),
        amount=500,
        promised_at_ms=NOON_MS,
    )


def test_two_balances_of_one_issuer_are_one_amount(store: Store, member: str) -> None:
    items = (HandedItem("woori", "WIBEE", 300), HandedItem("woori", "MOA", 45))
    worker(store).take(a_hand_over(member, items=items))
    assert outcome(store, member).amount == 345


@pytest.mark.parametrize("state", sorted(set(LegState) - FINAL - {LegState.ACCEPTED}))
def test_while_its_leg_is_open_it_moves(store: Store, member: str, state: LegState) -> None:
    worker(store).take(a_hand_over(member))
    move(store, the_leg(store, member), state)
    assert outcome(store, member).course is Course.MOVING


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_leg_is_its_end(store: Store, member: str, state: LegState) -> None:
    worker(store).take(a_hand_over(member))
    move(store, the_leg(store, member), state, deposited_at_ms=NOON_MS + 1, failure="card_dormant")
    end = outcome(store, member)
    assert (end.course, end.reason, end.deposited_at_ms) == (
        Course(state.value),
        "card_dormant",
        NOON_MS + 1,
    )


def test_a_refusal_is_read_with_its_code_and_names_no_transfer(store: Store, member: str) -> None:
    submitted(store, member, ("kb",))
    worker(store).take(a_hand_over(member))
    assert outcome(store, member) == CashOutOutcome(Course.REFUSED, "already_transferred_today")
    assert len(transfers_of(store, member)) == 1


def test_a_refusal_stays_when_nothing_is_in_the_way_any_more_r_e4(
    store: Store, member: str
) -> None:
    worker(store).take(a_hand_over(member, account_id="acc_none"))
    tomorrow = NOON + timedelta(days=1)
    worker(store, tomorrow).take(a_hand_over(member, last_day=TODAY + timedelta(days=9)))
    assert outcome(store, member) == CashOutOutcome(Course.REFUSED, "not_found")
    assert transfers_of(store, member) == []


def test_after_its_last_day_it_is_too_late_and_stays_so(store: Store, member: str) -> None:
    worker(store, NOON + timedelta(days=1)).take(a_hand_over(member))
    worker(store).take(a_hand_over(member))
    assert outcome(store, member) == CashOutOutcome(Course.REFUSED, TOO_LATE)
    assert transfers_of(store, member) == []


def test_what_was_accepted_in_time_stays_accepted(store: Store, member: str) -> None:
    worker(store).take(a_hand_over(member))
    worker(store, NOON + timedelta(days=40)).take(a_hand_over(member))
    assert outcome(store, member).course is Course.MOVING


def test_another_members_hand_over_of_the_same_key_is_another(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    worker(store).take(a_hand_over(member))
    assert outcome(store, new_member()) == CashOutOutcome(Course.PENDING)


def test_a_key_that_holds_a_refusal_makes_no_transfer(store: Store, member: str) -> None:
    transfers = store.transfers()
    key = submission_key(KEY)
    assert transfers.refuse(member, key, "0" * 64, "not_found", NOON_MS)
    assert not transfers.refuse(member, key, "0" * 64, "consent_required", NOON_MS)
    used = transfers.used_key(member, key)
    assert used is not None
    assert used.transfer_id is None
    assert outcome(store, member).reason == "not_found"


@pytest.fixture
def strike(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, bool], list[str]]]:
    """Let the process end at its n-th call of DynamoDB, before or after it is done."""
    dynamodb = aws.client("dynamodb")
    called = dynamodb._make_api_call

    def arm(at: int, after: bool) -> list[str]:  # noqa: FBT001 - two ways to die
        calls: list[str] = []

        def call(operation: str, parameters: Any) -> Any:
            calls.append(operation)
            struck = len(calls) == at
            if struck and not after:
                raise ClientError({"Error": {"Code": "Killed"}}, operation)
            answer = called(operation, parameters)
            if struck:
                raise ClientError({"Error": {"Code": "Killed"}}, operation)
            return answer

        monkeypatch.setattr(dynamodb, "_make_api_call", call)
        return calls

    yield arm
    monkeypatch.setattr(dynamodb, "_make_api_call", called)


@pytest.mark.parametrize("refused", [False, True], ids=["accepted", "refused"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_worker_struck_at_any_call_leaves_one_end_once_the_message_has_come_again(
    store: Store,
    new_member: Callable[[], str],
    strike: Callable[[int, bool], list[str]],
    after: bool,  # noqa: FBT001 - a parameter of the test
    refused: bool,  # noqa: FBT001
) -> None:
    struck = 0
    for place in range(1, 20):
        member = with_account(store, new_member())
        given = a_hand_over(member, account_id="acc_none" if refused else "acc_1")
        at_work = worker(store)
        calls = strike(place, after)
        try:
            at_work.take(given)
        except ClientError:
            struck += 1
        else:
            break
        calls.clear()
        strike(0, after)
        at_work.take(given)
        at_work.take(given)
        end = outcome(store, member)
        assert end.course is (Course.REFUSED if refused else Course.MOVING), place
        assert len(transfers_of(store, member)) == (0 if refused else 1), place
        assert items_of(store, member).get("MEMBER", {}).get("submissions") == (
            None if refused else {"N": "1"}
        ), place
    # Looking at the key and at what the member has, then one write.
    assert struck == 3


def test_many_messages_at_once_on_both_sides_of_midnight_come_to_one_end(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    store = racing_store
    for _ in range(8):
        member = with_account(store, new_member())
        midnight = (NOON, NOON + timedelta(days=1))

        def take(role: int, member: str = member, times: Any = midnight) -> None:
            worker(store, times[role % 2]).take(a_hand_over(member))

        at_once(8, take)
        end = outcome(store, member)
        assert end.course in {Course.REFUSED, Course.MOVING}
        assert len(transfers_of(store, member)) == (1 if end.course is Course.MOVING else 0)


def test_many_repeats_at_once_make_one_transfer(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    store = racing_store
    for _ in range(4):
        member = with_account(store, new_member())

        def take(_: int, member: str = member) -> None:
            worker(store).take(a_hand_over(member))

        at_once(12, take)
        assert len(transfers_of(store, member)) == 1
        assert outcome(store, member).course is Course.MOVING
