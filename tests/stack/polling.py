"""Waiting for what a running system does in its own time: look often, give up late."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 120.0
"""A bound for broken runs; nothing is waited for this long when all is well."""

_EVERY_S = 0.15


def eventually[T](
    look: Callable[[], T | None],
    what: str,
    patience_s: float = PATIENCE_S,
    every_s: float = _EVERY_S,
) -> T:
    """Return the first thing ``look`` finds; fail with ``what`` if it never does.

    Parameters
    ----------
    look
        Returns None or False for "not yet".
    what
        What is waited for, in words.
    """
    end_s = time.monotonic() + patience_s
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        if time.monotonic() > end_s:
            raise AssertionError(f"never came: {what}")
        time.sleep(every_s)
