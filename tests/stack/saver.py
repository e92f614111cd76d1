"""A member whose points become cash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.clock import epoch_ms
from tests.stack.auditor import Auditor
from tests.stack.member import cash
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from tests.stack.cloud import Cloud
    from tests.stack.member import Member, Transfer
    from tests.stack.partners import Partners


@dataclass(frozen=True)
class Saver:
    """A member whose points become cash in one account, audited at the end."""

    member: Member
    partners: Partners
    cloud: Cloud
    account: dict[str, Any]
    at_bank: dict[str, Any]

    def cash(self, **amounts: int) -> dict[str, Any]:
        """Return the body that asks for points of some issuers."""
        return cash(self.account, **amounts)

    def submit(self, **amounts: int) -> str:
        """Ask for points of some issuers; returns the transfer's id."""
        transfer_id: str = self.member.submit(self.cash(**amounts))["transfer_id"]
        return transfer_id

    def until(self, transfer_id: str, **statuses: str) -> Transfer:
        """Wait until the legs have these statuses, and return the transfer."""
        return self.member.until_legs(transfer_id, statuses)

    def later(self, **by: float) -> None:
        """Move business time on and let the sweep run.

        Not while a due leg is still being worked on: what its worker asked before the
        move would be judged after it, and wait for a back-off that nobody sat through.
        """
        eventually(self._nothing_is_due, "a moment in which no leg is due")
        self.partners.forward(**by)
        self.cloud.sweep()

    def _nothing_is_due(self) -> bool:
        now_ms = epoch_ms(self.partners.now())
        items = self.cloud.transfer_items(self.member.key).values()
        return all(int(item["due_at"]["N"]) > now_ms for item in items if "due_at" in item)

    def audit(self) -> None:
        """Hold answers, ledger and books to each other."""
        Auditor(self.partners, self.cloud).check(self.member, self.at_bank)
