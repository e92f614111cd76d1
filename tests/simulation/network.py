"""The way to the partners and back: a transport under which answers are lost, late and cut.

Stands in for ``PartnerTransport``; what was seen is read by the same table as over HTTP.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol

from modupoint import partner
from modupoint.partner import Outcome, PartnerAnswer
from tests.simulation.faults import Fate
from tests.simulation.mangling import mangled

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from tests.simulation.faults import Faults
    from tests.simulation.schedule import Schedule
    from tests.simulation.trace import Trace

type Reply = tuple[int, dict[str, Any]]

_USUAL_MS = 400
_CONNECT_MS = 2_000
_BUSY = (429, 503)
_BROKEN = (500, 502, 504)
_RETRY_AFTER_S = (None, None, 1, 30, 120)


@dataclass(frozen=True, slots=True)
class Request:
    """A request on its way. ``has_effect`` is False for inquiries."""

    partner: str
    method: str
    path: str
    content: dict[str, Any]
    has_effect: bool


class PartnerSide(Protocol):
    """One partner as requests reach it."""

    @property
    def horizon_ms(self) -> int:
        """How long after a request its effect may still land."""

    def arrived(self, request: Request) -> None:
        """Note a request, before anything becomes of it."""

    def do(self, request: Request) -> Reply:
        """Do what is asked and answer."""

    def do_at(self, request: Request, at_ms: int) -> Callable[[], object]:
        """Take a request in; returns what does it when its time has come."""

    def key_refused(self) -> Reply:
        """Answer that the caller's key or token is not good any more."""

    def maintenance(self) -> Reply:
        """Answer that nothing is looked at now."""

    def indefinite(self, request: Request) -> Reply:
        """Answer with a code that does not say what became of it."""


class _Effect(Enum):
    NONE = auto()
    DONE = auto()
    LATER = auto()
    ANY = auto()


class _Ending(Enum):
    REPLY = auto()
    NOT_SENT = auto()
    BUSY = auto()
    MAINTENANCE = auto()
    KEY_REFUSED = auto()
    SILENCE = auto()
    CUT = auto()
    BROKEN = auto()
    MANGLED = auto()
    INDEFINITE = auto()


_WITHOUT_ANSWER = {_Ending.NOT_SENT: Outcome.NOT_SENT, _Ending.CUT: Outcome.CUT}

_PLANS: dict[Fate, tuple[_Effect, _Ending]] = {
    Fate.FINE: (_Effect.DONE, _Ending.REPLY),
    Fate.SLOW: (_Effect.DONE, _Ending.REPLY),
    Fate.NOT_SENT: (_Effect.NONE, _Ending.NOT_SENT),
    Fate.BUSY: (_Effect.NONE, _Ending.BUSY),
    Fate.MAINTENANCE: (_Effect.NONE, _Ending.MAINTENANCE),
    Fate.UNAUTHORISED: (_Effect.NONE, _Ending.KEY_REFUSED),
    Fate.LOST: (_Effect.NONE, _Ending.SILENCE),
    Fate.SILENT: (_Effect.DONE, _Ending.SILENCE),
    Fate.LATE: (_Effect.LATER, _Ending.SILENCE),
    Fate.CUT: (_Effect.ANY, _Ending.CUT),
    Fate.BROKEN_BEFORE: (_Effect.NONE, _Ending.BROKEN),
    Fate.BROKEN_AFTER: (_Effect.DONE, _Ending.BROKEN),
    Fate.BROKEN_LATE: (_Effect.LATER, _Ending.BROKEN),
    Fate.MALFORMED: (_Effect.DONE, _Ending.MANGLED),
    Fate.INDEFINITE: (_Effect.ANY, _Ending.INDEFINITE),
}


@dataclass(frozen=True, slots=True)
class Network:
    """Reaches the partners; ``read_request`` says which one a URL is of, and what is asked."""

    schedule: Schedule
    faults: Faults
    rng: random.Random
    trace: Trace
    partners: Mapping[str, PartnerSide]
    read_request: Callable[[str, str, bytes | None], Request]

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        """Send one request and say how it ended."""
        del headers
        request = self.read_request(method, url, body)
        side = self.partners[request.partner]
        fate = self.faults.fate(self.rng, request.partner, self.schedule.now_ms)
        effect, ending = _PLANS[fate]
        deadline_ms = self.schedule.now_ms + int(timeout_s * 1000)
        longest_ms = int(timeout_s * 900) if fate is Fate.SLOW else _USUAL_MS
        reply = self._reply(side, request, effect, ending, longest_ms)
        answer = self._ended(side, request, reply, ending, deadline_ms)
        self.trace(
            request.partner, request.path, (fate.name, answer.outcome.name, reply, answer.body)
        )
        return answer

    def _reply(
        self, side: PartnerSide, request: Request, effect: _Effect, ending: _Ending, longest_ms: int
    ) -> Reply:
        """Let a request arrive, and have its effect now, later or never."""
        if ending is _Ending.NOT_SENT:
            return 0, {}
        sent_ms = self.schedule.now_ms
        self._pause(longest_ms)
        side.arrived(request)
        if effect is _Effect.ANY:
            effect = self.rng.choice((_Effect.NONE, _Effect.DONE, _Effect.LATER))
        if effect is _Effect.DONE or (ending is _Ending.REPLY and not request.has_effect):
            return side.do(request)
        if effect is _Effect.LATER and request.has_effect:
            # The contract counts from the send, not from the arrival.
            latest_ms = sent_ms + side.horizon_ms
            drawn_ms = self.rng.randint(self.schedule.now_ms, latest_ms)
            # As late as may be is where waiting is tested.
            at_ms = self.rng.choice((drawn_ms, latest_ms))
            self.schedule.after(at_ms - self.schedule.now_ms, side.do_at(request, at_ms))
        return 0, {}

    def _ended(
        self,
        side: PartnerSide,
        request: Request,
        reply: Reply,
        ending: _Ending,
        deadline_ms: int,
    ) -> PartnerAnswer:
        if ending is _Ending.SILENCE:
            self.schedule.pause(max(deadline_ms - self.schedule.now_ms, 1))
            return _nothing(Outcome.TIMED_OUT)
        self._pause(_CONNECT_MS if ending is _Ending.NOT_SENT else _USUAL_MS)
        if ending in _WITHOUT_ANSWER:
            return _nothing(_WITHOUT_ANSWER[ending])
        status, body = self._said(side, request, reply, ending)
        retry_after_s = self.rng.choice(_RETRY_AFTER_S) if ending is _Ending.BUSY else None
        outcome, content = partner._read(status, body)
        return PartnerAnswer(outcome, status, content, retry_after_s, f"http {status}", 0)

    def _said(
        self, side: PartnerSide, request: Request, reply: Reply, ending: _Ending
    ) -> tuple[int, bytes]:
        """Return what comes back over the wire: status and body."""
        match ending:
            case _Ending.BUSY:
                return self.rng.choice(_BUSY), b""
            case _Ending.BROKEN:
                return self.rng.choice(_BROKEN), b""
            case _Ending.MANGLED:
                return reply[0], mangled(reply[1], self.rng)
            case _Ending.KEY_REFUSED:
                reply = side.key_refused()
            case _Ending.MAINTENANCE:
                reply = side.maintenance()
            case _Ending.INDEFINITE:
                reply = side.indefinite(request)
        return reply[0], json.dumps(reply[1]).encode()

    def _pause(self, longest_ms: int) -> None:
        self.schedule.pause(1 + int(self.rng.random() * longest_ms))


def _nothing(outcome: Outcome) -> PartnerAnswer:
    return PartnerAnswer(outcome, None, {}, None, outcome.name, 0)
