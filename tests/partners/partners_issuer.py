"""How a caller redeems points, written out from partner contracts, section 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.partners.partners_driver import PATIENCE_S

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners, Reply

REDEMPTIONS = "/v1/points/redemptions"


def somebody() -> str:
    """Name a person nobody has met."""
    return f"person-{uuid4().hex[:12]}"


def new_id() -> str:
    """Make an id no redemption has had."""
    return uuid4().hex


@dataclass
class Redeemer:
    """A caller of one issuer, on behalf of one person."""

    partners: Partners
    issuer: str
    sub: str
    ci: str = ""

    def __post_init__(self) -> None:
        self.ci = self.ci or self.partners.ci(self.sub)

    def redeem(
        self,
        redemption_id: str,
        /,
        *items: tuple[str, object],
        timeout_s: float = PATIENCE_S,
        **changes: object,
    ) -> Reply:
        """Ask for points to be redeemed; all of the body can be changed."""
        body = {
            "redemption_id": redemption_id,
            "ci": self.ci,
            "items": [{"point_code": code, "amount": amount} for code, amount in items],
            "requested_at": "20261122110000",
            **changes,
        }
        return self._send("POST", "", body, timeout_s)

    def status(self, redemption_id: str) -> Reply:
        """Ask what became of a redemption."""
        return self._send("GET", f"/{redemption_id}")

    def reverse(self, redemption_id: str, timeout_s: float = PATIENCE_S) -> Reply:
        """Ask for points to be given back."""
        return self._send("POST", f"/{redemption_id}/reversal", {"reason": "deposit"}, timeout_s)

    def day_list(self, day: str, cursor: str = "") -> Reply:
        """Read a page of a day's list."""
        return self._send("GET", f"?date={day}&cursor={cursor}")

    def points(self) -> dict[str, dict[str, Any]]:
        """Read the balances, by point code."""
        answer = self.partners.inquire(self.issuer, self.ci).json
        return {point["point_code"]: point for point in answer["point_list"]}

    def remaining(self, point_code: str) -> int:
        """Read one balance."""
        return int(self.points()[point_code]["remain_point_amt"])

    def hold(self, *points: dict[str, Any], **statement: Any) -> None:
        """Tell the issuer what this person has."""
        told = {"issuers": {self.issuer: {**statement, **({"points": points} if points else {})}}}
        reply = self.partners.send("PUT", f"/control/people/{self.sub}", told)
        assert reply.status == 200, reply.text

    def book(self) -> list[dict[str, Any]]:
        """Read what the issuer has on its book of this person."""
        path = f"/control/books/redemptions?sub={self.sub}&issuer={self.issuer}"
        return list(self.partners.send("GET", path).json["redemptions"])

    def _send(
        self, method: str, path: str, body: object = None, timeout_s: float = PATIENCE_S
    ) -> Reply:
        return self.partners.signed(method, self.issuer, REDEMPTIONS + path, body, timeout_s)
