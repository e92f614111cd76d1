"""The eleven issuers, and a twelfth that is one line of data (R-P1)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import modupoint.issuers
from modupoint.issuers import ISSUERS, CashArrival, read_issuers

TABLE = Path(modupoint.issuers.__file__).with_name("issuers.json")

# Transcribed from the rules by hand: code, Korean name, cashable points, arrival, cut-off.
RULES = [
    ("shinhan", "신한카드", ["마이신한포인트"], CashArrival.AT_ONCE, None),
    ("kb", "KB국민카드", ["포인트리"], CashArrival.AT_ONCE, None),
    ("woori", "우리카드", ["위비꿀머니", "모아포인트"], CashArrival.AT_ONCE, None),
    ("bc", "비씨카드", ["TOP포인트"], CashArrival.AT_ONCE, None),
    ("nonghyup", "NH농협카드", ["NH포인트"], CashArrival.AT_ONCE, None),
    ("hyundai", "현대카드", ["H-Coin"], CashArrival.AT_ONCE_BEFORE, "23:00"),
    ("hana", "하나카드", ["하나머니"], CashArrival.AT_ONCE_ON_BUSINESS_DAYS_BEFORE, "20:00"),
    ("lotte", "롯데카드", ["L.POINT"], CashArrival.AT_ONCE_ON_BUSINESS_DAYS_BEFORE, "22:30"),
    ("samsung", "삼성카드", ["보너스포인트"], CashArrival.NEXT_BUSINESS_DAY, None),
    ("citi", "씨티카드", ["씨티포인트"], CashArrival.NEXT_BUSINESS_DAY, None),
    ("epost", "우체국", ["우체국포인트"], CashArrival.NEXT_BUSINESS_DAY, None),
]


def test_the_table_says_what_the_rules_say_r_p1() -> None:
    told = [
        (
            issuer.code,
            issuer.name["ko"],
            [point.name["ko"] for point in issuer.points if point.cashable],
            issuer.arrival,
            issuer.cut_off,
        )
        for issuer in ISSUERS.values()
    ]
    assert told == RULES


def test_m_points_are_listed_and_not_cashable_r_p2() -> None:
    listed = {point.code: point.cashable for point in ISSUERS["hyundai"].points}
    assert listed == {"HCOIN": True, "MPOINT": False}


def test_one_issuer_is_one_line() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert [line.strip()[:9] for line in lines[1:-1]] == ['{"code": '] * len(ISSUERS)


@pytest.mark.parametrize("code", list(ISSUERS))
def test_people_read_of_an_issuer_in_both_languages_and_can_call_it(code: str) -> None:
    issuer = ISSUERS[code]
    assert issuer.phone.replace("-", "").isdigit()
    for words in (issuer.name, issuer.cash_arrival, *(point.name for point in issuer.points)):
        assert words["ko"]
        assert words["en"]
        assert "{" not in words["ko"] + words["en"]


def test_the_cut_off_stands_in_the_words() -> None:
    assert "20:00" in ISSUERS["hana"].cash_arrival["ko"]
    assert "20:00" in ISSUERS["hana"].cash_arrival["en"]


def test_the_issuers_own_name_of_a_point_wins_over_ours() -> None:
    assert ISSUERS["kb"].point_name("POINTREE", "새 이름") == {"ko": "새 이름", "en": "Pointree"}


@pytest.mark.parametrize("missing", ["code", "name", "phone", "cash_arrival", "points"])
def test_a_line_that_misses_a_field_is_refused(missing: str, tmp_path: Path) -> None:
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    rows[3].pop(missing)
    table = tmp_path / "issuers.json"
    table.write_text(json.dumps(rows), encoding="utf-8")

    with pytest.raises(KeyError):
        read_issuers(table)


def test_an_unknown_kind_of_arrival_is_refused(tmp_path: Path) -> None:
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    rows[0]["cash_arrival"] = {"kind": "some_day"}
    table = tmp_path / "issuers.json"
    table.write_text(json.dumps(rows), encoding="utf-8")

    with pytest.raises(ValueError, match="some_day"):
        read_issuers(table)
