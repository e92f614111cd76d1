"""A good client: it notes what it asks and is told, and asks again with the same key."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from rehearsal.journal import ASKING, NO_ANSWER, Exchange, without_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from rehearsal.journal import Journal

TRIES = 40
_FIRST_PAUSE_S = 0.4
_LONGEST_PAUSE_S = 5.0
USUAL_TIMEOUT_S = 30.0
IMPATIENT_TIMEOUT_S = 0.8
_TRY_AGAIN = frozenset({NO_ANSWER, 429, 500, 502, 503, 504})


class Answered(Protocol):
    """What a transport gives back: a status (0 without an answer), headers, a body, an error."""

    status: int
    headers: dict[str, str]
    json: Any
    error: str | None


type Send = Callable[[str, str, str, Any, dict[str, str], float], Answered]
"""Sends (name, method, path, body, headers, timeout in seconds)."""


class GaveUpError(Exception):
    """Nothing came of a request however often it was asked; the person leaves."""


@dataclass
class Client:
    """One signed-in person's app.

    ``attempts`` counts what was sent more than once.
    """

    send: Send
    journal: Journal
    dice: Random
    sub: str = ""
    token: str = ""
    wait: Callable[[float], None] = time.sleep
    now_s: Callable[[], float] = time.time
    gave_up: list[str] = field(default_factory=list)

    def ask(
        self,
        what: str,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        again: object = None,
        impatient: bool = False,
    ) -> Exchange:
        """Send a request until it is answered with something that is not trouble.

        Parameters
        ----------
        what
            The name under which it is counted and audited.
        key
            The idempotency key; the same for every attempt.
        again
            The body of every attempt but the first, if it differs.
        impatient
            The first attempt is not waited for.

        Raises
        ------
        GaveUpError
            If all attempts met trouble.
        """
        for attempt in range(TRIES):
            asked = body if attempt == 0 or again is None else again
            timeout_s = IMPATIENT_TIMEOUT_S if impatient and attempt == 0 else USUAL_TIMEOUT_S
            exchange, retry_after_s = self._once(what, method, path, asked, key, timeout_s)
            if exchange.status not in _TRY_AGAIN:
                return exchange
            pause_s = min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)
            # Nobody waits for longer than their patience, whatever they are told.
            self.wait(max(pause_s, min(retry_after_s, 60.0)) * self.dice.uniform(0.7, 1.3))
        self.gave_up.append(what)
        raise GaveUpError(what)

    def _once(
        self, what: str, method: str, path: str, body: object, key: str | None, timeout_s: float
    ) -> tuple[Exchange, float]:
        headers = {"authorization": f"Bearer {self.token}"}
        at_ms = self._now_ms()
        if key is not None:
            headers["idempotency-key"] = key
            self.journal.append(Exchange(at_ms, at_ms, self.sub, what, ASKING, key, body))
        answer = self.send(what, method, path, body, headers, timeout_s)
        exchange = Exchange(
            at_ms,
            self._now_ms(),
            self.sub,
            what,
            answer.status,
            key,
            body,
            without_texts(answer.json),
            answer.error,
        )
        self.journal.append(exchange)
        retry_after = answer.headers.get("retry-after", "")
        return exchange, float(retry_after) if retry_after.isdecimal() else 0.0

    def _now_ms(self) -> int:
        return int(self.now_s() * 1000)
