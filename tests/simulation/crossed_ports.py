"""The domain's ports, each call of them crossing the boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date

    from modupoint.partner import PartnerAnswer
    from modupoint.sweeping import DueRows, LaneQueues
    from tests.simulation.crossing import Crossing
    from transfer.legs import Leg, LegKey
    from transfer.ports import BankTranIds, Legs, Saved
    from transfer.postings import Posting
    from transfer.submission_ports import Funds, FundsReader, LegLanes, Transfers, UsedKey
    from transfer.transfer_items import Transfer


class Transport(Protocol):
    """What ``PartnerTransport`` does."""

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        """Send one request and say how it ended."""


@dataclass(frozen=True, slots=True)
class CrossedLegs:
    """The store of legs."""

    cross: Crossing
    legs: Legs

    def read(self, key: LegKey) -> Leg | None:
        """Return a leg as it is when the read arrives."""
        return self.cross("legs.read", _leg(key), lambda: self.legs.read(key))

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        """Store a move when the write arrives."""
        # A transaction carries a token by which its repeat is known; a plain write does not.
        plain = posting is None and hold is None and release is None
        return self.cross(
            f"legs.save {before.state} to {after.state}",
            _leg(after.key),
            lambda: self.legs.save(before, after, posting=posting, hold=hold, release=release),
            repeatable=plain,
        )


@dataclass(frozen=True, slots=True)
class CrossedTransfers:
    """The store of transfers."""

    cross: Crossing
    transfers: Transfers

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what a key was used for."""
        return self.cross(
            "transfers.used_key", member, lambda: self.transfers.used_key(member, idempotency_key)
        )

    def submit(self, transfer: Transfer, legs: list[Leg], day: date) -> None:
        """Store a transfer."""
        self.cross(
            "transfers.submit",
            f"{transfer.member} {transfer.transfer_id[-4:]}",
            lambda: self.transfers.submit(transfer, legs, day),
        )

    def read(self, member: str, transfer_id: str) -> tuple[Transfer, list[Leg]] | None:
        """Return a transfer."""
        return self.cross(
            "transfers.read", member, lambda: self.transfers.read(member, transfer_id)
        )

    def page(
        self, member: str, before: str | None, limit: int
    ) -> tuple[list[tuple[Transfer, list[Leg]]], bool]:
        """Return transfers, newest first."""
        return self.cross(
            "transfers.page", member, lambda: self.transfers.page(member, before, limit)
        )


@dataclass(frozen=True, slots=True)
class CrossedFunds:
    """The members' funds."""

    cross: Crossing
    funds: FundsReader

    def read(self, member: str) -> Funds:
        """Return what a member has."""
        return self.cross("funds.read", member, lambda: self.funds.read(member))


@dataclass(frozen=True, slots=True)
class CrossedLanes:
    """The topic that reaches the lanes."""

    cross: Crossing
    lanes: LegLanes

    def send(self, legs: list[Leg]) -> None:
        """Tell the lanes."""
        self.cross("lanes.send", legs[0].key.member, lambda: self.lanes.send(legs))


@dataclass(frozen=True, slots=True)
class CrossedDueRows[K]:
    """The index of what is due."""

    cross: Crossing
    rows: DueRows[K]

    def due(self, lane: str, until_ms: int, limit: int) -> list[K]:
        """Return what is due in a lane."""
        return self.cross("rows.due", lane, lambda: self.rows.due(lane, until_ms, limit))


@dataclass(frozen=True, slots=True)
class CrossedQueues[K]:
    """The lanes' queues, as the sweep fills them."""

    cross: Crossing
    queues: LaneQueues[K]

    def backlog(self, lane: str) -> int:
        """Return how many messages a lane has."""
        return self.cross("queues.backlog", lane, lambda: self.queues.backlog(lane))

    def send(self, lane: str, rows: list[K]) -> int:
        """Send a message per row."""
        return self.cross("queues.send", lane, lambda: self.queues.send(lane, rows))


@dataclass(frozen=True, slots=True)
class CrossedBankTranIds:
    """The counter of deposit names."""

    cross: Crossing
    ids: BankTranIds

    def next_id(self) -> str:
        """Return a new ``bank_tran_id``."""
        return self.cross("bank_tran_ids.next_id", "", self.ids.next_id)


@dataclass(frozen=True, slots=True)
class CrossedTransport:
    """The way to the partners."""

    cross: Crossing
    transport: Transport

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        """Send one request and say how it ended."""
        return self.cross(
            f"partner {method}",
            url,
            lambda: self.transport.call(
                method, url, headers=headers, body=body, timeout_s=timeout_s
            ),
        )


def _leg(key: LegKey) -> str:
    return f"{key.member} {key.transfer_id[-4:]} {key.issuer}"
