"""Discovery, keys, user information and test tokens: all a server needs of OpenID Connect."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Literal

from aiohttp import web
from pydantic import Field

from local.partners.bodies import Strict, json_answer, read_body
from local.partners.gate import Partner
from local.partners.identity.tokens import (
    CERTIFICATE,
    KNOWN_SCOPES,
    MOBILE,
    RESOURCE_SCOPES,
    InvalidTokenError,
    SignIn,
)
from local.partners.people import key_of
from local.partners.refusal import Refusal

if TYPE_CHECKING:
    from local.partners.calls import Call
    from local.partners.gate import Effect, Gate
    from local.partners.identity.keys import SigningKey
    from local.partners.identity.tokens import Tokens
    from local.partners.people import People

OPERATIONS = frozenset({"discovery", "jwks", "authorize", "token", "userinfo", "end_session"})

# The member's page is of another origin. It may read these three; user
# information it may not, for that holds the CI, which never reaches a browser.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    **ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}
NOT_KEPT = {"Cache-Control": "no-store"}

YEAR_S = 366 * 86_400


class TestTokenBody(Strict):
    """The body of ``POST /identity/test-token``; ``auth_time`` is epoch seconds."""

    sub: Annotated[str, Field(min_length=1, max_length=128)]
    scope: Annotated[str, Field(max_length=500)] = " ".join(RESOURCE_SCOPES)
    auth_time: Annotated[int, Field(ge=0)] | None = None
    expires_in: Annotated[int, Field(ge=-YEAR_S, le=YEAR_S)] = 3600
    acr: Literal["kr:mobile", "kr:certificate"] = "kr:mobile"


def dialect(refusal: Refusal) -> web.Response:
    """Write a refusal as OAuth does."""
    body = {"error": refusal.code, "error_description": refusal.message}
    return json_answer(body, refusal.status, {**ANY_ORIGIN, **NOT_KEPT, **refusal.headers})


def identity_partner() -> Partner:
    """Return the identity partner as the control interface knows it."""
    return Partner("identity", OPERATIONS, dialect)


class IdentityEndpoints:
    """``{partners}/identity/…``, but for signing in."""

    def __init__(
        self, tokens: Tokens, key: SigningKey, people: People, gate: Gate, partner: Partner
    ) -> None:
        self._tokens = tokens
        self._key = key
        self._people = people
        self._gate = gate
        self._partner = partner

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        discovery = "/identity/.well-known/openid-configuration"
        return [
            web.get(discovery, self.discover),
            web.options(discovery, preflight),
            web.get("/identity/jwks.json", self.keys),
            web.options("/identity/jwks.json", preflight),
            web.get("/identity/userinfo", self.userinfo),
            web.post("/identity/userinfo", self.userinfo),
            web.post("/identity/test-token", self.test_token),
        ]

    async def discover(self, request: web.Request) -> web.Response:
        """Describe this provider (OpenID Connect Discovery 1.0)."""
        issuer = self._tokens.issuer
        body = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/end-session",
            "jwks_uri": f"{issuer}/jwks.json",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": sorted(KNOWN_SCOPES),
            "acr_values_supported": [MOBILE, CERTIFICATE],
            "prompt_values_supported": ["none", "login"],
            "claims_supported": [
                *("iss", "aud", "sub", "iat", "exp", "auth_time", "acr", "nonce", "at_hash"),
                *("name", "birthdate", "ci"),
            ],
            "ui_locales_supported": ["ko", "en"],
            "authorization_response_iss_parameter_supported": True,
        }

        async def admit(_: web.Request, __: Call) -> Effect:
            async def effect() -> web.Response:
                return json_answer(body, headers=ANY_ORIGIN)

            return effect

        return await self._gate.serve(request, self._partner, "discovery", admit)

    async def keys(self, request: web.Request) -> web.Response:
        """Give the keys that tokens are checked with."""

        async def admit(_: web.Request, __: Call) -> Effect:
            async def effect() -> web.Response:
                return json_answer(self._key.jwks(), headers=ANY_ORIGIN)

            return effect

        return await self._gate.serve(request, self._partner, "jwks", admit)

    async def userinfo(self, request: web.Request) -> web.Response:
        """Tell a server who the person behind an access token is, CI included."""
        return await self._gate.serve(request, self._partner, "userinfo", self._admit_userinfo)

    async def _admit_userinfo(self, request: web.Request, call: Call) -> Effect:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "invalid_request", "no bearer token", {"WWW-Authenticate": "Bearer"})
        try:
            sub = self._tokens.sub_of(token.strip())
        except InvalidTokenError as error:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Refusal(401, "invalid_token", str(error), challenge) from None
        person = self._people.person(sub)
        call.sub, call.person_key = sub, key_of(person.ci)

        async def effect() -> web.Response:
            body = {
                "sub": person.sub,
                "ci": person.ci,
                "name": person.name,
                "birthdate": person.birthdate,
            }
            return json_answer(body, headers=NOT_KEPT)

        return effect

    async def test_token(self, request: web.Request) -> web.Response:
        """Give an access token to anybody, signed in as anybody: simulators only."""
        body = await read_body(request, TestTokenBody)
        auth_time = int(time.time()) if body.auth_time is None else body.auth_time
        sign_in = SignIn(body.sub, auth_time, body.acr)
        token = self._tokens.access_token(sign_in, body.scope, body.expires_in)
        return json_answer({"access_token": token}, headers=NOT_KEPT)


async def preflight(_: web.Request) -> web.Response:
    """Let the member's page, of another origin, ask."""
    return web.Response(status=204, headers=PREFLIGHT)
