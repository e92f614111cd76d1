"""The calendar of what expires (R-P5, R-E1)."""

from __future__ import annotations

import json
from typing import Any

from query.expirations import expiring_by_month, expiry_calendar
from query.response_models import ExpirationsModel
from tests.unit.query.lookup_samples import a_balance


def expiring(*rows: tuple[str, int], **more: Any) -> Any:
    listed = [{"month": month, "amount": amount} for month, amount in rows]
    return {**a_balance(), "expirations": listed, "expiring": 0, "expiring_month": None, **more}


def calendar(*answers: tuple[str, list[Any]], this_month: str = "2026-11") -> list[dict[str, Any]]:
    shown = expiry_calendar(((code, json.dumps(one)) for code, one in answers), this_month)
    ExpirationsModel.model_validate({"months": shown})
    return shown


def test_months_come_in_order_with_what_each_issuer_loses_in_them() -> None:
    months = calendar(
        ("kb", [expiring(("2027-03", 45), ("2026-12", 300))]),
        ("hana", [expiring(("2026-12", 7), code="X", cashable=False)]),
    )
    assert [(one["month"], one["total"]) for one in months] == [("2026-12", 307), ("2027-03", 45)]
    assert months[0]["items"] == [
        {"issuer": "kb", "point_code": a_balance()["code"], "amount": 300, "cashable": True},
        {"issuer": "hana", "point_code": "X", "amount": 7, "cashable": False},
    ]


def test_points_of_this_month_are_still_there_and_of_the_last_one_gone_r_e1() -> None:
    months = calendar(("kb", [expiring(("2026-10", 1), ("2026-11", 2))]))
    assert [one["month"] for one in months] == ["2026-11"]


def test_months_in_which_nothing_expires_are_left_out() -> None:
    assert calendar(("kb", [expiring(("2026-12", 0))]), ("hana", [])) == []


def test_an_issuer_that_names_the_next_month_only_is_believed_r_p5() -> None:
    assert expiring_by_month(expiring(expiring=300, expiring_month="2026-12")) == {"2026-12": 300}


def test_a_month_that_is_listed_is_not_counted_twice_r_p5() -> None:
    balance = expiring(("2026-12", 300), expiring=300, expiring_month="2026-12")
    assert expiring_by_month(balance) == {"2026-12": 300}


def test_rows_of_one_month_are_one_amount() -> None:
    assert expiring_by_month(expiring(("2026-12", 1), ("2026-12", 2))) == {"2026-12": 3}
