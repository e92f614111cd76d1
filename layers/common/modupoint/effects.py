"""Effects at partners that must happen once, whatever crashes.

Redeeming points, depositing won, reversing, ordering a change of autopay: each is
one call that has an effect elsewhere. A record goes through the same states for
each of them. *Due*: to be called. *Sending*: the intent is stored, with the id
the call uses; whoever finds it so after its lease does not know whether the call
went out. *Unknown*: the partner did not say; only asking under the same id tells
(architecture decision 7). *Operator*: asked often enough, a person looks at it.
Then done, or refused.

Pure: what to do next and what a finding leads to are functions of a record's
progress and the time.
"""

from collections.abc import Iterable
from copy import replace
from enum import Enum, auto
from typing import NamedTuple

LEASE_MS = 40_000
"""How long a stored intent keeps other workers away: the longest call, with a token to
fetch for it, and the writes. So it is also the latest that the call can have gone out."""

SEND_WITHIN_MS = 5_000
"""A worker that is later than this after its intent does not begin to send: the
partner's horizon counts from the lease's end, and somebody may already be asking."""

TRIES = 10
"""After so many calls and inquiries without an answer a person takes over."""

_BACK_OFF_MS = (60_000, 120_000, 240_000, 600_000)

_LONGEST_RETRY_AFTER_MS = 3_600_000
"""A partner may ask for more patience than ours, but not for days."""


class Verdict(Enum):
    """What is known of an effect after a call or an inquiry."""

    DONE = auto()
    REFUSED = auto()
    """Definitely not done, and not to be tried again."""
    NOT_DONE = auto()
    """Definitely not done; another try may succeed."""
    NOT_FOUND = auto()
    """The partner does not know the id: not done, if its horizon has passed."""
    UNKNOWN = auto()


class Action(Enum):
    """What a worker does with a record now."""

    SEND = auto()
    ASK = auto()
    WAIT = auto()


class Effect(NamedTuple):
    """One kind of effect: the states a record goes through for it.

    ``horizon_ms`` is how long after a call its effect may still land at the
    partner. ``exhausted`` is where a record goes that could definitely never be
    sent, ``operator`` for a person to decide.
    """

    name: str
    due: str
    sending: str
    unknown: str
    operator: str
    done: str
    refused: str
    exhausted: str
    horizon_ms: int

    @property
    def moves(self) -> frozenset[tuple[str, str]]:
        """Every legal change of state; staying in a state but not in time is one too."""
        calling = {
            (state, to)
            for state in (self.sending, self.unknown)
            for to in (self.done, self.refused, self.due, self.unknown, self.operator)
        }
        return frozenset(
            calling
            | {
                (self.due, self.due),
                (self.due, self.sending),
                (self.due, self.unknown),
                (self.due, self.exhausted),
                (self.sending, self.exhausted),
                (self.unknown, self.exhausted),
                (self.operator, self.unknown),
                (self.operator, self.due),
            }
        )


def by_state(effects: Iterable[Effect]) -> dict[str, Effect]:
    """Return the effect that each state belongs to; final states belong to none."""
    return {
        state: effect
        for effect in effects
        for state in (effect.due, effect.sending, effect.unknown, effect.operator)
    }


class Progress(NamedTuple):
    """Where a record stands.

    ``version`` counts its moves. ``tries`` counts calls and inquiries of the
    present effect that brought no answer. ``sent_at_ms`` is the time of the
    intent of its last call, None if there was none. Before ``not_before_ms``
    nothing is done. Times are business time.
    """

    state: str
    version: int
    tries: int
    sent_at_ms: int | None
    not_before_ms: int

    def moved(
        self, state: str, *, tries: int, not_before_ms: int, sent_at_ms: int | None
    ) -> "Progress":
        """Return the progress one version on."""
        return Progress(state, self.version + 1, tries, sent_at_ms, not_before_ms)


class Finding(NamedTuple):
    """What a call or an inquiry found.

    ``code`` is the partner's refusal in our words. ``partner_time`` is the
    partner's own time of the effect, ``YYYYMMDDhhmmss``, if it is done.
    ``cause`` is a short word for logs.
    """

    verdict: Verdict
    code: str | None = None
    partner_time: str | None = None
    retry_after_s: int = 0
    cause: str = ""


class IllegalMoveError(Exception):
    """A change of state that no table allows: a bug, never a fact about a partner."""


def next_action(effect: Effect, progress: Progress, now_ms: int) -> Action:
    """Say what a worker does with a record at a time."""
    if progress.state == effect.operator or now_ms < progress.not_before_ms:
        return Action.WAIT
    return Action.SEND if progress.state == effect.due else Action.ASK


def intended(effect: Effect, progress: Progress, now_ms: int) -> Progress:
    """Return the progress to store before a call is sent."""
    return progress.moved(
        effect.sending,
        tries=progress.tries,
        not_before_ms=now_ms + LEASE_MS,
        sent_at_ms=now_ms,
    )


def horizon_passed(effect: Effect, progress: Progress, now_ms: int) -> bool:
    """Say whether "not found" is final: no effect of the last call can still land (R-T9)."""
    sent_at_ms = progress.sent_at_ms
    return sent_at_ms is None or now_ms >= sent_at_ms + LEASE_MS + effect.horizon_ms


def as_asked(effect: Effect, progress: Progress, finding: Finding, asked_ms: int) -> Finding:
    """Return what an inquiry found, for what it was when asked.

    "Not found" was said of that moment: an answer that took until past the horizon
    knows nothing of what landed meanwhile.
    """
    early = finding.verdict is Verdict.NOT_FOUND and not horizon_passed(effect, progress, asked_ms)
    return replace(finding, verdict=Verdict.UNKNOWN) if early else finding


def judged(effect: Effect, progress: Progress, finding: Finding, now_ms: int) -> Progress:
    """Return the progress after a call or an inquiry.

    "Not found" before the horizon is as good as no answer; past it the call
    goes out again at once. What ends an effect clears its tries.
    """
    verdict = finding.verdict
    if verdict is Verdict.NOT_FOUND:
        final = horizon_passed(effect, progress, now_ms)
        verdict = Verdict.NOT_DONE if final else Verdict.UNKNOWN
    match verdict:
        case Verdict.DONE:
            return progress.moved(effect.done, tries=0, not_before_ms=now_ms, sent_at_ms=None)
        case Verdict.REFUSED:
            return progress.moved(effect.refused, tries=0, not_before_ms=now_ms, sent_at_ms=None)
    tries = progress.tries + 1
    wait_ms = _BACK_OFF_MS[min(tries, len(_BACK_OFF_MS)) - 1]
    if verdict is Verdict.NOT_DONE:
        state = effect.due if tries < TRIES else effect.exhausted
        if finding.verdict is Verdict.NOT_FOUND:
            wait_ms = 0
    else:
        state = effect.unknown if tries < TRIES else effect.operator
    return progress.moved(
        state,
        tries=tries,
        not_before_ms=now_ms
        + max(wait_ms, min(finding.retry_after_s * 1000, _LONGEST_RETRY_AFTER_MS)),
        sent_at_ms=progress.sent_at_ms,
    )


def resumed(effect: Effect, progress: Progress, now_ms: int) -> Progress:
    """Return the progress after an operator has asked for another round of tries.

    A record whose call may have gone out is asked about, never sent blindly.
    """
    state = effect.due if progress.sent_at_ms is None else effect.unknown
    return progress.moved(state, tries=0, not_before_ms=now_ms, sent_at_ms=progress.sent_at_ms)
