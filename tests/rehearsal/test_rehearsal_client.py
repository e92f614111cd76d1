"""A good client: the same key however often it asks, and all of it in the journal."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.client import IMPATIENT_TIMEOUT_S, TRIES, Client, GaveUpError
from rehearsal.habits import HABITS, habit
from rehearsal.journal import ASKING, NO_ANSWER, Journal, read_journal, without_texts

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Answer:
    status: int
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None


@dataclass
class Server:
    """Answers as told, and keeps what it was asked."""

    answers: list[Answer]
    asked: list[tuple[Any, dict[str, str], float]] = field(default_factory=list)

    def send(
        self,
        _name: str,
        _method: str,
        _path: str,
        body: Any,
        headers: dict[str, str],
        wait_s: float,
    ) -> Answer:
        self.asked.append((body, headers, wait_s))
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@dataclass
class Told:
    """A client of such a server, and the waits it took."""

    client: Client
    server: Server
    waited_s: list[float]


def _client(file: Path, *answers: Answer) -> Told:
    server, waited_s = Server(list(answers)), list[float]()
    client = Client(
        server.send,
        Journal(file),
        random.Random(1),  # noqa: S311
        "m-1",
        "token",
        waited_s.append,
        lambda: 1.0,
    )
    return Told(client, server, waited_s)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_trouble_is_met_with_the_same_key_and_every_word_is_noted(file: Path) -> None:
    troubles = [Answer(NO_ANSWER, error="ConnectionError"), Answer(502), Answer(429)]
    told = _client(file, *troubles, Answer(202, {"transfer_id": "trf_1"}))
    done = told.client.ask("transfer", "POST", "/v1/transfers", {"a": 1}, key="k")
    assert done.told == {"transfer_id": "trf_1"}
    assert [headers["idempotency-key"] for _, headers, _ in told.server.asked] == ["k"] * 4
    noted = read_journal(file)
    assert [one.status for one in noted] == [ASKING, 0, ASKING, 502, ASKING, 429, ASKING, 202]
    assert {one.key for one in noted} == {"k"}


def test_a_refusal_is_an_answer(file: Path) -> None:
    told = _client(file, Answer(409, {"code": "already_transferred_today"}))
    assert told.client.ask("transfer", "POST", "/v1/transfers", {}, key="k").status == 409
    assert len(told.server.asked) == 1


def test_who_is_told_to_wait_waits(file: Path) -> None:
    told = _client(file, Answer(429, headers={"retry-after": "20"}), Answer(200))
    told.client.ask("poll", "GET", "/")
    assert told.waited_s[0] >= 14


def test_the_impatient_cut_the_first_attempt_only(file: Path) -> None:
    told = _client(file, Answer(NO_ANSWER), Answer(202))
    told.client.ask("lookup", "POST", "/", {"max_age_seconds": 0}, impatient=True)
    first, second = (wait_s for _, _, wait_s in told.server.asked)
    assert (first, second > first) == (IMPATIENT_TIMEOUT_S, True)


def test_who_asks_again_may_ask_for_less(file: Path) -> None:
    told = _client(file, Answer(NO_ANSWER), Answer(202))
    told.client.ask("lookup", "POST", "/", {"max_age_seconds": 0}, again={"max_age_seconds": 60})
    assert [body["max_age_seconds"] for body, _, _ in told.server.asked] == [0, 60]


def test_people_give_up_in_the_end(file: Path) -> None:
    told = _client(file, Answer(503))
    with pytest.raises(GaveUpError):
        told.client.ask("poll", "GET", "/")
    assert len(told.server.asked) == TRIES


def test_every_habit_is_somebodys(file: Path) -> None:
    assert not file.exists()
    dice = random.Random(1)  # noqa: S311
    assert {habit(dice) for _ in range(400)} == set(HABITS)


def test_the_journal_leaves_texts_out() -> None:
    told = {"results": {"kb": {"status": "OK", "message": {"ko": "…"}}}, "title": "…"}
    assert without_texts(told) == {"results": {"kb": {"status": "OK"}}}
