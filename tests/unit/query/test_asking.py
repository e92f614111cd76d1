"""A lane's worker: whom it asks, what it writes, what it puts off, and what it drops."""

from __future__ import annotations

import json
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.partner import Outcome
from query.inquiring import CALL_TIMEOUT_S
from query.inquiry import Finding, Reason, Status, unavailable
from query.lanes import LANE_BATCH_SIZE
from tests.unit.query.asking_fakes import (
    FakeIssuer,
    Worker,
    answered,
    delivered,
    ended,
    throttled,
)

if TYPE_CHECKING:
    from modupoint.partner import PartnerAnswer
    from query.lookup_message import LookupMessage

A_POINT = {
    "point_code": "POINTREE",
    "point_name": "포인트리",
    "cashable": True,
    "remain_point_amt": 5,
    "transferable_point_amt": 5,
}
ACTIVE_BODY = {"rsp_code": "00000", "member_status": "ACTIVE", "point_list": [A_POINT]}


def test_an_answer_is_written_under_its_lookup() -> None:
    worker = Worker(FakeIssuer(lambda _: answered(ACTIVE_BODY)))
    message = worker.message()

    assert worker.batch(delivered(message)) == []

    lookup_id, finding, balances = worker.members.answers["M#1"]
    assert (lookup_id, finding.status) == (message.lookup_id, Status.OK)
    assert json.loads(balances or "")[0]["remaining"] == 5
    assert worker.issuer.asked == ["CI of M#1"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ended(Outcome.NOT_SENT), Reason.NOT_REACHED),
        (ended(Outcome.TIMED_OUT), Reason.NO_ANSWER),
        (ended(Outcome.CUT), Reason.NO_ANSWER),
        (ended(Outcome.BROKEN), Reason.ISSUER_ERROR),
        (answered({"rsp_code": "50001"}), Reason.MAINTENANCE),
        (answered({"rsp_code": "50002"}), Reason.ISSUER_ERROR),
        (answered({"rsp_code": "40101"}, status=401), Reason.ISSUER_ERROR),
        (answered({"anything": "else"}), Reason.ISSUER_ERROR),
    ],
)
def test_a_failure_is_an_answer_too_and_is_not_asked_again_r_p6(
    answer: PartnerAnswer, reason: Reason
) -> None:
    worker = Worker(FakeIssuer(lambda _: answer))
    assert worker.batch(delivered(worker.message())) == []
    assert worker.shown() == unavailable(reason)
    assert worker.members.answers["M#1"][2] is None


def test_a_kept_connection_that_was_cut_is_tried_once_more() -> None:
    answers = [ended(Outcome.CUT), answered()]
    worker = Worker(FakeIssuer(lambda _: answers.pop(0)))
    worker.batch(delivered(worker.message()))
    assert worker.shown() == Finding(Status.NOT_MEMBER, [])
    assert worker.issuer.timeouts_s[1] <= worker.issuer.timeouts_s[0]


def test_an_issuer_that_always_cuts_is_tried_twice_and_no_more() -> None:
    worker = Worker(FakeIssuer(lambda _: ended(Outcome.CUT)))
    worker.batch(delivered(worker.message()))
    assert len(worker.issuer.asked) == 2


def test_ten_members_wait_together() -> None:
    together = Barrier(LANE_BATCH_SIZE, timeout=30)

    def when_all_are_here(_: str) -> PartnerAnswer:
        together.wait()
        return answered()

    worker = Worker(FakeIssuer(when_all_are_here), threads=True)
    assert worker.batch(*worker.ten()) == []
    assert worker.members.writes == LANE_BATCH_SIZE


def test_a_lookup_past_its_deadline_is_dropped_without_a_call() -> None:
    worker = Worker()
    late, in_time = worker.message("M#1", left_ms=0), worker.message("M#2")
    assert worker.batch(delivered(late, "late"), delivered(in_time, "in time")) == []
    assert worker.issuer.asked == ["CI of M#2"]
    assert worker.shown("M#1") is None


def test_a_call_waits_no_longer_than_its_lookup() -> None:
    worker = Worker()
    worker.batch(delivered(worker.message("M#1", left_ms=2_000)))
    worker.batch(delivered(worker.message("M#2")))
    assert 0 < worker.issuer.timeouts_s[0] <= 2.0
    assert worker.issuer.timeouts_s[1] == CALL_TIMEOUT_S


def test_a_message_doubled_in_a_batch_is_asked_and_written_once() -> None:
    worker = Worker()
    message = worker.message()
    assert worker.batch(delivered(message, "a"), delivered(message, "b", times=2)) == []
    assert (len(worker.issuer.asked), worker.members.writes) == (1, 1)


def test_poison_alone_is_put_off_and_goes_to_its_dead_letter_queue_alone() -> None:
    worker = Worker()
    good = worker.message()
    again = worker.batch(
        delivered("{", "poison"), delivered(good, "good"), delivered("null", "poison too")
    )
    assert again == ["poison", "poison too"]
    assert worker.queue.delays_s == {"poison": 1, "poison too": 1}
    assert worker.shown() is not None


def test_poison_does_not_reach_a_log_line(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    Worker().batch(delivered('{"ci": "홍길동 900101"}', "poison"))
    assert "900101" not in caplog.text + "".join(capsys.readouterr())


def test_a_batch_that_went_as_it_should_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    worker = Worker()
    worker.batch(delivered(worker.message()))
    assert caplog.messages == []


def test_a_batch_of_which_something_comes_again_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    worker = Worker()
    worker.batch(delivered(worker.message(), "good"), delivered("{", "poison"))
    (line,) = [vars(one) for one in caplog.records if one.message == "batch"]
    assert (line["received"], line["asked"], line["again"]) == (2, 1, 1)


def test_sealed_data_that_does_not_open_is_put_off_alone() -> None:
    worker = Worker()
    stolen = worker.message("M#1")
    stranger = type(stolen)("M#2", stolen.lookup_id, stolen.due_ms, stolen.sealed_ci)
    assert worker.batch(delivered(stranger, "stolen"), delivered(stolen, "own")) == ["stolen"]
    assert worker.issuer.asked == ["CI of M#1"]
    assert worker.shown("M#2") is None


def test_one_members_failed_write_does_not_take_the_batch_with_it() -> None:
    worker = Worker()
    worker.members.fails_for = {"M#3"}
    assert worker.batch(*worker.ten()) == ["m3"]
    assert worker.queue.delays_s == {"m3": 2}
    assert len(worker.members.answers) == LANE_BATCH_SIZE - 1


@pytest.mark.parametrize("error", [throttled(), LookupError("no credential"), RuntimeError("?")])
def test_whatever_happens_to_one_member_does_not_take_the_batch_with_it(error: Exception) -> None:
    def answer(ci: str) -> PartnerAnswer:
        if ci == "CI of M#3":
            raise error
        return answered()

    worker = Worker(FakeIssuer(answer))
    assert worker.batch(*worker.ten()) == ["m3"]
    assert len(worker.members.answers) == LANE_BATCH_SIZE - 1


def test_who_cannot_be_put_off_comes_again_by_the_queues_own_time_out() -> None:
    worker = Worker()
    worker.queue.fails = True
    assert worker.batch(delivered("{", "poison")) == ["poison"]


@given(st.data())
def test_doubled_reordered_and_late_deliveries_end_in_the_newest_answer(
    data: st.DataObject,
) -> None:
    worker = Worker()
    sent: list[LookupMessage] = [
        worker.message(member, order=order) for member in ("M#1", "M#2") for order in range(3)
    ]
    deliveries = data.draw(st.permutations(sent + data.draw(st.lists(st.sampled_from(sent)))))
    while deliveries:
        size = data.draw(st.integers(1, LANE_BATCH_SIZE))
        batch, deliveries = deliveries[:size], deliveries[size:]
        numbered = [delivered(one, f"m{place}") for place, one in enumerate(batch)]
        assert worker.batch(*numbered) == []
    for member in ("M#1", "M#2"):
        newest = max(one.lookup_id for one in sent if one.member == member)
        assert worker.members.answers[member][0] == newest
