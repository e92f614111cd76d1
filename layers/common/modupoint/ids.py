"""Identifiers that sort by age: a prefix and a UUIDv7.

Age decides which of two answers is newer, so ids come from real time, never
from the clock that a test can move.
"""

from uuid import UUID

import uuid6

_UUID_TEXT_LENGTH = 36
_TIMESTAMP_SHIFT_BITS = 80


def new_id(prefix: str) -> str:
    """Return ``<prefix>_<uuid7>``; ids of one prefix sort by the time they were made."""
    return f"{prefix}_{uuid6.uuid7()}"


def made_at_ms(identifier: str) -> int:
    """Return when an id of ours was made, in milliseconds of the Unix epoch.

    Raises
    ------
    ValueError
        If the id does not end in a UUID.
    """
    return UUID(identifier[-_UUID_TEXT_LENGTH:]).int >> _TIMESTAMP_SHIFT_BITS
