"""Starting, joining, reading and repairing lookups over the store, with a topic that may fail."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from modupoint.clock import SEOUL, epoch_ms, real_ms
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from query import lane_board, lookup_service
from query.inquiry import Finding, Status
from query.lanes import BatchReport, Lane
from query.lookup_service import LookupService
from query.lookups import (
    LOOKUPS_PER_MINUTE,
    PATIENCE_MS,
    REPAIR_UNANSWERED_AFTER_MS,
    REPAIRS_PER_LOOKUP,
)
from query.response_models import LookupModel
from tests.store.lookup_steps import agreed, at_once, balances

if TYPE_CHECKING:
    from collections.abc import Callable

    from query.lookup_message import LookupMessage
    from tests.store.conftest import Store

ALL = tuple(ISSUERS)
REFUSED = ClientError({"Error": {"Code": "InternalError", "Message": "no"}}, "Publish")
UNREACHABLE = EndpointConnectionError(endpoint_url="https://sns")


class FakeTopic:
    """Keeps what is published, or fails."""

    def __init__(self) -> None:
        self.published: list[tuple[LookupMessage, tuple[str, ...]]] = []
        self.error: Exception | None = None

    def publish(self, message: LookupMessage, issuers: tuple[str, ...]) -> None:
        if self.error is not None:
            raise self.error
        self.published.append((message, issuers))


class Scene:
    """A service whose two clocks are moved by hand."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch, member: str) -> None:
        self.business_ms = epoch_ms(datetime(2026, 11, 15, 12, tzinfo=SEOUL))
        self.passed_ms = 0
        self.topic = FakeTopic()
        self.members = store.members()
        self.member = agreed(self.members, member)
        self.store = store
        for module in (lookup_service, lane_board):
            monkeypatch.setattr(module, "real_ms", lambda: real_ms() + self.passed_ms)

    def service(self) -> LookupService:
        """Return a service as an environment of its own."""
        topic: Any = self.topic
        now = lambda: datetime.fromtimestamp(self.business_ms / 1000, SEOUL)  # noqa: E731
        return LookupService(self.members, self.store.board(), topic, now)

    def request(
        self, only: tuple[str, ...] | None = None, *, max_age_s: int = 60
    ) -> dict[str, Any]:
        shown = self.service().request(self.member, only, max_age_s)
        LookupModel.model_validate(shown)
        return shown

    def read(self, lookup_id: str) -> dict[str, Any]:
        shown = self.service().read(self.member, lookup_id)
        LookupModel.model_validate(shown)
        return shown

    def queue(self, issuer: str, backlog: int, waited_ms: int) -> None:
        """Report that a lane has a queue, and how long the first in it has waited."""
        seen = BatchReport(10, 0, answer_ms=500, batch_ms=1_000, waited_ms=waited_ms)
        self.store.board().report(Lane(issuer), seen, backlog, 20)

    def wait(self, milliseconds: int) -> None:
        """Let both times pass."""
        self.passed_ms += milliseconds
        self.business_ms += milliseconds

    def answer(self, issuer: str, lookup_id: str, remaining: int = 1) -> None:
        """Let a worker write an issuer's answer."""
        self.members.write_answer(
            self.member,
            issuer,
            lookup_id,
            Finding(Status.OK, []),
            balances(remaining),
            self.business_ms,
        )


@pytest.fixture
def scene(store: Store, monkeypatch: pytest.MonkeyPatch, new_member: Callable[[], str]) -> Scene:
    return Scene(store, monkeypatch, new_member())


def test_a_lookup_is_accepted_at_once_and_published_once(scene: Scene) -> None:
    shown = scene.request()

    assert (shown["status"], list(shown["results"])) == ("RUNNING", list(ALL))
    [(message, issuers)] = scene.topic.published
    assert issuers == ALL
    assert (message.member, message.lookup_id) == (scene.member, shown["lookup_id"])
    assert message.sealed_ci == b"sealed"


def test_a_lookup_of_some_issuers_is_published_to_them_only(scene: Scene) -> None:
    shown = scene.request(("hana", "kb"))
    assert list(shown["results"]) == ["kb", "hana"]
    assert scene.topic.published[0][1] == ("kb", "hana")


def test_without_an_agreement_a_lookup_is_refused_r_m2(scene: Scene) -> None:
    with pytest.raises(Problem) as refused:
        scene.service().request("M#stranger", None, 60)
    assert refused.value.code == "consent_required"
    assert scene.topic.published == []


def test_the_second_of_two_devices_gets_the_first_ones_lookup(scene: Scene) -> None:
    first = scene.request()
    scene.answer("kb", first["lookup_id"])
    second = scene.request()
    assert second["lookup_id"] == first["lookup_id"]
    assert second["results"]["kb"]["status"] == "OK"
    assert len(scene.topic.published) == 1


def test_a_finished_lookup_is_given_again_while_it_is_young(scene: Scene) -> None:
    first = scene.request(("kb",))
    scene.answer("kb", first["lookup_id"])
    scene.wait(59_999)
    assert scene.request(("kb",))["status"] == "DONE"
    scene.wait(1)
    assert scene.request(("kb",))["lookup_id"] != first["lookup_id"]


def test_a_lookup_in_a_long_queue_is_given_again_and_not_sent_to_its_end(scene: Scene) -> None:
    first = scene.request(("kb",))
    scene.wait(90_000)
    scene.queue("kb", backlog=100_000, waited_ms=91_000)
    assert scene.request(("kb",))["lookup_id"] == first["lookup_id"]
    assert len(scene.topic.published) == 1
    assert scene.request(("kb",), max_age_s=0)["lookup_id"] != first["lookup_id"]


def test_who_insists_gets_a_fresh_one_six_times_a_minute(scene: Scene) -> None:
    started = {scene.request(max_age_s=0)["lookup_id"] for _ in range(LOOKUPS_PER_MINUTE)}
    assert len(started) == LOOKUPS_PER_MINUTE
    scene.wait(20_000)
    with pytest.raises(Problem) as refused:
        scene.request(max_age_s=0)
    assert (refused.value.code, refused.value.retry_after_s) == ("too_many_lookups", 40)
    # Who does not insist still gets the last one.
    assert scene.request()["lookup_id"] in started
    scene.wait(40_000)
    scene.request(max_age_s=0)


@pytest.mark.parametrize("error", [REFUSED, UNREACHABLE], ids=["refused", "unreachable"])
def test_a_failed_publish_is_an_accepted_lookup_that_the_next_poll_repairs(
    scene: Scene, error: Exception
) -> None:
    scene.topic.error = error
    shown = scene.request()
    assert shown["status"] == "RUNNING"
    scene.topic.error = None

    scene.wait(1_000)
    scene.read(shown["lookup_id"])
    assert scene.topic.published == []

    scene.wait(REPAIR_UNANSWERED_AFTER_MS + 1_000)
    assert scene.read(shown["lookup_id"])["status"] == "RUNNING"
    [(message, issuers)] = scene.topic.published
    assert (message.lookup_id, message.sealed_ci, issuers) == (shown["lookup_id"], b"sealed", ALL)


def test_a_joining_call_repairs_too(scene: Scene) -> None:
    scene.topic.error = REFUSED
    first = scene.request()
    scene.topic.error = None
    scene.wait(REPAIR_UNANSWERED_AFTER_MS + 2_000)

    assert scene.request()["lookup_id"] == first["lookup_id"]

    assert [message.lookup_id for message, _ in scene.topic.published] == [first["lookup_id"]]


def test_what_was_answered_is_not_asked_again(scene: Scene) -> None:
    shown = scene.request()
    for code in ALL[:-1]:
        scene.answer(code, shown["lookup_id"])
    scene.wait(12_000)
    scene.read(shown["lookup_id"])
    assert [issuers for _, issuers in scene.topic.published] == [ALL, (ALL[-1],)]


def test_repairs_are_few_even_if_members_poll_all_the_time(scene: Scene) -> None:
    shown = scene.request()
    for _ in range(PATIENCE_MS // 1_000 - 2):
        scene.wait(1_000)
        scene.read(shown["lookup_id"])
    assert len(scene.topic.published) == 1 + REPAIRS_PER_LOOKUP


def test_a_repair_that_cannot_be_published_either_is_a_poll_that_is_answered(
    scene: Scene,
) -> None:
    scene.topic.error = REFUSED
    shown = scene.request()
    scene.wait(REPAIR_UNANSWERED_AFTER_MS + 2_000)
    assert scene.read(shown["lookup_id"])["status"] == "RUNNING"


def test_two_polls_at_once_repair_once(
    racing_store: Store, monkeypatch: pytest.MonkeyPatch, new_member: Callable[[], str]
) -> None:
    scene = Scene(racing_store, monkeypatch, new_member())
    shown = scene.request()
    scene.topic.published.clear()
    scene.wait(REPAIR_UNANSWERED_AFTER_MS + 2_000)

    services = [scene.service() for _ in range(8)]
    at_once(8, lambda place: services[place].read(scene.member, shown["lookup_id"]))

    assert len(scene.topic.published) == 1


def test_a_repeated_message_changes_nothing_in_the_answer(scene: Scene) -> None:
    shown = scene.request(("kb",))
    scene.answer("kb", shown["lookup_id"], 100)
    before = scene.read(shown["lookup_id"])
    scene.wait(1_000)
    scene.answer("kb", shown["lookup_id"], 999)
    assert scene.read(shown["lookup_id"]) == before


def test_past_the_deadline_a_lookup_is_done_and_says_who_timed_out_r_p6(scene: Scene) -> None:
    shown = scene.request(("kb", "bc"))
    scene.answer("kb", shown["lookup_id"])
    scene.wait(PATIENCE_MS + 1_001)
    done = scene.read(shown["lookup_id"])
    assert done["status"] == "DONE"
    assert [one["status"] for one in done["results"].values()] == ["OK", "TIMED_OUT"]


def test_a_moved_business_clock_neither_ends_nor_prolongs_the_wait(scene: Scene) -> None:
    shown = scene.request(("kb",))
    scene.business_ms += 86_400_000
    assert scene.read(shown["lookup_id"])["status"] == "RUNNING"
    scene.business_ms -= 2 * 86_400_000
    scene.passed_ms += PATIENCE_MS + 1_001
    assert scene.read(shown["lookup_id"])["status"] == "DONE"


def test_another_members_lookup_is_not_found(scene: Scene, new_member: Callable[[], str]) -> None:
    shown = scene.request()
    other = agreed(scene.members, new_member())
    with pytest.raises(Problem) as refused:
        scene.service().read(other, shown["lookup_id"])
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("lookup_id", ["", "lkp_", "x" * 5_000, "가", new_id("lkp")], ids=len)
def test_what_is_no_lookup_of_the_member_is_not_found(scene: Scene, lookup_id: str) -> None:
    scene.request()
    with pytest.raises(Problem) as refused:
        scene.read(lookup_id)
    assert refused.value.code == "not_found"


def test_an_earlier_lookup_can_still_be_read_until_six_newer_ones(scene: Scene) -> None:
    first = scene.request(("kb",))["lookup_id"]
    for _ in range(LOOKUPS_PER_MINUTE - 1):
        scene.request(("kb",), max_age_s=0)
    assert scene.read(first)["lookup_id"] == first
    scene.wait(60_000)
    scene.request(("kb",), max_age_s=0)
    with pytest.raises(Problem):
        scene.read(first)
