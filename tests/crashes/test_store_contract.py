"""The store in memory answers as the one in DynamoDB: what the simulation finds holds there too.

Both are told the same, drawn from a seed; every answer and all that can be read
afterwards must be alike.
"""

from __future__ import annotations

import random
from copy import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from modupoint.effects import Progress
from modupoint.transactions import ConditionsFailedError
from tests.crashes.stores import DynamoDB, Memory
from tests.simulation.people import Amounts, People
from tests.simulation.transfer_life import TransferStores, due_leg_times
from transfer.legs import MOVES, BankTran, Leg, LegItem, LegKey, LegState
from transfer.ports import Saved
from transfer.postings import Cause, posting
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    KeyUsedError,
)
from transfer.transfer_items import ShownAccount, Transfer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DAYS = [date(2026, 11, 24) + timedelta(days=ahead) for ahead in range(3)]
ISSUERS = ("shinhan", "kb", "woori")
STEPS = 120
KEYS = 12
NOW_MS = 1_764_000_000_000

_NEXT = {state: sorted(to for of, to in MOVES if of == state) for state in LegState}
_CAUSES = {
    LegState.REDEEMED: Cause.REDEEMED,
    LegState.DEPOSITED: Cause.DEPOSITED,
    LegState.REVERSED: Cause.REVERSED,
}

_REFUSALS = (KeyUsedError, ConsentMissingError, AccountGoneError, ConditionsFailedError)


class Both:
    """Two stores that are told the same."""

    def __init__(self, engine: DynamoDB, rng: random.Random) -> None:
        self.people = People(Amounts(), [f"M#{uuid4().hex}" for _ in range(2)])
        self.stores: list[TransferStores] = [
            made.transfer_stores(self.people, due_leg_times()) for made in (Memory(), engine)
        ]
        self.rng = rng
        self.legs: list[Leg] = []
        self.transfers: list[Transfer] = []

    def alike(self, call: Callable[[TransferStores], Any]) -> Any:
        """Return what both answer."""
        memory, dynamodb = (_answer(call, stores) for stores in self.stores)
        assert memory == dynamodb
        return memory

    def submit(self, number: int) -> None:
        """Let both accept, or refuse, a transfer; sometimes of a foreign account."""
        rng = self.rng
        person = rng.choice(self.people.persons)
        account = rng.choice([*person.numbers, "acc_gone"])
        transfer = Transfer(
            member=person.member,
            transfer_id=f"trf_{number:04}",
            requested_at_ms=NOW_MS + number,
            account=ShownAccount(account, "004", "KB", "110*", "홍*"),
            idempotency_key=f"key-{rng.randrange(KEYS)}",
            body_sha256=f"{number:064}",
        )
        day = rng.choice(DAYS)
        legs = [
            Leg(
                key=LegKey(person.member, transfer.transfer_id, issuer),
                leg_id=f"leg_{number:04}{issuer}",
                items=(LegItem("POINT", 100 + number),),
                requested_at_ms=transfer.requested_at_ms,
                promised_at_ms=transfer.requested_at_ms,
                redemption_id=f"{number:032}",
                guard_day=day,
                bank_code="004",
                progress=Progress(LegState.ACCEPTED, 0, 0, None, transfer.requested_at_ms),
                sealed_ci=b"ci",
                sealed_account=b"account",
            )
            for issuer in rng.sample(ISSUERS, rng.randrange(1, 3))
        ]
        if self.alike(lambda stores: stores.transfers.submit(transfer, legs, day)) is None:
            self.legs += legs
            self.transfers.append(transfer)

    def save(self) -> None:
        """Let both store a move of a leg as it is, or as it was, or as it never was."""
        rng = self.rng
        before = rng.choice(self.legs)
        if rng.random() < 0.1:
            before = replace(before, key=replace(before.key, transfer_id="trf_none"))
        state = LegState(rng.choice(_NEXT[before.state] or sorted(LegState)))
        progress = before.progress.moved(
            state,
            tries=rng.randrange(3),
            not_before_ms=NOW_MS + rng.randrange(10_000_000),
            sent_at_ms=rng.choice((None, NOW_MS)),
        )
        after = replace(
            before,
            progress=progress,
            guard_day=rng.choice(DAYS),
            bank_tran=rng.choice((None, BankTran(f"U{rng.randrange(9)}", DAYS[0]))),
            failure=rng.choice((None, "issuer_refused")),
        )
        entry = None
        cause = _CAUSES.get(state)
        if cause is not None:
            after = replace(after, bank_tran=BankTran("U1", DAYS[0]))
            entry = posting(after, cause, DAYS[0], NOW_MS)
        # No move of money takes a day.
        hold, release = (rng.choice((None, None, day)) for day in rng.sample(DAYS, 2))
        saved = self.alike(
            lambda stores: stores.legs.save(
                before, after, posting=entry, hold=None if entry else hold, release=release
            )
        )
        if saved is Saved.YES:
            # The old one stays among those to come: somebody may have read it before.
            self.legs.append(after)

    def look(self) -> None:
        """Compare all that can be read."""
        for leg in self.legs:
            self.alike(partial(_leg, leg.key))
        for issuer in ISSUERS:
            for until_ms in (NOW_MS, NOW_MS + 5_000_000, NOW_MS + 20_000_000):
                self.alike(partial(_due, {leg.key.member for leg in self.legs}, issuer, until_ms))
        for transfer in self.transfers:
            self.alike(partial(_transfer, transfer.member, transfer.transfer_id))
        for person in self.people.persons:
            for limit in (1, 3, 100):
                self.alike(partial(_page, person.member, limit))
            for number in range(KEYS):
                self.alike(partial(_used_key, person.member, f"key-{number}"))


def _leg(key: LegKey, stores: TransferStores) -> Leg | None:
    return stores.legs.read(key)


def _due(members: set[str], issuer: str, until_ms: int, stores: TransferStores) -> set[LegKey]:
    return {key for key in stores.due_legs.due(issuer, until_ms, 1_000) if key.member in members}


def _transfer(member: str, transfer_id: str, stores: TransferStores) -> object:
    return stores.transfers.read(member, transfer_id)


def _page(member: str, limit: int, stores: TransferStores) -> object:
    return stores.transfers.page(member, None, limit)


def _used_key(member: str, key: str, stores: TransferStores) -> object:
    return stores.transfers.used_key(member, key)


def _answer(call: Callable[[TransferStores], Any], stores: TransferStores) -> Any:
    try:
        return call(stores)
    except AlreadyTransferredError as error:
        return error.issuers
    except _REFUSALS as error:
        return type(error)


@pytest.mark.parametrize("seed", range(3))
def test_both_stores_answer_alike(dynamodb: DynamoDB, seed: int) -> None:
    both = Both(dynamodb, random.Random(seed))  # noqa: S311 - chance that comes again
    for number in range(STEPS):
        if not both.legs or both.rng.random() < 0.3:
            both.submit(number)
        else:
            both.save()
    both.look()
