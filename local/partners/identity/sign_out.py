"""Signing out (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from local.partners.identity.authorization import trusted, with_query
from local.partners.identity.pages import message_page, redirect

if TYPE_CHECKING:
    from local.partners.calls import Call
    from local.partners.gate import Effect, Gate, Partner
    from local.partners.identity.sessions import Sessions


class SignOutEndpoint:
    """``{partners}/identity/end-session``."""

    def __init__(self, issuer: str, gate: Gate, partner: Partner, sessions: Sessions) -> None:
        self._own_host = urlsplit(issuer).hostname
        self._gate = gate
        self._partner = partner
        self._sessions = sessions

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [
            web.get("/identity/end-session", self.end_session),
            web.post("/identity/end-session", self.end_session),
        ]

    async def end_session(self, request: web.Request) -> web.Response:
        """Sign the browser out, and send it back if it says where to."""
        return await self._gate.serve(request, self._partner, "end_session", self._admit)

    async def _admit(self, request: web.Request, _: Call) -> Effect:
        form = await request.post()
        given = {**request.query, **{name: str(value) for name, value in form.items()}}

        async def effect() -> web.Response:
            response = self._answer(given.get("post_logout_redirect_uri"), given.get("state"))
            await self._sessions.end(request, response)
            return response

        return effect

    def _answer(self, back: str | None, state: str | None) -> web.Response:
        if back is None:
            return message_page("로그아웃되었습니다", "You are signed out", status=200)
        if not trusted(back, self._own_host):
            return message_page(
                "로그아웃되었습니다",
                "You are signed out",
                "post_logout_redirect_uri is not on this machine",
            )
        return redirect(with_query(back, state=state))
