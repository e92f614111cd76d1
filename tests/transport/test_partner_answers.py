"""What an answer means, row by row of the partner contract, against a real server."""

from __future__ import annotations

import gzip
import json
import socket

import pytest

from modupoint.partner import EFFECT_UNKNOWN, Outcome, PartnerAnswer, PartnerTransport, path_after
from tests.transport.scripted_server import Exchange, Script, answer, serving

OK = b'{"rsp_code": "00000"}'
# Long enough for a busy machine to answer in, short enough to wait for in a test.
SHORT_S = 0.3
AMPLE_S = 20.0


def ask(url: str, timeout_s: float = AMPLE_S, transport: PartnerTransport | None = None) -> PartnerAnswer:  # fmt: skip
    partners = transport or PartnerTransport(connections=1)
    return partners.call("POST", url + "/x", headers={"a": "b"}, body=b"{}", timeout_s=timeout_s)


def replying(*parts: bytes) -> Script:
    def play(exchange: Exchange) -> None:
        if exchange.take_request():
            exchange.send(*parts)

    return play


def cutting(*parts: bytes) -> Script:
    def play(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(*parts)
        exchange.reset()

    return play


def hanging(*parts: bytes) -> Script:
    def play(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(*parts)
        exchange.hang()

    return play


def keeping(*replies: bytes) -> Script:
    def play(exchange: Exchange) -> None:
        for reply in replies:
            if exchange.take_request():
                exchange.send(reply)

    return play


@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
def test_success_is_answered(status: str) -> None:
    with serving(replying(answer(status, OK))) as server:
        got = ask(server.url)
    assert (got.outcome, got.body, got.cause) == (
        Outcome.ANSWERED,
        {"rsp_code": "00000"},
        f"http {status[:3]}",
    )


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "404 Gone", "409 Conflict", "422 Refused"])
def test_a_refusal_is_answered_and_so_definitely_not_done(status: str) -> None:
    with serving(replying(answer(status, b'{"rsp_code": "42201"}'))) as server:
        got = ask(server.url)
    assert (got.outcome, got.status) == (Outcome.ANSWERED, int(status[:3]))
    assert got.body == {"rsp_code": "42201"}
    assert got.outcome not in EFFECT_UNKNOWN


@pytest.mark.parametrize("status", ["429 Slow down", "503 Later"])
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (("retry-after: 7",), 7),
        (("Retry-After: 0",), 0),
        ((), None),
        (("retry-after: Wed, 21 Oct 2026 07:28:00 GMT",), None),
        (("retry-after: -1",), None),
        (("retry-after: 1.5",), None),
        (("retry-after: \u00b2",), None),
        (("retry-after: " + "9" * 5_000,), None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_try_later_is_definitely_not_done_and_says_when(
    status: str, header: tuple[str, ...], seconds: int | None
) -> None:
    with serving(replying(answer(status, OK, *header))) as server:
        got = ask(server.url)
    assert (got.outcome, got.retry_after_s, got.body) == (Outcome.TRY_LATER, seconds, {})
    assert got.outcome not in EFFECT_UNKNOWN


def test_a_refused_connection_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    got = ask(f"http://127.0.0.1:{port}")
    assert (got.outcome, got.status) == (Outcome.NOT_SENT, None)
    assert got.outcome not in EFFECT_UNKNOWN


def test_a_name_nobody_has_is_not_sent() -> None:
    assert ask("http://partner.invalid").outcome is Outcome.NOT_SENT


def test_a_connection_that_is_never_accepted_is_not_sent() -> None:
    # A full backlog lets no further handshake complete.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(full.getsockname())
        got = ask(f"http://127.0.0.1:{full.getsockname()[1]}", SHORT_S)
        for one in waiting:
            one.close()
    assert got.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("status", ["500 Internal", "502 Bad gateway", "504 Timeout"])
def test_a_server_error_is_unknown_whatever_its_body(status: str) -> None:
    with serving(replying(answer(status, OK))) as server:
        got = ask(server.url)
    assert (got.outcome, got.body) == (Outcome.BROKEN, {})
    assert got.outcome in EFFECT_UNKNOWN


@pytest.mark.parametrize("status", ["204 No content", "302 Elsewhere"])
def test_neither_an_empty_answer_nor_a_redirect_is_the_contracts(status: str) -> None:
    with serving(replying(answer(status, b"", "location: /elsewhere"))) as server:
        assert ask(server.url).outcome is Outcome.BROKEN
        assert server.connections == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'"text"',
        b'{"a": ',
        b"\xff\xfe",
        "{}".encode("utf-16"),
        b'{"a": "\\ud800"}',
        b'{"\\udc00": 1}',
        b'{"a": "\xed\xa0\x80"}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body)[:24],
)
def test_a_body_that_is_no_json_object_in_utf_8_is_unknown(body: bytes) -> None:
    with serving(replying(answer("200 OK", body))) as server:
        assert ask(server.url).outcome is Outcome.BROKEN


def test_whole_characters_may_be_written_as_escapes() -> None:
    sent = {"name": "포인트 \U0001f4b3"}
    with serving(replying(answer("200 OK", json.dumps(sent).encode()))) as server:
        assert ask(server.url).body == sent


def test_no_answer_in_time_is_unknown() -> None:
    with serving(hanging()) as server:
        got = ask(server.url, SHORT_S)
    assert (got.outcome, got.status) == (Outcome.TIMED_OUT, None)
    assert got.took_ms >= SHORT_S * 1000
    assert got.outcome in EFFECT_UNKNOWN


@pytest.mark.parametrize(
    "begun", [b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"]
)
def test_an_answer_that_begins_and_stops_is_unknown(begun: bytes) -> None:
    with serving(hanging(begun)) as server:
        assert ask(server.url, SHORT_S).outcome is Outcome.TIMED_OUT


def test_a_body_that_drips_past_the_deadline_is_unknown() -> None:
    def dripping(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        exchange.drip(b" ", every_s=0.02)

    with serving(dripping) as server:
        assert ask(server.url, SHORT_S).outcome is Outcome.TIMED_OUT


def test_chunks_that_drip_past_the_deadline_are_unknown() -> None:
    def dripping(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        exchange.drip(b"1\r\n \r\n", every_s=0.02)

    with serving(dripping) as server:
        assert ask(server.url, SHORT_S).outcome is Outcome.TIMED_OUT


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n15\r\n" + OK,
    ],
    ids=["before", "in the head", "in the body", "in a chunk"],
)
@pytest.mark.parametrize("ending", [cutting, replying], ids=["reset", "closed"])
def test_a_connection_cut_after_sending_is_unknown(sent: bytes, ending: object) -> None:
    play: Script = ending(sent)  # type: ignore[operator]
    with serving(play) as server:
        got = ask(server.url)
    assert got.outcome in {Outcome.CUT, Outcome.BROKEN}
    assert got.outcome in EFFECT_UNKNOWN


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2, 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        answer("200 OK", OK, "content-encoding: gzip"),
    ],
    ids=["not http", "long header", "many headers", "two lengths", "no chunk", "no gzip"],
)
def test_nonsense_is_unknown_and_never_raises(sent: bytes) -> None:
    with serving(replying(sent)) as server:
        assert ask(server.url).outcome in EFFECT_UNKNOWN


def test_a_body_of_the_largest_size_is_read() -> None:
    body = b'{"a": "' + b"x" * (256 * 1024 - 9) + b'"}'
    with serving(replying(answer("200 OK", body))) as server:
        assert ask(server.url).outcome is Outcome.ANSWERED


def test_a_larger_body_is_unknown_and_not_read_to_its_end() -> None:
    def endless(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        exchange.drip(b"10000\r\n" + b" " * 0x10000 + b"\r\n", every_s=0)

    with serving(endless) as server:
        got = ask(server.url)
    assert (got.outcome, got.cause) == (Outcome.BROKEN, "OversizedBodyError")


def test_a_small_body_that_unpacks_to_a_large_one_is_unknown() -> None:
    body = gzip.compress(b" " * 50_000_000)
    with serving(replying(answer("200 OK", body, "content-encoding: gzip"))) as server:
        assert ask(server.url).outcome is Outcome.BROKEN


def test_a_kept_connection_is_used_again() -> None:
    transport = PartnerTransport(connections=1)
    with serving(keeping(*[answer("200 OK", OK)] * 3)) as server:
        assert [ask(server.url, transport=transport).outcome for _ in range(3)] == [
            Outcome.ANSWERED
        ] * 3
        assert server.connections == 1


def test_a_kept_connection_that_the_peer_has_closed_loses_no_answer() -> None:
    transport = PartnerTransport(connections=1)
    with serving(replying(answer("200 OK", OK))) as server:
        assert ask(server.url, transport=transport).outcome is Outcome.ANSWERED
        # Closed before or after we send: we notice and connect anew, or it is unknown.
        assert ask(server.url, transport=transport).outcome in {Outcome.ANSWERED, Outcome.CUT}
        assert ask(server.url, transport=transport).outcome in {Outcome.ANSWERED, Outcome.CUT}


def test_a_peer_that_closes_a_kept_connection_at_our_next_request_leaves_it_unknown() -> None:
    def once(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(answer("200 OK", OK))
        exchange.take_request()

    transport = PartnerTransport(connections=1)
    with serving(once) as server:
        assert ask(server.url, transport=transport).outcome is Outcome.ANSWERED
        assert ask(server.url, transport=transport).outcome is Outcome.CUT
        assert ask(server.url, transport=transport).outcome is Outcome.ANSWERED
        assert server.connections == 2


@pytest.mark.parametrize("first", ["hangs", "too large"])
def test_the_rest_of_one_answer_is_never_the_start_of_the_next(first: str) -> None:
    stale = answer("200 OK", b'{"whose": "the first caller"}')

    def late(exchange: Exchange) -> None:
        exchange.take_request()
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 400000\r\n\r\n")
        exchange.send(b" " * (300_000 if first == "too large" else 1))
        exchange.take_request()
        exchange.send(b" " * 399_999, stale)

    transport = PartnerTransport(connections=1)
    with serving(late, replying(answer("200 OK", b'{"whose": "the second"}'))) as server:
        assert ask(server.url, SHORT_S, transport).outcome in EFFECT_UNKNOWN
        assert ask(server.url, transport=transport).body == {"whose": "the second"}


def test_what_is_said_of_a_call_for_logs_repeats_nothing_the_partner_wrote() -> None:
    with serving(replying(answer("500 홍길동", "홍길동".encode(), "x-name: kim"))) as server:
        assert ask(server.url).cause == "http 500"
    with serving(replying("홍길동 is here\r\n\r\n".encode())) as server:
        assert "홍길동" not in ask(server.url).cause


@pytest.mark.parametrize(
    ("base", "url", "path"),
    [
        ("http://p/issuers/kb", "http://p/issuers/kb/v1/x", "/v1/x"),
        ("http://p/issuers/kb/", "http://p/issuers/kb/v1/x", "/v1/x"),
        ("https://kb.example", "https://kb.example/v1/x?date=1&cursor=a%2Fb", "/v1/x?date=1&cursor=a%2Fb"),
    ],
)  # fmt: skip
def test_the_signed_path_is_what_follows_the_base_url(base: str, url: str, path: str) -> None:
    assert path_after(base, url) == path
