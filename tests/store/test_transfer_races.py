"""What happens at once, on the engine that orders it: one wins, nobody half-writes.

Amazon's local engine never cancels a transaction for a conflict, so conflicts are put
in front of it here, as the service would answer.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import contextmanager
from copy import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from modupoint import aws, transactions
from modupoint.transactions import ConditionsFailedError
from tests.store.aws_calls import single_writes_meet_a_transaction
from tests.store.lookup_steps import at_once
from tests.store.transfer_steps import (
    ELEVEN,
    TOMORROW,
    a_stored_leg,
    an_application,
    holders,
    items_of,
    with_account,
)
from tests.unit.transfer.leg_samples import NOON_MS, TODAY
from transfer.legs import Leg, LegState
from transfer.ports import Saved
from transfer.postings import Cause, posting
from transfer.submission_ports import AlreadyTransferredError, KeyUsedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.store.conftest import Store

THREADS = 16
ROUNDS = 4


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except (KeyUsedError, AlreadyTransferredError, ConditionsFailedError) as refused:
        return type(refused).__name__
    return "yes"


def kinds(store: Store, member: str) -> Counter[str]:
    """Count what is stored of a member: transfers, legs, keys, days, journal."""
    return Counter(
        "leg" if "#LEG#" in sk else sk.partition("#")[0] for sk in items_of(store, member)
    )


def test_many_devices_with_one_key_make_one_transfer(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    for _ in range(ROUNDS):
        member = with_account(racing_store, new_member())
        made = [an_application(member, ELEVEN, key="key") for _ in range(THREADS)]

        def submit(place: int, made: Any = made) -> str:
            transfer, legs = made[place]
            return outcome(lambda: racing_store.transfers().submit(transfer, legs, TODAY))

        ends = at_once(THREADS, submit)

        assert Counter(ends) == {"yes": 1, "KeyUsedError": THREADS - 1}
        transfer, legs = made[ends.index("yes")]
        assert racing_store.transfers().read(member, transfer.transfer_id) == (transfer, legs)
        assert kinds(racing_store, member) == {
            "TRANSFER": 1, "leg": 11, "KEY": 1, "DAY": 1, "MEMBER": 1,
        }  # fmt: skip
        used = racing_store.transfers().used_key(member, "key")
        assert used is not None
        assert used.transfer_id == transfer.transfer_id


def test_many_transfers_of_one_issuer_and_day_leave_one_r_t2(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    for _ in range(ROUNDS):
        member = with_account(racing_store, new_member())
        # Each wants kb and one more issuer, so that none can be refused in part.
        made = [an_application(member, ("kb", ELEVEN[2 + n % 9])) for n in range(THREADS)]

        def submit(place: int, made: Any = made) -> str:
            transfer, legs = made[place]
            return outcome(lambda: racing_store.transfers().submit(transfer, legs, TODAY))

        ends = at_once(THREADS, submit)

        assert Counter(ends) == {"yes": 1, "AlreadyTransferredError": THREADS - 1}
        _, legs = made[ends.index("yes")]
        assert holders(racing_store, member) == {leg.key.issuer: leg.leg_id for leg in legs}
        assert kinds(racing_store, member)["leg"] == 2


def test_transfers_of_different_issuers_at_once_are_all_accepted(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    member = with_account(racing_store, new_member())
    made = [an_application(member, (issuer,)) for issuer in ELEVEN]

    def submit(place: int) -> str:
        transfer, legs = made[place]
        return outcome(lambda: racing_store.transfers().submit(transfer, legs, TODAY))

    assert at_once(len(ELEVEN), submit) == ["yes"] * len(ELEVEN)
    assert items_of(racing_store, member)["MEMBER"]["submissions"] == {"N": str(len(ELEVEN))}


def moved(leg: Leg, state: LegState, mark: int = 0) -> Leg:
    progress = leg.progress.moved(state, tries=mark, not_before_ms=NOON_MS, sent_at_ms=NOON_MS)
    return replace(leg, progress=progress)


@pytest.mark.parametrize("entails", ["nothing", "posting", "hold", "release"])
def test_of_many_workers_with_one_leg_one_moves_it(
    racing_store: Store, new_member: Callable[[], str], entails: str
) -> None:
    for _ in range(ROUNDS):
        leg = a_stored_leg(racing_store, new_member())
        with_it: dict[str, dict[str, Any]] = {
            "nothing": {},
            "posting": {"posting": posting(leg, Cause.REDEEMED, TODAY, NOON_MS)},
            "hold": {"hold": TOMORROW},
            "release": {"release": TODAY},
        }

        def save(place: int, leg: Leg = leg, options: Any = with_it[entails]) -> Saved:
            after = moved(leg, LegState.REDEEMED, place)
            return racing_store.legs().save(leg, after, **options)

        ends = at_once(THREADS, save)

        assert Counter(ends) == {Saved.YES: 1, Saved.OVERTAKEN: THREADS - 1}
        stored = racing_store.legs().read(leg.key)
        assert stored is not None
        assert stored.progress.tries == ends.index(Saved.YES)
        assert kinds(racing_store, leg.key.member)["LEDGER"] == (entails == "posting")


def test_a_chain_of_moves_by_many_workers_loses_none(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    leg = a_stored_leg(racing_store, new_member())
    yes = Counter[int]()
    counting = threading.Lock()

    def work(place: int) -> None:
        legs = racing_store.legs()
        for _ in range(10):
            now = legs.read(leg.key)
            assert now is not None
            if legs.save(now, moved(now, LegState.ACCEPTED)) is Saved.YES:
                with counting:
                    yes[place] += 1

    at_once(8, work)
    stored = racing_store.legs().read(leg.key)
    assert stored is not None
    assert stored.progress.version == yes.total() > 0


def test_two_legs_that_want_one_later_day_share_it_out_r_t2(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    for _ in range(ROUNDS):
        member = with_account(racing_store, new_member())
        legs = []
        for day in (TODAY, TODAY.replace(day=1)):
            transfer, [leg] = an_application(member, ("kb",), day=day)
            racing_store.transfers().submit(transfer, [leg], day)
            legs.append(leg)

        def hold(place: int, legs: list[Leg] = legs) -> Saved:
            leg = legs[place]
            return racing_store.legs().save(leg, moved(leg, LegState.REDEEMING), hold=TOMORROW)

        ends = at_once(2, hold)

        assert Counter(ends) == {Saved.YES: 1, Saved.DAY_TAKEN: 1}
        winner, loser = legs[ends.index(Saved.YES)], legs[ends.index(Saved.DAY_TAKEN)]
        assert holders(racing_store, member, TOMORROW) == {"kb": winner.leg_id}
        assert racing_store.legs().read(loser.key) == loser


CANCELLED = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"


@contextmanager
def conflicts(times: int) -> Iterator[Counter[str]]:
    """Answer the next transactions of each thread with a conflict, unsent."""
    met = Counter[str]()
    left = threading.local()

    def refuse(request: Any, **_: Any) -> AWSResponse | None:
        left.times = getattr(left, "times", times)
        if left.times == 0:
            return None
        left.times -= 1
        met["conflict"] += 1
        body = {
            "__type": CANCELLED,
            "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
        }
        raw: Any = type("Raw", (), {"stream": lambda _: [json.dumps(body).encode()]})()
        return AWSResponse(request.url, 400, HTTPHeaders(), raw)

    events = aws.client("dynamodb").meta.events
    events.register_first("before-send.dynamodb.TransactWriteItems", refuse)
    try:
        yield met
    finally:
        events.unregister("before-send.dynamodb.TransactWriteItems", refuse)


def test_conflicts_are_waited_out_and_then_it_is_decided(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    member = with_account(racing_store, new_member())
    made = [an_application(member, ("kb",)) for _ in range(4)]

    def submit(place: int) -> str:
        transfer, legs = made[place]
        return outcome(lambda: racing_store.transfers().submit(transfer, legs, TODAY))

    with conflicts(2) as met:
        ends = at_once(4, submit)
    assert met["conflict"] == 8
    assert Counter(ends) == {"yes": 1, "AlreadyTransferredError": 3}
    assert kinds(racing_store, member)["TRANSFER"] == 1


def test_conflicts_without_end_refuse_and_write_nothing(
    racing_store: Store, new_member: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leg = a_stored_leg(racing_store, new_member())
    before = items_of(racing_store, leg.key.member)
    monkeypatch.setattr(transactions, "_FIRST_PAUSE_S", 0)
    transfer, legs = an_application(leg.key.member, ("bc",))
    entry = posting(leg, Cause.REDEEMED, TODAY, NOON_MS)
    with conflicts(100) as met:
        with pytest.raises(ClientError):
            racing_store.transfers().submit(transfer, legs, TODAY)
        with pytest.raises(ClientError):
            racing_store.legs().save(leg, moved(leg, LegState.REDEEMED), posting=entry)
    assert met["conflict"] == 12
    assert items_of(racing_store, leg.key.member) == before
    # And once they are over it goes on as if nothing had been.
    assert racing_store.legs().save(leg, moved(leg, LegState.REDEEMED), posting=entry) is Saved.YES


@pytest.mark.parametrize(("version", "saved"), [(0, Saved.YES), (7, Saved.OVERTAKEN)])
def test_a_single_write_that_meets_a_transaction_waits_for_what_comes_of_it(
    racing_store: Store, new_member: Callable[[], str], version: int, saved: Saved
) -> None:
    leg = a_stored_leg(racing_store, new_member())
    seen = replace(leg, progress=replace(leg.progress, version=leg.progress.version + version))
    with single_writes_meet_a_transaction() as met:
        assert racing_store.legs().save(seen, moved(seen, LegState.REDEEMING)) is saved
    assert len(met) == 1
