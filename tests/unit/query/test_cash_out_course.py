"""A standing cash-out from its plan to its end, and whatever may come between (R-E3)."""

from __future__ import annotations

from copy import replace
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from modupoint.cash_outs import TOO_LATE, CashOutOutcome, Course
from modupoint.clock import SEOUL, at_ms, epoch_ms
from modupoint.member_table import ACCOUNT_PREFIX
from query.cash_out import MOST_REFUSALS, CashOutState, cash_out_sk
from query.inquiry import Status
from query.member_scan import PATIENCE_MS
from query.notices import NoticeKind
from tests.unit.query.expiry_fakes import Scene
from tests.unit.query.expiry_samples import (
    ACCOUNT,
    KB_MARCH,
    MEMBER,
    NOW_MS,
    a_cash_out,
    answer,
    points,
    settings,
)

TEN = datetime(2027, 3, 15, 10, tzinfo=SEOUL)


def a_scene(amount: int = 500, *, now: datetime = TEN, **wanted: Any) -> Scene:
    """Return a member whose cash-out's day has come, and an issuer who will say ``amount``."""
    scene = Scene(now=now)
    scene.wants(settings(**{"account": ACCOUNT.account_id, **wanted}))
    scene.plan(a_cash_out(due_at_ms=epoch_ms(now)))
    scene.store.answered(MEMBER, answer(points(m2027_03=amount), lookup_id="lkp_0"))
    return scene


def run(scene: Scene) -> CashOutState:
    """Do the step that is due, in its time."""
    scene.now = max(scene.now, at_ms(scene.cash_out(KB_MARCH).due_at_ms))
    scene.check(cash_out_sk(KB_MARCH))
    return scene.cash_out(KB_MARCH).state


def issuer_answers(scene: Scene, *balances: Any, **changes: Any) -> None:
    (message, _) = scene.asked[-1]
    scene.store.answered(MEMBER, answer(*balances, lookup_id=message.lookup_id, **changes))


def handed(scene: Scene, amount: int = 500) -> None:
    """Bring a cash-out to where the transfer context has it."""
    assert run(scene) is CashOutState.REFRESHING
    issuer_answers(scene, points(m2027_03=amount))
    assert run(scene) is CashOutState.HANDED


def only_notice(scene: Scene) -> tuple[NoticeKind, str]:
    [notice] = scene.notices()
    assert scene.events == [notice]
    assert notice.subject == KB_MARCH
    return notice.kind, notice.words["en"]


def test_on_its_day_the_issuer_is_asked_and_what_is_left_is_handed_over_r_e3() -> None:
    scene = a_scene()
    assert run(scene) is CashOutState.REFRESHING
    assert scene.asked[-1][1] == ("kb",)
    issuer_answers(scene, points(m2027_03=480, m2027_09=70))
    assert run(scene) is CashOutState.HANDED
    [hand_over] = scene.handed
    assert hand_over.account_id == ACCOUNT.account_id
    assert [(one.issuer, one.point_code, one.amount) for one in hand_over.items] == [
        ("kb", "POINTREE", 480)
    ]
    assert hand_over.last_day.isoformat() == "2027-03-31"
    # Nobody is told before it is done.
    assert scene.notices() == []


def test_a_deposit_is_told_with_its_transfer_r_e3() -> None:
    scene = a_scene()
    handed(scene)
    scene.outcome_is = CashOutOutcome(Course.MOVING, transfer_id="trf_1")
    assert run(scene) is CashOutState.HANDED
    scene.outcome_is = CashOutOutcome(Course.DEPOSITED, transfer_id="trf_1", amount=500)
    assert run(scene) is CashOutState.DONE
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_DONE
    assert "KRW 500" in told
    assert "국민 ***-1234" in told
    assert scene.notices()[0].transfer_id == "trf_1"
    assert len(scene.handed) == 1


def test_a_hand_over_that_nobody_knows_of_is_sent_again_the_same_r_e4() -> None:
    scene = a_scene()
    handed(scene)
    for _ in range(3):
        assert run(scene) is CashOutState.HANDED
    assert len(scene.handed) == 4
    assert len({one.message() for one in scene.handed}) == 1


def test_a_queue_that_is_away_costs_time_and_nothing_else_r_e4() -> None:
    scene = a_scene()
    run(scene)
    issuer_answers(scene, points(m2027_03=500))
    scene.away = {"queue"}
    with pytest.raises(ClientError):
        run(scene)
    assert scene.cash_out(KB_MARCH).state is CashOutState.HANDING_OVER
    scene.away = set()
    assert run(scene) is CashOutState.HANDED
    assert len(scene.handed) == 1


def test_switched_off_in_between_it_stops_and_says_so_r_e3() -> None:
    scene = a_scene()
    run(scene)
    scene.wants(settings(account=None))
    issuer_answers(scene, points(m2027_03=500))
    assert run(scene) is CashOutState.STOPPED
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_STOPPED
    assert "is off" in told
    assert scene.handed == []


def test_switched_off_at_the_very_moment_it_is_either_in_time_or_too_late_r_e3() -> None:
    scene = a_scene()
    run(scene)
    issuer_answers(scene, points(m2027_03=500))
    known = scene.store.known

    def and_switch_off(member: str, month: str) -> object:
        found = known(member, month)
        scene.wants(replace(settings(account=None), version=2))
        return found

    scene.store.known = and_switch_off  # type: ignore[method-assign, assignment]
    assert run(scene) is CashOutState.REFRESHING
    assert scene.handed == []
    scene.store.known = known  # type: ignore[method-assign]
    assert run(scene) is CashOutState.STOPPED


def test_another_account_chosen_in_between_is_the_one_r_e3() -> None:
    scene = a_scene()
    run(scene)
    scene.store.register(MEMBER, replace(ACCOUNT, account_id="acc_2", bank_name="신한"))
    scene.wants(settings(account="acc_2"))
    issuer_answers(scene, points(m2027_03=500))
    run(scene)
    assert scene.handed[-1].account_id == "acc_2"


def test_a_deleted_account_stops_it_and_the_member_is_told_r_t1() -> None:
    scene = a_scene()
    scene.store.delete((MEMBER, f"{ACCOUNT_PREFIX}{ACCOUNT.account_id}"))
    assert run(scene) is CashOutState.STOPPED
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_STOPPED
    assert "account" in told
    assert "deleted" in told
    assert (scene.asked, scene.handed) == ([], [])


def test_an_account_deleted_after_the_hand_over_stops_it_too_r_t1() -> None:
    scene = a_scene()
    handed(scene)
    scene.outcome_is = CashOutOutcome(Course.REFUSED, "not_found")
    assert run(scene) is CashOutState.STOPPED
    assert only_notice(scene)[0] is NoticeKind.CASHOUT_STOPPED


def test_an_agreement_withdrawn_ends_it_without_a_word_r_m2() -> None:
    scene = a_scene()
    del scene.store.ci[MEMBER]
    assert run(scene) is CashOutState.STOPPED
    assert (scene.notices(), scene.events, scene.asked) == ([], [], [])


def test_an_agreement_withdrawn_after_the_hand_over_ends_it_without_a_word_r_m2() -> None:
    scene = a_scene()
    handed(scene)
    scene.outcome_is = CashOutOutcome(Course.REFUSED, "consent_required")
    assert run(scene) is CashOutState.STOPPED
    assert scene.notices() == []


@pytest.mark.parametrize(("left", "minimum"), [(0, 0), (99, 100)])
def test_points_spent_meanwhile_stop_it_and_the_member_is_told_r_e3(
    left: int, minimum: int
) -> None:
    scene = a_scene(minimum=minimum)
    run(scene)
    issuer_answers(scene, points(m2027_03=left))
    assert run(scene) is CashOutState.STOPPED
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_STOPPED
    assert "used meanwhile" in told
    assert scene.handed == []


def test_a_card_that_went_dormant_is_told_while_days_are_left_r_p4() -> None:
    scene = a_scene()
    run(scene)
    issuer_answers(scene, {**points(m2027_03=500), "transferable": 0}, status=Status.DORMANT)
    assert run(scene) is CashOutState.MISSED
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_FAILED
    assert "dormant" in told
    assert "by 31 March 2027" in told


def test_an_issuer_that_is_down_is_waited_for_and_then_tried_by_what_is_known_r_p6() -> None:
    scene = a_scene(amount=450)
    assert run(scene) is CashOutState.REFRESHING
    while not scene.handed:
        run(scene)
    waited = scene.now - at_ms(scene.cash_out(KB_MARCH).refresh_asked_ms)
    assert waited.total_seconds() * 1000 == PATIENCE_MS
    assert scene.handed[0].items[0].amount == 450


def test_on_the_last_evening_it_waits_no_longer_than_there_is_time_r_e3() -> None:
    scene = a_scene(now=datetime(2027, 3, 31, 22, 30, tzinfo=SEOUL))
    while not scene.handed:
        run(scene)
    assert scene.now < datetime(2027, 3, 31, 23, 30, tzinfo=SEOUL)


@pytest.mark.parametrize(
    "now", [datetime(2027, 3, 31, 23, 30, tzinfo=SEOUL), datetime(2027, 4, 2, tzinfo=SEOUL)]
)
def test_a_scan_that_comes_too_late_does_not_take_other_points_r_e3(now: datetime) -> None:
    scene = a_scene(now=now)
    assert run(scene) is CashOutState.MISSED
    assert only_notice(scene)[0] is NoticeKind.CASHOUT_FAILED
    assert scene.handed == []


def test_what_was_handed_over_too_late_is_missed_and_told_r_e3() -> None:
    scene = a_scene()
    handed(scene)
    scene.now = datetime(2027, 4, 1, 3, tzinfo=SEOUL)
    scene.outcome_is = CashOutOutcome(Course.REFUSED, TOO_LATE)
    assert run(scene) is CashOutState.MISSED
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_FAILED
    assert "Their last day was 31 March 2027" in told


@pytest.mark.parametrize(
    "outcome",
    [
        CashOutOutcome(Course.FAILED, "issuer_unavailable", "trf_1"),
        CashOutOutcome(Course.REVERSED, "deposit_refused", "trf_1"),
        CashOutOutcome(Course.REFUSED, "nothing_to_transfer"),
    ],
)
def test_another_day_is_tried_under_another_key_while_the_month_goes_on_r_e4(
    outcome: CashOutOutcome,
) -> None:
    scene = a_scene()
    handed(scene)
    scene.outcome_is = outcome
    assert run(scene) is CashOutState.PLANNED
    again = at_ms(scene.cash_out(KB_MARCH).due_at_ms)
    assert again == datetime(2027, 3, 16, 10, tzinfo=SEOUL)
    # The member was told of it; trying again is no news.
    assert scene.notices() == []
    handed(scene)
    assert scene.handed[0].key != scene.handed[1].key


def test_after_some_tries_the_member_is_told_while_days_are_left_r_e3() -> None:
    scene = a_scene()
    for refusals in range(1, MOST_REFUSALS + 1):
        scene.outcome_is = CashOutOutcome(Course.REVERSED, "deposit_refused", "trf_1")
        handed(scene)
        state = run(scene)
        assert state is (CashOutState.MISSED if refusals == MOST_REFUSALS else CashOutState.PLANNED)
    kind, told = only_notice(scene)
    assert kind is NoticeKind.CASHOUT_FAILED
    assert "by 31 March 2027" in told


def test_a_day_taken_by_the_members_own_transfer_is_no_failed_try_r_t2() -> None:
    scene = a_scene()
    for _ in range(MOST_REFUSALS + 2):
        scene.outcome_is = CashOutOutcome(Course.REFUSED, "already_transferred_today")
        handed(scene)
        assert run(scene) is CashOutState.PLANNED
    scene.outcome_is = CashOutOutcome(Course.DEPOSITED, transfer_id="trf_1", amount=500)
    handed(scene)
    assert run(scene) is CashOutState.DONE


def test_days_that_were_taken_leave_all_tries_for_later_r_t2_r_e3() -> None:
    scene = a_scene()
    for _ in range(MOST_REFUSALS):
        scene.outcome_is = CashOutOutcome(Course.REFUSED, "already_transferred_today")
        handed(scene)
        assert run(scene) is CashOutState.PLANNED
    for refusals in range(1, MOST_REFUSALS + 1):
        scene.outcome_is = CashOutOutcome(Course.FAILED, "issuer_unavailable", "trf_1")
        handed(scene)
        state = run(scene)
        assert state is (CashOutState.MISSED if refusals == MOST_REFUSALS else CashOutState.PLANNED)


@pytest.mark.parametrize("code", ["account_closed", "holder_name_mismatch", "not_cashable"])
def test_what_no_day_will_change_is_told_at_once_r_e3(code: str) -> None:
    scene = a_scene()
    handed(scene)
    scene.outcome_is = CashOutOutcome(Course.REVERSED, code, "trf_1")
    assert run(scene) is CashOutState.MISSED
    assert only_notice(scene)[0] is NoticeKind.CASHOUT_FAILED


def test_on_the_months_last_day_there_is_no_other_r_e3() -> None:
    scene = a_scene(now=datetime(2027, 3, 31, 10, tzinfo=SEOUL))
    handed(scene)
    scene.outcome_is = CashOutOutcome(Course.FAILED, "issuer_unavailable", "trf_1")
    assert run(scene) is CashOutState.MISSED


def test_before_its_time_nothing_is_done() -> None:
    scene = a_scene()
    scene.plan(a_cash_out(due_at_ms=epoch_ms(TEN) + 1))
    scene.check(cash_out_sk(KB_MARCH))
    assert (scene.asked, scene.cash_out(KB_MARCH).version) == ([], 1)


def test_what_is_over_stays_over() -> None:
    scene = a_scene()
    scene.plan(a_cash_out(state=CashOutState.DONE, due_at_ms=NOW_MS))
    scene.check(cash_out_sk(KB_MARCH))
    assert (scene.asked, scene.handed, scene.notices()) == ([], [], [])
