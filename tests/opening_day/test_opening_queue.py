"""A lane's queue and the pages' agenda: nobody is lost, doubled or overtaken."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.opening_day.agenda import Agenda
from bench.opening_day.message_queue import MessageQueue, Messages


def messages(first: int, count: int, sent_s: float) -> Messages:
    people = np.arange(first, first + count, dtype=np.int32)
    return Messages(people, np.ones(count, np.int8), sent_s)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=30))
def test_messages_leave_as_they_came(steps: list[tuple[int, int]]) -> None:
    queue, sent, taken = MessageQueue(), 0, list[int]()
    for count, most in steps:
        queue.send(messages(sent, count, float(sent)))
        sent += count
        out = queue.take(most)
        assert len(out) == min(most, sent - len(taken))
        taken += out.person.tolist()
        assert len(queue) == sent - len(taken)
    assert taken == list(range(len(taken)))


def test_the_front_says_how_old_the_queue_is() -> None:
    queue = MessageQueue()
    assert queue.oldest_sent_s() is None
    queue.send(messages(0, 3, 5.0))
    queue.send(messages(3, 3, 9.0))
    assert queue.take(4).sent_s == 5.0
    assert queue.oldest_sent_s() == 9.0


@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=200))
def test_everybody_comes_once_and_never_early(pauses_s: list[float]) -> None:
    agenda = Agenda(tick_s=0.2, ahead_s=60)
    agenda.add(np.arange(len(pauses_s), dtype=np.int32), np.array(pauses_s, np.float32))
    came: dict[int, float] = {}
    for tick in range(1, 320):
        for person in agenda.due().tolist():
            assert person not in came
            came[person] = tick * 0.2
    assert agenda.waiting == 0
    for person, pause_s in enumerate(pauses_s):
        assert pause_s - 1e-4 <= came[person] <= pause_s + 0.2 + 1e-4
