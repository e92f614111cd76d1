"""Hand-overs are submitted under all rules of transfers, once; a refusal stays one (R-E3)."""

from __future__ import annotations

from copy import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from modupoint.cash_outs import POINTS_ARE_THE_MEMBERS, TOO_LATE, Course, submission_key
from modupoint.clock import SEOUL, epoch_ms
from modupoint.hand_overs import HandedItem, HandOver
from modupoint.http import Request
from modupoint.idempotency import LONGEST_KEY, idempotency_key
from modupoint.problems import Problem
from tests.unit.transfer.leg_samples import MEMBER, NOON, TODAY
from tests.unit.transfer.submission_fakes import ACCOUNT, KB, Desk, asking
from transfer.legs import FINAL
from transfer.standing_cash_outs import StandingCashOuts
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    KeyUsedError,
    UsedKey,
)

GIVEN = HandOver(
    MEMBER,
    "cashout-kb-2026-11-1",
    ACCOUNT.account_id,
    (HandedItem("kb", "POINTREE", 500),),
    date(2026, 11, 30),
)
KEY = submission_key(GIVEN.key)


class Refusals:
    """Keeps refusals where the keys are."""

    def __init__(self, keys: dict[str, UsedKey]) -> None:
        self._keys = keys
        self.kept: dict[str, tuple[str, int]] = {}

    def refuse(
        self, member: str, idempotency_key: str, sha256: str, code: str, now_ms: int
    ) -> bool:
        assert member == MEMBER
        if idempotency_key in self._keys:
            return False
        self._keys[idempotency_key] = UsedKey(None, sha256)
        self.kept[idempotency_key] = (code, now_ms)
        return True


class Counter(Desk):
    """The transfers' desk with the hand-overs' worker at it."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals = Refusals(self.transfers.keys)
        self.worker = StandingCashOuts(self.service, self.refusals, lambda: self.now)

    @property
    def refused(self) -> str | None:
        """The refusal under the hand-over's key."""
        code, _ = self.refusals.kept.get(KEY, (None, 0))
        return code


@pytest.fixture
def desk() -> Counter:
    return Counter()


def test_a_hand_over_is_submitted_as_the_member_would(desk: Counter) -> None:
    desk.worker.take(GIVEN)
    [(made, [leg])] = desk.transfers.stored.values()
    assert (made.member, made.account.account_id) == (MEMBER, ACCOUNT.account_id)
    assert (leg.key.issuer, leg.amount, leg.guard_day) == ("kb", 500, TODAY)
    assert desk.lanes.told == [["kb"]]
    assert desk.refused is None


@pytest.mark.parametrize("times", [2, 5])
def test_a_repeated_message_submits_once(desk: Counter, times: int) -> None:
    for _ in range(times):
        desk.worker.take(GIVEN)
    assert len(desk.transfers.stored) == 1
    assert desk.refusals.kept == {}


def test_the_next_attempt_is_one_of_its_own(desk: Counter) -> None:
    desk.worker.take(GIVEN)
    desk.worker.take(replace(GIVEN, key="cashout-kb-2026-11-2"))
    assert len(desk.transfers.stored) == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConsentMissingError(), "consent_required"),
        (AccountGoneError(), "not_found"),
        (AlreadyTransferredError(["kb"]), "already_transferred_today"),
    ],
)
def test_a_rule_that_forbids_it_is_an_answer_and_is_kept(
    desk: Counter, error: Exception, code: str
) -> None:
    desk.transfers.refusals = [error]
    desk.worker.take(GIVEN)
    assert desk.refusals.kept == {KEY: (code, epoch_ms(NOON))}
    assert desk.transfers.stored == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (replace(GIVEN, account_id="acc_2"), "not_found"),
        (replace(GIVEN, items=(HandedItem("kb", "NOT_ONE", 1),)), "invalid_request"),
        (replace(GIVEN, items=(HandedItem("kb", "POINTREE", 0),)), "invalid_request"),
        (replace(GIVEN, items=(HandedItem("kb", "POINTREE", -5),)), "invalid_request"),
        (replace(GIVEN, items=(HandedItem("hyundai", "MPOINT", 5),)), "invalid_request"),
        (replace(GIVEN, items=(HandedItem("nobody", "POINTREE", 5),)), "invalid_request"),
    ],
)
def test_what_no_member_may_ask_for_no_hand_over_may_either(
    desk: Counter, given: HandOver, code: str
) -> None:
    desk.worker.take(given)
    assert desk.refused == code
    assert desk.transfers.stored == {}


def test_without_an_agreement_nothing_is_moved_r_m2(desk: Counter) -> None:
    desk.funds.agreed = False
    desk.worker.take(GIVEN)
    assert desk.refused == "consent_required"
    assert desk.transfers.stored == {}


def test_what_was_refused_stays_refused_when_the_message_comes_again_r_e4(desk: Counter) -> None:
    desk.transfers.refusals = [AlreadyTransferredError(["kb"])]
    desk.worker.take(GIVEN)
    desk.now += timedelta(days=1)
    # It would be accepted by now; the next attempt has been decided on meanwhile.
    desk.worker.take(GIVEN)
    assert desk.transfers.stored == {}
    assert desk.refused == "already_transferred_today"


def test_a_refusal_that_was_lost_with_its_worker_binds_nobody(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> bool:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "PutItem")

    desk.transfers.refusals = [AlreadyTransferredError(["kb"])]
    with monkeypatch.context() as broken:
        broken.setattr(Refusals, "refuse", lost)
        with pytest.raises(ClientError):
            desk.worker.take(GIVEN)
    desk.worker.take(GIVEN)
    assert (len(desk.transfers.stored), desk.refused) == (1, None)


def test_the_same_key_with_another_content_changes_nothing(desk: Counter) -> None:
    desk.worker.take(GIVEN)
    desk.worker.take(replace(GIVEN, items=(HandedItem("kb", "POINTREE", 501),)))
    [(_, [leg])] = desk.transfers.stored.values()
    assert (leg.amount, desk.refused) == (500, None)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=SEOUL), None),
        (datetime(2026, 12, 1, tzinfo=SEOUL), TOO_LATE),
        (datetime(2027, 6, 1, tzinfo=SEOUL), TOO_LATE),
    ],
)
def test_points_that_have_expired_are_not_cashed_out_however_late_a_message_comes_r_e3(
    desk: Counter, now: datetime, code: str | None
) -> None:
    desk.now = now
    desk.worker.take(GIVEN)
    assert desk.refused == code
    assert len(desk.transfers.stored) == (0 if code else 1)


def test_a_late_repeat_of_what_was_accepted_in_time_changes_nothing(desk: Counter) -> None:
    desk.worker.take(GIVEN)
    desk.now += timedelta(days=60)
    desk.worker.take(GIVEN)
    assert (len(desk.transfers.stored), desk.refused) == (1, None)


def test_our_own_trouble_is_no_answer_and_comes_again(desk: Counter) -> None:
    desk.transfers.refusals = [KeyUsedError()] * 3
    with pytest.raises(Problem) as trouble:
        desk.worker.take(GIVEN)
    assert trouble.value.code == "internal_error"
    assert desk.refused is None
    desk.worker.take(GIVEN)
    assert len(desk.transfers.stored) == 1


def test_a_members_own_request_cannot_have_a_hand_overs_key(desk: Counter) -> None:
    assert len(submission_key("k")) > LONGEST_KEY
    with pytest.raises(Problem):
        idempotency_key(Request({}, {"idempotency-key": KEY}, {}, b""))
    desk.submit(asking(KB), GIVEN.key)
    desk.worker.take(GIVEN)
    assert len(desk.transfers.stored) == 2


def test_two_hand_overs_have_two_keys() -> None:
    keys: list[Any] = [submission_key(one) for one in ("a", "/a", "aa", "standing-cash-out/a")]
    assert len(set(keys)) == len(keys)


def test_every_end_of_a_leg_has_a_course_of_its_name() -> None:
    ends = {Course(state.value) for state in FINAL}
    assert ends == set(Course) - {Course.PENDING, Course.REFUSED, Course.MOVING}
    assert ends - POINTS_ARE_THE_MEMBERS == {Course.DEPOSITED}
