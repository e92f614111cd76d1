"""The stores a course is lived over: in memory, and DynamoDB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from autopay.agreements import MemberAgreements
from autopay.order_store import DynamoOrders
from autopay.ports import Saved as OrderSaved
from modupoint import aws
from tests.simulation.order_life import OrderStores
from tests.simulation.order_store import MemoryOrders
from tests.simulation.transfer_life import TransferStores
from tests.simulation.transfer_store import MemoryLegs, MemoryTransfers
from transfer.funds import MembersFunds
from transfer.leg_store import DynamoLegs
from transfer.ports import Saved
from transfer.transfer_items import posting_of
from transfer.transfers import DynamoTransfers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from autopay.orders import Order, OrderKey
    from autopay.ports import UsedKey as OrderUsedKey
    from tests.simulation.due_times import DueTimes
    from tests.simulation.people import People
    from transfer.legs import Leg, LegKey
    from transfer.postings import Posting
    from transfer.submission_ports import UsedKey
    from transfer.transfer_items import Transfer


class Engine(Protocol):
    """Makes stores, and reads their ledger."""

    def transfer_stores(self, people: People, due_times: DueTimes[LegKey]) -> TransferStores:
        """Return stores in which these people are and nothing else of theirs."""

    def order_stores(self, people: People, due_times: DueTimes[OrderKey]) -> OrderStores:
        """Return stores in which these people are and no order of theirs."""

    def postings(self, people: People) -> Iterable[Posting]:
        """Return these people's journal entries."""


class Memory:
    """The stores of the simulation."""

    def __init__(self) -> None:
        self._tables: list[MemoryTransfers] = []

    def transfer_stores(self, people: People, due_times: DueTimes[LegKey]) -> TransferStores:
        """Return a table of its own."""
        table = MemoryTransfers(people, due_times)
        self._tables.append(table)
        return TransferStores(MemoryLegs(table), table, people, due_times)

    def order_stores(self, people: People, due_times: DueTimes[OrderKey]) -> OrderStores:
        """Return a table of its own."""
        table = MemoryOrders(people, due_times)
        return OrderStores(table, people, table)

    def postings(self, _people: People) -> Iterable[Posting]:
        """Return the entries of the last table."""
        return self._tables[-1].postings()


@dataclass(frozen=True, slots=True)
class DynamoDB:
    """The real stores, on tables that many courses share."""

    transfers_table: str
    members_table: str
    autopays_table: str

    def transfer_stores(self, people: People, due_times: DueTimes[LegKey]) -> TransferStores:
        """Put the people into the Members table."""
        self._put(people)
        legs = DynamoLegs(self.transfers_table)
        transfers = DynamoTransfers(self.transfers_table, self.members_table)
        return TransferStores(
            _NotedLegs(legs, due_times),
            _NotedTransfers(transfers, due_times),
            MembersFunds(self.members_table),
            legs,
        )

    def order_stores(self, people: People, due_times: DueTimes[OrderKey]) -> OrderStores:
        """Put the people into the Members table."""
        self._put(people)
        orders = DynamoOrders(self.autopays_table, self.members_table)
        return OrderStores(
            _NotedOrders(orders, due_times), MemberAgreements(self.members_table), orders
        )

    def postings(self, people: People) -> Iterable[Posting]:
        """Read the ledger."""
        for person in people.persons:
            items = aws.client("dynamodb").query(
                TableName=self.transfers_table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :ledger)",
                ExpressionAttributeValues={
                    ":pk": {"S": person.member},
                    ":ledger": {"S": "LEDGER#"},
                },
                ConsistentRead=True,
            )["Items"]
            yield from map(posting_of, items)

    def _put(self, people: People) -> None:
        for item in people.items():
            aws.client("dynamodb").put_item(TableName=self.members_table, Item=item)


@dataclass(frozen=True, slots=True)
class _NotedLegs:
    """Tells the simulated schedule when legs are due; the index itself tells the sweep."""

    legs: DynamoLegs
    due_times: DueTimes[LegKey]

    def read(self, key: LegKey) -> Leg | None:
        return self.legs.read(key)

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        saved = self.legs.save(before, after, posting=posting, hold=hold, release=release)
        if saved is Saved.YES:
            self.due_times.note(after)
        return saved


@dataclass(frozen=True, slots=True)
class _NotedTransfers:
    transfers: DynamoTransfers
    due_times: DueTimes[LegKey]

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        return self.transfers.used_key(member, idempotency_key)

    def submit(self, transfer: Transfer, legs: list[Leg], day: date) -> None:
        self.transfers.submit(transfer, legs, day)
        for leg in legs:
            self.due_times.note(leg)

    def read(self, member: str, transfer_id: str) -> tuple[Transfer, list[Leg]] | None:
        return self.transfers.read(member, transfer_id)

    def page(
        self, member: str, before: str | None, limit: int
    ) -> tuple[list[tuple[Transfer, list[Leg]]], bool]:
        return self.transfers.page(member, before, limit)


@dataclass(frozen=True, slots=True)
class _NotedOrders:
    orders: DynamoOrders
    due_times: DueTimes[OrderKey]

    def read(self, key: OrderKey) -> Order | None:
        return self.orders.read(key)

    def all(self, member: str) -> list[Order]:
        return self.orders.all(member)

    def save(self, before: Order, after: Order) -> OrderSaved:
        saved = self.orders.save(before, after)
        if saved is OrderSaved.YES:
            self.due_times.note(after)
        return saved

    def used_key(self, member: str, idempotency_key: str) -> OrderUsedKey | None:
        return self.orders.used_key(member, idempotency_key)

    def submit(self, order: Order, idempotency_key: str, body_sha256: str) -> None:
        self.orders.submit(order, idempotency_key, body_sha256)
        self.due_times.note(order)
