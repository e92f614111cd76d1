"""Requests and answers of the HTTP API: whatever is sent, people get an answer in words."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import query
from modupoint.http import Answer, Request, member_key, operation
from modupoint.problems import KINDS, FieldError, Problem
from modupoint.validation import request_check

SCHEMAS = Path(query.__file__).with_name("request_schemas.json")
CONSENT = request_check(SCHEMAS, "ConsentRequest")
LOOKUP = request_check(SCHEMAS, "LookupRequest")


def an_event(body: str | None = None, **changes: Any) -> dict[str, Any]:
    event: dict[str, Any] = {
        "routeKey": "POST /v1/lookups",
        "requestContext": {"authorizer": {"jwt": {"claims": {"sub": "person-1"}}}},
        "headers": {"Authorization": "Bearer a.b.c", "Content-Type": "application/json"},
    }
    if body is not None:
        event["body"] = body
    return {**event, **changes}


def answer_of(reply: dict[str, Any]) -> dict[str, Any]:
    """Decode a reply as it goes over the wire; a body that cannot be encoded is a 5xx."""
    assert json.dumps(reply, ensure_ascii=False).encode()
    decoded: dict[str, Any] = json.loads(reply["body"].encode())
    return decoded


@operation
def echo(request: Request) -> Answer:
    return Answer(200, {"got": request.json_object(default={"nothing": True})})


@operation
def look_up(request: Request) -> Answer:
    body = LOOKUP(request.json_object(default={}))
    return Answer(202, {"issuers": body["issuers"]})


@operation
def agree(request: Request) -> Answer:
    return Answer(200, {"version": CONSENT(request.json_object())["terms_version"]})


def refusing(problem: Exception) -> Any:
    @operation
    def refuse(_request: Request) -> Answer:
        raise problem

    return refuse


def test_an_answer_is_json_that_no_cache_keeps() -> None:
    reply = echo(an_event('{"a": "가"}'), None)

    assert reply["statusCode"] == 200
    assert reply["headers"] == {"content-type": "application/json", "cache-control": "no-store"}
    assert answer_of(reply) == {"got": {"a": "가"}}


def test_an_operation_may_let_its_answer_be_cached() -> None:
    cacheable = operation(lambda _request: Answer(200, {}, {"cache-control": "public, max-age=5"}))
    assert cacheable(an_event(), None)["headers"]["cache-control"] == "public, max-age=5"


def test_no_content_has_no_body() -> None:
    assert operation(lambda _request: Answer(204))(an_event(), None) == {
        "statusCode": 204,
        "headers": {},
    }


def test_a_body_in_base64_is_read_as_what_it_encodes() -> None:
    encoded = base64.b64encode('{"a": "가"}'.encode()).decode()
    assert answer_of(echo(an_event(encoded, isBase64Encoded=True), None)) == {"got": {"a": "가"}}


@pytest.mark.parametrize("body", [None, "", "  \n"])
def test_no_body_means_the_default_where_there_is_one(body: str | None) -> None:
    assert answer_of(echo(an_event(body), None)) == {"got": {"nothing": True}}


@pytest.mark.parametrize("body", [None, ""])
def test_no_body_is_refused_where_one_is_needed(body: str | None) -> None:
    reply = agree(an_event(body), None)
    assert (reply["statusCode"], answer_of(reply)["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '"text"',
        "null",
        "1",
        "\ud800",
        '{"a":\ud800}',
        "[" * 100_000,
        "9" * 5_000,
        "\x00",
    ],
    ids=str.__len__,
)
def test_a_body_that_is_no_json_object_is_refused(body: str) -> None:
    reply = echo(an_event(body), None)
    assert reply["statusCode"] == 422
    assert [one["pointer"] for one in answer_of(reply)["errors"]] == [""]


@pytest.mark.parametrize("raw", ["=", "가나다라", "abc", "\ud800"], ids=ascii)
def test_base64_that_cannot_be_decoded_is_refused(raw: str) -> None:
    assert echo(an_event(raw, isBase64Encoded=True), None)["statusCode"] == 422


bodies = st.text(st.characters()) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["issuers", "max_age_seconds", "terms_version", "agreed"])
            | st.text(st.characters()),
            inner,
            max_size=3,
        )
    ),
).map(json.dumps)


@given(body=bodies, encoded=st.booleans())
def test_no_body_is_answered_with_a_server_error(*, body: str, encoded: bool) -> None:
    for handler in (look_up, agree):
        reply = handler(an_event(body, isBase64Encoded=encoded), None)
        assert reply["statusCode"] in {200, 202, 422}
        answer_of(reply)


def test_a_refusal_is_a_problem_document_in_korean_first() -> None:
    errors = [FieldError(pointer="/a", detail="wrong")]
    reply = refusing(Problem("invalid_request", errors))(an_event(), None)

    assert reply["headers"]["content-type"] == "application/problem+json"
    assert reply["headers"]["content-language"] == "ko"
    assert reply["headers"]["cache-control"] == "no-store"
    assert answer_of(reply) == {
        "type": "https://modupoint.kr/problems/invalid_request",
        "title": KINDS["invalid_request"].title["ko"],
        "status": 422,
        "detail": KINDS["invalid_request"].detail["ko"],
        "code": "invalid_request",
        "errors": errors,
    }


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("en", "en"),
        ("en-US,en;q=0.9,ko;q=0.5", "en"),
        (" EN-gb", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("fr", "ko"),
        ("*", "ko"),
        ("", "ko"),
    ],
)
def test_the_language_is_english_only_for_who_names_it_first(wanted: str, language: str) -> None:
    event = an_event(headers={"aCCept-Language": wanted})
    reply = refusing(Problem("not_found"))(event, None)

    assert reply["headers"]["content-language"] == language
    assert reply["headers"]["vary"] == "accept-language"
    assert answer_of(reply)["title"] == dict(KINDS["not_found"].title)[language]


def test_a_refusal_says_when_to_try_again() -> None:
    reply = refusing(Problem("too_many_lookups", retry_after_s=12))(an_event(), None)
    assert (reply["statusCode"], reply["headers"]["retry-after"]) == (429, "12")


def test_every_refusal_has_words_in_both_languages() -> None:
    for code in KINDS:
        in_korean, in_english = Problem(code).document("ko"), Problem(code).document("en")
        assert in_korean["title"] != in_english["title"]
        assert in_korean["detail"] != in_english["detail"]


def test_what_goes_wrong_inside_is_an_answer_that_quotes_nothing(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = refusing(RuntimeError("홍길동 110-222-333"))(an_event(), None)

    assert (reply["statusCode"], answer_of(reply)["code"]) == (500, "internal_error")
    said = reply["body"] + caplog.text + "".join(capsys.readouterr())
    assert "홍길동" not in said
    assert "110-222-333" not in said


@pytest.mark.parametrize("authorizer", [None, {}, {"jwt": None}, {"jwt": {"claims": {}}}])
def test_a_token_that_names_nobody_speaks_for_nobody(authorizer: Any) -> None:
    who = operation(lambda request: Answer(200, {"member": request.member}))
    reply = who(an_event(requestContext={"authorizer": authorizer}), None)
    assert (reply["statusCode"], answer_of(reply)["code"]) == (401, "sign_in_required")


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer a.b.c", "a.b.c"), ("bearer  a.b.c ", "a.b.c"), ("", ""), ("a.b.c", "")],
)
def test_the_token_is_what_follows_the_scheme(header: str, token: str) -> None:
    assert Request({}, {"authorization": header}, {}, b"").access_token == token


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_members_key_is_their_own_and_does_not_show_who_they_are(one: str, other: str) -> None:
    assert member_key(one) == member_key(one)
    assert (member_key(one) == member_key(other)) is (one == other)
    assert len(member_key(one)) == len("M#") + 32
