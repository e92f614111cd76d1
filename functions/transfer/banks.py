"""The banks that take deposits, read from ``banks.json``: one bank, one line."""

import json
from pathlib import Path

_ROWS: list[dict[str, str]] = json.loads(
    Path(__file__).with_name("banks.json").read_text(encoding="utf-8")
)

BANKS: dict[str, str] = {row["code"]: row["name"] for row in _ROWS}
"""Every bank's name by its code (KFTC)."""
