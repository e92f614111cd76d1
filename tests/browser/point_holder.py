"""Somebody whose points expire, in front of the page and as the service and partners know them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.stack.polling import eventually

if TYPE_CHECKING:
    from tests.browser.site import Site
    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.member import Member
    from tests.stack.partners import Partners

_LOOKS = 60
_A_MOMENT_S = 4.0
"""Enough for a step of the scan; if it is not, time goes on and the next sweep finds the same."""


def points(code: str, remain: int, **expiring: int) -> dict[str, Any]:
    """Return a balance; ``in_1=30``: 30 points expire at the end of the next month."""
    rows = [
        {"months_ahead": int(name.removeprefix("in_")), "amt": amount}
        for name, amount in expiring.items()
    ]
    return {"point_code": code, "remain": remain, "expirations": rows}


@dataclass(frozen=True)
class PointHolder:
    """A member with points at some issuers and nowhere else."""

    site: Site
    member: Member
    stack: Stack
    partners: Partners
    cloud: Cloud

    def have(self, **balances: dict[str, Any]) -> PointHolder:
        """Have these points: one kind an issuer."""
        said = {issuer: {"points": [balance]} for issuer, balance in balances.items()}
        self.partners.say(self.member.sub, said, elsewhere="NOT_MEMBER")
        return self

    def look_up(self) -> PointHolder:
        """Let the page ask all issuers."""
        self.site.look_up()
        return self

    def open_calendar(self) -> PointHolder:
        """Go to the calendar by the settings, from wherever the page is."""
        self.site.part("nav-settings").click()
        self.site.part("settings-expiry").click()
        expect(self.site.part("alerts")).to_be_visible()
        return self

    def open_inbox(self) -> PointHolder:
        """Load the page anew, as on another day, and look into the inbox."""
        self.site.page.reload()
        self.site.part("nav-notices").click()
        expect(self.site.part("notices")).to_have_attribute("aria-busy", "false")
        return self

    def choices(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return alerts and standing cash-out as the API has them."""
        me = self.member.send("GET", "/v1/me").json
        return me["expiry_alerts"], me["auto_cashout"]

    def until_alerts(self, **wanted: object) -> None:
        """Wait until the last choice of alerts has been kept: quick ones follow each other."""
        eventually(lambda: self.choices()[0] == wanted, f"{wanted} kept")

    def told(self) -> list[dict[str, Any]]:
        """Return all notices, the newest first."""
        notices: list[dict[str, Any]] = []
        path = "/v1/notices"
        while True:
            reply = self.member.send("GET", path)
            assert reply.status == 200, reply.body
            notices += reply.json["notices"]
            if reply.json["next_cursor"] is None:
                return notices
            path = f"/v1/notices?cursor={reply.json['next_cursor']}"

    def told_of(self, kind: str) -> list[dict[str, Any]]:
        """Return the notices of a kind."""
        return [notice for notice in self.told() if notice["kind"] == kind]

    def until_told(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Let time go on and what is due be done until there are notices of a kind."""
        for _ in range(_LOOKS):
            self._sweep()
            try:
                eventually(lambda: len(self.told_of(kind)) >= count, kind, _A_MOMENT_S)
            except AssertionError:
                self.partners.forward(minutes=11)
                continue
            return self.told_of(kind)
        raise AssertionError(f"never told: {count} {kind}, but {self.told()}")

    def _sweep(self) -> None:
        """Run the every-minute sweeps now: of what expires, and of legs."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=f"{self.stack.stack_name}-ScanExpiry", Payload=b"{}"
        )
        sent = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, sent
        self.cloud.sweep()
