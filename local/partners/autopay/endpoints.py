"""``{partners}/autopay/…`` (partner contracts, section 3)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from local.partners.autopay.orders import (
    ACCEPTED,
    REFUSALS,
    REFUSED,
    WITHDRAWN,
    Order,
    OrderKind,
    OrderLine,
    Reception,
    card_at,
)
from local.partners.autopay.population import Ref  # noqa: TC001 - read at run time, by pydantic
from local.partners.bodies import BadBodyError, Strict, json_answer, read_body
from local.partners.gate import Partner
from local.partners.issuers import Ci, dialect
from local.partners.people import key_of
from local.partners.refusal import Refusal

if TYPE_CHECKING:
    from local.partners.autopay.orders import Orders
    from local.partners.autopay.population import Bill, Holdings, Population
    from local.partners.autopay.rulings import Rulings
    from local.partners.autopay.terms import Terms
    from local.partners.autopay.timetable import Timetable
    from local.partners.calls import Call
    from local.partners.clock import Clock
    from local.partners.gate import Effect, Gate
    from local.partners.late import LateEffects
    from local.partners.people import People

TARGET = "autopay"
CARDS, AUTOPAYS, ORDER, ORDER_STATUS, WITHDRAWAL = OPERATIONS = (
    *("cards", "autopays", "order", "order_status", "withdrawal"),
)

# What has yet to land is named among that of all partners.
LATE_ORDER = "autopay_order"
LATE_WITHDRAWAL = "autopay_withdrawal"

AUTHORIZATION = "Bearer local-autopay-token"

# The contract has no code for a wrong token, nor for a body that is not its own.
BAD_TOKEN = "40102"  # noqa: S105 - a code, not a token
BAD_BODY = "40003"
UNKNOWN = "40401"
OTHER_CONTENT = "40901"
TOO_LATE = "40911"

type OrderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{1,32}$")]


class InquiryBody(Strict):
    """Whose cards or bills are asked for."""

    ci: Ci


class OrderBody(Strict):
    """What an order asks; a change names the card it is to, a cancellation none."""

    order_id: OrderId
    kind: OrderKind
    ci: Ci
    autopay_id: Ref
    to_card_ref: Ref | None = None

    @model_validator(mode="after")
    def _a_change_has_a_card(self) -> Self:
        if (self.kind == "CHANGE") != (self.to_card_ref is not None):
            raise ValueError("to_card_ref is for a CHANGE, and needed for it")
        return self

    @property
    def content(self) -> str:
        """The fingerprint of everything in it."""
        text = json.dumps(self.model_dump(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class _Withdrawal(BaseModel):
    """A withdrawal the switch is asked for."""

    model_config = ConfigDict(frozen=True)

    order_id: str


class AutopayEndpoints:
    """The switch's API."""

    def __init__(
        self,
        terms: Terms,
        timetable: Timetable,
        population: Population,
        rulings: Rulings,
        orders: Orders,
        people: People,
        clock: Clock,
        gate: Gate,
        late: LateEffects,
        latency_ms: float,
    ) -> None:
        self._terms = terms
        self._timetable = timetable
        self._population = population
        self._rulings = rulings
        self._orders = orders
        self._people = people
        self._clock = clock
        self._gate = gate
        self._late = late
        self._partner = gate.register(Partner(TARGET, frozenset(OPERATIONS), dialect, latency_ms))
        late.register(LATE_ORDER, self._place)
        late.register(LATE_WITHDRAWAL, self._withdraw)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        base = "/autopay/v1"
        one = f"{base}/autopay-orders/{{order_id}}"
        return [
            web.post(f"{base}/cards/inquiry", self.cards),
            web.post(f"{base}/autopays/inquiry", self.autopays),
            web.post(f"{base}/autopay-orders", self.place),
            web.get(one, self.read, allow_head=False),
            web.post(f"{one}/withdrawal", self.withdraw),
        ]

    async def cards(self, request: web.Request) -> web.Response:
        """List a person's cards at the issuers that take part (R-A2)."""
        return await self._gate.serve(request, self._partner, CARDS, self._admit_cards)

    async def autopays(self, request: web.Request) -> web.Response:
        """List the bills that are charged to a person's cards."""
        return await self._gate.serve(request, self._partner, AUTOPAYS, self._admit_autopays)

    async def place(self, request: web.Request) -> web.Response:
        """Take an order to move a bill to another card or to end it, once for an id.

        Refuses with 422 ``42211`` to ``42215`` and 409 ``40901``, besides 401
        ``40102`` (token) and 400 ``40003`` (body).
        """
        return await self._gate.serve(request, self._partner, ORDER, self._admit_order)

    async def read(self, request: web.Request) -> web.Response:
        """Say what became of an order; 404 ``40401`` if none was accepted under this id."""
        return await self._gate.serve(request, self._partner, ORDER_STATUS, self._admit_read)

    async def withdraw(self, request: web.Request) -> web.Response:
        """Withdraw an order (R-A4); 409 ``40911`` if it is too late, 404 ``40401``."""
        return await self._gate.serve(request, self._partner, WITHDRAWAL, self._admit_withdrawal)

    async def _admit_cards(self, request: web.Request, call: Call) -> Effect:
        held = await self._admit_inquiry(request, call)

        async def effect() -> web.Response:
            return json_answer({"cards": [card.model_dump() for card in held.cards]})

        return effect

    async def _admit_autopays(self, request: web.Request, call: Call) -> Effect:
        held = await self._admit_inquiry(request, call)
        person_key = call.person_key or ""

        async def effect() -> web.Response:
            return json_answer(
                {
                    "as_of": self._clock.stamp()[:8],
                    "autopays": await self.listed(person_key, held),
                }
            )

        return effect

    async def _admit_inquiry(self, request: web.Request, call: Call) -> Holdings:
        body = await _read(request, InquiryBody)
        return self._population.of(self._note(call, body.ci))

    async def listed(self, person_key: str, held: Holdings) -> list[dict[str, Any]]:
        """List a person's bills as the contract has them, each with the card it is charged to."""
        now = self._clock.now()
        completed = await self._orders.completed(person_key, self._clock.stamp())
        charged = [(bill, card_at(bill, completed)) for bill in held.bills]
        return [
            self._listed(bill, card_ref, *self._timetable.around(bill.charge_day, now))
            for bill, card_ref in charged
            if card_ref is not None
        ]

    def _listed(self, bill: Bill, card_ref: str, last: str, following: str) -> dict[str, Any]:
        biller = self._terms.biller(bill.biller_code)
        return {
            "autopay_id": bill.autopay_id,
            "category": biller.category,
            "biller_code": biller.code,
            "biller_name": biller.name,
            "biller_phone": biller.phone,
            "biller_customer_ref": bill.biller_customer_ref,
            "card_ref": card_ref,
            "last_charged_on": last,
            "next_charge_on": following,
            "changeable": bill.changeable,
        }

    async def _admit_order(self, request: web.Request, call: Call) -> Effect:
        body = await _read(request, OrderBody)
        order = Order(
            order_id=body.order_id,
            kind=body.kind,
            person_key=self._note(call, body.ci),
            sub=call.sub,
            autopay_id=body.autopay_id,
            to_card_ref=body.to_card_ref,
            content=body.content,
        )
        call.api_tran_id = body.order_id
        return self._late.effect(LATE_ORDER, body.order_id, order.model_dump_json())

    async def _place(self, text: str) -> web.Response:
        order = Order.model_validate_json(text)
        line = await self._orders.place(order, self._reception(order))
        if line is None:
            raise Refusal(409, OTHER_CONTENT, "같은 번호로 다른 내용의 신청이 있습니다")
        if line.code is not None:
            raise Refusal(422, line.code, REFUSALS[line.code])
        # The first answer, whatever has become of the order since.
        return json_answer(
            {
                "order_id": line.order_id,
                "status": ACCEPTED,
                "process_on": _day(line.process_at),
                "result_on": _day(line.result_at),
            },
            202,
        )

    def _reception(self, order: Order) -> Reception:
        now, stamp = self._clock.now(), self._clock.stamp()
        held = self._population.of(order.person_key)
        bill = held.bill(order.autopay_id)
        if bill is None:
            return Reception(stamp, held, course=None, category_open=False)
        category = self._terms.category_of(bill.biller_code)
        return Reception(
            stamp,
            held,
            course=self._timetable.course(now, category),
            category_open=self._rulings.is_open(category.code, stamp[:8]),
        )

    async def _admit_read(self, request: web.Request, call: Call) -> Effect:
        _authorize(request)
        call.api_tran_id = request.match_info["order_id"]

        async def effect() -> web.Response:
            stamp = self._clock.stamp()
            line = _known(await self._orders.find(request.match_info["order_id"], stamp))
            call.person_key, call.sub = line.person_key, line.sub
            return json_answer(
                {
                    "order_id": line.order_id,
                    "status": line.status_at(stamp),
                    "reason_code": line.reason_code,
                    "reason": line.reason,
                    "completed_on": _day(line.completed_at),
                }
            )

        return effect

    async def _admit_withdrawal(self, request: web.Request, call: Call) -> Effect:
        _authorize(request)
        order_id = request.match_info["order_id"]
        call.api_tran_id = order_id
        body = _Withdrawal(order_id=order_id).model_dump_json()
        return self._late.effect(LATE_WITHDRAWAL, order_id, body)

    async def _withdraw(self, text: str) -> web.Response:
        asked = _Withdrawal.model_validate_json(text)
        line = _known(await self._orders.withdraw(asked.order_id, self._clock.stamp()))
        if line.status != WITHDRAWN:
            raise Refusal(409, TOO_LATE, "취소할 수 있는 시간이 지났습니다")
        return json_answer({"status": WITHDRAWN})

    def _note(self, call: Call, ci: str) -> str:
        """Note in the record whom a request is about, and return their key."""
        call.person_key = key_of(ci)
        call.sub = self._people.sub_of(ci)
        return call.person_key


async def _read[M: Strict](request: web.Request, model: type[M]) -> M:
    _authorize(request)
    try:
        return await read_body(request, model)
    except BadBodyError as error:
        raise Refusal(400, BAD_BODY, str(error)) from None


def _authorize(request: web.Request) -> None:
    if request.headers.get("Authorization") != AUTHORIZATION:
        raise Refusal(401, BAD_TOKEN, "the bearer token is wrong")


def _known(line: OrderLine | None) -> OrderLine:
    # The contract has no status for an order that was refused: there is none.
    if line is None or line.status == REFUSED:
        raise Refusal(404, UNKNOWN, "해당 신청이 없습니다")
    return line


def _day(stamp: str | None) -> str | None:
    return None if stamp is None else stamp[:8]
