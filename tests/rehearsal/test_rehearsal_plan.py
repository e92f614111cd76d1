"""Trouble: every kind of it in every rehearsal, the same for a seed, over before the end."""

from __future__ import annotations

from collections import Counter

import pytest

from rehearsal.plan import FUNCTIONS, KILLS_PER_MINUTE, TROUBLES, Act, plan

SECONDS = 240.0


@pytest.mark.parametrize("seed", range(20))
def test_all_troubles_come_and_go_in_time(seed: int) -> None:
    steps = plan(SECONDS, seed)
    assert [step.at_s for step in steps] == sorted(step.at_s for step in steps)
    assert all(0 < step.at_s < SECONDS for step in steps)
    acts = Counter(step.act for step in steps)
    assert acts[Act.KILL] == KILLS_PER_MINUTE * SECONDS / 60
    assert acts[Act.RESTART] == 1
    wrong: dict[str, bool] = {}
    for step in steps:
        if step.act is Act.SPOIL:
            wrong[step.target] = step.fault is not None
    assert not any(wrong.values()), "every partner is well in the end"
    assert len(wrong) == len(TROUBLES), "each trouble has a partner of its own"


def test_a_seed_is_a_plan() -> None:
    assert plan(SECONDS, 7) == plan(SECONDS, 7)
    assert plan(SECONDS, 7) != plan(SECONDS, 8)


def test_only_functions_of_the_flow_are_killed() -> None:
    killed = {step.target for step in plan(3600, 1) if step.act is Act.KILL}
    assert killed == set(FUNCTIONS)
