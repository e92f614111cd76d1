"""How a caller talks to the autopay switch, written out from partner contracts, section 3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.partners.partners_driver import PATIENCE_S

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners, Reply

ORDERS = "/v1/autopay-orders"

# Who bills in the terms the project comes with, by category.
BILLERS = {
    "TELECOM": "KT",
    "ELECTRICITY": "KEPCO",
    "SCHOOL_BANKING": "HANBIT",
    "SOCIAL_INSURANCE": "NHIS",
    "APARTMENT_FEE": "NAMSAN",
    "PUBLIC_RENT": "LH",
}


def new_id() -> str:
    """Make an id no order has had."""
    return uuid4().hex


@dataclass
class Switch:
    """A caller of the switch, on behalf of one person."""

    partners: Partners
    sub: str
    ci: str = ""
    token: str = "local-autopay-token"
    own: str = field(default_factory=lambda: uuid4().hex[:8])

    def __post_init__(self) -> None:
        self.ci = self.ci or self.partners.ci(self.sub)

    def at(self, instant: str) -> None:
        """Move the clock to a time in Seoul."""
        reply = self.partners.send("PUT", "/clock", {"now": f"{instant}+09:00"})
        assert reply.status == 200, reply.text

    def hold(self, *bills: dict[str, object], cards: list[dict[str, object]] | None = None) -> None:
        """Let the person have bills on a first of two good cards, or other cards."""
        told = {
            "cards": [self.card(), self.card(2)] if cards is None else cards,
            "bills": list(bills) or [self.bill()],
        }
        reply = self.partners.send("PUT", f"/control/autopay/people/{self.sub}", told)
        assert reply.status == 200, reply.text

    def card(self, number: int = 1, **changes: object) -> dict[str, object]:
        """Describe a card to hold."""
        return {
            "card_ref": self.card_ref(number),
            "issuer_code": "kb",
            "card_name": "카드",
            "masked_number": "1234-56**-****-7890",
            **changes,
        }

    def bill(
        self, category: str = "TELECOM", number: int = 1, **changes: object
    ) -> dict[str, object]:
        """Describe a bill to hold."""
        return {
            "autopay_id": self.autopay_id(number),
            "biller_code": BILLERS[category],
            "biller_customer_ref": "010-0000-0000",
            "card_ref": self.card_ref(),
            "charge_day": 25,
            **changes,
        }

    def card_ref(self, number: int = 1) -> str:
        """Name a card told of the person."""
        return f"card-{self.own}-{number}"

    def autopay_id(self, number: int = 1) -> str:
        """Name a bill told of the person."""
        return f"bill-{self.own}-{number}"

    def cards(self) -> list[dict[str, Any]]:
        """Read the cards."""
        return list(self.ask("POST", "/v1/cards/inquiry", {"ci": self.ci}).json["cards"])

    def autopays(self) -> dict[str, dict[str, Any]]:
        """Read the registrations, by id."""
        answer = self.ask("POST", "/v1/autopays/inquiry", {"ci": self.ci}).json
        return {one["autopay_id"]: one for one in answer["autopays"]}

    def order(
        self,
        order_id: str,
        kind: str = "CHANGE",
        /,
        timeout_s: float = PATIENCE_S,
        **changes: object,
    ) -> Reply:
        """Order the first bill to be moved to the second card, or to be ended."""
        body = {
            "order_id": order_id,
            "kind": kind,
            "ci": self.ci,
            "autopay_id": self.autopay_id(),
            **({"to_card_ref": self.card_ref(2)} if kind == "CHANGE" else {}),
            **changes,
        }
        return self.ask("POST", ORDERS, body, timeout_s)

    def placed(self, kind: str = "CHANGE", /, **changes: object) -> str:
        """Place an order that is accepted, and return its id."""
        order_id = new_id()
        reply = self.order(order_id, kind, **changes)  # type: ignore[arg-type]
        assert reply.status == 202, reply.text
        return order_id

    def refusal(self, kind: str = "CHANGE", /, **changes: object) -> str:
        """Place an order that is refused, and return its code."""
        reply = self.order(new_id(), kind, **changes)  # type: ignore[arg-type]
        assert reply.status == 422, reply.text
        return str(reply.json["rsp_code"])

    def read(self, order_id: str) -> Reply:
        """Ask what became of an order."""
        return self.ask("GET", f"{ORDERS}/{order_id}")

    def status(self, order_id: str) -> str:
        """Read an order's status."""
        return str(self.read(order_id).json["status"])

    def withdraw(self, order_id: str, timeout_s: float = PATIENCE_S) -> Reply:
        """Ask for an order to be withdrawn."""
        return self.ask("POST", f"{ORDERS}/{order_id}/withdrawal", timeout_s=timeout_s)

    def book(self) -> list[dict[str, Any]]:
        """Read what the switch has on its book of the person."""
        path = f"/control/books/orders?sub={self.sub}"
        return list(self.partners.send("GET", path).json["orders"])

    def charges(self, since: str) -> list[tuple[str, str]]:
        """Read when which card was charged."""
        path = f"/control/books/charges?sub={self.sub}&since={since}"
        charges = self.partners.send("GET", path).json["charges"]
        return [(one["charged_at"], one["card_ref"]) for one in charges]

    def ask(
        self, method: str, path: str, body: object = None, timeout_s: float = PATIENCE_S
    ) -> Reply:
        """Send a request; ``path`` begins after ``/autopay``."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.partners.send(method, f"/autopay{path}", body, headers, timeout_s)
