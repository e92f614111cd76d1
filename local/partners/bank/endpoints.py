"""``{partners}/openbanking/…`` (partner contracts, section 2)."""

from __future__ import annotations

from copy import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from local.partners.bank.accounts import refusal_of_birthdate, refusal_of_name
from local.partners.bank.codes import (
    BAD_BODY,
    BAD_CREDENTIAL,
    BAD_TOKEN,
    BANK_MESSAGES,
    DONE,
    NOT_FOUND,
    REPEATED,
    TROUBLE,
)
from local.partners.bank.deposits import DEPOSIT, DepositOrder, Wanted
from local.partners.bank.messages import (
    ORGANISATION,
    DepositBody,
    RealNameBody,
    ResultBody,
    SettlementQuery,
    answer,
    deposit_parts,
    real_name_parts,
    refuse,
    result_parts,
    settlement_parts,
)
from local.partners.bodies import BadBodyError, Strict, explain, json_answer, read_body
from local.partners.differences import Line
from local.partners.gate import Partner
from local.partners.people import ci_of, key_of
from local.partners.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from local.partners.bank.accounts import Account, Accounts
    from local.partners.bank.deposits import Deposits
    from local.partners.bank.tokens import BankTokens
    from local.partners.calls import Call
    from local.partners.clock import Clock
    from local.partners.differences import Differences
    from local.partners.gate import Effect, Gate
    from local.partners.late import LateEffects

    # Writes the bank's part of an answer to one request, given its code and words.
    type Wording = Callable[[str, str], dict[str, Any]]

TARGET = "bank"
OPERATIONS = frozenset({"token", "real_name", DEPOSIT, "result", "settlement"})

CLIENT_ID = "modupoint"
CLIENT_SECRET = "local-bank-secret"  # noqa: S105 - the contract's local credential
SCOPE = "oob"

PAGE_LIMIT = 100

_QUERY = TypeAdapter(SettlementQuery)


class _Asked:
    """One request, as far as it is understood: a refusal repeats what was asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.wording: Wording | None = None

    def dialect(self, refusal: Refusal) -> web.Response:
        """Write a refusal of this request."""
        parts: dict[str, Any] = {}
        if self.wording is not None and refusal.inner_code is not None:
            words = refusal.inner_message or BANK_MESSAGES.get(refusal.inner_code, "")
            parts = self.wording(refusal.inner_code, words)
        return refuse(self._clock.now(), refusal, parts)


class BankEndpoints:
    """The bank's API."""

    def __init__(
        self,
        accounts: Accounts,
        tokens: BankTokens,
        deposits: Deposits,
        differences: Differences,
        clock: Clock,
        gate: Gate,
        late: LateEffects,
        latency_ms: float,
    ) -> None:
        self._accounts = accounts
        self._tokens = tokens
        self._deposits = deposits
        self._differences = differences
        self._clock = clock
        self._gate = gate
        self._late = late
        self._partner = gate.register(
            Partner(TARGET, OPERATIONS, _Asked(clock).dialect, latency_ms, TROUBLE, DONE)
        )
        late.register(DEPOSIT, self._deposit)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        base = "/openbanking"
        return [
            web.post(f"{base}/oauth/2.0/token", self.token),
            web.post(f"{base}/v2.0/inquiry/real_name", self.real_name),
            web.post(f"{base}/v2.0/transfer/deposit/acnt_num", self.deposit),
            web.post(f"{base}/v2.0/transfer/result", self.result),
            web.get(f"{base}/v2.0/settlement/deposits", self.settlement, allow_head=False),
        ]

    async def token(self, request: web.Request) -> web.Response:
        """Give a token; 401 ``O0001`` for a wrong credential, 400 for another scope."""
        return await self._serve(request, "token", self._admit_token)

    async def real_name(self, request: web.Request) -> web.Response:
        """Name the holder of an account, if the birth date is theirs."""
        return await self._serve(request, "real_name", self._admit_real_name)

    async def deposit(self, request: web.Request) -> web.Response:
        """Pay into an account, once for an id and day."""
        return await self._serve(request, DEPOSIT, self._admit_deposit)

    async def result(self, request: web.Request) -> web.Response:
        """Say what became of a deposit.

        Another amount than the deposit's is answered 701, for there is no such
        deposit.
        """
        return await self._serve(request, "result", self._admit_result)

    async def settlement(self, request: web.Request) -> web.Response:
        """List the deposits of a day, a hundred at a time, with their final codes."""
        return await self._serve(request, "settlement", self._admit_settlement)

    async def _serve(
        self,
        request: web.Request,
        operation: str,
        admit: Callable[[_Asked, web.Request, Call], Awaitable[Effect]],
    ) -> web.Response:
        asked = _Asked(self._clock)
        partner = replace(self._partner, dialect=asked.dialect)
        return await self._gate.serve(request, partner, operation, partial(admit, asked))

    async def _admit_token(self, _: _Asked, request: web.Request, __: Call) -> Effect:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise Refusal(401, BAD_CREDENTIAL, "client_id or client_secret is wrong")
        if (form.get("scope"), form.get("grant_type")) != (SCOPE, "client_credentials"):
            raise Refusal(400, BAD_CREDENTIAL, "scope or grant_type is wrong")

        async def effect() -> web.Response:
            return json_answer(
                {
                    "access_token": await self._tokens.give(),
                    "token_type": "Bearer",
                    "expires_in": self._tokens.ttl_s,
                    "scope": SCOPE,
                    "client_use_code": ORGANISATION,
                }
            )

        return effect

    async def _admit_real_name(self, asked: _Asked, request: web.Request, call: Call) -> Effect:
        body = await self._read(request, RealNameBody)
        day = self._today()
        asked.wording = partial(real_name_parts, body, day)
        _note(call, body.bank_tran_id, self._accounts.find(body.bank_code_std, body.account_num))

        async def effect() -> web.Response:
            account = self._accounts.find(body.bank_code_std, body.account_num)
            code = refusal_of_birthdate(account, body.account_holder_info)
            if not await self._deposits.use_id(body.bank_tran_id, day):
                code = REPEATED
            call.code = code
            holder = account.holder.name if account else ""
            parts = real_name_parts(body, day, code, BANK_MESSAGES[code], holder)
            return answer(self._clock.now(), parts)

        return effect

    async def _admit_deposit(self, asked: _Asked, request: web.Request, call: Call) -> Effect:
        body = await self._read(request, DepositBody)
        [line] = body.req_list
        order = DepositOrder(
            bank_tran_id=line.bank_tran_id,
            bank_tran_date=self._today(),
            bank_code_std=line.bank_code_std,
            account_num=line.account_num,
            account_holder_name=line.account_holder_name,
            tran_amt=int(line.tran_amt),
            print_content=line.print_content,
            req_client_num=line.req_client_num,
            api_tran_id=str(uuid4()),
        )
        asked.wording = partial(deposit_parts, order)
        account = self._accounts.find(line.bank_code_std, line.account_num)
        _note(call, line.bank_tran_id, account)
        return self._late.effect(DEPOSIT, order.key, order.model_dump_json())

    async def _deposit(self, text: str) -> web.Response:
        order = DepositOrder.model_validate_json(text)
        account = self._accounts.find(order.bank_code_std, order.account_num)
        code = await self._deposits.take(
            order, refusal_of_name(account, order.account_holder_name), self._clock.stamp(), text
        )
        return answer(self._clock.now(), deposit_parts(order, code, BANK_MESSAGES[code]))

    async def _admit_result(self, asked: _Asked, request: web.Request, call: Call) -> Effect:
        body = await self._read(request, ResultBody)
        [line] = body.req_list
        asked.wording = partial(result_parts, line, None)
        _note(call, line.org_bank_tran_id, None)

        async def effect() -> web.Response:
            found, code = await self._deposits.result(
                line.org_bank_tran_id, line.org_bank_tran_date
            )
            if found is not None:
                account = self._accounts.find(found.bank_code_std, found.account_num)
                _note(call, line.org_bank_tran_id, account)
                if found.tran_amt != int(line.org_tran_amt):
                    found, code = None, NOT_FOUND
            call.code = code
            parts = result_parts(line, found, code, BANK_MESSAGES[code])
            return answer(self._clock.now(), parts)

        return effect

    async def _admit_settlement(self, _: _Asked, request: web.Request, __: Call) -> Effect:
        self._authorize(request)
        try:
            query = _QUERY.validate_python(dict(request.query))
        except ValidationError as error:
            raise Refusal(400, BAD_BODY, explain(error)) from None

        async def effect() -> web.Response:
            return await self._page(query)

        return effect

    async def _page(self, query: SettlementQuery) -> web.Response:
        wanted = Wanted(bank_tran_date=query.bank_tran_date, after=int(query.cursor or 0))
        # One more than a page holds tells whether there is another.
        found = await self._deposits.select(wanted, PAGE_LIMIT + 1)
        page, more = found[:PAGE_LIMIT], len(found) > PAGE_LIMIT
        lines = self._differences.bend(
            TARGET,
            [
                Line(line.bank_tran_id, line.bank_tran_date, line.tran_amt, line.bank_rsp_code)
                for line in page
            ],
            query.bank_tran_date,
            last=not more,
        )
        return answer(
            self._clock.now(),
            {
                "items": [settlement_parts(line) for line in lines],
                "next_cursor": str(page[-1].seq) if more else None,
            },
        )

    async def _read[M: Strict](self, request: web.Request, model: type[M]) -> M:
        self._authorize(request)
        try:
            return await read_body(request, model)
        except BadBodyError as error:
            raise Refusal(400, BAD_BODY, str(error)) from None

    def _authorize(self, request: web.Request) -> None:
        if not self._tokens.are_good(request.headers.get("Authorization", "")):
            raise Refusal(401, BAD_TOKEN, "access token is unknown or expired")

    def _today(self) -> str:
        return self._clock.stamp()[:8]


def _note(call: Call, bank_tran_id: str, account: Account | None) -> None:
    """Note in the record what a request is about; the bank knows only some people's sub."""
    call.api_tran_id = bank_tran_id
    if account is not None and account.holder.sub is not None:
        call.sub = account.holder.sub
        call.person_key = key_of(ci_of(account.holder.sub))
