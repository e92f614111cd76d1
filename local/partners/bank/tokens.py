"""The bearer tokens of the bank's API; real time, whatever the partners' clock says."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.partners.documents import Documents

# Ninety days, as the real one gives.
USUAL_TTL_S = 7_776_000

_TTL = "ttl_s"


class BankTokens:
    """The tokens that have been given out."""

    def __init__(
        self, given: Documents, settings: Documents, real: Callable[[], float] = time.time
    ) -> None:
        self._given = given
        self._settings = settings
        self._real = real
        self._expires_at = {token: float(body) for token, body in given.load().items()}
        self.ttl_s = int(settings.load().get(_TTL, USUAL_TTL_S))

    async def give(self) -> str:
        """Give out a token for ``ttl_s`` seconds."""
        token = secrets.token_urlsafe(48)
        expires_at = self._real() + self.ttl_s
        self._expires_at[token] = expires_at
        await self._given.put(token, json.dumps(expires_at), self.ttl_s)
        return token

    def are_good(self, authorization: str) -> bool:
        """Say whether a request's ``Authorization`` holds a living token."""
        scheme, _, token = authorization.partition(" ")
        expires_at = self._expires_at.get(token)
        return scheme.lower() == "bearer" and expires_at is not None and self._real() < expires_at

    async def live_for(self, ttl_s: int) -> None:
        """Let tokens given out from now on live so long."""
        self.ttl_s = ttl_s
        await self._settings.put(_TTL, str(ttl_s))

    async def expire(self) -> None:
        """Let every token be over, and new ones live as long as usual."""
        self.ttl_s = USUAL_TTL_S
        self._expires_at.clear()
        await self._settings.delete(_TTL)
        await self._given.clear()
