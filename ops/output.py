"""What a command prints: plain tables for people, JSON for programs."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from modupoint.clock import at_ms, rfc3339

type Row = Mapping[str, Any]
type Shown = Sequence[Row] | Mapping[str, Any]
"""Rows of one table, or named values, some of which may be rows again."""


def as_json(shown: Shown) -> str:
    """Return the answer as JSON."""
    return json.dumps(shown, ensure_ascii=False, indent=2)


def as_text(shown: Shown) -> str:
    """Return the answer as tables and lines."""
    if not isinstance(shown, Mapping):
        return _table(shown)
    width = max((_width(name) for name in shown), default=0)
    lines = []
    for name, value in shown.items():
        if _is_rows(value):
            lines += ["", f"{name}:", _table(value)]
        else:
            lines.append(f"{_padded(name, width)}  {_cell(value)}")
    return "\n".join(lines)


def as_time(milliseconds: int | None) -> str | None:
    """Return a moment as rows show it."""
    return None if milliseconds is None else rfc3339(at_ms(milliseconds))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return "none"
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cell(value: object) -> str:
    match value:
        case None | "" | [] | ():
            return "-"
        case list() | tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many columns a text takes: a Korean letter is as wide as two others."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
