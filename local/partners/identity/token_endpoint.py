"""Where a code becomes tokens (RFC 6749 section 4.1.3, RFC 7636)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from local.partners.bodies import json_answer
from local.partners.identity.endpoints import ANY_ORIGIN, NOT_KEPT, preflight
from local.partners.identity.tokens import ACCESS_TOKEN_TTL_S, CLIENT_ID, SignIn
from local.partners.people import key_of
from local.partners.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.calls import Call
    from local.partners.gate import Effect, Gate, Partner
    from local.partners.identity.codes import Codes, Grant
    from local.partners.identity.tokens import Tokens
    from local.partners.people import People

FORM = "application/x-www-form-urlencoded"
NEEDED = ("code", "redirect_uri", "code_verifier")


class TokenEndpoint:
    """``POST {partners}/identity/token``."""

    def __init__(
        self, tokens: Tokens, people: People, gate: Gate, partner: Partner, codes: Codes
    ) -> None:
        self._tokens = tokens
        self._people = people
        self._gate = gate
        self._partner = partner
        self._codes = codes

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [
            web.post("/identity/token", self.exchange),
            web.options("/identity/token", preflight),
        ]

    async def exchange(self, request: web.Request) -> web.Response:
        """Give an access token, and an ID token if ``openid`` was asked for."""
        return await self._gate.serve(request, self._partner, "token", self._admit)

    async def _admit(self, request: web.Request, call: Call) -> Effect:
        if request.content_type != FORM:
            raise Refusal(400, "invalid_request", f"the body must be {FORM}")
        form = {name: str(value) for name, value in (await request.post()).items()}
        _check(form)

        # A code is only used up by a request that was not lost on its way.
        async def effect() -> web.Response:
            grant = await self._codes.redeem(
                form["code"], form["redirect_uri"], form["code_verifier"]
            )
            call.sub = grant.sub
            call.person_key = key_of(self._people.person(grant.sub).ci)
            return self._tokens_for(grant)

        return effect

    def _tokens_for(self, grant: Grant) -> web.Response:
        sign_in = SignIn(grant.sub, grant.auth_time, grant.acr)
        access_token = self._tokens.access_token(sign_in, grant.scope)
        body = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_TOKEN_TTL_S,
            "scope": grant.scope,
        }
        scopes = grant.scope.split()
        if "openid" in scopes:
            name = self._people.person(grant.sub).name if "profile" in scopes else None
            body["id_token"] = self._tokens.id_token(sign_in, access_token, grant.nonce, name)
        return json_answer(body, headers={**ANY_ORIGIN, **NOT_KEPT})


def _check(form: Mapping[str, str]) -> None:
    if form.get("client_id") != CLIENT_ID:
        raise Refusal(401, "invalid_client", "client_id is not known")
    if form.get("grant_type") != "authorization_code":
        raise Refusal(400, "unsupported_grant_type", "grant_type must be authorization_code")
    if missing := [name for name in NEEDED if not form.get(name)]:
        raise Refusal(400, "invalid_request", f"missing: {', '.join(missing)}")
