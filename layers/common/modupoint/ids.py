"""Identifiers that sort by age: a prefix and a UUIDv7.

Age decides which of two answers is newer, so ids come from real time, never
from the clock that a test can move.
"""

import secrets
import time
from uuid import UUID

LONGEST_ID = 64
"""No id of ours has more characters; a table refuses to look for a key past 1 KB."""

_UUID_TEXT_LENGTH = 36
_NS_PER_MS = 1_000_000
# RFC 9562, section 5.7, from the top: time, version, rand_a, variant, rand_b.
_TIMESTAMP_SHIFT_BITS = 80
_VERSION = 7 << 76
_FRACTION_SHIFT_BITS = 64
_FRACTION_BITS = 12
_VARIANT = 0b10 << 62
_RANDOM_BITS = 62


def new_id(prefix: str) -> str:
    """Return ``<prefix>_<uuid7>``; ids of one prefix sort by the time they were made."""
    return f"{prefix}_{_uuid7()}"


def made_at_ms(identifier: str) -> int:
    """Return when an id of ours was made, in milliseconds of the Unix epoch.

    Raises
    ------
    ValueError
        If the id does not end in a UUID.
    """
    return UUID(identifier[-_UUID_TEXT_LENGTH:]).int >> _TIMESTAMP_SHIFT_BITS


def _uuid7() -> UUID:
    """Return a UUIDv7 that holds time to a quarter of a microsecond.

    Two ids of one millisecond sort as well (RFC 9562, section 6.2, method 3).
    Python 3.14 brings ``uuid.uuid7``.
    """
    milliseconds, rest_ns = divmod(time.time_ns(), _NS_PER_MS)
    fraction = (rest_ns << _FRACTION_BITS) // _NS_PER_MS
    return UUID(
        int=milliseconds << _TIMESTAMP_SHIFT_BITS
        | _VERSION
        | fraction << _FRACTION_SHIFT_BITS
        | _VARIANT
        | secrets.randbits(_RANDOM_BITS)
    )
