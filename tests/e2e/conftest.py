"""A member with an account and the auditor of their money; the product's own access to the stack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.aws import client
from modupoint.clock import SEOUL
from tests.stack.auditor import Auditor
from tests.stack.member import cash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.stack.bring_up import Stack
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
        """Move business time on and let the sweep run."""
        self.partners.forward(**by)
        self.cloud.sweep()

    def audit(self) -> None:
        """Hold answers, ledger and books to each other."""
        Auditor(self.partners, self.cloud).check(self.member, self.at_bank)


@pytest.fixture
def saver(new_member: Callable[[], Member], partners: Partners, cloud: Cloud) -> Saver:
    """Give one such person; points of everybody are there."""
    member = new_member()
    return Saver(
        member, partners, cloud, member.register("088"), partners.account(member.sub, "088")
    )


@pytest.fixture
def tuesday(saver: Saver) -> Saver:
    """Give them on an ordinary business day, in the morning."""
    saver.partners.set_clock(datetime(2026, 11, 24, 10, tzinfo=SEOUL))
    return saver


@pytest.fixture
def in_process(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the product's own code reach the deployed tables from this process."""
    for name, value in (
        ("AWS_ENDPOINT_URL", stack.aws_endpoint_url),
        ("AWS_DEFAULT_REGION", stack.region),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ):
        monkeypatch.setenv(name, value)
    client.cache_clear()
    yield
    client.cache_clear()
