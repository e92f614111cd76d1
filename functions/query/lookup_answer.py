"""A lookup as an HTTP answer: the polling interval is in the body and in a header."""

from typing import Any

from modupoint.http import Answer


def lookup_answer(status: int, lookup: dict[str, Any]) -> Answer:
    """Return the answer; ``Retry-After`` says ``retry_after_ms`` in whole seconds, rounded up."""
    whole_seconds = -(-lookup["retry_after_ms"] // 1000)
    return Answer(status, lookup, {"retry-after": str(whole_seconds)})
