"""When an order is processed and its result known, and what to warn of (R-A3, R-A5). Pure."""

from datetime import date
from typing import NamedTuple

from modupoint.business_calendar import BusinessCalendar
from modupoint.text import Text, text

_RESULT_AFTER_BUSINESS_DAYS = 3
_WARN_WITHIN_BUSINESS_DAYS = 2

OLD_CARD_MAY_BE_CHARGED = "old_card_may_be_charged"
BENEFITS_MAY_BE_LOST = "benefits_may_be_lost"
KEEP_OLD_CARD = "keep_old_card"

WARNINGS: dict[str, Text] = {
    OLD_CARD_MAY_BE_CHARGED: text(
        "다음 출금일이 2영업일 안이라 이번 요금은 지금 카드로 결제될 수 있어요.",
        "The next charge is within 2 business days: the present card may still be charged.",
    ),
    BENEFITS_MAY_BE_LOST: text(
        "지금 카드의 자동납부 할인이나 실적 혜택이 없어질 수 있어요.",
        "Discounts and benefits of the present card may be lost.",
    ),
    KEEP_OLD_CARD: text(
        "신청이 다 처리될 때까지 지금 카드를 해지하지 마세요.",
        "Do not close the present card before the order is done.",
    ),
}
"""What a member reads before ordering, by code."""


class Reckoning(NamedTuple):
    """The days of an order, as R-A3 has them."""

    process_on: date
    result_on: date


def reckon(ordered_on: date, calendar: BusinessCalendar, *, real_time: bool) -> Reckoning:
    """Return when an order is processed and when its result is known.

    Raises
    ------
    OutsideCalendarError
        If the calendar does not reach as far.
    """
    if real_time:
        return Reckoning(ordered_on, ordered_on)
    return Reckoning(
        calendar.next_business_day(ordered_on),
        calendar.add_business_days(ordered_on, _RESULT_AFTER_BUSINESS_DAYS),
    )


def warnings_of(
    today: date, next_charge_on: date | None, calendar: BusinessCalendar
) -> tuple[str, ...]:
    """Return the codes of the warnings about moving or ending a registration now.

    The next charge is within two business days if it comes before the third: at most
    two business days come after today, up to and including its own.

    Raises
    ------
    OutsideCalendarError
        If the calendar does not reach as far as the third business day.
    """
    always = (BENEFITS_MAY_BE_LOST, KEEP_OLD_CARD)
    if next_charge_on is None or next_charge_on < today:
        return always
    beyond = calendar.add_business_days(today, _WARN_WITHIN_BUSINESS_DAYS + 1)
    return (OLD_CARD_MAY_BE_CHARGED, *always) if next_charge_on < beyond else always
