"""``make up`` and its end: foreign partners, an orderly stop, a kill, a second start."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.stack.bring_up import BringUp, Stack
from tests.stack.calls import Http
from tests.stack.foreign_partners import ForeignPartners
from tests.stack.member import Member, statuses
from tests.stack.partners import Partners
from tests.stack.polling import eventually
from tests.stack.workers import descendants, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Second:
    """A second stack beside the shared one, over one state for all tests here."""

    bring_up: BringUp
    foreign: ForeignPartners
    _http: list[Http] = field(default_factory=list)

    @property
    def partners(self) -> Partners:
        """The foreign partners' control interface."""
        return Partners(self._at(self.foreign.url))

    def up(self) -> tuple[Stack, Member]:
        """Bring it up unless it runs, and sign the member of these tests in."""
        stack = self.bring_up.running() or self.bring_up.start()
        return stack, Member(self._at(stack.api_url), self.partners, "second-stack-member")

    def close(self) -> None:
        """End what is left."""
        for http in self._http:
            http.close()
        if self.bring_up.running():
            self.bring_up.stop()
        self.bring_up.down()

    def _at(self, url: str) -> Http:
        self._http.append(Http(url))
        return self._http[-1]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    """Give the second stack, running or not."""
    foreign = ForeignPartners(tmp_path_factory.mktemp("foreign"))
    foreign.start()
    settings = {"PARTNERS_URL": foreign.url}
    second = Second(BringUp(tmp_path_factory.mktemp("second"), settings), foreign)
    yield second
    second.close()
    foreign.stop()


def test_with_foreign_partners_none_are_simulated(second: Second, stack: Stack) -> None:
    up, member = second.up()
    assert up.partners_url == second.foreign.url
    assert second.bring_up.process_ids.keys() == {"aws", "page", "make up"}
    assert not (second.bring_up.state_dir / "logs" / "partners.log").exists()
    since = second.partners.last_call()
    lookup = member.agree().look_up(max_age_seconds=0)
    assert set(statuses(lookup).values()) == {"OK"}
    asked = second.partners.calls(operation="inquiry", sub=member.sub, since=since)
    assert len(asked) == len(lookup["results"])
    neighbour = Http(stack.api_url)
    assert neighbour.send("GET", "/v1/status").status == 200
    neighbour.close()


def test_issuers_that_cannot_be_reached_leave_the_last_known_balances(second: Second) -> None:
    _, member = second.up()
    before = member.agree().look_up()
    second.foreign.stop()
    try:
        after = member.look_up(max_age_seconds=0)
    finally:
        second.foreign.start()
    assert set(statuses(after).values()) == {"UNAVAILABLE"}
    for code, result in after["results"].items():
        earlier = before["results"][code]
        assert (result["stale"], result["as_of"]) == (True, earlier["as_of"])
        assert result["points"] == earlier["points"]
        assert "cannot be reached" in result["message"]["en"]


def test_ctrl_c_leaves_no_process_and_loses_nothing(second: Second) -> None:
    _, member = second.up()
    lookup = member.agree().look_up()
    consent = member.send("GET", "/v1/me").json["consent"]
    everything = descendants(second.bring_up.process_ids.values())
    assert len(everything) > len(second.bring_up.process_ids), "the emulator runs functions"

    assert second.bring_up.stop(signal.SIGINT) == 0

    eventually(lambda: not running(everything), "no process left")
    assert not (second.bring_up.state_dir / "processes.json").exists()
    _, again = second.up()
    assert "as it was deployed before" in second.bring_up.output
    assert "building functions" not in second.bring_up.output
    assert again.send("GET", "/v1/me").json["consent"] == consent
    assert again.read(lookup["lookup_id"]) == lookup
    # On a free port of its own each time: the lanes must be found there too.
    assert set(statuses(again.look_up(max_age_seconds=0)).values()) == {"OK"}


def test_make_down_ends_what_a_killed_make_up_left(second: Second) -> None:
    second.up()
    everything = descendants(second.bring_up.process_ids.values())
    second.bring_up.stop(signal.SIGKILL)
    left = running(everything)
    assert left, "a kill leaves children behind"
    printed = second.bring_up.down()
    assert {"ended aws", "ended page"} <= set(printed.splitlines())
    eventually(lambda: not running(left), "no process left after make down")
    assert second.bring_up.down() == "", "make down has nothing more to do"


def test_a_taken_port_is_said_in_words(
    tmp_path_factory: pytest.TempPathFactory, stack: Stack
) -> None:
    taken = stack.aws_endpoint_url.rpartition(":")[2]
    bring_up = BringUp(tmp_path_factory.mktemp("taken"), {"AWS_PORT": taken})
    with pytest.raises(AssertionError, match=f"port {taken} is taken: set AWS_PORT"):
        bring_up.start()
