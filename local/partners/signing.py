"""How an issuer knows that a request is ours and new (partner contracts, section 1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from local.partners.refusal import Refusal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from aiohttp import web

    from local.partners.calls import Call
    from local.partners.store import Store

# The local credential; in production each issuer has its own.
CLIENT_ID = "modupoint"
KEY = b"local-issuer-key"

SKEW_LIMIT_S = 300

_TRAN_ID = re.compile(r"[A-Za-z0-9]{25}")

SCHEMA = """
CREATE TABLE IF NOT EXISTS api_tran_ids (
    partner TEXT NOT NULL,
    api_tran_id TEXT NOT NULL,
    received_at REAL NOT NULL,
    PRIMARY KEY (partner, api_tran_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS api_tran_ids_by_age ON api_tran_ids (received_at);
"""


@dataclass(frozen=True)
class SignedRequest:
    """What the signature covers; ``path`` is path and query after the issuer's base URL."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def sign(request: SignedRequest, key: bytes = KEY) -> str:
    """Return the ``x-signature`` this request must carry."""
    parts = (
        request.method,
        request.path,
        request.headers.get("x-timestamp", ""),
        request.headers.get("x-api-tran-id", ""),
        hashlib.sha256(request.body).hexdigest(),
    )
    digest = hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def check_signature(request: SignedRequest, real_now: float) -> None:
    """Refuse what was not signed with our key within five minutes of real time.

    Raises
    ------
    Refusal
        401 ``40101``.
    """
    given = request.headers.get("x-signature", "")
    if request.headers.get("x-client-id") != CLIENT_ID:
        raise Refusal(401, "40101", "x-client-id is not known")
    if not hmac.compare_digest(sign(request).encode(), given.encode()):
        raise Refusal(401, "40101", "x-signature is wrong")
    try:
        sent_at = datetime.fromisoformat(request.headers.get("x-timestamp", ""))
    except ValueError:
        raise Refusal(401, "40101", "x-timestamp is not RFC 3339") from None
    if sent_at.tzinfo is None:
        raise Refusal(401, "40101", "x-timestamp has no offset")
    if abs(sent_at.timestamp() - real_now) > SKEW_LIMIT_S:
        raise Refusal(401, "40101", "x-timestamp is more than 5 minutes off")


async def authenticate(request: web.Request, call: Call, tran_ids: TranIds) -> None:
    """Check who sends a request to an issuer and that it was not sent before.

    Raises
    ------
    Refusal
        401 ``40101`` (signature), 400 ``40001`` or ``40002`` (``x-api-tran-id``).
    """
    tran_id = request.headers.get("x-api-tran-id", "")
    call.api_tran_id = tran_id[:64]
    path = request.raw_path.removeprefix(f"/{call.partner}")
    signed = SignedRequest(request.method, path, request.headers, await request.read())
    check_signature(signed, time.time())
    tran_ids.admit(call.partner, tran_id)


class TranIds:
    """The ``x-api-tran-id`` values each partner has seen: every request needs a new one.

    They are remembered for twice the allowed skew, past which a repeated request
    is refused for its timestamp anyway.
    """

    def __init__(self, store: Store, real: Callable[[], float] = time.time) -> None:
        self._store = store
        self._real = real
        horizon = real() - 2 * SKEW_LIMIT_S

        def work(connection: sqlite3.Connection) -> list[tuple[str, str, float]]:
            connection.execute("DELETE FROM api_tran_ids WHERE received_at < ?", (horizon,))
            return connection.execute(
                "SELECT partner, api_tran_id, received_at FROM api_tran_ids ORDER BY received_at"
            ).fetchall()

        # A dict keeps the order of arrival, so the oldest are always first.
        self._seen = {(partner, key): at for partner, key, at in store.submit(work).result()}

    def admit(self, partner: str, tran_id: str) -> None:
        """Take note of a request's id.

        Raises
        ------
        Refusal
            400 ``40001`` if it is not 25 letters or digits, 400 ``40002`` if it
            was used before. Neither code is in the contract: it only says that
            the id is new for every HTTP request.
        """
        if not _TRAN_ID.fullmatch(tran_id):
            raise Refusal(400, "40001", "x-api-tran-id must be 25 letters or digits")
        now = self._real()
        self._forget(now - 2 * SKEW_LIMIT_S)
        if (partner, tran_id) in self._seen:
            raise Refusal(400, "40002", "x-api-tran-id was used before")
        self._seen[partner, tran_id] = now
        self._store.post("INSERT INTO api_tran_ids VALUES (?, ?, ?)", (partner, tran_id, now))

    def _forget(self, horizon: float) -> None:
        forgotten = False
        while self._seen:
            oldest = next(iter(self._seen))
            if self._seen[oldest] >= horizon:
                break
            del self._seen[oldest]
            forgotten = True
        if forgotten:
            self._store.post("DELETE FROM api_tran_ids WHERE received_at < ?", (horizon,))
