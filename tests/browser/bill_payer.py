"""Somebody with cards and bills in front of the page, and business time that goes on for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from autopay.orders import FINAL, OrderState
from modupoint.clock import epoch_ms
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from datetime import datetime

    from playwright.sync_api import Locator

    from tests.browser.site import Site
    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

LOOKS_AGAIN_MS = 60_000
"""How often the page looks at an order that waits for a day."""


def _card(ref: str, issuer: str, name: str, end: str, **changes: str) -> dict[str, str]:
    number = f"5211-37**-****-{end}"
    return {
        "card_ref": ref,
        "issuer_code": issuer,
        "card_name": name,
        "masked_number": number,
        **changes,
    }


@dataclass(frozen=True)
class BillPayer:
    """A member on the autopay page; ``mark`` keeps their bills apart from everybody else's.

    What orders have done to a bill stays with its id at the switch.
    """

    site: Site
    stack: Stack
    partners: Partners
    cloud: Cloud
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    @property
    def sub(self) -> str:
        """Who they are to the partners."""
        return self.partners.userinfo(self.site.token())["sub"]

    def have(self) -> BillPayer:
        """Be told of at the switch: two cards that can be charged, two that cannot, five bills."""
        cards = [
            _card("card-deep", "shinhan", "Deep Dream", "1037"),
            _card("card-toktok", "kb", "TOK TOK", "1074", type="CHECK"),
            _card("card-zero", "hyundai", "ZERO", "1111"),
            _card("card-rest", "lotte", "LOCA", "1222", status="DORMANT"),
            _card("card-firm", "samsung", "BIZ", "1185", kind="CORPORATE"),
        ]
        bills = [
            self._bill("tomorrow", "KT", "010-0000-1001", "card-deep", 25),
            self._bill("later", "KEPCO", "02-1001-0001", "card-deep", 10),
            self._bill("at-once", "PUREUN", "101-1203", "card-zero", 31),
            self._bill("refused", "LGU", "1001-9002", "card-zero", 20),
            self._bill("fixed", "NPS", "8-1001-0001", "card-deep", 15, changeable=False),
        ]
        path = f"/control/autopay/people/{self.sub}"
        reply = self.partners.http.send("PUT", path, {"cards": cards, "bills": bills})
        assert reply.status == 200, reply.body
        return self

    def bill(self, name: str) -> str:
        """Return a bill's id."""
        return f"bill-{self.mark}-{name}"

    def open_bills(self) -> None:
        """Go to the list of bills."""
        self.site.part("nav-autopay").click()
        expect(self.site.part("autopay")).to_be_visible()

    def change(self, bill: str, card: str) -> None:
        """Go as far as the confirmation of another card."""
        self.site.part(f"bill-change-{self.bill(bill)}").click()
        self.site.part(f"pick-choose-{card}").check()
        self.site.part("pick-next").click()
        expect(self.site.part("order-send")).to_be_enabled()

    def send(self) -> str:
        """Confirm; returns the order's id, once the switch has it."""
        self.site.part("order-send").click()
        expect(self.site.part("order")).to_be_visible()
        order_id = self.site.part("order").get_attribute("data-order-id")
        assert order_id
        # An order that is on its way would be one of the day to which time moves on.
        eventually(lambda: self._state(order_id) in {OrderState.PLACED, *FINAL}, "it is placed")
        return order_id

    def go_on_until(self, moment: datetime) -> None:
        """Let business time go on, and the schedule run."""
        assert epoch_ms(moment) > epoch_ms(self.partners.now()), "time does not go backwards"
        self.partners.set_clock(moment)
        answer = self.cloud.client("lambda").invoke(
            FunctionName=f"{self.stack.stack_name}-PollOrders", Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def sees(self, status: str) -> None:
        """Let the page's own time go on until it shows the order in a state."""
        self.comes(self.site.page.locator(f"[data-testid=order][data-status={status}]"))

    def comes(self, part: Locator) -> None:
        """Let the page's own time go on, less than a token lives, until a part is there."""
        for _ in range(10):
            self.site.page.clock.fast_forward(LOOKS_AGAIN_MS)
            try:
                expect(part).to_be_visible(timeout=3_000)
            except AssertionError:
                continue
            return
        expect(part).to_be_visible()

    def _state(self, order_id: str) -> str | None:
        sk = f"ORDER#{order_id}"
        items = self.cloud.items("AutopaysTable")
        return next((item["state"]["S"] for item in items if item["sk"]["S"] == sk), None)

    def _bill(
        self, name: str, biller: str, ref: str, card: str, day: int, **changes: bool
    ) -> dict[str, Any]:
        return {
            "autopay_id": self.bill(name),
            "biller_code": biller,
            "biller_customer_ref": ref,
            "card_ref": card,
            "charge_day": day,
            **changes,
        }
