"""The autopay switch against partner contracts, section 3."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.partners.partners_autopay import BILLERS, ORDERS, Switch, new_id
from tests.partners.partners_issuer import somebody

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners

REAL_TIME = ("APARTMENT_FEE", "PUBLIC_RENT")
OTHERS = tuple(category for category in BILLERS if category not in REAL_TIME)


@pytest.fixture
def switch(partners: Partners) -> Switch:
    """Give a person with one telecom bill, on Wednesday, November 18, 2026."""
    switch = Switch(partners, somebody())
    switch.at("2026-11-18T11:00:00")
    switch.hold()
    return switch


def _book_line(switch: Switch) -> dict[str, Any]:
    [line] = switch.book()
    return line


def test_everything_wants_the_token(switch: Switch) -> None:
    order_id = switch.placed()
    switch.token = "another"

    replies = (
        switch.ask("POST", "/v1/cards/inquiry", {"ci": switch.ci}),
        switch.ask("POST", "/v1/autopays/inquiry", {"ci": switch.ci}),
        switch.order(new_id()),
        switch.read(order_id),
        switch.withdraw(order_id),
        switch.partners.send("GET", f"/autopay{ORDERS}/{order_id}"),
    )

    assert {(reply.status, reply.json["rsp_code"]) for reply in replies} == {(401, "40102")}
    assert [line["status"] for line in switch.book()] == ["ACCEPTED"]


def test_a_card_has_every_field_of_the_contract(switch: Switch) -> None:
    assert switch.cards()[0] == {
        "card_ref": switch.card_ref(),
        "issuer_code": "kb",
        "card_name": "카드",
        "masked_number": "1234-56**-****-7890",
        "kind": "PERSONAL",
        "type": "CREDIT",
        "status": "ACTIVE",
    }


def test_a_registration_has_every_field_of_the_contract(switch: Switch) -> None:
    reply = switch.ask("POST", "/v1/autopays/inquiry", {"ci": switch.ci})

    assert reply.json == {
        "as_of": "20261118",
        "autopays": [
            {
                "autopay_id": switch.autopay_id(),
                "category": "TELECOM",
                "biller_code": "KT",
                "biller_name": "KT",
                "biller_phone": "100",
                "biller_customer_ref": "010-0000-0000",
                "card_ref": switch.card_ref(),
                "last_charged_on": "20261025",
                "next_charge_on": "20261125",
                "changeable": True,
            }
        ],
    }


@pytest.mark.parametrize(
    ("charge_day", "now", "last", "following"),
    [
        (25, "2026-11-25T17:59:00", "20261025", "20261125"),
        (25, "2026-11-25T18:00:00", "20261125", "20261225"),
        (31, "2027-02-28T12:00:00", "20270131", "20270228"),
        (31, "2027-02-28T19:00:00", "20270228", "20270331"),
        (31, "2027-03-31T12:00:00", "20270228", "20270331"),
        (29, "2028-02-29T12:00:00", "20280129", "20280229"),
        (1, "2026-12-31T23:59:00", "20261201", "20270101"),
    ],
)
def test_a_bill_is_charged_on_its_day_of_every_month(
    switch: Switch, charge_day: int, now: str, last: str, following: str
) -> None:
    switch.hold(switch.bill(charge_day=charge_day))
    switch.at(now)

    [autopay] = switch.autopays().values()
    assert (autopay["last_charged_on"], autopay["next_charge_on"]) == (last, following)


# The days a request is processed and its result is there, counted by hand.
COURSES = [
    ("2026-11-18", "20261119", "20261123"),  # Wednesday, over a weekend
    ("2026-11-21", "20261123", "20261125"),  # Saturday
    ("2026-11-22", "20261123", "20261125"),  # Sunday
    ("2026-12-23", "20261224", "20261229"),  # Christmas on a Friday
    ("2026-12-24", "20261228", "20261230"),
    ("2026-12-30", "20261231", "20270105"),  # New Year on a Friday
    ("2026-09-23", "20260928", "20260930"),  # Chuseok, Thursday to Saturday
    ("2026-10-02", "20261006", "20261008"),  # a substitute holiday on Monday
    ("2027-02-05", "20270210", "20270212"),  # Seollal with a substitute
    ("2025-04-30", "20250502", "20250508"),  # Labour Day, Children's Day with a substitute
    ("2027-04-30", "20270504", "20270507"),  # Labour Day on a Saturday, with a substitute
]


@pytest.mark.parametrize(("day", "process_on", "result_on"), COURSES)
@pytest.mark.parametrize("kind", ["CHANGE", "CANCEL"])
def test_an_order_takes_business_days(
    switch: Switch, day: str, process_on: str, result_on: str, kind: str
) -> None:
    """R-A3."""
    switch.at(f"{day}T23:30:00")
    order_id = new_id()

    reply = switch.order(order_id, kind)

    assert reply.status == 202
    assert reply.json == {
        "order_id": order_id,
        "status": "ACCEPTED",
        "process_on": process_on,
        "result_on": result_on,
    }


@pytest.mark.parametrize("category", OTHERS)
def test_a_change_from_request_to_result_over_a_holiday(switch: Switch, category: str) -> None:
    """R-A3, R-A6: the old card stays until the new one is confirmed."""
    switch.hold(switch.bill(category))
    switch.at("2026-12-23T11:00:00")
    order_id = switch.placed()

    def seen(instant: str) -> tuple[str, str | None, str]:
        switch.at(instant)
        order = switch.read(order_id).json
        card_ref = switch.autopays()[switch.autopay_id()]["card_ref"]
        return order["status"], order["completed_on"], card_ref

    old, new = switch.card_ref(), switch.card_ref(2)
    assert seen("2026-12-23T23:59:00") == ("ACCEPTED", None, old)
    assert seen("2026-12-24T00:00:00") == ("PROCESSING", None, old)
    assert seen("2026-12-28T23:00:00") == ("PROCESSING", None, old)
    assert seen("2026-12-29T08:59:00") == ("PROCESSING", None, old)
    assert seen("2026-12-29T09:00:00") == ("COMPLETED", "20261229", new)
    assert switch.read(order_id).json == {
        "order_id": order_id,
        "status": "COMPLETED",
        "reason_code": None,
        "reason": None,
        "completed_on": "20261229",
    }


def test_a_cancelled_bill_is_gone_once_that_is_done(switch: Switch) -> None:
    switch.hold(switch.bill(), switch.bill("ELECTRICITY", 2))
    order_id = switch.placed("CANCEL")
    switch.at("2026-11-23T08:59:00")
    assert switch.autopay_id() in switch.autopays()

    switch.at("2026-11-23T09:00:00")

    assert set(switch.autopays()) == {switch.autopay_id(2)}
    assert switch.status(order_id) == "COMPLETED"
    assert switch.refusal("CANCEL") == "42215"


@pytest.mark.parametrize("category", REAL_TIME)
@pytest.mark.parametrize("kind", ["CHANGE", "CANCEL"])
def test_some_categories_are_done_at_once(switch: Switch, category: str, kind: str) -> None:
    """R-A3, on a Sunday night."""
    switch.hold(switch.bill(category))
    switch.at("2026-11-22T23:10:00")
    order_id = new_id()

    placed = switch.order(order_id, kind)

    assert placed.status == 202
    assert placed.json == {
        "order_id": order_id,
        "status": "ACCEPTED",
        "process_on": "20261122",
        "result_on": "20261122",
    }
    assert switch.status(order_id) == "COMPLETED"
    assert switch.read(order_id).json["completed_on"] == "20261122"
    cards = [one["card_ref"] for one in switch.autopays().values()]
    assert cards == ([switch.card_ref(2)] if kind == "CHANGE" else [])
    assert switch.withdraw(order_id).json["rsp_code"] == "40911"


def test_a_month_passes_in_one_step(switch: Switch) -> None:
    """Nothing has to look on for an order to be done when it was due."""
    order_id = switch.placed()

    switch.at("2027-01-05T12:00:00")

    assert switch.read(order_id).json["completed_on"] == "20261123"
    assert _book_line(switch)["completed_at"] == "20261123090000"


def test_each_charge_is_of_the_card_of_that_day(switch: Switch) -> None:
    """R-A6: a biller is never without a card."""
    switch.hold(switch.bill(charge_day=23))
    switch.at("2026-10-23T11:00:00")
    switch.placed()
    switch.at("2026-11-18T11:00:00")
    switch.placed(to_card_ref=switch.card_ref())
    switch.at("2027-01-20T10:00:00")
    switch.placed("CANCEL")
    switch.at("2027-04-01T10:00:00")

    assert switch.charges("20260901") == [
        ("20260923180000", switch.card_ref()),
        ("20261023180000", switch.card_ref()),
        # The result comes at nine, the charge at six.
        ("20261123180000", switch.card_ref()),
        ("20261223180000", switch.card_ref()),
        ("20270123180000", switch.card_ref()),
    ]


def test_a_charge_is_on_the_book_once_it_is_made(switch: Switch) -> None:
    switch.at("2026-11-25T17:59:00")
    before = switch.charges("20261101")
    switch.at("2026-11-25T18:00:00")

    assert (before, switch.charges("20261101")) == ([], [("20261125180000", switch.card_ref())])


def test_a_charge_after_a_change_is_of_the_new_card(switch: Switch) -> None:
    switch.hold(switch.bill(charge_day=20), switch.bill("ELECTRICITY", 2, charge_day=23))
    switch.placed()
    switch.placed(autopay_id=switch.autopay_id(2))
    switch.at("2026-12-31T10:00:00")

    old, new = switch.card_ref(), switch.card_ref(2)
    assert switch.charges("20261101") == [
        # R-A5: within two business days, the old card is still charged.
        ("20261120180000", old),
        ("20261123180000", new),
        ("20261220180000", new),
        ("20261223180000", new),
    ]


# What the person holds, what they ask, and the code they get.
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str, dict[str, Any]]] = [
    ("42211", {}, {"kind": "CORPORATE"}, "CHANGE", {}),
    ("42211", {"card": 2}, {"kind": "CORPORATE"}, "CANCEL", {}),
    ("42211", {}, {"kind": "CORPORATE", "status": "DORMANT"}, "CHANGE", {}),
    ("42214", {}, {"status": "DORMANT"}, "CHANGE", {}),
    ("42214", {}, {"status": "SUSPENDED"}, "CHANGE", {}),
    ("42214", {}, {}, "CHANGE", {"to_card_ref": "card-of-nobody"}),
    ("42215", {}, {}, "CHANGE", {"autopay_id": "bill-of-nobody"}),
    ("42215", {"changeable": False}, {}, "CHANGE", {}),
    ("42215", {"changeable": False}, {}, "CANCEL", {}),
]


@pytest.mark.parametrize(("code", "bill", "second", "kind", "changes"), REFUSED, ids=str)
def test_an_order_is_refused(
    switch: Switch,
    code: str,
    bill: dict[str, Any],
    second: dict[str, Any],
    kind: str,
    changes: dict[str, Any],
) -> None:
    """R-A2."""
    told = dict(bill)
    if (number := told.pop("card", None)) is not None:
        told["card_ref"] = switch.card_ref(number)
    cards = [switch.card(), switch.card(2, **second)]
    switch.hold(switch.bill(**told), cards=cards)
    before = switch.autopays()

    order_id = new_id()
    reply = switch.order(order_id, kind, **changes)

    assert (reply.status, reply.json["rsp_code"]) == (422, code)
    assert reply.json["rsp_msg"]
    # The contract has no status for it: there is no such order.
    assert switch.read(order_id).json["rsp_code"] == "40401"
    assert switch.withdraw(order_id).json["rsp_code"] == "40401"
    switch.at("2026-11-24T11:00:00")
    assert {key: one["card_ref"] for key, one in switch.autopays().items()} == {
        key: one["card_ref"] for key, one in before.items()
    }


@pytest.mark.parametrize("held", [{"kind": "CORPORATE"}, {"status": "DORMANT"}], ids=str)
def test_a_bill_can_be_moved_away_from_any_card(switch: Switch, held: dict[str, Any]) -> None:
    switch.hold(switch.bill(), cards=[switch.card(**held), switch.card(2)])

    assert switch.placed()


@pytest.mark.parametrize("kind", ["CHANGE", "CANCEL"])
def test_a_bill_on_a_card_that_is_not_listed_is_like_others(switch: Switch, kind: str) -> None:
    switch.hold(switch.bill(card_ref="card-elsewhere"))

    assert switch.placed(kind)


def test_another_persons_bill_and_card_are_not_there(switch: Switch) -> None:
    other = Switch(switch.partners, somebody())
    other.hold()

    assert switch.refusal(autopay_id=other.autopay_id()) == "42215"
    assert switch.refusal("CANCEL", autopay_id=other.autopay_id()) == "42215"
    assert switch.refusal(to_card_ref=other.card_ref(2)) == "42214"


@pytest.mark.parametrize(
    ("category", "opened", "before"),
    [
        ("TELECOM", "2021-01-05", "2021-01-04"),
        ("ELECTRICITY", "2021-03-02", "2021-03-01"),
        ("PUBLIC_RENT", "2021-09-01", "2021-08-31"),
    ],
)
def test_a_category_opens_on_its_day(
    switch: Switch, category: str, opened: str, before: str
) -> None:
    """R-A1."""
    switch.hold(switch.bill(category))

    switch.at(f"{before}T23:59:00")
    assert switch.refusal() == "42212"
    switch.at(f"{opened}T00:00:00")
    assert switch.placed()


def test_one_order_of_a_registration_is_open_at_a_time(switch: Switch) -> None:
    """R-A6."""
    switch.hold(switch.bill(), switch.bill("ELECTRICITY", 2))
    first = switch.placed()

    assert switch.refusal("CANCEL") == "42213"
    assert switch.refusal() == "42213"
    assert switch.placed(autopay_id=switch.autopay_id(2))
    switch.at("2026-11-23T08:00:00")
    assert switch.refusal("CANCEL") == "42213"
    switch.at("2026-11-23T09:00:00")
    assert switch.placed("CANCEL")
    assert switch.status(first) == "COMPLETED"


def test_a_withdrawn_order_makes_room_for_another(switch: Switch) -> None:
    assert switch.withdraw(switch.placed()).status == 200

    assert switch.placed("CANCEL")


def test_the_first_reason_counts(switch: Switch) -> None:
    corporate = switch.card(2, kind="CORPORATE", status="DORMANT")
    dormant = switch.card(3, status="DORMANT")
    switch.hold(switch.bill(), cards=[switch.card(), corporate, dormant])
    switch.placed("CANCEL")

    assert switch.refusal(to_card_ref=switch.card_ref(3)) == "42214"
    assert switch.refusal() == "42211"
    switch.at("2020-12-31T12:00:00")
    assert switch.refusal() == "42212"
    assert switch.refusal(autopay_id="bill-of-nobody") == "42215"


def test_the_same_order_again_is_the_same_answer(switch: Switch) -> None:
    order_id = new_id()
    first = switch.order(order_id)
    switch.at("2026-11-30T11:00:00")

    again = switch.order(order_id)

    assert switch.status(order_id) == "COMPLETED"
    assert (again.status, again.json) == (first.status, first.json)
    assert _book_line(switch)["attempts"] == 2


def test_the_same_refused_order_again_is_refused_the_same(switch: Switch) -> None:
    switch.placed("CANCEL")
    order_id = new_id()
    assert switch.order(order_id).json["rsp_code"] == "42213"
    switch.at("2026-11-30T11:00:00")

    again = switch.order(order_id)

    assert (again.status, again.json["rsp_code"]) == (422, "42213")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "CANCEL", "to_card_ref": None},
        {"to_card_ref": "card-of-nobody"},
        {"autopay_id": "bill-of-nobody"},
        {"ci": "A" * 88},
    ],
    ids=str,
)
def test_an_id_stands_for_one_content(switch: Switch, changes: dict[str, Any]) -> None:
    order_id = switch.placed()

    reply = switch.order(order_id, **changes)

    assert (reply.status, reply.json["rsp_code"]) == (409, "40901")
    line = _book_line(switch)
    assert (line["status"], line["attempts"], line["conflicts"]) == ("ACCEPTED", 1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": ""},
        {"order_id": "x" * 33},
        {"order_id": "a/b"},
        {"kind": "MOVE"},
        {"ci": "short"},
        {"ci": None},
        {"autopay_id": ""},
        {"autopay_id": 1},
        {"to_card_ref": None},
        {"kind": "CANCEL", "to_card_ref": "card-of-nobody"},
        {"requested_at": "20261118110000"},
    ],
    ids=str,
)
def test_a_body_that_is_not_the_contracts_is_refused_and_forgotten(
    switch: Switch, changes: dict[str, Any]
) -> None:
    reply = switch.order(new_id(), **changes)

    assert (reply.status, reply.json["rsp_code"]) == (400, "40003")
    assert switch.book() == []


@pytest.mark.parametrize("inquiry", ["cards", "autopays"])
@pytest.mark.parametrize("body", [{}, {"ci": "short"}, [], "no"], ids=str)
def test_an_inquiry_wants_a_ci(switch: Switch, inquiry: str, body: object) -> None:
    reply = switch.ask("POST", f"/v1/{inquiry}/inquiry", body)

    assert (reply.status, reply.json["rsp_code"]) == (400, "40003")


def test_an_order_can_be_withdrawn_until_ten_in_the_evening(switch: Switch) -> None:
    """R-A4."""
    order_id = switch.placed()
    switch.at("2026-11-18T21:59:00")

    reply = switch.withdraw(order_id)

    assert (reply.status, reply.json) == (200, {"status": "WITHDRAWN"})
    switch.at("2026-11-25T12:00:00")
    again = switch.withdraw(order_id)
    assert (again.status, again.json) == (200, {"status": "WITHDRAWN"})
    assert switch.read(order_id).json == {
        "order_id": order_id,
        "status": "WITHDRAWN",
        "reason_code": None,
        "reason": None,
        "completed_on": None,
    }
    assert switch.autopays()[switch.autopay_id()]["card_ref"] == switch.card_ref()
    line = _book_line(switch)
    assert (line["withdrawn_at"][:12], line["withdrawal_attempts"]) == ("202611182159", 2)


@pytest.mark.parametrize(
    ("instant", "status"),
    [
        ("2026-11-18T22:00:00", "ACCEPTED"),
        ("2026-11-19T10:00:00", "PROCESSING"),
        ("2026-11-23T10:00:00", "COMPLETED"),
    ],
)
def test_an_order_cannot_be_withdrawn_too_late(switch: Switch, instant: str, status: str) -> None:
    order_id = switch.placed()
    switch.at(instant)

    reply = switch.withdraw(order_id)

    assert (reply.status, reply.json["rsp_code"]) == (409, "40911")
    assert switch.status(order_id) == status


@pytest.mark.parametrize("day", ["2026-11-18", "2026-11-21"])
def test_an_order_of_the_late_evening_cannot_be_withdrawn(switch: Switch, day: str) -> None:
    """Not on the next morning either, be it a Sunday on which nothing is processed."""
    switch.at(f"{day}T22:30:00")
    order_id = switch.placed()

    assert switch.withdraw(order_id).status == 409
    switch.at("2026-11-22T09:00:00")
    assert switch.withdraw(order_id).status == 409


def test_an_order_nobody_placed_is_not_found(switch: Switch) -> None:
    for reply in (switch.read(new_id()), switch.withdraw(new_id())):
        assert (reply.status, reply.json["rsp_code"]) == (404, "40401")


def test_of_two_orders_at_once_one_is_accepted(switch: Switch) -> None:
    """R-A6."""
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: switch.order(new_id()), range(8)))

    assert sorted(reply.status for reply in replies) == [202] + [422] * 7
    assert {reply.json.get("rsp_code") for reply in replies} == {None, "42213"}


def test_one_order_sent_at_once_is_one_order(switch: Switch) -> None:
    order_id = new_id()
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: switch.order(order_id), range(8)))

    assert {reply.status for reply in replies} == {202}
    assert _book_line(switch)["attempts"] == 8


def test_one_withdrawal_sent_at_once_is_one(switch: Switch) -> None:
    order_id = switch.placed()
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: switch.withdraw(order_id), range(8)))

    assert {reply.status for reply in replies} == {200}
    assert _book_line(switch)["withdrawal_attempts"] == 8
