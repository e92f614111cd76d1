"""A leg's move is stored with all it entails, or not at all (decision 6; R-T2, R-T7)."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modupoint.effects import Progress
from modupoint.transactions import ConditionsFailedError
from tests.store.transfer_steps import (
    TOMORROW,
    a_stored_leg,
    holders,
    items_of,
    submitted,
)
from tests.unit.transfer.leg_samples import NOON_MS, TODAY, TRAN
from transfer.legs import BankTran, Leg, LegItem, LegKey, LegState
from transfer.ports import Saved
from transfer.postings import Cause, posting
from transfer.transfer_items import leg_item, leg_of, posting_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

_S = LegState


def moved(leg: Leg, state: LegState = _S.REDEEMING) -> Leg:
    """Return a leg one move on."""
    progress = leg.progress.moved(state, tries=1, not_before_ms=NOON_MS + 1, sent_at_ms=NOON_MS)
    return replace(leg, progress=progress)


def redeemed(leg: Leg) -> Leg:
    return replace(moved(leg, _S.REDEEMED), approved_at="20261122115900")


@pytest.fixture
def leg(store: Store, new_member: Callable[[], str]) -> Leg:
    """Give a leg as it was just accepted."""
    return a_stored_leg(store, new_member())


def test_a_move_is_read_back_as_it_was_stored(store: Store, leg: Leg) -> None:
    after = replace(
        moved(leg, _S.DEPOSIT_UNKNOWN),
        approved_at="20261122115900",
        bank_tran=TRAN,
        former_bank_trans=(BankTran("M202600001U000000000", TODAY),),
        failure="account_closed",
    )
    assert store.legs().save(leg, after) is Saved.YES
    assert store.legs().read(leg.key) == after


def test_a_leg_that_is_not_there_is_none(store: Store, leg: Leg) -> None:
    legs = store.legs()
    assert legs.read(replace(leg.key, issuer="bc")) is None
    assert legs.read(replace(leg.key, transfer_id="trf_none")) is None
    assert legs.read(LegKey("M#none", leg.key.transfer_id, "kb")) is None


def test_who_read_the_leg_before_another_moved_it_is_overtaken(store: Store, leg: Leg) -> None:
    legs = store.legs()
    first = moved(leg)
    assert legs.save(leg, first) is Saved.YES
    assert legs.save(leg, moved(leg, _S.FAILED)) is Saved.OVERTAKEN
    assert legs.read(leg.key) == first


def test_the_same_state_at_another_version_is_another_leg(store: Store, leg: Leg) -> None:
    legs = store.legs()
    waited = moved(leg, _S.ACCEPTED)
    assert legs.save(leg, waited) is Saved.YES
    assert legs.save(leg, moved(leg)) is Saved.OVERTAKEN
    assert legs.save(waited, moved(waited)) is Saved.YES


def test_another_state_at_the_same_version_is_another_leg(store: Store, leg: Leg) -> None:
    misread = replace(leg, progress=replace(leg.progress, state=_S.REDEEMED))
    assert store.legs().save(misread, moved(misread)) is Saved.OVERTAKEN


def test_a_leg_that_is_not_there_cannot_be_moved(store: Store, leg: Leg) -> None:
    ghost = replace(leg, key=replace(leg.key, issuer="bc"))
    assert store.legs().save(ghost, moved(ghost)) is Saved.OVERTAKEN
    entry = posting(ghost, Cause.REDEEMED, TODAY, NOON_MS)
    assert store.legs().save(ghost, redeemed(ghost), posting=entry) is Saved.OVERTAKEN
    assert "LEDGER" not in "".join(items_of(store, leg.key.member))


def test_a_posting_is_stored_with_its_move(store: Store, leg: Leg) -> None:
    entry = posting(leg, Cause.REDEEMED, TODAY, NOON_MS)
    assert store.legs().save(leg, redeemed(leg), posting=entry) is Saved.YES
    [item] = [
        one for sk, one in items_of(store, leg.key.member).items() if sk.startswith("LEDGER#")
    ]
    assert posting_of(item) == entry


def test_who_is_overtaken_posts_nothing_r_t7(store: Store, leg: Leg) -> None:
    legs = store.legs()
    entry = posting(leg, Cause.REDEEMED, TODAY, NOON_MS)
    assert legs.save(leg, moved(leg)) is Saved.YES
    assert legs.save(leg, redeemed(leg), posting=entry) is Saved.OVERTAKEN
    assert not [sk for sk in items_of(store, leg.key.member) if sk.startswith("LEDGER#")]


def test_a_leg_posts_each_cause_once_and_a_second_time_stops_everything_r_t7(
    store: Store, leg: Leg
) -> None:
    legs = store.legs()
    entry = posting(leg, Cause.REDEEMED, TODAY, NOON_MS)
    after = redeemed(leg)
    assert legs.save(leg, after, posting=entry) is Saved.YES
    with pytest.raises(ConditionsFailedError):
        legs.save(after, moved(after), posting=replace(entry, amount=1))
    assert legs.read(leg.key) == after
    items = items_of(store, leg.key.member)
    assert [posting_of(one) for sk, one in items.items() if sk.startswith("LEDGER#")] == [entry]


def test_a_leg_takes_a_later_day_with_its_intent_r_t2(store: Store, leg: Leg) -> None:
    after = replace(moved(leg), guard_day=TOMORROW)
    assert store.legs().save(leg, after, hold=TOMORROW) is Saved.YES
    member = leg.key.member
    assert holders(store, member, TOMORROW) == {"kb": leg.leg_id}
    assert holders(store, member) == {"kb": leg.leg_id}
    # It is forgotten like the day of an application.
    assert "expires_at" in items_of(store, member)[f"DAY#{TOMORROW.isoformat()}"]


def test_a_day_that_another_leg_holds_is_not_taken_and_nothing_moves_r_t2(
    store: Store, leg: Leg
) -> None:
    member = leg.key.member
    _, [other] = submitted(store, member, ("kb",), day=TOMORROW)
    after = replace(moved(leg), guard_day=TOMORROW)
    assert store.legs().save(leg, after, hold=TOMORROW) is Saved.DAY_TAKEN
    assert store.legs().read(leg.key) == leg
    assert holders(store, member, TOMORROW) == {"kb": other.leg_id}


def test_who_is_overtaken_takes_no_day_even_if_it_is_taken_too(store: Store, leg: Leg) -> None:
    legs = store.legs()
    assert legs.save(leg, moved(leg)) is Saved.YES
    assert legs.save(leg, moved(leg), hold=TOMORROW) is Saved.OVERTAKEN
    assert holders(store, leg.key.member, TOMORROW) == {}
    submitted(store, leg.key.member, ("kb",), day=TOMORROW)
    assert legs.save(leg, moved(leg), hold=TOMORROW) is Saved.OVERTAKEN


def test_other_issuers_days_are_no_obstacle_and_are_left_alone_r_t2(store: Store, leg: Leg) -> None:
    member = leg.key.member
    _, [bc] = submitted(store, member, ("bc",), day=TOMORROW)
    assert store.legs().save(leg, moved(leg), hold=TOMORROW) is Saved.YES
    assert holders(store, member, TOMORROW) == {"kb": leg.leg_id, "bc": bc.leg_id}


def test_a_leg_that_fails_gives_its_day_up_for_another_transfer_r_t2(
    store: Store, leg: Leg
) -> None:
    _, [bc] = submitted(store, leg.key.member, ("bc",))
    assert store.legs().save(leg, moved(leg, _S.FAILED), release=TODAY) is Saved.YES
    assert holders(store, leg.key.member) == {"bc": bc.leg_id}
    submitted(store, leg.key.member, ("kb",))


def test_a_reversal_posts_and_gives_its_day_up_in_one_breath(store: Store, leg: Leg) -> None:
    entry = posting(leg, Cause.REVERSED, TODAY, NOON_MS)
    legs = store.legs()
    assert legs.save(leg, moved(leg, _S.REVERSED), posting=entry, release=TODAY) is Saved.YES
    assert holders(store, leg.key.member) == {}


def test_who_is_overtaken_gives_no_day_up(store: Store, leg: Leg) -> None:
    legs = store.legs()
    assert legs.save(leg, moved(leg)) is Saved.YES
    assert legs.save(leg, moved(leg, _S.FAILED), release=TODAY) is Saved.OVERTAKEN
    assert holders(store, leg.key.member) == {"kb": leg.leg_id}


trans = st.builds(BankTran, st.from_regex(r"M202600001U[0-9A-Z]{9}", fullmatch=True), st.dates())
any_leg = st.builds(
    Leg,
    key=st.just(LegKey("M#1", "trf_1", "kb")),
    leg_id=st.text("abc-_0", min_size=1, max_size=9),
    items=st.lists(
        st.builds(LegItem, st.text(min_size=1, max_size=9), st.integers(1, 10**12)), min_size=1, max_size=3
    ).map(tuple),
    requested_at_ms=st.integers(0, 10**14),
    promised_at_ms=st.integers(0, 10**14),
    redemption_id=st.text("0123456789abcdef", min_size=1, max_size=32),
    guard_day=st.dates(),
    bank_code=st.just("004"),
    progress=st.builds(
        Progress,
        st.sampled_from(LegState),
        st.integers(0, 99),
        st.integers(0, 10),
        st.none() | st.integers(0, 10**14),
        st.integers(0, 10**14),
    ),
    sealed_ci=st.none() | st.binary(min_size=1, max_size=9),
    sealed_account=st.none() | st.binary(min_size=1, max_size=9),
    approved_at=st.none() | st.just("20261122115900"),
    bank_tran=st.none() | trans,
    former_bank_trans=st.lists(trans, max_size=3).map(tuple),
    deposited_at_ms=st.none() | st.integers(0, 10**14),
    failure=st.none() | st.just("card_dormant"),
)  # fmt: skip


@given(any_leg)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_leg_is_read_as_it_was_written(leg: Leg) -> None:
    assert leg_of(leg_item(leg)) == leg
