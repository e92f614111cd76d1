"""Calling a partner over HTTP, and what its answer means.

One table, for every partner, says what was seen and what that means for the
effect of the call (partner contract, "What an answer means"). Nothing here
retries an unknown outcome; who calls knows whether that is safe.
"""

import json
import re
import time
from enum import Enum, auto
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

_CONNECT_TIMEOUT_S = 2.0
_MAXIMUM_BODY_BYTES = 256 * 1024
_CHUNK_BYTES = 16 * 1024

_TRY_LATER_STATUSES = frozenset({429, 503})
_CONTRACT_STATUSES = frozenset([*range(200, 300), *range(400, 500)])
_WHOLE_SECONDS = re.compile(r"[0-9]{1,9}")


class OversizedBodyError(HTTPError):
    """A partner sent more than any answer of the contract can be."""


class Outcome(Enum):
    """What is known of a call once it has ended."""

    ANSWERED = auto()
    """A body arrived with 2xx or 4xx: its codes say done or definitely not done."""
    TRY_LATER = auto()
    """429 or 503: definitely not done."""
    NOT_SENT = auto()
    """The connection never stood: definitely not done."""
    TIMED_OUT = auto()
    """No complete answer in time: whether it was done is unknown."""
    CUT = auto()
    """The connection broke after sending: unknown."""
    BROKEN = auto()
    """Another 5xx, or a body that is no JSON object: unknown."""


EFFECT_UNKNOWN = frozenset({Outcome.TIMED_OUT, Outcome.CUT, Outcome.BROKEN})
"""The outcomes after which a call may or may not have had its effect."""


_MEANINGS: tuple[tuple[tuple[type[Exception], ...], Outcome], ...] = (
    ((ConnectTimeoutError, NewConnectionError), Outcome.NOT_SENT),
    ((ReadTimeoutError, TimeoutError), Outcome.TIMED_OUT),
    ((OversizedBodyError,), Outcome.BROKEN),
)


class PartnerAnswer(NamedTuple):
    """How a call ended.

    ``body`` is the JSON object, empty unless ``outcome`` is ANSWERED.
    ``retry_after_s`` is what a TRY_LATER answer asked for, None if it did not say.
    ``cause`` is a short word for logs, free of anything the partner wrote.
    ``took_ms`` is the call's duration.
    """

    outcome: Outcome
    status: int | None
    body: dict[str, Any]
    retry_after_s: int | None
    cause: str
    took_ms: int


class PartnerTransport:
    """HTTP to partners: pooled connections, one deadline per call, bounded bodies."""

    def __init__(self, connections: int) -> None:
        self._pool = urllib3.PoolManager(maxsize=connections, retries=False)

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        """Send one request and say how it ended; never raises for what a partner does.

        Parameters
        ----------
        method, url, headers, body
            The request as it goes out; ``body`` None for none.
        timeout_s
            Seconds for the exchange. An answer that begins and then stops may take
            as long again, one that drips no longer.
        """
        started = time.monotonic()
        try:
            status, retry_after_s, raw = self._exchange(
                method, url, headers, body, started + timeout_s
            )
        except (HTTPError, OSError) as error:
            return _ended(started, _meaning_of(error), type(error).__name__)
        outcome, content = _read(status, raw)
        return _ended(started, outcome, f"http {status}", status, content, retry_after_s)

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, deadline_s: float
    ) -> tuple[int, int | None, bytes]:
        left_s = max(deadline_s - time.monotonic(), 0.001)
        response = self._pool.urlopen(
            method,
            url,
            headers=headers,
            body=body,
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=min(_CONNECT_TIMEOUT_S, left_s), read=left_s),
        )
        try:
            content = _bounded_body(response, deadline_s)
        except BaseException:
            # What is left of this answer must not become the start of the next one's.
            response.close()
            raise
        response.release_conn()
        return response.status, _whole_seconds(response.headers.get("retry-after")), content


def _bounded_body(response: urllib3.BaseHTTPResponse, deadline_s: float) -> bytes:
    """Read a body that may neither drip past the deadline nor fill the memory."""
    content = bytearray()
    # read1 gives what has arrived; a read of a fixed size would wait for all of it.
    while chunk := response.read1(_CHUNK_BYTES):
        content += chunk
        if time.monotonic() > deadline_s:
            raise TimeoutError
        if len(content) > _MAXIMUM_BODY_BYTES:
            raise OversizedBodyError
    return bytes(content)


def path_after(base_url: str, url: str) -> str:
    """Return the path and query of ``url`` after its base URL, as partners sign it."""
    base = urlsplit(base_url).path.rstrip("/")
    parts = urlsplit(url)
    path = parts.path.removeprefix(base)
    return f"{path}?{parts.query}" if parts.query else path


def _meaning_of(error: Exception) -> Outcome:
    # A TLS failure is "not sent" only during the handshake, and the exception
    # does not say when it came: unknown is the safe reading.
    meanings = (meaning for kinds, meaning in _MEANINGS if isinstance(error, kinds))
    return next(meanings, Outcome.CUT)


def _read(status: int, raw: bytes) -> tuple[Outcome, dict[str, Any]]:
    if status in _TRY_LATER_STATUSES:
        return Outcome.TRY_LATER, {}
    content = _json_object(raw) if status in _CONTRACT_STATUSES else None
    return (Outcome.BROKEN, {}) if content is None else (Outcome.ANSWERED, content)


def _ended(
    started: float,
    outcome: Outcome,
    cause: str,
    status: int | None = None,
    body: dict[str, Any] | None = None,
    retry_after_s: int | None = None,
) -> PartnerAnswer:
    return PartnerAnswer(outcome, status, body or {}, retry_after_s, cause, _since_ms(started))


def _since_ms(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text)
        if "\\u" in text:
            # An escape can spell half a surrogate, which nobody downstream can write.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _whole_seconds(header: str | None) -> int | None:
    # RFC 9110 also allows a date; a partner that sends one gets our own pace.
    return int(header) if header and _WHOLE_SECONDS.fullmatch(header) else None
