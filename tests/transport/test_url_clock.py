"""The movable clock of a local stack (partner contract, section 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from modupoint.clock import SEOUL, business_clock, seoul_now, url_clock
from tests.transport.scripted_server import Exchange, Script, answer, serving


def telling(*bodies: bytes) -> Script:
    def play(exchange: Exchange) -> None:
        for body in bodies:
            if exchange.take_request():
                exchange.send(answer("200 OK", body))

    return play


def test_it_is_asked_each_time_it_is_read() -> None:
    times = [b'{"now": "2026-11-22T20:01:00+09:00"}', b'{"now": "2026-11-22T11:02:00+00:00"}']
    with serving(telling(*times)) as server:
        now = url_clock(server.url)
        assert [now(), now()] == [
            datetime(2026, 11, 22, 20, 1, tzinfo=SEOUL),
            datetime(2026, 11, 22, 20, 2, tzinfo=SEOUL),
        ]


def test_a_deployment_that_names_a_clock_goes_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(telling(b'{"now": "2026-11-22T20:01:00+09:00"}')) as server:
        monkeypatch.setenv("CLOCK_URL", server.url)
        assert business_clock()() == datetime(2026, 11, 22, 20, 1, tzinfo=SEOUL)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"now": 5}', b'{"now": "noon"}', b'{"now": null}', b"\xff", b'"x"'],
)
def test_a_clock_that_tells_no_time_leaves_us_with_the_real_one(body: bytes) -> None:
    with serving(telling(body)) as server:
        before = seoul_now()
        told = url_clock(server.url)()
    assert before <= told <= before + timedelta(minutes=1)


def test_a_clock_that_is_not_there_leaves_us_with_the_real_one() -> None:
    with serving(telling()) as gone:
        pass
    before = seoul_now()
    assert before <= url_clock(gone.url)() <= before + timedelta(minutes=1)
