"""An issuer in memory: its books of redemptions, and its answers on the wire.

Speaks section 1 of the partner contract. What is in ``redemptions`` has happened,
whatever anybody was told about it; the checkers read that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.clock import at_ms

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import date

    from tests.simulation.faults import Faults

APPROVED, REVERSED, REFUSED = "APPROVED", "REVERSED", "REFUSED"
HORIZON_MS = 60_000
"""How long after a request its effect may still land."""

_REDEMPTIONS = "/v1/points/redemptions"
_REFUSALS = ("42201", "42202", "42204")
_OUT_OF_HOURS = "42205"

type Reply = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Redemption:
    """A line of the book. Times in ms; ``attempts`` counts the requests for it."""

    redemption_id: str
    ci: str
    content: dict[str, Any]
    amount: int
    status: str
    decided_ms: int
    code: str | None = None
    reversed_ms: int | None = None
    attempts: int = 1

    @property
    def was_approved(self) -> bool:
        """Whether points were taken, given back since or not."""
        return self.status != REFUSED


class IssuerBooks:
    """One issuer, honest and idempotent by id."""

    def __init__(self, now_ms: Callable[[], int], faults: Faults, rng: random.Random) -> None:
        self.redemptions: dict[str, Redemption] = {}
        self.arrivals: dict[tuple[str, int], set[str]] = {}
        """Under which ids a person's amount was asked for, whatever came of it."""
        self.decided: dict[tuple[str, int], list[Redemption]] = {}
        self._now_ms = now_ms
        self._faults = faults
        self._rng = rng
        self._standing: dict[tuple[str, date], list[Redemption]] = {}

    def arrived(self, path: str, content: dict[str, Any]) -> None:
        """Note that a request has arrived, before anything is decided about it."""
        if path == _REDEMPTIONS:
            asked = content["ci"], sum(item["amount"] for item in content["items"])
            self.arrivals.setdefault(asked, set()).add(content["redemption_id"])

    def answer(self, method: str, path: str, content: dict[str, Any]) -> Reply:
        """Do what a request asks and say so: HTTP status and body."""
        if method == "POST" and path == _REDEMPTIONS:
            return self._redeem(content)
        redemption_id, _, action = path.removeprefix(f"{_REDEMPTIONS}/").partition("/")
        found = self.redemptions.get(redemption_id)
        if action == "reversal":
            return self._reverse(found)
        if found is None:
            return 404, _code("40401")
        return 200, {
            "rsp_code": "00000",
            "redemption_id": redemption_id,
            "status": found.status,
            "redeemed_amt": found.amount if found.was_approved else 0,
            "approved_at": _stamp(found.decided_ms) if found.was_approved else None,
            "reversed_at": None if found.reversed_ms is None else _stamp(found.reversed_ms),
        }

    def approved_on(self, ci: str, day: date) -> list[Redemption]:
        """Return a person's approved, unreversed redemptions of a day."""
        return [one for one in self._standing.get((ci, day), ()) if one.status == APPROVED]

    def _redeem(self, content: dict[str, Any]) -> Reply:
        redemption_id, ci = content["redemption_id"], content["ci"]
        found = self.redemptions.get(redemption_id)
        if found is not None:
            found.attempts += 1
            return self._decided(found) if found.content == content else (409, _code("40901"))
        if self._rng.random() < self._faults.refused_for_now:
            # Refused at the door: the same request may be taken tomorrow.
            return 422, _code(_OUT_OF_HOURS)
        now_ms = self._now_ms()
        today = self._standing.setdefault((ci, at_ms(now_ms).date()), [])
        made = Redemption(
            redemption_id=redemption_id,
            ci=ci,
            content=content,
            amount=sum(item["amount"] for item in content["items"]),
            status=APPROVED,
            decided_ms=now_ms,
        )
        if any(one.status == APPROVED for one in today):
            made.status, made.code = REFUSED, "42203"
        elif self._rng.random() < self._faults.refused:
            made.status, made.code = REFUSED, self._rng.choice(_REFUSALS)
        else:
            today.append(made)
        self.redemptions[redemption_id] = made
        self.decided.setdefault((ci, made.amount), []).append(made)
        return self._decided(made)

    def _decided(self, redemption: Redemption) -> Reply:
        if redemption.code is not None:
            return 422, _code(redemption.code)
        return 200, {
            "rsp_code": "00000",
            "rsp_msg": "정상",
            "redemption_id": redemption.redemption_id,
            "redeemed_amt": redemption.amount,
            "approved_at": _stamp(redemption.decided_ms),
        }

    def _reverse(self, found: Redemption | None) -> Reply:
        if found is None or not found.was_approved:
            return 404, _code("40401")
        if found.reversed_ms is None:
            found.status, found.reversed_ms = REVERSED, self._now_ms()
        return 200, {
            "rsp_code": "00000",
            "status": REVERSED,
            "reversed_at": _stamp(found.reversed_ms),
        }


def _code(code: str) -> dict[str, Any]:
    return {"rsp_code": code, "rsp_msg": code}


def _stamp(moment_ms: int) -> str:
    return at_ms(moment_ms).strftime("%Y%m%d%H%M%S")
