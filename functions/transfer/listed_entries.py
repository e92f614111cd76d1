"""What a partner's list of a day says, line by line (partner contract, sections 1 and 2). Pure.

A line that is not the contract's spoils its whole list: to leave it out would be
to report a difference that is none, or none where there is one.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from transfer.bank_codes import BANK_SUCCESS
from transfer.postings import Cause
from transfer.reconciliation import Entry
from transfer.redemption_answers import is_stamp

_REFERENCE = re.compile(r"[!-~]{1,64}")
_BANK_CODE = re.compile(r"[0-9A-Z]{3}")
_AMOUNT_LIMIT = 10**12
_WHOLE_AMOUNT = re.compile(r"[0-9]{1,12}")


class ListError(Exception):
    """A list that could not be read to its end; ``cause`` is a short word of ours."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def redemptions_listed(items: Iterable[Any], day: date) -> Iterator[Entry]:
    """Give what an issuer's list says happened on a day.

    One line can tell of two effects: approved and reversed on the same day.

    Raises
    ------
    ListError
        If a line is not the contract's, or tells of nothing that day.
    """
    for item in items:
        yield from _redemption(item, f"{day:%Y%m%d}")


def deposits_listed(items: Iterable[Any], day: date) -> Iterator[Entry]:
    """Give the deposits of a day by the bank's list; codes other than 000 moved no money.

    Raises
    ------
    ListError
        As ``redemptions_listed``.
    """
    for item in items:
        yield from _deposit(item, f"{day:%Y%m%d}")


def _redemption(item: Any, stamp_day: str) -> list[Entry]:  # noqa: ANN401 - any JSON
    reference = _reference(item, "redemption_id")
    status, approved_at, reversed_at = (
        item.get(name) for name in ("status", "approved_at", "reversed_at")
    )
    if status == "REFUSED":
        return []
    if status not in {"APPROVED", "REVERSED"} or not _is_time(approved_at):
        raise ListError("malformed: status")
    if (status == "REVERSED") != _is_time(reversed_at) or (
        status == "APPROVED" and reversed_at is not None
    ):
        raise ListError("malformed: reversed_at")
    amount = _amount(item.get("redeemed_amt"))
    times = ((Cause.REDEEMED, approved_at), (Cause.REVERSED, reversed_at))
    entries = [
        Entry(cause, reference, amount)
        for cause, time in times
        if time is not None and time.startswith(stamp_day)
    ]
    if not entries:
        raise ListError("malformed: another day")
    return entries


def _deposit(item: Any, stamp_day: str) -> list[Entry]:  # noqa: ANN401 - any JSON
    reference = _reference(item, "bank_tran_id")
    bank_code, tran_amt = item.get("bank_rsp_code"), item.get("tran_amt")
    if item.get("bank_tran_date") != stamp_day:
        raise ListError("malformed: another day")
    if not isinstance(bank_code, str) or not _BANK_CODE.fullmatch(bank_code):
        raise ListError("malformed: bank_rsp_code")
    if bank_code != BANK_SUCCESS:
        return []
    if isinstance(tran_amt, str) and _WHOLE_AMOUNT.fullmatch(tran_amt):
        tran_amt = int(tran_amt)
    return [Entry(Cause.DEPOSITED, reference, _amount(tran_amt))]


def _reference(item: Any, name: str) -> str:  # noqa: ANN401 - any JSON
    reference = item.get(name) if isinstance(item, dict) else None
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        raise ListError(f"malformed: {name}")
    return reference


def _amount(value: object) -> int:
    if type(value) is not int or not 0 <= value < _AMOUNT_LIMIT:
        raise ListError("malformed: amount")
    return value


def _is_time(value: object) -> bool:
    return isinstance(value, str) and is_stamp(value)
