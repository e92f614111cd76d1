"""``/control/autopay``: cards and bills, what is open, who rejects, and the switch's books.

=============================================  ================================================
``GET /control/autopay``                       categories with their opening days, billers,
                                               issuers, who rejects, the sample people
``DELETE /control/autopay``                    take back everything told below
``GET /control/autopay/people/{sub}``          anybody: what they hold, as ``PUT`` takes it,
                                               what the switch says of it, their orders
``PUT``, ``DELETE`` of the same                other cards and bills (``Holdings``)
``PUT /control/autopay/categories/{code}``     ``{"opens_on": "YYYYMMDD"}``; null never opens
``PUT``, ``DELETE``                            let a biller reject every order from now on
``/control/autopay/billers/{code}``            (``{"reason_code", "reason"}``, or ``{}``)
``GET /control/books/orders``                  ``sub``, ``after``, ``limit``
``GET /control/books/charges``                 ``sub``, ``since`` (``YYYYMMDD``)
=============================================  ================================================
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.partners.autopay.orders import card_at
from local.partners.autopay.population import Holdings
from local.partners.autopay.rulings import Opening
from local.partners.autopay.terms import Rejection
from local.partners.bodies import BadBodyError, json_answer, read_body, real_day
from local.partners.books import LIMIT, check, span
from local.partners.control import SUB_LIMIT
from local.partners.people import ci_of, key_of

if TYPE_CHECKING:
    from local.partners.autopay.endpoints import AutopayEndpoints
    from local.partners.autopay.orders import Orders
    from local.partners.autopay.population import Population
    from local.partners.autopay.rulings import Rulings
    from local.partners.autopay.terms import Terms
    from local.partners.autopay.timetable import Timetable
    from local.partners.clock import Clock

# How far back charges are listed if nothing is said: three of every bill.
_USUALLY_SINCE = timedelta(days=92)
_FURTHEST_SINCE = timedelta(days=3660)


class AutopayControl:
    """What a person or a test may do to the switch, and see of it."""

    def __init__(
        self,
        terms: Terms,
        timetable: Timetable,
        population: Population,
        rulings: Rulings,
        orders: Orders,
        endpoints: AutopayEndpoints,
        clock: Clock,
    ) -> None:
        self._terms = terms
        self._timetable = timetable
        self._population = population
        self._rulings = rulings
        self._orders = orders
        self._endpoints = endpoints
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        base = "/control/autopay"
        person, biller = f"{base}/people/{{sub}}", f"{base}/billers/{{code}}"
        return [
            web.get(base, self.describe, allow_head=False),
            web.delete(base, self.forget),
            web.get(person, self.read_person, allow_head=False),
            web.put(person, self.tell_person),
            web.delete(person, self.restore_person),
            web.put(f"{base}/categories/{{code}}", self.open_category),
            web.put(biller, self.reject),
            web.delete(biller, self.accept),
            web.get("/control/books/orders", self.book, allow_head=False),
            web.get("/control/books/charges", self.charges, allow_head=False),
        ]

    async def describe(self, _: web.Request) -> web.Response:
        """Say what there is and what holds now."""
        return json_answer(
            {
                **self._rulings.public(),
                **self._terms.model_dump(mode="json", exclude={"categories"}),
                "people": self._population.samples(),
            }
        )

    async def forget(self, _: web.Request) -> web.Response:
        """Take back everything told; what is on the books stays."""
        await self._settle()
        await self._rulings.forget()
        await self._population.forget()
        return web.Response(status=204)

    async def read_person(self, request: web.Request) -> web.Response:
        """Show what somebody holds, what the switch says of it, and their orders."""
        person_key = _key(request.match_info["sub"])
        held = self._population.of(person_key)
        lines = await self._orders.book(person_key, 0, LIMIT, self._clock.stamp())
        return json_answer(
            {
                "holdings": held.model_dump(include={"cards", "bills"}),
                "autopays": await self._endpoints.listed(person_key, held),
                "orders": [line.public() for line in lines],
            }
        )

    async def tell_person(self, request: web.Request) -> web.Response:
        """Let somebody have other cards and bills, in place of any told before."""
        holdings = await read_body(request, Holdings)
        try:
            await self._population.tell(_key(request.match_info["sub"]), holdings)
        except ValueError as error:
            raise BadBodyError(str(error)) from None
        return await self.read_person(request)

    async def restore_person(self, request: web.Request) -> web.Response:
        """Let somebody have what they had."""
        await self._population.restore(_key(request.match_info["sub"]))
        return web.Response(status=204)

    async def open_category(self, request: web.Request) -> web.Response:
        """Open a category on another day, or never."""
        code = request.match_info["code"]
        if self._terms.category(code) is None:
            raise web.HTTPNotFound(reason="no such category")
        await self._rulings.open_on(code, await read_body(request, Opening))
        return json_answer(self._rulings.public())

    async def reject(self, request: web.Request) -> web.Response:
        """Let a biller reject every order whose result comes from now on."""
        rejection = await read_body(request, Rejection)
        code = self._biller(request)
        await self._settle()
        await self._rulings.reject(code, rejection)
        return json_answer(rejection.model_dump())

    async def accept(self, request: web.Request) -> web.Response:
        """Let a biller be as usual."""
        code = self._biller(request)
        await self._settle()
        await self._rulings.accept(code)
        return web.Response(status=204)

    async def book(self, request: web.Request) -> web.Response:
        """List orders, oldest first; ``sub``, ``after`` (seq), ``limit``."""
        check(request.query, {"sub", "after", "limit"})
        sub = request.query.get("sub")
        after, limit = span(request.query)
        found = await self._orders.book(
            None if sub is None else _key(sub), after, limit, self._clock.stamp()
        )
        return json_answer({"orders": [line.public() for line in found]})

    async def charges(self, request: web.Request) -> web.Response:
        """List what was charged to which card until now, oldest first; ``sub``, ``since``."""
        check(request.query, {"sub", "since"})
        sub = request.query.get("sub")
        if not sub:
            raise BadBodyError("sub: whose charges?")
        now, person_key = self._clock.now(), _key(sub)
        since = _since(request.query.get("since"), now)
        completed = await self._orders.completed(person_key, self._clock.stamp())
        charged: list[dict[str, Any]] = [
            {
                "charged_at": stamp,
                "autopay_id": bill.autopay_id,
                "biller_code": bill.biller_code,
                "card_ref": card_ref,
            }
            for bill in self._population.of(person_key).bills
            for stamp in self._timetable.charges(bill.charge_day, since, now)
            if (card_ref := card_at(bill, completed, stamp)) is not None
        ]
        return json_answer({"charges": sorted(charged, key=lambda one: str(one["charged_at"]))})

    async def _settle(self) -> None:
        await self._orders.settle(self._clock.stamp())

    def _biller(self, request: web.Request) -> str:
        code = request.match_info["code"]
        if not self._terms.has_biller(code):
            raise web.HTTPNotFound(reason="no such biller")
        return code


def _key(sub: str) -> str:
    if len(sub) > SUB_LIMIT:
        raise BadBodyError(f"sub: longer than {SUB_LIMIT} characters")
    return key_of(ci_of(sub))


def _since(text: str | None, now: datetime) -> date:
    if text is None:
        return now.date() - _USUALLY_SINCE
    try:
        day = datetime.strptime(real_day(text), "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise BadBodyError("since: must be YYYYMMDD") from None
    if day < now.date() - _FURTHEST_SINCE:
        raise BadBodyError(f"since: more than {_FURTHEST_SINCE.days} days ago")
    return day
