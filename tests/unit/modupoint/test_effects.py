"""Effects that must happen once: what is done next, and what a finding leads to (decision 7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.effects import (
    LEASE_MS,
    TRIES,
    Action,
    Effect,
    Finding,
    Progress,
    Verdict,
    horizon_passed,
    intended,
    judged,
    next_action,
    resumed,
)

HORIZON_MS = 60_000
EFFECT = Effect(
    "effect", "due", "sending", "unknown", "operator", "done", "refused", "exhausted", HORIZON_MS
)
STATES = (EFFECT.due, EFFECT.sending, EFFECT.unknown, EFFECT.operator)
NOW_MS = 1_795_000_000_000
MINUTE_MS = 60_000


def progress(state: str = "sending", *, tries: int = 0, sent_at_ms: int | None = NOW_MS) -> Progress:  # fmt: skip
    return Progress(state, 7, tries, sent_at_ms, NOW_MS)


times = st.integers(NOW_MS - 10**7, NOW_MS + 10**7)
progresses = st.builds(
    Progress,
    st.sampled_from(STATES),
    st.integers(0, 99),
    st.integers(0, 12),
    st.none() | times,
    times,
)
calling = progresses.filter(lambda one: one.state in {EFFECT.sending, EFFECT.unknown})
findings = st.builds(
    Finding,
    st.sampled_from(Verdict),
    st.none() | st.just("code"),
    st.none(),
    st.integers(0, 10**6),
)


@given(progresses, times)
def test_only_what_is_due_is_sent_and_an_unknown_call_is_only_asked_about(
    at: Progress, now_ms: int
) -> None:
    match next_action(EFFECT, at, now_ms):
        case Action.SEND:
            assert at.state == EFFECT.due
        case Action.ASK:
            assert at.state in {EFFECT.sending, EFFECT.unknown}
        case Action.WAIT:
            assert at.state == EFFECT.operator or now_ms < at.not_before_ms


@given(progresses, times)
def test_an_intent_keeps_others_away_for_its_lease_and_then_is_asked_about(
    at: Progress, now_ms: int
) -> None:
    stored = intended(EFFECT, at, now_ms)
    assert (stored.state, stored.version, stored.sent_at_ms) == ("sending", at.version + 1, now_ms)
    assert stored.tries == at.tries
    assert next_action(EFFECT, stored, now_ms + LEASE_MS - 1) is Action.WAIT
    assert next_action(EFFECT, stored, now_ms + LEASE_MS) is Action.ASK


@given(calling, findings, times)
def test_whatever_is_found_is_a_legal_move_one_version_on(
    at: Progress, finding: Finding, now_ms: int
) -> None:
    after = judged(EFFECT, at, finding, now_ms)
    assert (at.state, after.state) in EFFECT.moves
    assert after.version == at.version + 1
    assert after.not_before_ms >= now_ms


@given(calling, findings, times)
def test_only_definite_findings_let_a_call_go_out_again(
    at: Progress, finding: Finding, now_ms: int
) -> None:
    after = judged(EFFECT, at, finding, now_ms)
    if after.state == EFFECT.due:
        final = finding.verdict is Verdict.NOT_FOUND and horizon_passed(EFFECT, at, now_ms)
        assert finding.verdict is Verdict.NOT_DONE or final


@given(calling, st.integers(0, LEASE_MS + HORIZON_MS - 1), st.integers(0, 12))
def test_not_found_before_the_horizon_is_no_answer_r_t9(
    at: Progress, since_ms: int, tries: int
) -> None:
    sent = Progress(at.state, at.version, tries, NOW_MS, at.not_before_ms)
    after = judged(EFFECT, sent, Finding(Verdict.NOT_FOUND), NOW_MS + since_ms)
    assert after.state in {EFFECT.unknown, EFFECT.operator}


def test_not_found_past_the_horizon_is_sent_again_at_once_r_t9() -> None:
    now_ms = NOW_MS + LEASE_MS + HORIZON_MS
    after = judged(EFFECT, progress("unknown"), Finding(Verdict.NOT_FOUND), now_ms)
    assert (after.state, after.not_before_ms, after.tries) == ("due", now_ms, 1)


@pytest.mark.parametrize(("verdict", "state"), [(Verdict.UNKNOWN, "unknown"), (Verdict.NOT_DONE, "due")])  # fmt: skip
def test_tries_back_off_1_2_4_and_then_10_minutes_decision_7(verdict: Verdict, state: str) -> None:
    at, now_ms, waits = progress(), NOW_MS, []
    for _ in range(TRIES - 1):
        at = judged(EFFECT, at, Finding(verdict), now_ms)
        assert at.state == state
        waits.append((at.not_before_ms - now_ms) // MINUTE_MS)
        now_ms = at.not_before_ms
        at = Progress(EFFECT.unknown, at.version, at.tries, at.sent_at_ms, at.not_before_ms)
    assert waits == [1, 2, 4, 10, 10, 10, 10, 10, 10]


@pytest.mark.parametrize(
    ("verdict", "end"), [(Verdict.UNKNOWN, "operator"), (Verdict.NOT_DONE, "exhausted")]
)
def test_after_ten_tries_an_unknown_call_goes_to_a_person_and_an_unsent_one_is_exhausted(
    verdict: Verdict, end: str
) -> None:
    ninth = judged(EFFECT, progress(tries=TRIES - 2), Finding(verdict), NOW_MS)
    tenth = judged(EFFECT, progress(tries=TRIES - 1), Finding(verdict), NOW_MS)
    assert ninth.state != end
    assert (tenth.state, tenth.tries) == (end, TRIES)


@pytest.mark.parametrize(("verdict", "state"), [(Verdict.DONE, "done"), (Verdict.REFUSED, "refused")])  # fmt: skip
def test_what_ends_an_effect_clears_its_tries_for_the_next_one(
    verdict: Verdict, state: str
) -> None:
    after = judged(EFFECT, progress(tries=5), Finding(verdict), NOW_MS + 5)
    assert after == Progress(state, 8, 0, None, NOW_MS + 5)


@pytest.mark.parametrize(
    ("asked_s", "waited_s"), [(0, 60), (59, 60), (61, 61), (3600, 3600), (999_999_999, 3600)]
)
def test_a_partner_may_ask_for_more_patience_but_not_for_days(asked_s: int, waited_s: int) -> None:
    for verdict in (Verdict.UNKNOWN, Verdict.NOT_DONE):
        after = judged(EFFECT, progress(), Finding(verdict, retry_after_s=asked_s), NOW_MS)
        assert after.not_before_ms - NOW_MS == waited_s * 1000


@given(calling, findings, times)
def test_the_time_of_the_call_is_kept_until_its_effect_is_known(
    at: Progress, finding: Finding, now_ms: int
) -> None:
    after = judged(EFFECT, at, finding, now_ms)
    known = after.state in {EFFECT.done, EFFECT.refused}
    assert after.sent_at_ms == (None if known else at.sent_at_ms)


def test_what_was_never_sent_has_no_horizon_to_wait_for() -> None:
    assert horizon_passed(EFFECT, progress(sent_at_ms=None), NOW_MS)


@given(times)
def test_a_person_lets_a_call_be_asked_about_and_never_sent_blindly(now_ms: int) -> None:
    asked = resumed(EFFECT, progress("operator", tries=TRIES), now_ms)
    assert (asked.state, asked.tries, asked.sent_at_ms) == ("unknown", 0, NOW_MS)
    assert next_action(EFFECT, asked, now_ms) is Action.ASK
    never = resumed(EFFECT, progress("operator", tries=TRIES, sent_at_ms=None), now_ms)
    assert next_action(EFFECT, never, now_ms) is Action.SEND
    for after in (asked, never):
        assert ("operator", after.state) in EFFECT.moves


@given(st.lists(findings, max_size=40))
def test_no_history_of_answers_sends_while_the_last_call_is_unknown(history: list[Finding]) -> None:
    at, now_ms = Progress(EFFECT.due, 0, 0, None, NOW_MS), NOW_MS
    settled = True
    for finding in history:
        now_ms = max(now_ms, at.not_before_ms)
        action = next_action(EFFECT, at, now_ms)
        if action is Action.SEND:
            assert settled
            at, settled = intended(EFFECT, at, now_ms), False
            continue
        if action is Action.WAIT:
            return
        final = horizon_passed(EFFECT, at, now_ms)
        settled = finding.verdict is Verdict.NOT_DONE or (
            finding.verdict is Verdict.NOT_FOUND and final
        )
        at = judged(EFFECT, at, finding, now_ms)
        if at.state in {EFFECT.done, EFFECT.refused, EFFECT.exhausted}:
            return
