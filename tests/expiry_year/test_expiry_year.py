"""A year of expiring points, struck in every way: nobody told twice, nothing missed (R-E1..E4)."""

from __future__ import annotations

import random
import secrets

import pytest

from modupoint.clock import at_ms
from query.cash_out import CashOutState
from query.notices import NoticeKind, months_later
from tests.expiry_year.faults import Faults
from tests.expiry_year.promises import PromiseBrokenError
from tests.expiry_year.year import LIVELY, SILENT, STEADY, Year, in_month

WORLDS = 6
SEED = 20261201


def calm(rng: random.Random) -> Faults:
    """Return no troubles."""
    return Faults(rng, 0, 0, 0, 0, 0, [], {})


def lived(seed: str, *, untroubled: bool = False) -> Year:
    """Let a year pass; fails with how to see it again."""
    rng = random.Random(seed)  # noqa: S311 - chance that comes again
    manners = [SILENT, SILENT, *[STEADY] * 6, *[LIVELY] * 6]
    if untroubled:
        manners = [SILENT, *[STEADY] * 12]
    year = Year(rng, manners, calm(rng) if untroubled else None)
    broken = None
    try:
        year.live()
    except PromiseBrokenError as error:
        broken = error
    if broken is not None:
        pytest.fail(f"world {seed} at {at_ms(year.schedule.now_ms)}: {broken}", pytrace=False)
    return year


@pytest.mark.parametrize("world", range(WORLDS))
def test_the_promises_hold_in_known_years_r_e4(world: int) -> None:
    lived(f"{SEED}/{world}")


def test_the_promises_hold_in_a_new_year_r_e4() -> None:
    lived(f"{secrets.randbelow(10**9)}/0")


def test_a_year_is_not_empty() -> None:
    kinds = {key[2] for world in range(3) for key in lived(f"{SEED}/{world}").promises.told}
    assert kinds >= {
        NoticeKind.EXPIRING,
        NoticeKind.CASHOUT_PLANNED,
        NoticeKind.CASHOUT_DONE,
        NoticeKind.CASHOUT_STOPPED,
    }


@pytest.fixture(scope="module")
def quiet() -> Year:
    """Give a year without troubles, of members who choose once."""
    return lived(f"{SEED}/quiet", untroubled=True)


def test_each_issuer_and_month_is_told_once_at_the_chosen_lead_r_e1_r_e2(quiet: Year) -> None:
    first, last = "2026-12", in_month(quiet.ends_ms - 1)
    expected, told = set(), set()
    for member in quiet.members:
        settings = quiet.store.read(member)
        lead = settings.lead_months
        begin = [
            one for one in quiet.promises.snapshots if (one.member, one.month) == (member, first)
        ]
        for issuer, month in begin[0].expiring:
            if settings.alerts.enabled and months_later(month, -lead) <= last:
                expected.add((member, issuer, month, max(first, months_later(month, -lead))))
        told |= {
            (member, one.subject.issuer, one.subject.month, in_month(one.created_at_ms))
            for one in quiet.store.notices(member)
            if one.kind is NoticeKind.EXPIRING
        }
    assert len(expected) > 40
    assert told == expected


def test_everything_that_could_be_cash_became_cash_in_time_r_e3(quiet: Year) -> None:
    done = 0
    for member in quiet.members:
        cashout = quiet.store.read(member).cashout
        for one in quiet.store.cash_outs(member):
            if one.subject.month <= in_month(quiet.ends_ms - 1):
                assert one.state is CashOutState.DONE
                done += 1
        for (owner, _, month), amount in quiet.wallets.expired.items():
            if owner == member and cashout.enabled and month > "2026-12":
                assert amount < max(cashout.minimum_amount or 0, 1)
    assert done > 20
    accounts = {
        (one.hand_over.member, one.hand_over.account_id) for one in quiet.transfers.transfers
    }
    assert accounts == {
        (member, account)
        for member, account in accounts
        if quiet.store.read(member).cashout.account_id == account
    }
    for transfer in quiet.transfers.transfers:
        assert transfer.at.date() <= transfer.hand_over.last_day


def test_who_never_asked_is_neither_told_nor_asked_about_r_e2(quiet: Year) -> None:
    silent = next(iter(quiet.members))
    assert quiet.store.notices(silent) == []
    assert silent not in quiet.promises.asked
