"""The sweep: what is due is told, lanes that are full or broken keep nobody waiting (decision 8)."""

from __future__ import annotations

from botocore.exceptions import ClientError

from modupoint.sweeping import LANE_HOLDS, Sweep
from tests.unit.transfer.leg_samples import MEMBER, NOON, NOON_MS
from transfer.legs import LegKey


def keys(issuer: str, count: int) -> list[LegKey]:
    return [LegKey(MEMBER, f"trf_{place}", issuer) for place in range(count)]


class DueLegs:
    """Legs that are due, by issuer; an issuer without any entry cannot be asked about."""

    def __init__(self, **due: int) -> None:
        self.counts = due

    def due(self, issuer: str, until_ms: int, limit: int) -> list[LegKey]:
        assert until_ms == NOON_MS
        if issuer not in self.counts:
            raise ClientError({"Error": {"Code": "Throttling", "Message": "no"}}, "Query")
        return keys(issuer, min(self.counts[issuer], limit))


class Queues:
    """Queues with a backlog; a lane may take fewer messages than it is sent."""

    def __init__(self, backlog: int = 0, *, broken: str = "", takes: int = LANE_HOLDS) -> None:
        self._backlog, self._broken, self._takes = backlog, broken, takes
        self.sent: dict[str, list[LegKey]] = {}
        self.asked: list[str] = []

    def backlog(self, issuer: str) -> int:
        self.asked.append(issuer)
        if issuer == self._broken:
            raise ClientError({"Error": {"Code": "NoQueue", "Message": "no"}}, "GetQueueUrl")
        return self._backlog

    def send(self, issuer: str, legs: list[LegKey]) -> int:
        self.sent[issuer] = legs
        return min(len(legs), self._takes)


def sweep(due: DueLegs, queues: Queues, *issuers: str) -> dict[str, int]:
    return Sweep(due, queues, lambda: NOON).run(list(issuers))


def test_every_lane_gets_a_message_per_due_leg() -> None:
    queues = Queues()
    assert sweep(DueLegs(kb=2, bc=1), queues, "kb", "bc") == {"kb": 2, "bc": 1}
    assert queues.sent == {"kb": keys("kb", 2), "bc": keys("bc", 1)}


def test_where_nothing_is_due_the_queue_is_not_even_looked_at() -> None:
    queues = Queues()
    assert sweep(DueLegs(kb=0), queues, "kb") == {"kb": 0}
    assert (queues.asked, queues.sent) == ([], {})


def test_a_lane_is_filled_up_and_not_over() -> None:
    queues = Queues(backlog=LANE_HOLDS - 3)
    assert sweep(DueLegs(kb=100), queues, "kb") == {"kb": 3}
    # The longest overdue go first.
    assert queues.sent["kb"] == keys("kb", 3)


def test_a_lane_that_is_full_gets_no_repeats() -> None:
    for backlog in (LANE_HOLDS, LANE_HOLDS + 500):
        assert sweep(DueLegs(kb=100), Queues(backlog=backlog), "kb") == {"kb": 0}


def test_a_lane_that_cannot_be_swept_keeps_no_other_from_it() -> None:
    queues = Queues(broken="kb")
    assert sweep(DueLegs(kb=1, bc=1), queues, "shinhan", "kb", "bc") == {
        "shinhan": 0,
        "kb": 0,
        "bc": 1,
    }


def test_what_a_queue_did_not_take_is_not_counted() -> None:
    assert sweep(DueLegs(kb=5), Queues(takes=4), "kb") == {"kb": 4}
