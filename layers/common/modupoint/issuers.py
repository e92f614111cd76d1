"""The card issuers, read from ``issuers.json``: one issuer, one line (R-P1).

Names, telephone numbers, points and the time cash arrives are all data there.
Adding an issuer is adding a line; no module branches on a code.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from modupoint.text import Text, text


class CashArrival(StrEnum):
    """When redeemed points reach the bank account, per issuer (R-P1)."""

    AT_ONCE = "at_once"
    AT_ONCE_BEFORE = "at_once_before"
    AT_ONCE_ON_BUSINESS_DAYS_BEFORE = "at_once_on_business_days_before"
    NEXT_BUSINESS_DAY = "next_business_day"


_ARRIVAL_TEXTS: dict[CashArrival, Text] = {
    CashArrival.AT_ONCE: text("즉시 (휴일 포함)", "At once, holidays too"),
    CashArrival.AT_ONCE_BEFORE: text(
        "{cut_off} 전 즉시 (휴일 포함), 이후 다음 영업일",
        "At once before {cut_off}, holidays too; later: next business day",
    ),
    CashArrival.AT_ONCE_ON_BUSINESS_DAYS_BEFORE: text(
        "영업일 {cut_off} 전 즉시, 그 외 다음 영업일",
        "At once on business days before {cut_off}; else next business day",
    ),
    CashArrival.NEXT_BUSINESS_DAY: text("다음 영업일", "Next business day"),
}


class Point(NamedTuple):
    """One kind of points of an issuer."""

    code: str
    name: Text
    cashable: bool


class Issuer(NamedTuple):
    """One card issuer as members see it. ``cut_off`` is ``HH:MM`` in Asia/Seoul or None."""

    code: str
    name: Text
    phone: str
    arrival: CashArrival
    cut_off: str | None
    points: tuple[Point, ...]

    @property
    def cash_arrival(self) -> Text:
        """The time cash arrives, in words."""
        template = _ARRIVAL_TEXTS[self.arrival]
        return text(
            template["ko"].format(cut_off=self.cut_off), template["en"].format(cut_off=self.cut_off)
        )

    def point_name(self, code: str, given: str) -> Text:
        """Return the name of a point in both languages.

        Parameters
        ----------
        code
            The issuer's point code. An unknown one keeps the name the issuer gave.
        given
            The Korean name in the issuer's answer, which wins over our table.
        """
        known = next((point.name for point in self.points if point.code == code), None)
        return text(given, known["en"] if known else given)


def _issuer(row: dict[str, Any]) -> Issuer:
    arrival = row["cash_arrival"]
    return Issuer(
        code=row["code"],
        name=row["name"],
        phone=row["phone"],
        arrival=CashArrival(arrival["kind"]),
        cut_off=arrival.get("cut_off"),
        points=tuple(Point(p["code"], p["name"], p["cashable"]) for p in row["points"]),
    )


def read_issuers(path: Path) -> dict[str, Issuer]:
    """Read an issuer table, in the order of its lines.

    Raises
    ------
    KeyError, ValueError
        If a line misses a field or names an unknown kind of arrival.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["code"]: _issuer(row) for row in rows}


ISSUERS = read_issuers(Path(__file__).with_name("issuers.json"))
"""Every issuer by its code, in the order members see them."""
