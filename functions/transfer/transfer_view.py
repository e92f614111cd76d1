"""A transfer as members see it (public API, Transfers). Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from modupoint.clock import at_ms, rfc3339
from modupoint.effects import Progress
from modupoint.issuers import ISSUERS
from modupoint.text import Text, text
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

_UNKNOWN_FAILURE = "issuer_refused"
_FAILURES: dict[str, Text] = {
    "insufficient_points": text(
        "카드사에 남은 포인트가 부족해요. 다시 조회한 뒤 신청해 주세요.",
        "The issuer has fewer points than asked for. Look them up again and ask for less.",
    ),
    "card_dormant": text(
        "휴면이거나 정지된 카드예요. 카드사에서 해제한 뒤 신청해 주세요.",
        "The card is dormant or suspended. Have the issuer release it first.",
    ),
    "already_redeemed_today": text(
        "이 카드사의 포인트는 오늘 이미 현금으로 바꿨어요. 내일 다시 신청해 주세요.",
        "This issuer's points were already turned into cash today. Ask again tomorrow.",
    ),
    "not_cashable": text(
        "현금으로 바꿀 수 없는 포인트예요.", "These points cannot be turned into cash."
    ),
    "outside_service_hours": text(
        "카드사의 서비스 시간이 아니에요. 나중에 다시 신청해 주세요.",
        "The issuer is outside its service hours. Ask again later.",
    ),
    "issuer_unavailable": text(
        "카드사가 오랫동안 응답하지 않아 신청을 마쳤어요. 포인트는 그대로예요.",
        "The issuer could not be reached for a long time. No points were taken.",
    ),
    "reversed_by_issuer": text(
        "카드사가 신청을 취소하고 포인트를 돌려놓았어요.",
        "The issuer cancelled the redemption and gave the points back.",
    ),
    _UNKNOWN_FAILURE: text(
        "카드사가 신청을 받지 않았어요. 포인트는 그대로예요.",
        "The issuer refused. No points were taken.",
    ),
    "account_not_found": text(
        "은행에 없는 계좌예요. 다른 계좌로 다시 신청해 주세요.",
        "The bank does not know this account. Ask again with another one.",
    ),
    "account_closed": text(
        "해지된 계좌예요. 다른 계좌로 다시 신청해 주세요.",
        "The account is closed. Ask again with another one.",
    ),
    "account_restricted": text(
        "입금이 제한된 계좌예요. 은행에 확인해 주세요.",
        "The account takes no deposits. Please ask your bank.",
    ),
    "holder_name_mismatch": text(
        "계좌의 예금주가 본인과 달라 입금하지 못했어요.",
        "The account's holder is not you, so nothing was deposited.",
    ),
    "deposit_refused": text("은행이 입금을 받지 않았어요.", "The bank refused the deposit."),
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
    return {"code": code, "message": _FAILURES.get(code, _FAILURES[_UNKNOWN_FAILURE])}


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
