"""A transfer as members see it (public API, Transfers). Pure."""

from collections.abc import Sequence
from copy import replace
from typing import Any

from modupoint.clock import at_ms, rfc3339
from modupoint.effects import Progress
from modupoint.issuers import ISSUERS
from modupoint.leg_failures import failure_text
from transfer.legs import FINAL, TAKEN, WITH_OPERATOR, Leg, LegState
from transfer.transfer_items import Transfer

_STATUSES: dict[LegState, str] = {
    LegState.ACCEPTED: "ACCEPTED",
    LegState.REDEEMING: "ACCEPTED",
    LegState.REDEMPTION_UNKNOWN: "CHECKING",
    LegState.REDEEMED: "REDEEMED",
    LegState.DEPOSITING: "REDEEMED",
    LegState.DEPOSIT_UNKNOWN: "CHECKING",
    # The deposit is refused, the points are on their way back: still taken.
    LegState.REVERSAL_DUE: "REDEEMED",
    LegState.REVERSING: "REDEEMED",
    LegState.REVERSAL_UNKNOWN: "CHECKING",
    LegState.DEPOSITED: "DEPOSITED",
    LegState.REVERSED: "REVERSED",
    LegState.FAILED: "FAILED",
    **dict.fromkeys(WITH_OPERATOR, "WITH_OPERATOR"),
}


def shown(transfer: Transfer, legs: Sequence[Leg], now_ms: int) -> dict[str, Any]:
    """Return a transfer as the public API shows it.

    Parameters
    ----------
    now_ms
        Business time: money that waits for its day is SCHEDULED.
    """
    account = transfer.account
    return {
        "transfer_id": transfer.transfer_id,
        "status": _status(legs),
        "requested_at": rfc3339(at_ms(transfer.requested_at_ms)),
        "account": {
            "account_id": account.account_id,
            "bank_code": account.bank_code,
            "bank_name": account.bank_name,
            "masked_number": account.masked_number,
            "holder_name_masked": account.holder_name_masked,
        },
        "legs": [_leg(leg, now_ms) for leg in _in_members_order(legs)],
        "totals": _totals(legs),
    }


def shown_as_accepted(transfer: Transfer, legs: Sequence[Leg]) -> dict[str, Any]:
    """Return a transfer as it was shown when it was accepted: what a repeat gets again."""
    return shown(transfer, [_as_accepted(leg) for leg in legs], transfer.requested_at_ms)


def _as_accepted(leg: Leg) -> Leg:
    return replace(
        leg,
        progress=Progress(LegState.ACCEPTED, 0, 0, None, leg.requested_at_ms),
        deposited_at_ms=None,
        failure=None,
    )


def _in_members_order(legs: Sequence[Leg]) -> list[Leg]:
    places = {code: place for place, code in enumerate(ISSUERS)}
    return sorted(legs, key=lambda leg: places.get(leg.key.issuer, len(places)))


def _leg(leg: Leg, now_ms: int) -> dict[str, Any]:
    deposited_at_ms = leg.deposited_at_ms
    return {
        "leg_id": leg.leg_id,
        "issuer": leg.key.issuer,
        "items": [{"point_code": one.point_code, "amount": one.amount} for one in leg.items],
        "amount": leg.amount,
        "status": _leg_status(leg, now_ms),
        "promised_at": rfc3339(at_ms(leg.promised_at_ms)),
        "deposited_at": None if deposited_at_ms is None else rfc3339(at_ms(deposited_at_ms)),
        "failure": _failure(leg.failure),
    }


def _leg_status(leg: Leg, now_ms: int) -> str:
    waits = leg.state is LegState.REDEEMED and leg.progress.tries == 0
    if waits and leg.progress.not_before_ms > now_ms:
        return "SCHEDULED"
    return _STATUSES[leg.state]


def _failure(code: str | None) -> dict[str, Any] | None:
    if code is None:
        return None
    return {"code": code, "message": failure_text(code)}


def _status(legs: Sequence[Leg]) -> str:
    if any(leg.state not in FINAL for leg in legs):
        return "IN_PROGRESS"
    deposited = sum(leg.state is LegState.DEPOSITED for leg in legs)
    if deposited == len(legs):
        return "COMPLETED"
    return "PARTLY_COMPLETED" if deposited else "FAILED"


def _totals(legs: Sequence[Leg]) -> dict[str, int]:
    """Add up; redeemed is always deposited, in flight and reversed together (R-T7)."""

    def total(states: frozenset[LegState]) -> int:
        return sum(leg.amount for leg in legs if leg.state in states)

    return {
        "requested": sum(leg.amount for leg in legs),
        "redeemed": total(TAKEN),
        "deposited": total(frozenset({LegState.DEPOSITED})),
        "in_flight": total(TAKEN - FINAL),
        "reversed": total(frozenset({LegState.REVERSED})),
        "failed": total(frozenset({LegState.FAILED})),
    }
