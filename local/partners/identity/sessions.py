"""Who is signed in at this provider, in which browser."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from local.partners.identity.tokens import SignIn

if TYPE_CHECKING:
    from aiohttp import web

    from local.partners.documents import Documents

SESSION_TTL_S = 12 * 3600

_SIGN_IN = TypeAdapter(SignIn)


class Sessions:
    """Sign-ins by cookie.

    Parameters
    ----------
    documents
        Where they are kept.
    issuer
        The provider's URL. Cookies know no ports, so two stacks on one machine
        need cookies of different names.
    """

    def __init__(self, documents: Documents, issuer: str) -> None:
        self._documents = documents
        self._secure = issuer.startswith("https:")
        self.cookie = "partners_" + hashlib.sha256(issuer.encode()).hexdigest()[:8]

    async def current(self, request: web.Request) -> SignIn | None:
        """Return who is signed in, if anybody is."""
        session = request.cookies.get(self.cookie)
        body = await self._documents.get(session) if session else None
        return None if body is None else _SIGN_IN.validate_json(body)

    async def begin(self, request: web.Request, response: web.Response, sign_in: SignIn) -> None:
        """Remember a sign-in, in place of the browser's earlier one."""
        await self._forget(request)
        session = secrets.token_urlsafe(32)
        await self._documents.put(session, _SIGN_IN.dump_json(sign_in).decode(), SESSION_TTL_S)
        response.set_cookie(
            self.cookie,
            session,
            max_age=SESSION_TTL_S,
            path="/identity",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    async def end(self, request: web.Request, response: web.Response) -> None:
        """Sign out."""
        await self._forget(request)
        response.del_cookie(self.cookie, path="/identity")

    async def _forget(self, request: web.Request) -> None:
        if session := request.cookies.get(self.cookie):
            await self._documents.delete(session)
