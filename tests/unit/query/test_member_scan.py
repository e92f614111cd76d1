"""A member's monthly look, step by step: asked, waited for, decided, told (R-E2)."""

from __future__ import annotations

from copy import replace

import pytest
from botocore.exceptions import ClientError

from modupoint.clock import at_ms, real_ms
from modupoint.ids import made_at_ms
from modupoint.issuers import ISSUERS
from modupoint.row_messages import PoisonMessageError
from query.expiry_settings import ExpirySettings, Step
from query.member_scan import FIRST_ANSWERS_MS, PATIENCE_MS
from query.notices import NOTICE_PREFIX, NoticeKind
from tests.unit.query.expiry_fakes import Scene
from tests.unit.query.expiry_samples import (
    ACCOUNT,
    MEMBER,
    NOW_MS,
    answer,
    points,
    settings,
)
from tests.unit.query.lookup_samples import an_id


def a_scene(wanted: ExpirySettings, *, everybody_answers: bool = True) -> Scene:
    scene = Scene()
    scene.wants(wanted)
    if everybody_answers:
        for code in ISSUERS:
            scene.store.answered(MEMBER, answer(points(m2027_04=100), issuer=code))
    return scene


def row(scene: Scene) -> ExpirySettings:
    found = scene.store.settings(MEMBER)
    assert found is not None
    return found


def test_all_issuers_are_asked_with_one_publish_r_e2() -> None:
    scene = a_scene(settings(step=Step.REFRESH))
    scene.scan()
    [(message, issuers)] = scene.asked
    assert issuers == tuple(ISSUERS)
    assert (message.member, message.sealed_ci) == (MEMBER, b"sealed")
    assert message.due_ms == made_at_ms(message.lookup_id) + PATIENCE_MS
    assert (row(scene).step, row(scene).refreshed_id) == (Step.DECIDE, message.lookup_id)
    assert row(scene).due_at_ms == NOW_MS + FIRST_ANSWERS_MS


def test_a_scans_id_is_older_than_what_a_withdrawal_of_this_moment_leaves_r_m2() -> None:
    scene = a_scene(settings(step=Step.REFRESH))
    before_ms = real_ms()
    scene.scan()
    [(message, _)] = scene.asked
    assert made_at_ms(message.lookup_id) < before_ms - 50_000


@pytest.mark.parametrize("step", Step)
def test_before_its_time_nothing_is_done(step: Step) -> None:
    scene = a_scene(settings(step=step, due_ms=NOW_MS + 1))
    scene.scan()
    assert (scene.asked, scene.notices()) == ([], [])
    assert row(scene).version == 1


def test_a_member_who_did_not_ask_is_not_looked_at_r_e2() -> None:
    scene = a_scene(settings(lead=None))
    scene.scan()
    assert (scene.asked, scene.notices()) == ([], [])
    assert scene.store.is_due == {}


def test_whoever_has_left_is_not_asked_about_and_never_due_again_r_m2() -> None:
    scene = a_scene(settings(step=Step.REFRESH))
    del scene.store.ci[MEMBER]
    scene.scan()
    assert scene.asked == []
    assert scene.store.settings(MEMBER) is None


def test_a_publish_that_failed_is_made_again_with_the_next_message() -> None:
    scene = a_scene(settings(step=Step.REFRESH))
    scene.away = {"lanes"}
    with pytest.raises(ClientError):
        scene.scan()
    assert row(scene).step is Step.REFRESH
    scene.away = set()
    scene.scan()
    assert len(scene.asked) == 1


def test_once_everybody_answered_the_member_is_told_and_has_a_month_of_rest_r_e1() -> None:
    scene = a_scene(settings())
    scene.scan()
    told = scene.notices()
    assert {one.kind for one in told} == {NoticeKind.EXPIRING}
    assert {one.subject.issuer for one in told} == set(ISSUERS)
    assert scene.events == told
    assert row(scene).step is Step.REFRESH
    assert at_ms(row(scene).due_at_ms).month == 4
    # The events are sent: only the member's own row waits.
    assert len(scene.store.is_due) == 1


def test_an_issuer_that_does_not_answer_is_waited_for_six_hours_r_p6() -> None:
    scene = a_scene(settings())
    scene.store.records[MEMBER]["kb"] = answer(points(m2027_04=77), lookup_id=an_id(NOW_MS - 10**9))
    looks = 0
    while not scene.notices():
        looks += 1
        assert row(scene).step is Step.DECIDE
        scene.now = at_ms(row(scene).due_at_ms)
        scene.scan()
    # From then on what is known of it has to do, and the words say of when it is.
    assert scene.now >= at_ms(row(scene).refresh_asked_ms + PATIENCE_MS)
    assert looks < 10
    [kb] = [one for one in scene.notices() if one.subject.issuer == "kb"]
    assert kb.amount == 77
    assert "does not answer" in kb.words["en"]


def test_an_issuer_never_heard_of_keeps_no_other_from_being_told_r_p6() -> None:
    scene = a_scene(settings())
    del scene.store.records[MEMBER]["kb"]
    scene.later(hours=6)
    scene.scan()
    assert {one.subject.issuer for one in scene.notices()} == set(ISSUERS) - {"kb"}


def test_a_choice_made_meanwhile_is_not_overwritten() -> None:
    scene = a_scene(settings())
    known = scene.store.known

    def and_choose(member: str, month: str) -> object:
        found = known(member, month)
        changed = row(scene)
        scene.wants(replace(changed, version=changed.version + 1))
        return found

    scene.store.known = and_choose  # type: ignore[method-assign, assignment]
    scene.scan()
    assert (scene.notices(), scene.events) == ([], [])


def test_done_twice_nobody_is_told_twice_r_e4() -> None:
    scene = a_scene(settings(account=ACCOUNT.account_id))
    scene.scan()
    before = scene.notices()
    scene.wants(settings(account=ACCOUNT.account_id))
    scene.scan()
    assert scene.notices() == before


def test_events_that_could_not_be_sent_are_due_and_sent_by_the_sweep() -> None:
    scene = a_scene(settings())
    scene.away = {"bus"}
    scene.scan()
    assert scene.events == []
    waiting = [sk for _, sk in scene.store.is_due if sk.startswith(NOTICE_PREFIX)]
    assert len(waiting) == len(ISSUERS)
    with pytest.raises(ClientError):
        scene.check(waiting[0])
    scene.away = set()
    for sk in waiting * 2:
        scene.check(sk)
    assert sorted(one.notice_id for one in scene.events) == [
        one.notice_id for one in scene.notices()
    ]


def test_a_row_that_is_never_due_is_poison() -> None:
    with pytest.raises(PoisonMessageError):
        Scene().check("MEMBER")
