"""``/control/bank``: accounts, tokens, and the bank's book of deposits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from aiohttp import web
from pydantic import Field

from local.partners.bank.accounts import NOBODYS, SPECIAL, Change
from local.partners.bank.deposits import Wanted
from local.partners.bodies import BadBodyError, Strict, json_answer, read_body
from local.partners.books import LIMIT, check, span

if TYPE_CHECKING:
    from local.partners.bank.accounts import Account, Accounts
    from local.partners.bank.deposits import Deposits
    from local.partners.bank.tokens import BankTokens


class _Lifetime(Strict):
    """The body of ``PUT /control/bank/tokens``."""

    expires_in: Annotated[int, Field(ge=0, le=7_776_000)]


class BankControl:
    """What a person or a test may do to the bank, and see of it."""

    def __init__(self, accounts: Accounts, tokens: BankTokens, deposits: Deposits) -> None:
        self._accounts = accounts
        self._tokens = tokens
        self._deposits = deposits

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        one = "/control/bank/accounts/{bank}/{number}"
        return [
            web.get("/control/bank/accounts", self.of_person, allow_head=False),
            web.get(one, self.read, allow_head=False),
            web.put(one, self.change),
            web.delete(one, self.restore),
            web.put("/control/bank/tokens", self.live_for),
            web.delete("/control/bank/tokens", self.expire),
            web.get("/control/books/deposits", self.book, allow_head=False),
        ]

    async def of_person(self, request: web.Request) -> web.Response:
        """List a person's accounts, and those at every bank that show a failure."""
        check(request.query, {"sub"})
        sub = request.query.get("sub", "")
        if not sub:
            raise BadBodyError("sub: whose accounts?")
        return json_answer(
            {
                "accounts": [account.public() for account in self._accounts.of(sub)],
                "special": {
                    "no_such_account": NOBODYS,
                    **{_SHOWS[number[-3:]]: number for number in SPECIAL},
                },
            }
        )

    async def read(self, request: web.Request) -> web.Response:
        """Show an account, what has come into it, and every deposit that was tried."""
        account = self._account(request)
        bank, number = account.bank_code_std, account.account_num
        lines = await self._deposits.select(Wanted(bank, (number,)), LIMIT)
        return json_answer(
            {
                **account.public(),
                "balance": await self._deposits.balance(bank, number),
                "deposits": [line.public() for line in lines],
            }
        )

    async def change(self, request: web.Request) -> web.Response:
        """Close, restrict, open or rename an account, in place of any earlier change."""
        await self._accounts.change(self._account(request), await read_body(request, Change))
        return await self.read(request)

    async def restore(self, request: web.Request) -> web.Response:
        """Make an account what it was."""
        await self._accounts.restore(self._account(request))
        return web.Response(status=204)

    async def live_for(self, request: web.Request) -> web.Response:
        """Let tokens given out from now on live so long."""
        body = await read_body(request, _Lifetime)
        await self._tokens.live_for(body.expires_in)
        return json_answer({"expires_in": body.expires_in})

    async def expire(self, _: web.Request) -> web.Response:
        """Let every token be over at once; new ones live as long as usual."""
        await self._tokens.expire()
        return web.Response(status=204)

    async def book(self, request: web.Request) -> web.Response:
        """List deposits; ``sub``, ``bank_code_std``, ``bank_tran_date``, ``after``, ``limit``."""
        check(request.query, {"sub", "bank_code_std", "bank_tran_date", "after", "limit"})
        sub = request.query.get("sub")
        after, limit = span(request.query)
        # The number says the bank too, so the numbers alone are enough.
        numbers = None if sub is None else [one.account_num for one in self._accounts.of(sub)]
        wanted = Wanted(
            bank_code_std=request.query.get("bank_code_std"),
            account_nums=numbers,
            bank_tran_date=request.query.get("bank_tran_date"),
            after=after,
        )
        found: list[dict[str, Any]] = [
            line.public() for line in await self._deposits.select(wanted, limit)
        ]
        return json_answer({"deposits": found})

    def _account(self, request: web.Request) -> Account:
        bank, number = request.match_info["bank"], request.match_info["number"]
        account = self._accounts.find(bank, number)
        if account is None:
            raise web.HTTPNotFound(reason="no such account")
        return account


_SHOWS = {"415": "closed", "416": "restricted", "815": "somebody_elses"}
