"""The issuers' redemptions, reversals and day lists (partner contracts, section 1)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Self

from aiohttp import web
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from local.partners.bodies import (
    BadBodyError,
    Cursor,
    Day,
    Stamp,
    Strict,
    explain,
    json_answer,
    read_body,
)
from local.partners.differences import Line
from local.partners.issuers import Ci, dialect
from local.partners.people import key_of
from local.partners.redemptions import (
    REFUSALS,
    Item,
    Moment,
    Order,
    Redemption,
    ReversalOrder,
)
from local.partners.refusal import Refusal
from local.partners.signing import authenticate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.calls import Call
    from local.partners.catalogue import Issuer
    from local.partners.clock import Clock
    from local.partners.differences import Differences
    from local.partners.gate import Admit, Effect, Gate, Partner
    from local.partners.hours import ServiceHours
    from local.partners.late import LateEffects
    from local.partners.people import People
    from local.partners.redemptions import Redemptions
    from local.partners.signing import TranIds
    from local.partners.wallets import Wallets

PAGE_LIMIT = 100
ITEMS_LIMIT = 20

REDEMPTION = "redemption"
REVERSAL = "reversal"

type RedemptionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{1,32}$")]


class RedemptionBody(Strict):
    """What a redemption asks; ``requested_at`` is the asker's ``YYYYMMDDhhmmss``."""

    redemption_id: RedemptionId
    ci: Ci
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=ITEMS_LIMIT)]
    requested_at: Stamp

    @model_validator(mode="after")
    def _each_kind_once(self) -> Self:
        if len({item.point_code for item in self.items}) < len(self.items):
            raise ValueError("items name the same point_code twice")
        return self

    @property
    def content(self) -> str:
        """The fingerprint of everything in it."""
        text = json.dumps(self.model_dump(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class ReversalBody(Strict):
    """What a reversal asks."""

    reason: Annotated[str, Field(max_length=200)]


class ListQuery(Strict):
    """Which day's list, and from where."""

    date: Day
    cursor: Cursor = ""


_QUERY = TypeAdapter(ListQuery)


class RedemptionEndpoints:
    """``{partners}/issuers/{code}/v1/points/redemptions…`` for every issuer of the table."""

    def __init__(
        self,
        issuers: Mapping[str, Issuer],
        people: People,
        wallets: Wallets,
        clock: Clock,
        hours: ServiceHours,
        gate: Gate,
        late: LateEffects,
        tran_ids: TranIds,
        partners: Mapping[str, Partner],
        redemptions: Redemptions,
        differences: Differences,
    ) -> None:
        self._issuers = issuers
        self._people = people
        self._wallets = wallets
        self._clock = clock
        self._hours = hours
        self._gate = gate
        self._late = late
        self._tran_ids = tran_ids
        self._partners = partners
        self._redemptions = redemptions
        self._differences = differences
        late.register(REDEMPTION, self._redeem)
        late.register(REVERSAL, self._reverse)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        book = "/issuers/{code}/v1/points/redemptions"
        one = book + "/{redemption_id}"
        return [
            web.post(book, self.redeem),
            web.get(book, self.list_day, allow_head=False),
            web.get(one, self.read, allow_head=False),
            web.post(one + "/reversal", self.reverse),
        ]

    async def redeem(self, request: web.Request) -> web.Response:
        """Turn points into a debt of the issuer's, once.

        Refuses with 422 ``42201`` to ``42205`` and 409 ``40901``, besides what an
        inquiry refuses with. ``42202`` is also said of corporate members and of
        people who are no members, for whom the contract has no code.
        """
        return await self._serve(request, REDEMPTION, self._admit_redemption)

    async def read(self, request: web.Request) -> web.Response:
        """Say what became of a redemption; 404 ``40401`` if it was never received."""
        return await self._serve(request, "redemption_status", self._admit_read)

    async def reverse(self, request: web.Request) -> web.Response:
        """Give points back, once; 404 ``40401`` if they were never taken."""
        return await self._serve(request, REVERSAL, self._admit_reversal)

    async def list_day(self, request: web.Request) -> web.Response:
        """List everything approved or reversed on a day, a hundred at a time."""
        return await self._serve(request, "redemption_list", self._admit_list)

    async def _serve(self, request: web.Request, operation: str, admit: Admit) -> web.Response:
        partner = self._partners.get(request.match_info["code"])
        if partner is None:
            return dialect(Refusal(404, "40402", "no such issuer"))
        return await self._gate.serve(request, partner, operation, admit)

    async def _admit_redemption(self, request: web.Request, call: Call) -> Effect:
        await authenticate(request, call, self._tran_ids)
        body = await _read(request, RedemptionBody)
        code = request.match_info["code"]
        call.person_key = key_of(body.ci)
        call.sub = self._people.sub_of(body.ci)
        order = Order(
            issuer=code,
            redemption_id=body.redemption_id,
            person_key=call.person_key,
            sub=call.sub,
            items=body.items,
            content=body.content,
            standing=self._wallets.told(body.ci, self._issuers[code]),
        )
        return self._late.effect(
            REDEMPTION, f"{code}/{body.redemption_id}", order.model_dump_json()
        )

    async def _redeem(self, text: str) -> web.Response:
        order = Order.model_validate_json(text)
        now = self._clock.now()
        moment = Moment(self._clock.stamp(), self._hours.closed(order.issuer, now))
        line = await self._redemptions.redeem(order, moment)
        if line is None:
            raise Refusal(409, "40901", "같은 번호로 다른 내용의 요청이 있습니다")
        if line.code is not None:
            raise Refusal(422, line.code, REFUSALS[line.code])
        return json_answer(
            {
                "rsp_code": "00000",
                "rsp_msg": "정상",
                "redemption_id": line.redemption_id,
                "redeemed_amt": line.redeemed_amt,
                "approved_at": line.approved_at,
            }
        )

    async def _admit_read(self, request: web.Request, call: Call) -> Effect:
        await authenticate(request, call, self._tran_ids)

        async def effect() -> web.Response:
            line = _known(
                await self._redemptions.find(
                    request.match_info["code"], request.match_info["redemption_id"]
                )
            )
            call.person_key, call.sub = line.person_key, line.sub
            return json_answer({"rsp_code": "00000", **_listed(_line(line))})

        return effect

    async def _admit_reversal(self, request: web.Request, call: Call) -> Effect:
        await authenticate(request, call, self._tran_ids)
        body = await _read(request, ReversalBody)
        order = ReversalOrder(
            issuer=request.match_info["code"],
            redemption_id=request.match_info["redemption_id"],
            reason=body.reason,
        )
        key = f"{order.issuer}/{order.redemption_id}"
        return self._late.effect(REVERSAL, key, order.model_dump_json())

    async def _reverse(self, text: str) -> web.Response:
        order = ReversalOrder.model_validate_json(text)
        line = _known(await self._redemptions.reverse(order, Moment(self._clock.stamp())))
        return json_answer(
            {"rsp_code": "00000", "status": line.status, "reversed_at": line.reversed_at}
        )

    async def _admit_list(self, request: web.Request, call: Call) -> Effect:
        await authenticate(request, call, self._tran_ids)
        try:
            query = _QUERY.validate_python(dict(request.query))
        except ValidationError as error:
            raise Refusal(400, "40003", explain(error)) from None

        async def effect() -> web.Response:
            return await self._page(request.match_info["code"], query)

        return effect

    async def _page(self, code: str, query: ListQuery) -> web.Response:
        # One more than a page holds tells whether there is another.
        found = await self._redemptions.of_day(
            code, query.date, int(query.cursor or 0), PAGE_LIMIT + 1
        )
        page, more = found[:PAGE_LIMIT], len(found) > PAGE_LIMIT
        lines = self._differences.bend(
            f"issuers/{code}", [_line(line) for line in page], query.date, last=not more
        )
        return json_answer(
            {
                "rsp_code": "00000",
                "items": [_listed(line) for line in lines],
                "next_cursor": str(page[-1].seq) if more else None,
            }
        )


async def _read[M: Strict](request: web.Request, model: type[M]) -> M:
    try:
        return await read_body(request, model)
    except BadBodyError as error:
        raise Refusal(400, "40003", str(error)) from None


def _known(line: Redemption | None) -> Redemption:
    if line is None:
        raise Refusal(404, "40401", "해당 거래가 없습니다")
    return line


def _line(line: Redemption) -> Line:
    return Line(
        id=line.redemption_id,
        day="" if line.approved_at is None else line.approved_at[:8],
        amount=line.redeemed_amt,
        status=line.status,
        approved_at=line.approved_at,
        reversed_at=line.reversed_at,
    )


def _listed(line: Line) -> dict[str, Any]:
    return {
        "redemption_id": line.id,
        "status": line.status,
        "redeemed_amt": line.amount,
        "approved_at": line.approved_at,
        "reversed_at": line.reversed_at,
    }
