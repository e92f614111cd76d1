"""The partners' clock against partner contracts, section 5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners

# Between two requests on a busy machine; far less than what the clock is moved by.
GENEROUS = timedelta(minutes=2)


def _now(partners: Partners) -> datetime:
    reply = partners.send("GET", "/clock")
    assert set(reply.json) == {"now"}
    assert reply.json["now"].endswith("+09:00")
    return datetime.fromisoformat(reply.json["now"])


def test_it_tells_real_time_until_it_is_set(partners: Partners) -> None:
    assert abs(_now(partners) - datetime.now(UTC)) < GENEROUS


def test_it_runs_on_from_where_it_is_set(partners: Partners) -> None:
    set_to = datetime.fromisoformat("2026-11-22T20:01:00+09:00")

    reply = partners.send("PUT", "/clock", {"now": "2026-11-22T20:01:00+09:00"})

    assert reply.status == 200
    assert reply.json == {"now": "2026-11-22T20:01:00+09:00"}
    first = _now(partners)
    assert set_to <= first < set_to + GENEROUS
    assert _now(partners) >= first


def test_another_offset_is_the_same_instant(partners: Partners) -> None:
    partners.send("PUT", "/clock", {"now": "2026-11-22T11:01:00Z"})

    assert _now(partners).isoformat().startswith("2026-11-22T20:0")


def test_deleting_it_gives_real_time_again(partners: Partners) -> None:
    partners.send("PUT", "/clock", {"now": "2031-01-01T00:00:00+09:00"})

    assert partners.send("DELETE", "/clock").status == 200
    assert abs(_now(partners) - datetime.now(UTC)) < GENEROUS


@pytest.mark.parametrize(
    "body",
    [
        "",
        "noon",
        "{}",
        '{"now": 5}',
        '{"now": "noon"}',
        '{"now": "2026-11-22"}',
        '{"now": "2026-11-22T20:01:00"}',
        '{"now": "1899-11-22T20:01:00+09:00"}',
        '{"now": "2026-11-22T20:01:00+09:00", "speed": 2}',
    ],
)
def test_a_bad_body_is_refused_and_changes_nothing(partners: Partners, body: str) -> None:
    reply = partners.send("PUT", "/clock", body)

    assert reply.status == 400
    assert reply.json["error"]
    assert abs(_now(partners) - datetime.now(UTC)) < GENEROUS
