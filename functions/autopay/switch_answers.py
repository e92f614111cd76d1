"""What the switch's answers say (partner contract, section 3). Pure."""

from datetime import date, datetime
from typing import Any, NamedTuple

from modupoint.clock import SEOUL
from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome, PartnerAnswer

_NEVER_RECEIVED = "40401"
_MOST_ENTRIES = 500

_REFUSALS: dict[str, str] = {
    "42211": "corporate_card",
    "42212": "category_not_open",
    "42213": "order_open",
    "42214": "card_not_active",
    "42215": "registration_not_found",
    "40911": "too_late",
}
_OTHER_REFUSAL = "switch_refused"
# Another content under our id: the switch has an order of it.
_SAYS_NOTHING = frozenset({"40901"})
_UNDER_WAY = frozenset({"ACCEPTED", "PROCESSING"})
_PLACED = _UNDER_WAY | {"COMPLETED", "REJECTED", "WITHDRAWN"}


class ListBrokenError(Exception):
    """An answer that lists cards or registrations is not the contract's, or did not come."""


class Card(NamedTuple):
    """A card as the switch knows it."""

    card_ref: str
    issuer: str
    name: str
    masked_number: str
    kind: str
    type: str
    status: str


class Registration(NamedTuple):
    """A bill that is charged to a card."""

    autopay_id: str
    category: str
    biller_code: str
    biller_name: str
    biller_phone: str
    customer_ref: str
    card_ref: str
    next_charge_on: date | None
    changeable: bool


class Result(NamedTuple):
    """What the switch says became of an order. ``status`` is None if it says nothing."""

    status: str | None
    reason_code: str | None = None
    reason: str | None = None


def read_cards(answer: PartnerAnswer) -> list[Card]:
    """Return a person's cards.

    Raises
    ------
    ListBrokenError
        If the answer did not come or is not the contract's.
    """
    names = (
        "card_ref",
        "issuer_code",
        "card_name",
        "masked_number",
        "kind",
        "type",
        "status",
    )
    return [Card(*(_text(row, name) for name in names)) for row in _rows(answer, "cards")]


def read_registrations(answer: PartnerAnswer) -> tuple[date, list[Registration]]:
    """Return as of which day, and a person's registrations.

    Raises
    ------
    ListBrokenError
        If the answer did not come or is not the contract's.
    """
    rows = _rows(answer, "autopays")
    as_of = _day(answer.body.get("as_of"))
    if as_of is None:
        raise ListBrokenError("as_of")
    return as_of, [_registration(row) for row in rows]


def read_placement(answer: PartnerAnswer, switch_id: str) -> Finding:
    """Return what the answer to an order says of it."""
    if answer.outcome in EFFECT_UNKNOWN:
        return _no_news(answer)
    if answer.outcome is not Outcome.ANSWERED or answer.status == 401:  # noqa: PLR2004 - our token
        return _not_done(answer)
    if _is_ok(answer):
        placed = read_result(answer, switch_id).status is not None
        return Finding(Verdict.DONE) if placed else _no_news(answer)
    return _refused(answer)


def read_placement_status(answer: PartnerAnswer, switch_id: str) -> Finding:
    """Return whether the switch has an order."""
    if _is_never_received(answer):
        return Finding(Verdict.NOT_FOUND, cause=answer.cause)
    placed = read_result(answer, switch_id).status is not None
    return Finding(Verdict.DONE) if placed else _no_news(answer)


def read_withdrawal(answer: PartnerAnswer) -> Finding:
    """Return what the answer to a withdrawal says of it."""
    if answer.outcome in EFFECT_UNKNOWN:
        return _no_news(answer)
    if answer.outcome is not Outcome.ANSWERED or answer.status == 401:  # noqa: PLR2004 - our token
        return _not_done(answer)
    if _is_ok(answer):
        withdrawn = answer.body.get("status") == "WITHDRAWN"
        return Finding(Verdict.DONE) if withdrawn else _no_news(answer)
    return _refused(answer)


def read_withdrawal_status(answer: PartnerAnswer, switch_id: str) -> Finding:
    """Return what the switch says became of a withdrawal: asked by its order."""
    match read_result(answer, switch_id).status:
        case "WITHDRAWN":
            return Finding(Verdict.DONE)
        case "COMPLETED" | "REJECTED":
            return Finding(Verdict.REFUSED, code="too_late")
        case "ACCEPTED" | "PROCESSING":
            return Finding(Verdict.NOT_FOUND, cause=answer.cause)
        case _:
            return _no_news(answer)


def read_result(answer: PartnerAnswer, switch_id: str) -> Result:
    """Return what the switch says became of an order."""
    body = answer.body
    if not _is_ok(answer) or body.get("order_id") != switch_id:
        return Result(None)
    status = _optional(body, "status")
    if status not in _PLACED:
        return Result(None)
    return Result(status, _optional(body, "reason_code"), _optional(body, "reason"))


def _registration(row: dict[str, Any]) -> Registration:
    changeable = row.get("changeable")
    if not isinstance(changeable, bool):
        raise ListBrokenError("changeable")
    next_charge_on = row.get("next_charge_on")
    if next_charge_on is not None and _day(next_charge_on) is None:
        raise ListBrokenError("next_charge_on")
    return Registration(
        autopay_id=_text(row, "autopay_id"),
        category=_text(row, "category"),
        biller_code=_text(row, "biller_code"),
        biller_name=_text(row, "biller_name"),
        biller_phone=_text(row, "biller_phone"),
        customer_ref=_text(row, "biller_customer_ref"),
        card_ref=_text(row, "card_ref"),
        next_charge_on=_day(next_charge_on),
        changeable=changeable,
    )


def _rows(answer: PartnerAnswer, name: str) -> list[dict[str, Any]]:
    if not _is_ok(answer):
        raise ListBrokenError(answer.cause)
    rows = answer.body.get(name)
    if not isinstance(rows, list) or len(rows) > _MOST_ENTRIES:
        raise ListBrokenError(name)
    if not all(isinstance(row, dict) for row in rows):
        raise ListBrokenError(name)
    return rows


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise ListBrokenError(name)
    return value


def _optional(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) and value else None


def _day(value: object) -> date | None:
    length = 8
    if not isinstance(value, str) or len(value) != length:
        return None
    # strptime takes a space for a zero, and digits of any script.
    if not (value.isascii() and value.isdecimal()):
        return None
    try:
        return datetime.strptime(value, "%Y%m%d").replace(tzinfo=SEOUL).date()
    except ValueError:
        return None


def _is_ok(answer: PartnerAnswer) -> bool:
    return (
        answer.outcome is Outcome.ANSWERED and answer.status is not None and answer.status < 300  # noqa: PLR2004
    )


def _is_never_received(answer: PartnerAnswer) -> bool:
    return answer.status == 404 and _code(answer) == _NEVER_RECEIVED  # noqa: PLR2004


def _code(answer: PartnerAnswer) -> str | None:
    # The contract names the codes and not their field: issuers call it rsp_code.
    return _optional(answer.body, "rsp_code") or _optional(answer.body, "code")


def _refused(answer: PartnerAnswer) -> Finding:
    code = _code(answer)
    if code is None or code in _SAYS_NOTHING:
        return _no_news(answer)
    return Finding(Verdict.REFUSED, code=_REFUSALS.get(code, _OTHER_REFUSAL), cause=answer.cause)


def _no_news(answer: PartnerAnswer) -> Finding:
    return Finding(Verdict.UNKNOWN, retry_after_s=answer.retry_after_s or 0, cause=answer.cause)


def _not_done(answer: PartnerAnswer) -> Finding:
    return Finding(Verdict.NOT_DONE, retry_after_s=answer.retry_after_s or 0, cause=answer.cause)
