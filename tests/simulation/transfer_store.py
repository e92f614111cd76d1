"""The Transfers table in memory, refusing exactly what the one in DynamoDB refuses.

Each guard is a method of its own: a mutation test switches off one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from modupoint.transactions import ConditionsFailedError
from transfer.ports import Saved
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    KeyUsedError,
    UsedKey,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tests.simulation.due_times import DueTimes
    from transfer.legs import Leg, LegKey
    from transfer.postings import Cause, Posting
    from transfer.transfer_items import Transfer


class Agreements(Protocol):
    """What of the Members table a submission depends on."""

    def has_agreed(self, member: str) -> bool:
        """Say whether the member's agreement stands."""

    def has_account(self, member: str, account_id: str) -> bool:
        """Say whether the account is still kept."""


class MemoryTransfers:
    """The table, as ``submission_ports.Transfers``."""

    def __init__(self, agreements: Agreements, due_times: DueTimes[LegKey]) -> None:
        self._agreements = agreements
        self._due_times = due_times
        self._legs: dict[LegKey, Leg] = {}
        self._postings: dict[tuple[LegKey, Cause], Posting] = {}
        self._keys: dict[tuple[str, str], UsedKey] = {}
        self._days: dict[tuple[str, date], dict[str, str]] = {}
        self._transfers: dict[str, dict[str, tuple[Transfer, list[LegKey]]]] = {}

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        """Store a move with all it entails, or nothing of it."""
        present = self._legs.get(before.key)
        if present is None or not self._is_unmoved(present, before):
            return Saved.OVERTAKEN
        if posting is not None and not self._is_unposted(posting):
            raise ConditionsFailedError({1: {}})
        if hold is not None and not self._is_day_free(after, hold):
            return Saved.DAY_TAKEN
        self._put(after)
        if posting is not None:
            self._postings[posting.key, posting.cause] = posting
        if hold is not None:
            self._held(after.key.member, hold)[after.key.issuer] = after.leg_id
        if release is not None:
            self._release(after, release)
        return Saved.YES

    def submit(self, transfer: Transfer, legs: list[Leg], day: date) -> None:
        """Store a transfer, its legs, its key and the day's redemptions, or nothing."""
        member, account_id = transfer.member, transfer.account.account_id
        if not self._is_key_free(member, transfer.idempotency_key):
            raise KeyUsedError
        if not self._agreements.has_agreed(member):
            raise ConsentMissingError
        if not self._agreements.has_account(member, account_id):
            raise AccountGoneError
        if not all(self._is_day_free(leg, day) for leg in legs):
            held = self._held(member, day)
            raise AlreadyTransferredError(
                [one.key.issuer for one in legs if one.key.issuer in held]
            )
        self._keys[member, transfer.idempotency_key] = UsedKey(
            transfer.transfer_id, transfer.body_sha256
        )
        self._held(member, day).update({leg.key.issuer: leg.leg_id for leg in legs})
        transfers = self._transfers.setdefault(member, {})
        transfers[transfer.transfer_id] = transfer, [leg.key for leg in legs]
        for leg in legs:
            self._put(leg)

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what a key was used for."""
        return self._keys.get((member, idempotency_key))

    def read_leg(self, key: LegKey) -> Leg | None:
        """Return a leg as it is now."""
        return self._legs.get(key)

    def read(self, member: str, transfer_id: str) -> tuple[Transfer, list[Leg]] | None:
        """Return a transfer and its legs."""
        found = self._transfers.get(member, {}).get(transfer_id)
        return None if found is None else self._whole(found)

    def page(
        self, member: str, before: str | None, limit: int
    ) -> tuple[list[tuple[Transfer, list[Leg]]], bool]:
        """Return transfers older than ``before``, newest first, and whether there are more."""
        transfers = self._transfers.get(member, {})
        ids = sorted((one for one in transfers if before is None or one < before), reverse=True)
        return [self._whole(transfers[one]) for one in ids[:limit]], len(ids) > limit

    def postings(self) -> Iterable[Posting]:
        """Return the ledger."""
        return self._postings.values()

    def _is_unmoved(self, present: Leg, before: Leg) -> bool:
        return self._is_state_same(present, before) and self._is_version_same(present, before)

    def _is_state_same(self, present: Leg, before: Leg) -> bool:
        return present.state is before.state

    def _is_version_same(self, present: Leg, before: Leg) -> bool:
        return present.progress.version == before.progress.version

    def _is_unposted(self, posting: Posting) -> bool:
        return (posting.key, posting.cause) not in self._postings

    def _is_day_free(self, leg: Leg, day: date) -> bool:
        return leg.key.issuer not in self._held(leg.key.member, day)

    def _is_key_free(self, member: str, idempotency_key: str) -> bool:
        return (member, idempotency_key) not in self._keys

    def _release(self, leg: Leg, day: date) -> None:
        self._held(leg.key.member, day).pop(leg.key.issuer, None)

    def _held(self, member: str, day: date) -> dict[str, str]:
        return self._days.setdefault((member, day), {})

    def _whole(self, found: tuple[Transfer, list[LegKey]]) -> tuple[Transfer, list[Leg]]:
        transfer, keys = found
        return transfer, sorted((self._legs[key] for key in keys), key=lambda leg: leg.leg_id)

    def _put(self, leg: Leg) -> None:
        self._legs[leg.key] = leg
        self._due_times.note(leg)


@dataclass(frozen=True, slots=True)
class MemoryLegs:
    """The table, as ``ports.Legs``."""

    table: MemoryTransfers

    def read(self, key: LegKey) -> Leg | None:
        """Return a leg as it is now."""
        return self.table.read_leg(key)

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        """Store a move with all it entails, or nothing of it."""
        return self.table.save(before, after, posting=posting, hold=hold, release=release)
