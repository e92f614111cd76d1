"""What the store promises to the modules that keep state in it."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest

from local.partners import documents
from local.partners.catalogue import read_issuers
from local.partners.documents import Documents
from local.partners.holdings import month_after
from local.partners.identity.codes import CODE_TTL_S, Codes, Grant, challenge_of
from local.partners.people import _SAMPLES, SAMPLE_FILE
from local.partners.refusal import Refusal
from local.partners.settings import Settings
from local.partners.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, [documents.SCHEMA])
    yield store
    store.close()


class Time:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.at


def test_work_that_fails_undoes_itself_and_nothing_else(store: Store) -> None:
    insert = "INSERT INTO documents VALUES ('kind', ?, 'body', 0)"

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(insert, ("bad",))
        connection.execute(insert, ("good",))  # already there

    good = store.submit(lambda connection: connection.execute(insert, ("good",)).rowcount)
    bad = store.submit(fail)

    assert good.result() == 1
    with pytest.raises(sqlite3.IntegrityError):
        bad.result()
    keys = store.submit(lambda c: c.execute("SELECT key FROM documents").fetchall()).result()
    assert keys == [("good",)]


def test_a_document_is_taken_by_one_caller_only(store: Store) -> None:
    kept = Documents(store, "codes")

    async def race() -> list[str | None]:
        await kept.put("key", "body")
        return await asyncio.gather(*(kept.take("key") for _ in range(10)))

    taken = asyncio.run(race())
    assert sorted(body for body in taken if body) == ["body"]


def test_a_document_dies_when_its_time_is_over(store: Store) -> None:
    time = Time()
    kept = Documents(store, "codes", time)

    async def live() -> tuple[str | None, str | None, str | None]:
        await kept.put("a", "body", ttl_s=10)
        time.at += 9.9
        alive = await kept.get("a")
        time.at += 0.2
        return alive, await kept.get("a"), await kept.take("a")

    assert asyncio.run(live()) == ("body", None, None)


def test_a_code_is_good_for_a_minute(store: Store) -> None:
    time = Time()
    codes = Codes(Documents(store, "codes", time))
    verifier = "v" * 50
    grant = Grant(
        sub="kim-haneul",
        auth_time=1,
        acr="kr:mobile",
        scope="openid",
        nonce=None,
        redirect_uri="http://localhost/",
        code_challenge=challenge_of(verifier),
    )

    async def redeem_after(seconds: float) -> Grant:
        code = await codes.issue(grant)
        time.at += seconds
        return await codes.redeem(code, grant.redirect_uri, verifier)

    assert asyncio.run(redeem_after(CODE_TTL_S - 1)) == grant
    with pytest.raises(Refusal) as refused:
        asyncio.run(redeem_after(CODE_TTL_S + 1))
    assert refused.value.code == "invalid_grant"


def test_months_turn_with_the_year() -> None:
    assert [month_after(date(2026, 11, 30), ahead) for ahead in (0, 1, 2, 14)] == [
        "202611",
        "202612",
        "202701",
        "202801",
    ]


def test_sample_people_speak_only_of_issuers_there_are() -> None:
    people = _SAMPLES.validate_json(SAMPLE_FILE.read_bytes())
    spoken_of = {code for person in people for code in person.issuers}

    assert spoken_of == set(read_issuers(Settings().issuers_file))
    assert len({person.phone for person in people}) == len(people)
