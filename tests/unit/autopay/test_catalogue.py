"""Opening a category, or adding an issuer, is a change of data and of nothing else (R-A1, R-A2)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import autopay
from autopay.catalogue import CARD_ISSUERS, CATEGORIES

FUNCTIONS = Path(autopay.__file__).parents[1]
LAYER = FUNCTIONS.parent / "layers/common"

GAS = {
    "code": "GAS",
    "name": {"ko": "도시가스", "en": "Gas"},
    "opens_on": "2026-12-01",
    "real_time": False,
}
CARS = {
    "code": "CAR_INSURANCE",
    "name": {"ko": "자동차보험", "en": "Car insurance"},
    "opens_on": "2026-11-20",
    "real_time": True,
}

# Runs over the copy: a bill of each new category, and a card of the new issuer.
ASK = """
import json
from tests.unit.autopay.order_samples import MEMBER, a_listed_bill, a_listed_card
from tests.unit.autopay.ordering_fakes import Desk, a_change
from modupoint.problems import Problem
import autopay

desk = Desk()
desk.switch.cards = [a_listed_card(), a_listed_card(card_ref="crd_2", issuer_code="toss")]
desk.switch.bills = [
    a_listed_bill(autopay_id=code, category=code) for code in ("GAS", "CAR_INSURANCE")
]
bills = desk.service.registrations(MEMBER)["autopays"]
cards = desk.service.cards(MEMBER)["cards"]
try:
    desk.submit(a_change(autopay_id="GAS"))
    early = None
except Problem as problem:
    early = problem.code
cars, _ = desk.submit(a_change(autopay_id="CAR_INSURANCE"))
desk.world.later(days=11)
gas, _ = desk.submit(a_change(autopay_id="GAS"), "another key")
print(json.dumps({
    "place": autopay.__file__,
    "usable": {one["card_ref"]: one["usable"] for one in cards},
    "changeable": {one["autopay_id"]: one["changeable"] for one in bills},
    "early": early,
    "cars": [cars["result_on"], cars["withdrawable_until"]],
    "gas": [gas["result_on"], gas["withdrawable_until"]],
}))
"""


def appended(table: Path, row: Any) -> None:
    rows = json.loads(table.read_text(encoding="utf-8"))
    table.write_text(json.dumps([*rows, row], ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def with_more(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what a copy does in which rows were added to the data and nothing else."""
    place = tmp_path_factory.mktemp("functions")
    shutil.copytree(FUNCTIONS / "autopay", place / "autopay")
    for row in (GAS, CARS):
        appended(place / "autopay/categories.json", row)
    appended(place / "autopay/card_issuers.json", "toss")
    # The copy before everything else: what is beside it is found where it always is.
    paths = [place, LAYER, FUNCTIONS, FUNCTIONS.parent]
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", ASK],
        env={"PYTHONPATH": ":".join(map(str, paths)), "AWS_DEFAULT_REGION": "ap-northeast-2"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(told.stdout)
    assert answer["place"].startswith(str(place))
    return answer


def test_a_new_issuers_cards_take_bills_r_a2(with_more: dict[str, Any]) -> None:
    assert "toss" not in CARD_ISSUERS
    assert with_more["usable"] == {"crd_1": True, "crd_2": True}


def test_a_new_category_is_taken_from_its_opening_day_on_r_a1(with_more: dict[str, Any]) -> None:
    assert "GAS" not in CATEGORIES
    assert with_more["changeable"] == {"GAS": False, "CAR_INSURANCE": True}
    assert with_more["early"] == "category_not_open"
    assert with_more["gas"] == ["2026-12-04", "2026-12-01T22:00:00.000+09:00"]


def test_a_new_category_may_be_real_time_r_a3(with_more: dict[str, Any]) -> None:
    assert with_more["cars"] == ["2026-11-20", None]


def test_the_categories_are_the_rules_r_a1() -> None:
    opened = {code: one.opens_on for code, one in CATEGORIES.items()}
    assert list(opened) == [
        "TELECOM",
        "ELECTRICITY",
        "SCHOOL_BANKING",
        "SOCIAL_INSURANCE",
        "APARTMENT_FEE",
        "PUBLIC_RENT",
    ]
    assert min(opened.values()) == opened["TELECOM"] == date(2021, 1, 5)
    assert {code for code, one in CATEGORIES.items() if one.real_time} == {
        "APARTMENT_FEE",
        "PUBLIC_RENT",
    }


def test_a_category_opens_on_its_day_and_stays_open_r_a1() -> None:
    telecom = CATEGORIES["TELECOM"]
    assert not telecom.is_open(date(2021, 1, 4))
    assert telecom.is_open(date(2021, 1, 5))
    assert telecom.is_open(date(2026, 11, 20))


def test_the_issuers_are_the_rules_and_bcs_members_are_named_one_by_one_r_a2() -> None:
    assert {
        "kb", "lotte", "samsung", "shinhan", "woori", "hana", "hyundai", "nonghyup",
        "ibk", "sc", "kyongnam", "daegu", "busan", "citi",
        "suhyup", "gwangju", "jeju", "jeonbuk",
    } == CARD_ISSUERS  # fmt: skip
    assert "bc" not in CARD_ISSUERS


@pytest.mark.parametrize("code", sorted(CATEGORIES))
def test_every_category_has_a_name_in_both_languages(code: str) -> None:
    assert all(CATEGORIES[code].name[language] for language in ("ko", "en"))
