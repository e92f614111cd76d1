"""Money needs a sign-in of the last ten minutes, by real time (R-M4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modupoint import http
from modupoint.http import Answer, Request, operation
from modupoint.problems import Problem

NOW_S = 1_795_000_000


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "real_ms", lambda: NOW_S * 1000 + 999)


def signed_in(auth_time: Any) -> Request:
    claims = {"sub": "person"} if auth_time is None else {"sub": "person", "auth_time": auth_time}
    return Request(claims, {}, {}, b"")


@pytest.mark.parametrize("age_s", [-60, -1, 0, 1, 599, 600])
def test_a_sign_in_of_the_last_ten_minutes_is_recent_r_m4(age_s: int) -> None:
    signed_in(str(NOW_S - age_s)).require_recent_sign_in()


@pytest.mark.parametrize(
    "auth_time",
    [None, "", "soon", "1e9", "12.5", str(NOW_S - 601), str(NOW_S + 61), "0", "-1", str(10**30)],
)
def test_older_unknown_and_future_sign_ins_are_not_r_m4(auth_time: str | None) -> None:
    with pytest.raises(Problem) as refused:
        signed_in(auth_time).require_recent_sign_in()
    assert (refused.value.code, refused.value.status) == ("reauthentication_required", 401)


@operation
def echo(request: Request) -> Answer:
    return Answer(200, {"query": request.query})


@pytest.mark.parametrize(
    ("event", "query"),
    [
        ({"queryStringParameters": {"limit": "5", "cursor": "trf_1"}}, {"limit": "5", "cursor": "trf_1"}),
        ({"queryStringParameters": {"Limit": ""}}, {"Limit": ""}),
        ({"queryStringParameters": {}}, {}),
        ({"queryStringParameters": None}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_query_parameters_reach_the_operation_as_the_gateway_gives_them(
    event: dict[str, Any], query: dict[str, str]
) -> None:
    reply = echo({"requestContext": {}, **event}, None)
    assert json.loads(reply["body"]) == {"query": query}
