"""What can be moved: categories with their opening dates, and the issuers (R-A1, R-A2, R-A3).

Both are data: opening a category is a date, adding an issuer a word.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from modupoint.text import Text


class Category(NamedTuple):
    """A kind of bills. ``real_time`` ones are changed at once (R-A3)."""

    code: str
    name: Text
    opens_on: date
    real_time: bool

    def is_open(self, day: date) -> bool:
        """Say whether orders of this category are taken on a day."""
        return day >= self.opens_on


def _rows(name: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


CATEGORIES: dict[str, Category] = {
    row["code"]: Category(
        row["code"], row["name"], date.fromisoformat(row["opens_on"]), row["real_time"]
    )
    for row in _rows("categories.json")
}
"""Every category by its code."""

CARD_ISSUERS: frozenset[str] = frozenset(_rows("card_issuers.json"))
"""The codes of the issuers whose cards autopay can be moved to."""
