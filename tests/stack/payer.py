"""A member whose bills are charged to their cards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.clock import epoch_ms
from tests.stack.polling import eventually
from tests.stack.switch import Switch

if TYPE_CHECKING:
    from datetime import datetime

    from tests.stack.calls import Reply
    from tests.stack.cloud import Cloud
    from tests.stack.member import Member
    from tests.stack.partners import Partners

type Order = dict[str, Any]

ENDED = frozenset({"COMPLETED", "REJECTED", "WITHDRAWN"})

PATIENCE_S = 150.0
"""More than the minute after which what did not answer is asked again by itself."""

# fmt: off
CARDS: dict[str, dict[str, str]] = {
    "old":       {"issuer_code": "kb"},
    "new":       {"issuer_code": "shinhan", "type": "CHECK"},
    "corporate": {"issuer_code": "samsung", "kind": "CORPORATE"},
    "dormant":   {"issuer_code": "lotte", "status": "DORMANT"},
    "suspended": {"issuer_code": "jeju", "status": "SUSPENDED"},
}
BILLS: dict[str, dict[str, Any]] = {
    "telecom":     {"biller_code": "KT"},
    "electricity": {"biller_code": "KEPCO"},
    "school":      {"biller_code": "HANBIT"},
    "insurance":   {"biller_code": "NHIS"},
    "apartment":   {"biller_code": "NAMSAN"},
    "rent":        {"biller_code": "LH"},
    "company":     {"biller_code": "SKT", "card": "corporate"},
    "fixed":       {"biller_code": "NPS", "changeable": False},
}
# fmt: on
CHARGE_DAY = 15

# What the switch's book has of an order that ended so for its member.
_AT_SWITCH: dict[str, frozenset[str | None]] = {
    "COMPLETED": frozenset({"COMPLETED"}),
    "REJECTED": frozenset({"REJECTED", "REFUSED", None}),
    "WITHDRAWN": frozenset({"WITHDRAWN", None}),
}


@dataclass(frozen=True)
class Payer:
    """A member with the cards and bills named above, held to the switch's book at the end."""

    member: Member
    partners: Partners
    cloud: Cloud

    @property
    def switch(self) -> Switch:
        """The switch."""
        return Switch(self.partners)

    def card(self, name: str) -> str:
        """Return the ``card_ref`` of a card; nobody else has it."""
        return f"card-{self.member.sub[-12:]}-{name}"

    def bill(self, name: str) -> str:
        """Return the ``autopay_id`` of a bill; nobody else has it."""
        return f"bill-{self.member.sub[-12:]}-{name}"

    def hold(
        self,
        cards: dict[str, dict[str, str]] | None = None,
        bills: dict[str, dict[str, Any]] | None = None,
    ) -> Payer:
        """Have the cards and bills above, some of them changed or added; a bill's ``card`` is a name."""
        wallet, letters = _with(CARDS, cards), _with(BILLS, bills)
        self.switch.hold(
            self.member.sub,
            [self._card(name, **shape) for name, shape in wallet.items()],
            [self._bill(name, **shape) for name, shape in letters.items()],
        )
        return self

    def _card(self, name: str, **shape: str) -> dict[str, Any]:
        number = {"masked_number": "5399-00**-****-0000", "card_name": f"{name} card"}
        return {"card_ref": self.card(name), **number, **shape}

    def _bill(self, name: str, card: str = "old", **shape: Any) -> dict[str, Any]:
        return {
            "autopay_id": self.bill(name),
            "card_ref": self.card(card),
            "biller_customer_ref": f"{name}-1",
            "charge_day": CHARGE_DAY,
            **shape,
        }

    def change(self, bill: str = "telecom", to: str = "new") -> dict[str, Any]:
        """Return the body that moves a bill to a card."""
        return {"kind": "CHANGE", "autopay_id": self.bill(bill), "to_card_ref": self.card(to)}

    def cancel(self, bill: str = "telecom") -> dict[str, Any]:
        """Return the body that ends a bill's autopay."""
        return {"kind": "CANCEL", "autopay_id": self.bill(bill)}

    def ask_for(self, body: object, key: str | None = None) -> Reply:
        """Submit an order, under a key of its own unless one is given."""
        headers = {"idempotency-key": key or str(uuid.uuid4())}
        return self.member.send("POST", "/v1/autopay-orders", body, headers=headers)

    def submit(self, body: object, key: str | None = None) -> str:
        """Submit an order; returns its id."""
        reply = self.ask_for(body, key)
        assert reply.status == 202, reply.body
        order_id: str = reply.json["order_id"]
        return order_id

    def place(self, body: object) -> str:
        """Submit an order and wait until the switch has it; returns its id."""
        order_id = self.submit(body)
        self.until_kept(order_id, "PLACED")
        return order_id

    def order(self, order_id: str) -> Order:
        """Return an order as it is now."""
        reply = self.member.send("GET", f"/v1/autopay-orders/{order_id}")
        assert reply.status == 200, reply.body
        order: Order = reply.json
        return order

    def orders(self) -> list[Order]:
        """Return all orders, newest first."""
        reply = self.member.send("GET", "/v1/autopay-orders")
        assert reply.status == 200, reply.body
        orders: list[Order] = reply.json["orders"]
        return orders

    def withdraw(self, order_id: str) -> Reply:
        """Ask for an order back."""
        return self.member.send("POST", f"/v1/autopay-orders/{order_id}/withdrawal")

    def registrations(self) -> dict[str, dict[str, Any]]:
        """Return the bills as the API now lists them, by their ids."""
        reply = self.member.send("GET", "/v1/autopays")
        assert reply.status == 200, reply.body
        return {one["autopay_id"]: one for one in reply.json["autopays"]}

    def until(self, order_id: str, status: str) -> Order:
        """Wait until an order has a status, and return it."""
        seen: list[str] = []

        def look() -> Order | None:
            order = self.order(order_id)
            seen[:] = [order["status"]]
            return order if seen == [status] else None

        try:
            return eventually(look, f"{order_id} {status}", PATIENCE_S)
        except AssertionError as error:
            raise AssertionError(f"{error}, but {seen}") from None

    def kept(self, order_id: str) -> dict[str, Any]:
        """Return an order's item."""
        return self.cloud.autopay_items(self.member.key)[f"ORDER#{order_id}"]

    def until_kept(self, order_id: str, state: str, tries: int = 0) -> None:
        """Wait until an order is kept in a state, tried at least so often."""

        def look() -> bool:
            item = self.kept(order_id)
            return item["state"]["S"] == state and int(item["tries"]["N"]) >= tries

        eventually(look, f"{order_id} kept as {state}, tried {tries} times", PATIENCE_S)

    def until_quiet(self) -> None:
        """Wait until every order of the member has been asked about that was to be by now."""
        eventually(self._nothing_is_due, "a moment in which no order is due", PATIENCE_S)

    def at(self, moment: datetime) -> None:
        """Set business time and let the sweep run.

        Not while a due order is still being worked on: what its worker asked before the
        move would be judged after it, and wait for a back-off that nobody sat through.
        """
        self.until_quiet()
        self.partners.set_clock(moment)
        self.cloud.sweep_orders()

    def later(self, **by: float) -> None:
        """Move business time on and let the sweep run, as above."""
        self.until_quiet()
        self.partners.forward(**by)
        self.cloud.sweep_orders()

    def _nothing_is_due(self) -> bool:
        now_ms = epoch_ms(self.partners.now())
        items = self.cloud.autopay_items(self.member.key).values()
        return all(
            int(item["due_at"]["N"]) > now_ms or item["lane"]["S"] == "OPERATOR"
            for item in items
            if "due_at" in item
        )

    def audit(self) -> None:
        """Hold all orders, none of them open, to the switch's book (R-A6)."""
        book = {one["order_id"]: one for one in self.switch.orders(self.member.sub)}
        for order in self.orders():
            assert order["status"] in ENDED, order
            line = book.get(switch_id(order["order_id"]))
            assert (line and line["status"]) in _AT_SWITCH[order["status"]], (order, line)
            if line is not None:
                named = ("kind", "autopay_id", "to_card_ref")
                assert [line[name] for name in named] == [order[name] for name in named]
                assert line["conflicts"] == 0, "an id was used for something else"


def switch_id(order_id: str) -> str:
    """Return an order's id at the switch."""
    return order_id.removeprefix("ord_").replace("-", "")


def _with(usual: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
    changed = changes or {}
    return {name: {**usual.get(name, {}), **changed.get(name, {})} for name in {**usual, **changed}}
