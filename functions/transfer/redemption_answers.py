"""What an issuer's answer says of a redemption or its reversal (partner contract, section 1).

Pure tables from codes to verdicts. Whatever the contract does not name in a
success is read as "the issuer did not say": asking again costs a minute,
believing a wrong answer costs money.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome, PartnerAnswer

_SUCCESS = "00000"
_NEVER_RECEIVED = "40401"
_MAINTENANCE = "50001"

_REFUSALS: dict[str, str] = {
    "42201": "insufficient_points",
    "42202": "card_dormant",
    "42203": "already_redeemed_today",
    "42204": "not_cashable",
    "42205": "outside_service_hours",
}
_OTHER_REFUSAL = "issuer_refused"

# Not refusals of this member: an issuer's inner failure says nothing of the effect,
# and another content under our id means that the issuer has one.
_SAYS_NOTHING = frozenset({"50002", "40901"})
# Refused before anything was looked at: a key being exchanged, or maintenance.
_COME_BACK = frozenset({"40101", _MAINTENANCE})


def read_redemption(answer: PartnerAnswer, redemption_id: str, amount: int) -> Finding:
    """Return what the answer to a redemption says of it."""

    def done(body: dict[str, Any]) -> Finding | None:
        if body.get("redemption_id") != redemption_id or not _is_amount(body, amount):
            return None
        return _done(body, "approved_at")

    return _read_call(answer, done)


def read_redemption_status(answer: PartnerAnswer, redemption_id: str, amount: int) -> Finding:
    """Return what the issuer says became of a redemption."""
    body = answer.body
    if _is_never_received(answer):
        return Finding(Verdict.NOT_FOUND, cause=answer.cause)
    if not _is_success(answer) or body.get("redemption_id") != redemption_id:
        return _no_news(answer)
    match body.get("status"):
        case "APPROVED" if _is_amount(body, amount):
            return _done(body, "approved_at") or _no_news(answer)
        case "REFUSED":
            return Finding(Verdict.REFUSED, code=_OTHER_REFUSAL)
        case "REVERSED":
            # Given back before we knew it was taken: nothing to deposit.
            return Finding(Verdict.REFUSED, code="reversed_by_issuer")
        case _:
            return _no_news(answer)


def read_reversal(answer: PartnerAnswer) -> Finding:
    """Return what the answer to a reversal says of it."""

    def done(body: dict[str, Any]) -> Finding | None:
        return _done(body, "reversed_at") if body.get("status") == "REVERSED" else None

    return _read_call(answer, done)


def read_reversal_status(answer: PartnerAnswer, redemption_id: str) -> Finding:
    """Return what the issuer says became of a reversal: asked by its redemption."""
    body = answer.body
    if not _is_success(answer) or body.get("redemption_id") != redemption_id:
        return _no_news(answer)
    match body.get("status"):
        case "REVERSED":
            return _done(body, "reversed_at") or _no_news(answer)
        case "APPROVED":
            return Finding(Verdict.NOT_FOUND, cause=answer.cause)
        case _:
            return _no_news(answer)


def _read_call(answer: PartnerAnswer, done: Callable[[dict[str, Any]], Finding | None]) -> Finding:
    """Return what a call's answer says; ``done`` reads the body of a success."""
    if answer.outcome in EFFECT_UNKNOWN:
        return _no_news(answer)
    if answer.outcome is not Outcome.ANSWERED:
        return _not_done(answer)
    if _is_success(answer):
        return done(answer.body) or _no_news(answer)
    code = answer.body.get("rsp_code")
    if not isinstance(code, str) or code in _SAYS_NOTHING or code in {"", _SUCCESS}:
        return _no_news(answer)
    if code in _COME_BACK:
        return _not_done(answer)
    return Finding(Verdict.REFUSED, code=_REFUSALS.get(code, _OTHER_REFUSAL), cause=answer.cause)


def _is_amount(body: dict[str, Any], amount: int) -> bool:
    redeemed = body.get("redeemed_amt")
    # JSON's true would equal 1, and 1.0 is not how the contract writes points.
    return type(redeemed) is int and redeemed == amount


def _done(body: dict[str, Any], time_field: str) -> Finding | None:
    """Return "done" with the partner's time, None if that is not a time."""
    stamp = body.get(time_field)
    if not isinstance(stamp, str) or not is_stamp(stamp):
        return None
    return Finding(Verdict.DONE, partner_time=stamp)


def is_stamp(value: str) -> bool:
    """Say whether a text is a time as partners write it, ``YYYYMMDDhhmmss``."""
    length = 14
    if len(value) != length or not value.isascii() or not value.isdigit():
        return False
    try:
        datetime.strptime(value, "%Y%m%d%H%M%S")  # noqa: DTZ007 - only its being a time matters
    except ValueError:
        return False
    return True


def _is_success(answer: PartnerAnswer) -> bool:
    return (
        answer.outcome is Outcome.ANSWERED
        and answer.status is not None
        and answer.status < 300  # noqa: PLR2004 - HTTP's own boundary
        and answer.body.get("rsp_code") == _SUCCESS
    )


def _is_never_received(answer: PartnerAnswer) -> bool:
    return answer.status == 404 and answer.body.get("rsp_code") == _NEVER_RECEIVED  # noqa: PLR2004


def _no_news(answer: PartnerAnswer) -> Finding:
    return Finding(Verdict.UNKNOWN, retry_after_s=answer.retry_after_s or 0, cause=answer.cause)


def _not_done(answer: PartnerAnswer) -> Finding:
    return Finding(Verdict.NOT_DONE, retry_after_s=answer.retry_after_s or 0, cause=answer.cause)
