"""A request that a partner understands and declines, in whatever words that partner uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web


@dataclass
class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """An answer other than success.

    Parameters
    ----------
    status
        HTTP status.
    code
        The partner's own code.
    message
        For a person who reads a log.
    headers
        Sent along, such as ``Retry-After``.
    inner_code, inner_message
        What a bank behind the partner said, where there is one.
    """

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    inner_code: str | None = None
    inner_message: str = ""


# How a partner writes a refusal on the wire.
type Dialect = Callable[[Refusal], web.Response]
