"""Breaks, settlements and the nightly comparison, as an operator sees and closes them."""

from datetime import date, timedelta
from typing import Any

from modupoint.clock import Clock, at_ms, epoch_ms, rfc3339
from ops.deployment import Deployment
from ops.output import Row, Shown
from ops.refusal import RefusedError
from transfer.breaks import Break, Closing, DynamoBreaks
from transfer.settlements import DynamoSettlements, Settlement

_NOT_CLOSED = {
    Closing.NOT_OPEN: "closed before; breaks --all says by whom and why",
    Closing.NOT_FOUND: "no such break",
}


class Books:
    """Our books held against the partners'. ``clock`` is business time."""

    def __init__(self, deployment: Deployment, clock: Clock) -> None:
        self._deployment = deployment
        self._breaks = DynamoBreaks(deployment.operations_table)
        self._settlements = DynamoSettlements(deployment.operations_table)
        self._clock = clock

    def breaks(self, *, closed_too: bool) -> list[Row]:
        """Return the open breaks, or all."""
        return [_break_row(one, closed_too) for one in self._breaks.list(closed_too=closed_too)]

    def close(self, break_id: str, reason: str, who: str) -> Shown:
        """Close a break (R-T8).

        Raises
        ------
        RefusedError
            If it is not open.
        """
        closing = self._breaks.close(break_id, reason, who, epoch_ms(self._clock()))
        if closing is not Closing.CLOSED:
            raise RefusedError(_NOT_CLOSED[closing])
        return {"break": break_id, "outcome": "closed"}

    def settlements(self, day: date | None) -> list[Row]:
        """Return what issuers owe for a day, yesterday if none is named."""
        wanted = day or self._clock().date() - timedelta(days=1)
        return [_settlement_row(one) for one in self._settlements.of(wanted)]

    def reconcile(self, day: date | None, *, again: bool) -> Shown:
        """Run the nightly comparison now.

        Raises
        ------
        RefusedError
            If it cannot: the day is not over, or the function failed.
        """
        event: dict[str, Any] = {"again": again}
        if day:
            event["day"] = day.isoformat()
        answer: dict[str, Any] = self._deployment.invoke("Reconcile", event)
        if "error" in answer:
            raise RefusedError(answer["error"])
        return answer


def _break_row(one: Break, closed_too: bool) -> Row:  # noqa: FBT001 - which columns
    difference = one.difference
    row: dict[str, Any] = {
        "break": one.break_id,
        "ours": list(difference.ours),
        "theirs": list(difference.theirs),
        "opened": rfc3339(at_ms(one.opened_at_ms)),
    }
    if closed_too:
        closed_at_ms = one.closed_at_ms
        row |= {
            "closed": None if closed_at_ms is None else rfc3339(at_ms(closed_at_ms)),
            "closed_by": one.closed_by,
            "reason": one.reason,
        }
    return row


def _settlement_row(one: Settlement) -> Row:
    return {
        "day": one.day.isoformat(),
        "issuer": one.issuer,
        "revision": one.revision,
        "redeemed": one.redeemed,
        "reversed": one.reversed,
        "owed": one.owed,
        "owed_by_their_list": one.owed_by_their_list,
        "written": rfc3339(at_ms(one.written_at_ms)),
    }
