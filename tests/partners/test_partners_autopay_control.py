"""Who has which cards and bills, what can be told to the switch, and that it lasts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.partners.partners_autopay import BILLERS, Switch, new_id
from tests.partners.partners_driver import REPOSITORY, Partners
from tests.partners.partners_issuer import somebody

if TYPE_CHECKING:
    from pathlib import Path

# R-A2, by the codes the product and the switch share.
ISSUERS = {
    *("kb", "lotte", "samsung", "shinhan", "woori", "hana", "hyundai", "citi", "nonghyup"),
    *("ibk", "sc", "kyongnam", "daegu", "busan", "suhyup", "gwangju", "jeju", "jeonbuk"),
}
USABLE = {"kind": "PERSONAL", "status": "ACTIVE"}


@pytest.fixture
def switch(partners: Partners) -> Switch:
    """Give a person with one telecom bill, on Wednesday, November 18, 2026."""
    switch = Switch(partners, somebody())
    switch.at("2026-11-18T11:00:00")
    switch.hold()
    return switch


def _samples(partners: Partners) -> dict[str, Switch]:
    people = partners.send("GET", "/control/people").json["people"]
    return {person["sub"]: Switch(partners, person["sub"]) for person in people}


def _usable(card: dict[str, Any]) -> bool:
    return {name: card[name] for name in USABLE} == USABLE


def test_the_sample_people_show_everything(partners: Partners) -> None:
    samples = _samples(partners)
    cards = {sub: switch.cards() for sub, switch in samples.items()}
    bills = {sub: list(switch.autopays().values()) for sub, switch in samples.items()}
    all_cards = [card for held in cards.values() for card in held]
    all_bills = [bill for held in bills.values() for bill in held]

    assert {card["issuer_code"] for card in all_cards} == ISSUERS
    assert {(card["kind"], card["type"], card["status"]) for card in all_cards} >= {
        ("PERSONAL", "CREDIT", "ACTIVE"),
        ("PERSONAL", "CHECK", "ACTIVE"),
        ("CORPORATE", "CREDIT", "ACTIVE"),
        ("PERSONAL", "CREDIT", "DORMANT"),
        ("PERSONAL", "CREDIT", "SUSPENDED"),
    }
    assert {bill["category"] for bill in all_bills} == set(BILLERS)
    assert {bill["changeable"] for bill in all_bills} == {True, False}
    assert len({bill["autopay_id"] for bill in all_bills}) == len(all_bills)
    assert len({card["card_ref"] for card in all_cards}) == len(all_cards)
    # Nothing at all; cards without bills; a bill on a card that is on no list.
    assert (cards["lee-seojun"], bills["lee-seojun"]) == ([], [])
    assert (len(cards["han-dongwook"]), bills["han-dongwook"]) == (8, [])
    assert cards["hohenberg-maximilian"] == []
    assert [bill["card_ref"] for bill in bills["hohenberg-maximilian"]] == ["card-13-elsewhere"]
    described = partners.send("GET", "/control/autopay").json
    assert {person["sub"] for person in described["people"]} == set(samples)
    assert {issuer["code"] for issuer in described["issuers"]} == ISSUERS


def test_somebody_is_always_about_to_be_charged(partners: Partners) -> None:
    """R-A5: within two business days, whatever the day of the year."""
    switch = Switch(partners, "namgung-geumja")
    for offset in range(0, 366, 7):
        today = date(2026, 11, 16) + timedelta(offset)
        assert today.weekday() == 0
        switch.at(f"{today}T09:00:00")
        limit = (today + timedelta(2)).strftime("%Y%m%d")
        nexts = {one["next_charge_on"] for one in switch.autopays().values()}
        assert min(nexts) <= limit, today


def test_anybody_has_cards_and_bills_that_stay_the_same(partners: Partners) -> None:
    for number in range(20):
        switch = Switch(partners, f"load-{number:06d}")
        cards, bills = switch.cards(), switch.autopays()
        again = Switch(partners, switch.sub)

        assert (again.cards(), again.autopays()) == (cards, bills)
        assert [_usable(card) for card in cards] == [True, True, False]
        assert {card["issuer_code"] for card in cards} <= ISSUERS
        assert len({bill["category"] for bill in bills.values()}) == 4
        assert "TELECOM" in {bill["category"] for bill in bills.values()}
        usable = {card["card_ref"] for card in cards if _usable(card)}
        assert {bill["card_ref"] for bill in bills.values()} <= usable


def test_a_made_up_persons_bill_can_be_moved(partners: Partners) -> None:
    switch = Switch(partners, somebody())
    switch.at("2026-11-18T11:00:00")
    cards = [card["card_ref"] for card in switch.cards()]
    bill = next(one for one in switch.autopays().values() if one["category"] == "TELECOM")
    [other] = [card for card in cards[:2] if card != bill["card_ref"]]

    switch.placed(autopay_id=bill["autopay_id"], to_card_ref=other)
    switch.at("2026-11-23T09:00:00")

    assert switch.autopays()[bill["autopay_id"]]["card_ref"] == other
    assert switch.refusal(autopay_id=bill["autopay_id"], to_card_ref=cards[2]) in {"42211", "42214"}


@pytest.mark.parametrize(
    ("ref_ends", "reason_code"), [("-9001", "B001"), ("-9002", "B002"), ("-9003", "B003")]
)
@pytest.mark.parametrize("kind", ["CHANGE", "CANCEL"])
def test_some_customers_are_rejected(
    switch: Switch, ref_ends: str, reason_code: str, kind: str
) -> None:
    """R-A6: what a biller rejects stays on the old card."""
    switch.hold(switch.bill(biller_customer_ref=f"1000{ref_ends}"))
    order_id = switch.placed(kind)
    switch.at("2026-11-23T08:59:00")
    assert switch.status(order_id) == "PROCESSING"

    switch.at("2026-11-23T09:00:00")

    answer = switch.read(order_id).json
    assert answer.pop("reason")
    assert answer == {
        "order_id": order_id,
        "status": "REJECTED",
        "reason_code": reason_code,
        "completed_on": None,
    }
    assert switch.autopays()[switch.autopay_id()]["card_ref"] == switch.card_ref()
    assert switch.withdraw(order_id).status == 409
    # It is no longer open.
    assert switch.placed(kind)


def test_a_biller_can_be_told_to_reject(switch: Switch) -> None:
    switch.hold(switch.bill("APARTMENT_FEE"), switch.bill("TELECOM", 2))
    path = f"/control/autopay/billers/{BILLERS['APARTMENT_FEE']}"
    assert switch.partners.send("PUT", path, {"reason_code": "B777", "reason": "사유"}).json == {
        "reason_code": "B777",
        "reason": "사유",
    }
    rejected, other = switch.placed(), switch.placed(autopay_id=switch.autopay_id(2))

    answer = switch.read(rejected).json
    assert (answer["status"], answer["reason_code"], answer["reason"]) == (
        *("REJECTED", "B777", "사유"),
    )
    switch.partners.send("DELETE", path)
    assert switch.status(switch.placed()) == "COMPLETED"
    # What was said when the result was due is what was said.
    assert switch.status(rejected) == "REJECTED"
    switch.at("2026-11-23T09:00:00")
    assert switch.status(other) == "COMPLETED"


def test_a_biller_says_no_to_results_to_come_only(switch: Switch) -> None:
    before = switch.placed()
    switch.at("2026-11-23T09:00:00")

    # Nobody has looked at the first order since it was done.
    switch.partners.send("PUT", f"/control/autopay/billers/{BILLERS['TELECOM']}", {})
    after = switch.placed("CANCEL")
    switch.at("2026-11-26T09:00:00")

    assert (switch.status(before), switch.status(after)) == ("COMPLETED", "REJECTED")
    assert switch.autopays()[switch.autopay_id()]["card_ref"] == switch.card_ref(2)


def test_a_category_can_open_on_another_day(switch: Switch) -> None:
    """R-A1."""
    path = "/control/autopay/categories/TELECOM"

    for opens_on, code in (("20261119", "42212"), (None, "42212")):
        assert switch.partners.send("PUT", path, {"opens_on": opens_on}).status == 200
        assert switch.refusal() == code
    shown = switch.partners.send("GET", "/control/autopay").json["categories"]
    assert next(one["opens_on"] for one in shown if one["code"] == "TELECOM") is None
    switch.partners.send("PUT", path, {"opens_on": "20261118"})
    assert switch.placed()


def test_everything_told_can_be_taken_back(switch: Switch) -> None:
    order_id = switch.placed()
    own = Switch(switch.partners, switch.sub)
    switch.partners.send("PUT", "/control/autopay/categories/TELECOM", {"opens_on": None})
    switch.partners.send("PUT", f"/control/autopay/billers/{BILLERS['TELECOM']}", {})

    assert switch.partners.send("DELETE", "/control/autopay").status == 204

    described = switch.partners.send("GET", "/control/autopay").json
    assert described["rejecting"] == {}
    assert {one["opens_on"][:4] for one in described["categories"]} == {"2021"}
    assert switch.autopay_id() not in own.autopays()
    # The books are not told.
    assert [line["order_id"] for line in switch.book()] == [order_id]
    switch.hold()
    switch.partners.send("DELETE", f"/control/autopay/people/{switch.sub}")
    assert switch.autopay_id() not in own.autopays()


def test_what_somebody_holds_can_be_read_and_told_again(switch: Switch) -> None:
    path = f"/control/autopay/people/{switch.sub}"
    order_id = switch.placed()

    page = switch.partners.send("GET", path).json
    told = switch.partners.send("PUT", path, page["holdings"]).json

    assert told == page
    assert page["autopays"] == list(switch.autopays().values())
    assert page["holdings"]["cards"] == switch.cards()
    assert [line["order_id"] for line in page["orders"]] == [order_id]
    assert switch.ci not in json.dumps(page)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people/x", {"cards": [{"card_ref": "a"}]}),
        ("people/x", {"card": []}),
        (f"people/{'x' * 129}", {}),
        ("categories/TELECOM", {"opens_on": "20261301"}),
        ("categories/TELECOM", {}),
        ("billers/KT", {"reason_code": ""}),
    ],
)
def test_nonsense_is_not_taken_in(partners: Partners, path: str, body: object) -> None:
    assert partners.send("PUT", f"/control/autopay/{path}", body).status == 400


@pytest.mark.parametrize("path", ["categories/WATER", "billers/NOBODY"])
def test_what_there_is_not_cannot_be_told_of(partners: Partners, path: str) -> None:
    body = {"opens_on": None} if path.startswith("categories") else {}

    assert partners.send("PUT", f"/control/autopay/{path}", body).status == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"cards": [{"issuer_code": "epost"}]},
        {"bills": [{"biller_code": "NOBODY"}]},
        {"bills": [{"charge_day": 32}]},
        {"cards": [{}, {}]},
        {"bills": [{}, {}]},
    ],
    ids=str,
)
def test_holdings_must_be_possible(switch: Switch, changes: dict[str, Any]) -> None:
    told = {
        "cards": [switch.card(**one) for one in changes.get("cards", [])],
        "bills": [switch.bill(**one) for one in changes.get("bills", [])],
    }

    path = f"/control/autopay/people/{switch.sub}"
    assert switch.partners.send("PUT", path, told).status == 400
    assert switch.autopay_id() in switch.autopays()


@pytest.mark.parametrize(
    "path",
    [
        "charges",
        "charges?sub=x&since=yesterday",
        "charges?sub=x&since=20061122",
        "charges?sub=x&until=20261122",
        "orders?person=x",
        "orders?limit=many",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(switch: Switch, path: str) -> None:
    assert switch.partners.send("GET", f"/control/books/{path}").status == 400


def test_the_book_of_orders_leaves_nothing_out(switch: Switch) -> None:
    accepted = switch.placed()
    switch.refusal("CANCEL")
    other = Switch(switch.partners, somebody())
    other.hold()
    other.placed()

    mine = switch.book()

    assert [(line["order_id"] == accepted, line["code"]) for line in mine] == [
        (True, None),
        (False, "42213"),
    ]
    assert (mine[0]["from_card_ref"], mine[0]["to_card_ref"]) == (
        switch.card_ref(),
        switch.card_ref(2),
    )
    path = f"/control/books/orders?after={mine[0]['seq']}&limit=2"
    everybodys = switch.partners.send("GET", path).json["orders"]
    assert [line["sub"] for line in everybodys] == [None, None]
    assert len({line["person_key"] for line in everybodys}) == 2


def test_a_restart_changes_nothing(own_partners: Partners) -> None:
    switch = Switch(own_partners, somebody())
    switch.at("2026-11-18T11:00:00")
    rejecting = switch.bill("ELECTRICITY", 4)
    bills = [switch.bill(number=number) for number in (1, 2, 3)]
    switch.hold(*bills, rejecting)
    moved = switch.placed()
    ended = switch.placed("CANCEL", autopay_id=switch.autopay_id(2))
    withdrawn = switch.placed("CANCEL", autopay_id=switch.autopay_id(3))
    rejected = switch.placed("CANCEL", autopay_id=switch.autopay_id(4))
    switch.withdraw(withdrawn)
    refused = new_id()
    assert switch.order(refused).status == 422
    own_partners.send("PUT", "/control/autopay/billers/KEPCO", {})
    own_partners.send("PUT", "/control/autopay/categories/TELECOM", {"opens_on": "20261201"})

    own_partners.restart()
    switch.at("2026-11-23T09:00:00")
    own_partners.restart()

    orders = (moved, ended, withdrawn, rejected)
    assert [switch.status(order_id) for order_id in orders] == [
        *("COMPLETED", "COMPLETED", "WITHDRAWN", "REJECTED"),
    ]
    assert switch.order(refused).json["rsp_code"] == "42213"
    assert switch.refusal() == "42212"
    cards = {key: one["card_ref"] for key, one in switch.autopays().items()}
    assert cards == {
        switch.autopay_id(): switch.card_ref(2),
        switch.autopay_id(3): switch.card_ref(),
        switch.autopay_id(4): switch.card_ref(),
    }


def test_another_category_issuer_and_biller_are_lines_of_a_table(tmp_path: Path) -> None:
    """R-A1, R-A2."""
    terms = json.loads((REPOSITORY / "local/partners/autopay/terms.json").read_text("utf-8"))
    name = {"ko": "수도", "en": "Water"}
    terms["categories"].append({"code": "WATER", "name": name, "opens_on": "20270101"})
    terms["billers"].append(
        {"code": "ARISU", "category": "WATER", "name": "아리수", "phone": "120"}
    )
    terms["issuers"].append({"code": "epost", "name": {"ko": "우체국", "en": "Korea Post"}})
    file = tmp_path / "terms.json"
    file.write_text(json.dumps(terms), "utf-8")
    options = ("--autopay", str(file), "--autopay-latency-ms", "0")
    partners = Partners(tmp_path / "state", options)
    partners.state_dir.mkdir()
    partners.start()
    try:
        switch = Switch(partners, "anybody")
        cards = [switch.card(), switch.card(2, issuer_code="epost")]
        switch.hold(switch.bill(biller_code="ARISU"), cards=cards)
        switch.at("2026-12-31T12:00:00")
        assert switch.refusal() == "42212"
        switch.at("2027-01-04T12:00:00")
        order_id = switch.placed()
        switch.at("2027-01-07T09:00:00")
        assert switch.status(order_id) == "COMPLETED"
        assert [one["category"] for one in switch.autopays().values()] == ["WATER"]
    finally:
        partners.stop()
