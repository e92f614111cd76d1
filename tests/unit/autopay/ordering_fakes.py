"""What ordering talks to: a switch behind a fake transport, and the rest in a few lines each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from autopay.ordering import Ordering
from autopay.switch_api import SwitchApi
from modupoint.business_calendar import BusinessCalendar
from modupoint.envelope import DataKeys, ci_owner, seal
from tests.unit.autopay.moving_fakes import FakeOrders, World
from tests.unit.autopay.order_samples import (
    KEY,
    MEMBER,
    MORNING,
    TODAY,
    a_listed_bill,
    a_listed_card,
)
from tests.unit.transfer.leg_samples import answered

if TYPE_CHECKING:
    from datetime import date, datetime

    from autopay.orders import Order, OrderKey
    from modupoint.partner import PartnerAnswer

CI = "C" * 88
TOKEN = "local-autopay-token"
BASE_URL = "http://switch.example/autopay"
CARDS = "/v1/cards/inquiry"
AUTOPAYS = "/v1/autopays/inquiry"


class OneKey(DataKeys):
    """The key that everything is sealed with here."""

    def __init__(self) -> None:
        super().__init__("", "")

    def current(self) -> tuple[str, bytes]:
        return "2026-11", bytes(range(32))

    def by_id(self, key_id: str) -> bytes:
        assert key_id == "2026-11"
        return bytes(range(32))


class FixedSecret:
    """The switch's address and token; the address may end in a slash."""

    def read(self) -> dict[str, Any]:
        return {"base_url": BASE_URL + "/", "token": TOKEN}


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it went out."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    timeout_s: float


class FakeSwitch:
    """Lists what it is told to; ``instead`` answers a path with something else."""

    def __init__(self) -> None:
        self.cards = [a_listed_card(), a_listed_card(card_ref="crd_2", issuer_code="shinhan")]
        self.bills = [a_listed_bill()]
        self.instead: dict[str, PartnerAnswer] = {}
        self.calls: list[Call] = []

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        self.calls.append(Call(method, url, headers, body, timeout_s))
        path = url.removeprefix(BASE_URL)
        if path in self.instead:
            return self.instead[path]
        assert json.loads(body or b"null") == {"ci": CI}
        lists: dict[str, dict[str, Any]] = {
            CARDS: {"cards": self.cards},
            AUTOPAYS: {"as_of": f"{TODAY:%Y%m%d}", "autopays": self.bills},
        }
        return answered(lists[path])


def switch_api(switch: FakeSwitch) -> SwitchApi:
    """Return the switch's API over a fake transport."""
    transport: Any = switch
    secret: Any = FixedSecret()
    return SwitchApi(transport, secret)


class FakeAgreements:
    """The sealed CI of one member, while they agree."""

    def __init__(self) -> None:
        self.agreed = True

    def sealed_ci(self, member: str) -> bytes | None:
        return seal(OneKey(), CI, ci_owner(MEMBER)) if self.agreed and member == MEMBER else None


class FakeQueue:
    """Notes what the worker was told; fails if it is told to."""

    def __init__(self) -> None:
        self.told: list[OrderKey] = []
        self.broken = False

    def send(self, _lane: str, keys: list[OrderKey]) -> int:
        if self.broken:
            raise ClientError({"Error": {"Code": "InternalError", "Message": "no"}}, "SendMessage")
        self.told += keys
        return len(keys)


class FakeCalendars:
    """The calendar, with what was added to it."""

    def __init__(self, added: frozenset[date] = frozenset()) -> None:
        self._added = added

    def calendar(self) -> BusinessCalendar:
        return BusinessCalendar(self._added)


class Desk:
    """The service with all it talks to."""

    def __init__(self, *orders: Order, added: frozenset[date] = frozenset()) -> None:
        self.agreements = FakeAgreements()
        self.orders = FakeOrders(*orders)
        self.queue = FakeQueue()
        self.switch = FakeSwitch()
        self.world = World(self.orders, orders[0].key if orders else KEY)
        self.service = Ordering(
            self.agreements,
            self.orders,
            self.queue,
            switch_api(self.switch),
            OneKey(),
            FakeCalendars(added),
            lambda: self.world.now,
        )

    @property
    def now(self) -> datetime:
        """The time."""
        return self.world.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self.world.now = moment

    @property
    def order(self) -> Order:
        """The one order that is stored."""
        [order] = self.orders.stored.values()
        return order

    def submit(self, body: dict[str, Any], key: str = "key") -> tuple[dict[str, Any], bool]:
        return self.service.submit(MEMBER, key, body)

    def withdraw(self) -> dict[str, Any]:
        """Withdraw the order; whatever was expected of the switch has happened then."""
        order_id = self.order.key.order_id
        shown = self.service.withdraw(MEMBER, order_id, self.world.mover())
        self.world.nothing_left()
        return shown


def a_change(**changes: Any) -> dict[str, Any]:
    """Return the body that moves the bill to the other card."""
    return {"kind": "CHANGE", "autopay_id": "apy_1", "to_card_ref": "crd_2", **changes}


def a_cancel(**changes: Any) -> dict[str, Any]:
    """Return the body that ends the autopay."""
    return {"kind": "CANCEL", "autopay_id": "apy_1", **changes}


LATE = MORNING.replace(hour=22)
"""The first moment at which an order of that morning cannot be withdrawn (R-A4)."""
