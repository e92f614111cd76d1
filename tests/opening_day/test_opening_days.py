"""Whole days of a few minutes: people are conserved, queues hold, outages stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.opening_day.fixed_fleet import live_with_fixed_fleet, threads_for
from bench.opening_day.issuers import Outage
from bench.opening_day.people import Fate
from bench.opening_day.verdict import all_cards_s, first_card_s, honest, others_p95_s, percentile
from modupoint.issuers import ISSUERS
from tests.opening_day.short_days import first_minutes, lived, people_coming

if TYPE_CHECKING:
    from bench.opening_day.day import Lived


def conserved(day: Lived) -> bool:
    people = day.people
    ended = sum(people.count(fate) for fate in (Fate.ANSWERED, Fate.GAVE_UP, Fate.SHED, Fate.LOST))
    return ended == len(people)


def test_one_person_has_all_cards_in_a_moment() -> None:
    day = lived(people_coming(1.0))
    [all_s] = all_cards_s(day.people).tolist()
    assert 0.5 < all_s < 4
    assert day.ledger.total("messages") == len(ISSUERS)
    assert day.ledger.total("posts") == 1


def test_every_person_is_answered_given_up_shed_or_lost() -> None:
    day = lived(first_minutes(1, 2))
    assert conserved(day)
    assert day.people.count(Fate.LOST) == 0
    assert day.ledger.total("messages") >= len(ISSUERS) * len(day.people)
    assert day.ledger.total("answered") == day.people.count(Fate.ANSWERED)


def test_nobody_sees_a_card_before_it_was_answered_nor_all_before_the_first() -> None:
    people = lived(first_minutes(1, 1)).people
    done = people.fate == Fate.ANSWERED
    assert np.all(people.all_seen_s[done] >= people.answered_s[done].max(axis=1))
    assert np.all(people.first_seen_s[done] <= people.all_seen_s[done])
    assert np.all(people.first_seen_s[done] > people.comes_s[done])


def test_the_same_seed_is_the_same_day_and_another_is_not() -> None:
    crowd = first_minutes(0.2, 0.3)
    one, same, other = (lived(crowd, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.people.all_seen_s, same.people.all_seen_s)
    assert not np.array_equal(one.people.all_seen_s, other.people.all_seen_s)


def test_a_finer_tick_tells_the_same_story() -> None:
    crowd = first_minutes(1, 1)
    coarse, fine = (all_cards_s(lived(crowd, tick_s=tick_s).people) for tick_s in (0.2, 0.1))
    assert percentile(fine) == pytest.approx(percentile(coarse), rel=0.1)


def test_a_rush_beyond_the_lanes_waits_in_the_queue_and_is_told_so() -> None:
    rush = people_coming(*np.linspace(0, 100, 12_000).tolist())
    day = lived(rush, concurrency=5)
    assert conserved(day)
    assert day.people.count(Fate.LOST) == 0
    assert all_cards_s(day.people).max() > 60
    # Who comes once the rush is known is told what it takes.
    later = day.people.comes_s > 20
    assert honest(day.people)[later].mean() > 0.9
    assert day.ledger.total("repairs") < 0.01 * len(day.people)


def test_people_who_wait_long_do_not_keep_asking() -> None:
    day = lived(people_coming(*np.linspace(0, 100, 12_000).tolist()), concurrency=5)
    assert day.ledger.total("reads") / len(day.people) < 15


def test_a_page_that_starts_over_in_a_long_queue_does_not_ask_the_issuers_again() -> None:
    day = lived(people_coming(*np.linspace(0, 100, 12_000).tolist()), concurrency=5)
    assert day.ledger.total("reloads") > 1_000
    assert day.superseded < 0.01 * day.ledger.total("messages")


def test_impatient_people_give_up_and_are_no_loss_of_ours() -> None:
    rush = people_coming(*np.linspace(0, 100, 12_000).tolist(), endures_s=20)
    day = lived(rush, concurrency=5)
    assert conserved(day)
    assert day.people.count(Fate.GAVE_UP) > 1_000
    assert day.people.count(Fate.LOST) == 0
    # What they asked for is answered all the same.
    assert np.isfinite(day.people.answered_s).all()


def test_one_dead_issuer_is_unavailable_and_the_others_do_not_notice() -> None:
    crowd = first_minutes(1, 1)
    healthy = lived(crowd)
    dead = lived(crowd, outages=(Outage("kb", 0, 1e9),))
    assert dead.breakers_opened > 0
    assert conserved(dead)
    assert dead.people.count(Fate.LOST) == 0
    assert np.count_nonzero(dead.people.unavailable) == len(dead.people)
    moved = others_p95_s(dead, "kb", len(crowd)) / others_p95_s(healthy, "kb", len(crowd))
    assert moved <= 1.05


def test_an_issuer_that_comes_back_is_asked_again() -> None:
    crowd = people_coming(*np.linspace(0, 200, 2_000).tolist())
    day = lived(crowd, outages=(Outage("kb", 0, 40),))
    late = day.people.comes_s > 120
    assert np.count_nonzero(day.people.unavailable[late]) == 0


def test_the_fixed_fleet_holds_an_average_and_falls_over_in_a_spike() -> None:
    calm = people_coming(*np.linspace(0, 2_000, 600).tolist())
    fleet = live_with_fixed_fleet(calm, tuple(ISSUERS), sized_for=600)
    assert fleet.count(Fate.LOST) == 0

    spike = first_minutes(0.3, 3)
    fallen = live_with_fixed_fleet(spike, tuple(ISSUERS), sized_for=54_000)
    answered, gone = fallen.count(Fate.ANSWERED), fallen.count(Fate.LOST)
    assert answered + gone == len(spike)
    assert fallen.ledger.total("for nobody") > 0
    assert gone > lived(spike).people.count(Fate.LOST)


def test_the_fleet_is_sized_for_ten_times_the_average() -> None:
    # 12.5 people a second, ten times that, each holding a thread for the slowest of eleven.
    assert 60 < threads_for(180_000, tuple(ISSUERS), seed=1) < 130


def test_the_first_card_is_there_before_the_last() -> None:
    people = lived(first_minutes(1, 1)).people
    assert percentile(first_card_s(people), 50) <= percentile(all_cards_s(people), 50)
