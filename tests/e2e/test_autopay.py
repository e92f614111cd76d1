"""Bills moved and ended over business days, from the request to its result (R-A1 to R-A7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL
from tests.stack.payer import PATIENCE_S, switch_id
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from tests.stack.calls import Reply
    from tests.stack.payer import Order, Payer

ONE_DAY = timedelta(days=1)
AT_ONCE = ("apartment", "rent")
REJECTIONS = {"-9001": "납부자 정보가", "-9002": "미납 요금이", "-9003": "해지된 고객번호"}


@dataclass(frozen=True)
class Course:
    """When an order is given, processed, and its result known."""

    ordered: str
    process_on: str
    result_on: str

    @property
    def at(self) -> datetime:
        """The time of the order."""
        return _seoul(self.ordered)

    @property
    def days_between(self) -> list[date]:
        """The days after the order's and before the result's."""
        first, last = self.at.date() + ONE_DAY, date.fromisoformat(self.result_on)
        return [first + ONE_DAY * number for number in range((last - first).days)]

    @property
    def early(self) -> datetime:
        """The morning of the result, before it is there."""
        return _seoul(f"{self.result_on} 08:30")

    @property
    def late(self) -> datetime:
        """More than an hour after that: the result is there and is asked for again."""
        return _seoul(f"{self.result_on} 10:00")


def _seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


# Counted by hand from R-A3 and R-T4.
COURSES = {
    "a weekday": Course("2026-11-24 10:00", "2026-11-25", "2026-11-27"),
    "before a weekend": Course("2026-11-26 21:00", "2026-11-27", "2026-12-01"),
    "the eve of Chuseok": Course("2026-09-23 10:00", "2026-09-28", "2026-09-30"),
    "Chuseok": Course("2026-09-25 12:00", "2026-09-28", "2026-09-30"),
    "the eve of Seollal": Course("2026-02-13 15:00", "2026-02-19", "2026-02-23"),
    "the eve of Labour Day": Course("2026-04-30 10:00", "2026-05-04", "2026-05-07"),
    "a substitute holiday": Course("2026-02-27 10:00", "2026-03-03", "2026-03-05"),
    "the year's end": Course("2026-12-30 23:30", "2026-12-31", "2027-01-05"),
}


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_telecom_bill_is_moved_over_business_days(payer: Payer, course: Course) -> None:
    """R-A3, R-A6: on its old card until the new one is confirmed, on the new one from then on."""
    payer.partners.set_clock(course.at)
    accepted = _accepted(payer, payer.change(), course)
    order_id = accepted["order_id"]
    _wait_through(payer, order_id, course, card="old")

    done = payer.until(order_id, "COMPLETED")
    assert done == {**accepted, "status": "COMPLETED"}, "nothing else was changed on the way"
    assert payer.orders() == [done]
    moved = payer.registrations()[payer.bill("telecom")]
    assert (moved["card_ref"], moved["changeable"]) == (payer.card("new"), True)
    payer.audit()
    _check_unmoved(payer, "electricity", "school", "company")


@pytest.mark.parametrize(
    "course", [COURSES[name] for name in ("a weekday", "Chuseok", "the eve of Labour Day")]
)
def test_the_autopay_of_a_telecom_bill_ends_over_business_days(
    payer: Payer, course: Course
) -> None:
    """R-A3: registered until the result, and then no more."""
    payer.partners.set_clock(course.at)
    accepted = _accepted(payer, payer.cancel(), course)
    order_id = accepted["order_id"]
    _wait_through(payer, order_id, course, card="old")
    assert payer.until(order_id, "COMPLETED") == {**accepted, "status": "COMPLETED"}
    assert payer.bill("telecom") not in payer.registrations()
    again = payer.ask_for(payer.cancel())
    assert (again.status, again.json["code"]) == (404, "not_found")
    payer.audit()
    _check_unmoved(payer, "electricity", "school", "company")


def _accepted(payer: Payer, body: dict[str, Any], course: Course) -> Order:
    """Submit, and hold what is promised to the course and to what the switch says of it."""
    reply = payer.ask_for(body)
    assert reply.status == 202, reply.body
    order: Order = reply.json
    assert (order["status"], order["reason"]) == ("ACCEPTED", None)
    assert (order["process_on"], order["result_on"]) == (course.process_on, course.result_on)
    assert datetime.fromisoformat(order["withdrawable_until"]) == datetime.combine(
        course.at.date(), time(22), SEOUL
    )
    payer.until_kept(order["order_id"], "PLACED")
    (line,) = payer.switch.orders(payer.member.sub)
    assert line["order_id"] == switch_id(order["order_id"])
    # Its calendar is another one than ours.
    assert line["process_at"] == course.process_on.replace("-", "") + "000000"
    assert line["result_at"] == course.result_on.replace("-", "") + "090000"
    return order


def _wait_through(payer: Payer, order_id: str, course: Course, card: str) -> None:
    """Look at every day between, and at the last minutes before the result."""
    process_on = date.fromisoformat(course.process_on)
    for day in course.days_between:
        payer.at(datetime.combine(day, time(12), SEOUL))
        expected = "ACCEPTED" if day < process_on else "PROCESSING"
        assert payer.order(order_id)["status"] == expected, day
        shown = payer.registrations()[payer.bill("telecom")]
        assert (shown["card_ref"], shown["changeable"]) == (payer.card(card), False), day
        late = payer.withdraw(order_id)
        assert (late.status, late.json["code"]) == (409, "too_late"), day
    payer.at(course.early)
    payer.until_quiet()
    assert payer.order(order_id)["status"] == "PROCESSING"
    assert payer.registrations()[payer.bill("telecom")]["card_ref"] == payer.card(card)
    payer.at(course.late)


def _check_unmoved(payer: Payer, *names: str) -> None:
    """Hold that no other bill has changed its card."""
    shown = payer.registrations()
    for name in names:
        expected = payer.card("corporate" if name == "company" else "old")
        assert shown[payer.bill(name)]["card_ref"] == expected


def test_every_month_of_a_moved_bill_is_charged_once_and_to_one_card(payer: Payer) -> None:
    """R-A5, R-A6: what falls due before the result goes to the old card, as it was warned."""
    payer.hold(bills={"telecom": {"charge_day": 26}, "electricity": {"charge_day": 26}})
    order_id = payer.place(payer.change())
    assert payer.order(order_id)["warnings"][0]["en"].startswith("The next charge is within")
    ended = payer.place(payer.cancel("electricity"))
    payer.at(_seoul("2026-11-27 09:30"))
    payer.until(order_id, "COMPLETED")
    payer.until(ended, "COMPLETED")
    payer.at(_seoul("2027-01-27 10:00"))
    sub = payer.member.sub
    assert payer.switch.charges(sub, payer.bill("telecom"), "20261001") == [
        ("20261026", payer.card("old")),
        ("20261126", payer.card("old")),
        ("20261226", payer.card("new")),
        ("20270126", payer.card("new")),
    ]
    assert payer.switch.charges(sub, payer.bill("electricity"), "20261001") == [
        ("20261026", payer.card("old")),
        ("20261126", payer.card("old")),
    ]
    payer.audit()


@pytest.mark.parametrize("bill", AT_ONCE)
@pytest.mark.parametrize(
    "ordered",
    ["2026-11-24 10:00", "2026-11-24 23:30", "2026-09-25 12:00", "2026-05-01 00:10"],
    ids=["morning", "night", "Chuseok", "Labour Day"],
)
def test_what_is_real_time_is_finished_at_once(payer: Payer, bill: str, ordered: str) -> None:
    """R-A3: on every day at every hour; nobody has to wait, and nothing can be withdrawn."""
    now = _seoul(ordered)
    payer.partners.set_clock(now)
    order_id = payer.submit(payer.change(bill))
    done = payer.until(order_id, "COMPLETED")
    assert done["process_on"] == done["result_on"] == now.date().isoformat()
    assert done["withdrawable_until"] is None
    assert payer.registrations()[payer.bill(bill)]["card_ref"] == payer.card("new")
    _check_too_late(payer.withdraw(order_id))

    ended = payer.submit(payer.cancel(bill))
    payer.until(ended, "COMPLETED")
    assert payer.bill(bill) not in payer.registrations()
    _check_too_late(payer.withdraw(ended))
    assert payer.partners.now().date() == now.date()
    payer.audit()
    assert [line["withdrawal_attempts"] for line in payer.switch.orders(payer.member.sub)] == [0, 0]


@pytest.mark.parametrize("ending", REJECTIONS)
def test_what_the_biller_rejects_stays_as_it_was(payer: Payer, ending: str) -> None:
    """R-A6, R-A7: the biller's own reason and number are shown; the bill may be ordered again."""
    refs = {"biller_customer_ref": f"0100000{ending}"}
    payer.hold(bills={"telecom": refs, "electricity": refs, "apartment": refs})
    at_once = payer.submit(payer.change("apartment"))
    told = [payer.until(at_once, "REJECTED")]
    waiting = [payer.place(payer.change()), payer.place(payer.cancel("electricity"))]
    payer.at(_seoul("2026-11-26 12:00"))
    assert {payer.order(one)["status"] for one in waiting} == {"PROCESSING"}
    payer.at(_seoul("2026-11-27 09:30"))
    told += [payer.until(order_id, "REJECTED") for order_id in waiting]
    for order in told:
        assert REJECTIONS[ending] in order["reason"]["ko"]
        assert order["reason"]["en"]
    for name in ("telecom", "electricity", "apartment"):
        shown = payer.registrations()[payer.bill(name)]
        assert (shown["card_ref"], shown["changeable"]) == (payer.card("old"), True)
        assert shown["biller"]["phone"]
    assert payer.order(told[1]["order_id"]) == told[1], "the result stays to be read"
    payer.audit()

    payer.hold()
    again = payer.place(payer.change())
    payer.at(_seoul("2026-12-02 09:30"))
    payer.until(again, "COMPLETED")
    payer.audit()


def test_an_order_is_withdrawn_until_the_last_minute_before_22_00(payer: Payer) -> None:
    """R-A4: what is withdrawn changes nothing, and its bill is free at once."""
    moved, ended = payer.place(payer.change()), payer.place(payer.cancel("electricity"))
    for order_id in (moved, ended):
        reply = _withdrawn_in_time(payer, order_id)
        assert (reply.status, reply.json["status"]) == (200, "WITHDRAWN"), reply.body
        assert payer.order(order_id) == reply.json
    lines = payer.switch.orders(payer.member.sub)
    assert [line["status"] for line in lines] == ["WITHDRAWN", "WITHDRAWN"]
    payer.at(_seoul("2026-11-27 12:00"))
    assert {one["status"] for one in payer.orders()} == {"WITHDRAWN"}
    _check_unmoved(payer, "telecom", "electricity")
    again = payer.place(payer.change())
    payer.at(_seoul("2026-12-02 09:30"))
    payer.until(again, "COMPLETED")
    payer.audit()


def _withdrawn_in_time(payer: Payer, order_id: str) -> Reply:
    """Withdraw at 21:59:30, and again if this machine took the half minute for it."""

    def look() -> Reply | None:
        payer.partners.set_clock(_seoul("2026-11-24 21:59:30"))
        reply = payer.withdraw(order_id)
        return reply if payer.partners.now() < _seoul("2026-11-24 22:00") else None

    return eventually(look, "an answer before 22:00", PATIENCE_S)


@pytest.mark.parametrize("late", ["2026-11-24 22:00", "2026-11-24 23:30", "2026-11-25 00:00"])
def test_from_22_00_on_an_order_goes_its_way(payer: Payer, late: str) -> None:
    """R-A4."""
    order_id = payer.place(payer.change())
    payer.at(_seoul(late))
    before = payer.order(order_id)
    _check_too_late(payer.withdraw(order_id))
    assert payer.order(order_id) == before
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["status"], line["withdrawal_attempts"]) == ("ACCEPTED", 0)
    payer.at(_seoul("2026-11-27 09:30"))
    payer.until(order_id, "COMPLETED")
    _check_too_late(payer.withdraw(order_id))
    payer.audit()


def test_an_order_of_the_late_evening_is_never_withdrawn(payer: Payer) -> None:
    """R-A4: its day's 22:00 has gone by, also when the next day's has not."""
    payer.partners.set_clock(_seoul("2026-11-24 22:00"))
    order_id = payer.place(payer.change())
    shown = payer.order(order_id)
    assert datetime.fromisoformat(shown["withdrawable_until"]) == _seoul("2026-11-24 22:00")
    _check_too_late(payer.withdraw(order_id))
    payer.at(_seoul("2026-11-25 10:00"))
    _check_too_late(payer.withdraw(order_id))
    payer.at(_seoul("2026-11-27 09:30"))
    payer.until(order_id, "COMPLETED")
    payer.audit()


def test_a_withdrawal_on_a_holiday_counts_like_on_any_day(payer: Payer) -> None:
    """R-A4: "the same day" is a day of the calendar, not a business day."""
    payer.partners.set_clock(_seoul("2026-09-25 12:00"))
    order_id = payer.place(payer.change())
    payer.at(_seoul("2026-09-25 21:00"))
    assert payer.withdraw(order_id).json["status"] == "WITHDRAWN"
    kept = payer.place(payer.change())
    payer.at(_seoul("2026-09-26 12:00"))
    _check_too_late(payer.withdraw(kept))
    payer.at(_seoul("2026-09-30 09:30"))
    payer.until(kept, "COMPLETED")
    payer.audit()


def _check_too_late(reply: Reply) -> None:
    assert (reply.status, reply.json["code"]) == (409, "too_late"), reply.body
