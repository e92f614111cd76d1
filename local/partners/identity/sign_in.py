"""Signing in with a browser: the authorization endpoint and the phone check behind it."""

from __future__ import annotations

import hmac
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from aiohttp import web
from multidict import MultiDict
from pydantic import BaseModel, ConfigDict

from local.partners.identity.authorization import (
    AuthorizationError,
    AuthorizationRequest,
    UntrustedClientError,
    answer_uri,
    understand,
)
from local.partners.identity.codes import Grant
from local.partners.identity.pages import code_page, message_page, redirect, sign_in_page
from local.partners.identity.phone_check import FLAWS, Answers, Flaw, flaws, read_answers
from local.partners.identity.tokens import SignIn
from local.partners.people import Person, key_of

if TYPE_CHECKING:
    from local.partners.calls import Call
    from local.partners.documents import Documents
    from local.partners.gate import Effect, Gate, Partner
    from local.partners.identity.codes import Codes
    from local.partners.identity.sessions import Sessions
    from local.partners.people import People

FLOW_TTL_S = 600
WRONG_CODES_LIMIT = 5

_NOBODY = Answers("", "", "", "")
_WRONG_CODE = Flaw("인증번호가 맞지 않습니다.", "That is not the code.")


class _Flow(BaseModel):
    """A sign-in under way: what the client asked, and how far the phone check has got."""

    model_config = ConfigDict(frozen=True)

    request: AuthorizationRequest
    claimed: Person | None = None
    code: str = ""
    wrong_codes: int = 0


class SignInEndpoints:
    """``authorize`` and the pages it leads to.

    Parameters
    ----------
    issuer
        ``{partners}/identity``.
    people
        Who can sign in.
    gate, partner
        Where faults of the authorization endpoint come from.
    flows
        Sign-ins under way.
    sessions, codes
        What a sign-in leaves behind.
    """

    def __init__(
        self,
        issuer: str,
        people: People,
        gate: Gate,
        partner: Partner,
        flows: Documents,
        sessions: Sessions,
        codes: Codes,
    ) -> None:
        self._issuer = issuer
        self._own_host = urlsplit(issuer).hostname
        self._people = people
        self._gate = gate
        self._partner = partner
        self._flows = flows
        self._sessions = sessions
        self._codes = codes

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [
            web.get("/identity/authorize", self.authorize),
            web.post("/identity/authorize", self.authorize),
            web.post("/identity/sign-in", self.identify),
            web.get("/identity/sign-in/code", self.ask_code),
            web.post("/identity/sign-in/code", self.check_code),
        ]

    async def authorize(self, request: web.Request) -> web.Response:
        """Sign somebody in, or send them straight back if they are signed in recently enough."""
        return await self._gate.serve(request, self._partner, "authorize", self._admit_authorize)

    async def _admit_authorize(self, request: web.Request, call: Call) -> Effect:
        async def effect() -> web.Response:
            try:
                return await self._authorize(request, call)
            except UntrustedClientError as error:
                return message_page("잘못된 요청입니다", "This request is not valid", str(error))
            except AuthorizationError as error:
                return self._refuse(error.redirect_uri, error.state, error.error, str(error))

        return effect

    async def _authorize(self, request: web.Request, call: Call) -> web.Response:
        asked = understand(await _parameters(request), self._own_host)
        signed_in = await self._sessions.current(request)
        if signed_in is not None and _recent_enough(asked, signed_in):
            call.sub = signed_in.sub
            call.person_key = key_of(self._people.person(signed_in.sub).ci)
            return await self._send_back(asked, signed_in)
        if "none" in asked.prompt:
            return self._refuse(
                asked.redirect_uri, asked.state, "login_required", "nobody is signed in"
            )
        flow = secrets.token_urlsafe(24)
        await self._flows.put(flow, _Flow(request=asked).model_dump_json(), FLOW_TTL_S)
        # Whoever has to prove again who they are need not type it all again.
        before = self._people.person(signed_in.sub) if signed_in else None
        known = Answers("", before.name, before.birthdate, before.phone) if before else _NOBODY
        return sign_in_page(flow, known, {}, self._people.samples.values())

    async def identify(self, request: web.Request) -> web.Response:
        """Take the phone check's form, or the choice of a sample person."""
        form = await request.post()
        key = str(form.get("flow", ""))
        flow = await self._flow(key)
        if flow is None:
            return _stale()
        if "cancel" in form:
            await self._flows.delete(key)
            asked = flow.request
            return self._refuse(asked.redirect_uri, asked.state, "access_denied", "cancelled")
        if sample := self._people.samples.get(str(form.get("person", ""))):
            return await self._complete(request, key, flow, sample)
        answers = read_answers(form)
        wrong = flaws(answers)
        claimed = None
        if not wrong:
            claimed = self._people.by_phone(answers.name, answers.birthdate, answers.phone)
        if claimed is None:
            shown = wrong or {"match": FLAWS["match"]}
            return sign_in_page(key, answers, shown, self._people.samples.values())
        person = Person(**claimed.model_dump(include=set(Person.model_fields)))
        code = f"{secrets.randbelow(10**6):06d}"
        waiting = flow.model_copy(update={"claimed": person, "code": code, "wrong_codes": 0})
        await self._flows.put(key, waiting.model_dump_json(), FLOW_TTL_S)
        return redirect(f"/identity/sign-in/code?flow={quote(key)}")

    async def ask_code(self, request: web.Request) -> web.Response:
        """Show the simulated message and ask for the code in it."""
        key = request.query.get("flow", "")
        flow = await self._flow(key)
        if flow is None or flow.claimed is None:
            return _stale()
        return code_page(key, flow.claimed.phone, flow.code, None)

    async def check_code(self, request: web.Request) -> web.Response:
        """Compare the code; a handful of wrong ones ends the sign-in."""
        form = await request.post()
        key = str(form.get("flow", ""))
        flow = await self._flow(key)
        if flow is None or flow.claimed is None:
            return _stale()
        if hmac.compare_digest(str(form.get("code", "")).strip().encode(), flow.code.encode()):
            await self._people.register(flow.claimed)
            return await self._complete(request, key, flow, flow.claimed)
        wrong_codes = flow.wrong_codes + 1
        if wrong_codes >= WRONG_CODES_LIMIT:
            await self._flows.delete(key)
            return _stale()
        counted = flow.model_copy(update={"wrong_codes": wrong_codes})
        await self._flows.put(key, counted.model_dump_json(), FLOW_TTL_S)
        return code_page(key, flow.claimed.phone, flow.code, _WRONG_CODE)

    async def _flow(self, key: str) -> _Flow | None:
        body = await self._flows.get(key)
        return None if body is None else _Flow.model_validate_json(body)

    async def _complete(
        self, request: web.Request, key: str, flow: _Flow, person: Person
    ) -> web.Response:
        # Two clicks on one button must not become two codes.
        if await self._flows.take(key) is None:
            return _stale()
        sign_in = SignIn(person.sub, int(time.time()))
        response = await self._send_back(flow.request, sign_in)
        await self._sessions.begin(request, response, sign_in)
        return response

    async def _send_back(self, asked: AuthorizationRequest, sign_in: SignIn) -> web.Response:
        grant = Grant(
            sub=sign_in.sub,
            auth_time=sign_in.auth_time,
            acr=sign_in.acr,
            scope=asked.scope,
            nonce=asked.nonce,
            redirect_uri=asked.redirect_uri,
            code_challenge=asked.code_challenge,
        )
        code = await self._codes.issue(grant)
        return redirect(answer_uri(asked.redirect_uri, self._issuer, code=code, state=asked.state))

    def _refuse(self, redirect_uri: str, state: str | None, error: str, text: str) -> web.Response:
        return redirect(
            answer_uri(redirect_uri, self._issuer, error=error, error_description=text, state=state)
        )


def _recent_enough(asked: AuthorizationRequest, signed_in: SignIn) -> bool:
    if asked.prompt & {"login", "select_account"}:
        return False
    return asked.max_age is None or time.time() - signed_in.auth_time < asked.max_age


def _stale() -> web.Response:
    return message_page(
        "시간이 지났습니다. 앱에서 다시 로그인해 주세요.",
        "This sign-in has ended. Please start again from the app.",
    )


async def _parameters(request: web.Request) -> MultiDict[str]:
    """Return what was asked, by link or by form (OpenID Connect Core, section 3.1.2.1)."""
    given = await request.post() if request.method == "POST" else request.query
    return MultiDict((name, str(value)) for name, value in given.items())
