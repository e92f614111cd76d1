"""Idempotency keys: which are keys, and which bodies say the same (public API)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.http import Request
from modupoint.idempotency import body_sha256, idempotency_key, key_sk
from modupoint.problems import Problem
from tests.unit.transfer.any_json import any_json


def with_key(**headers: str) -> Request:
    return Request({}, headers, {}, b"{}")


@pytest.mark.parametrize("key", ["k", "k" * 64, "열쇠", "a b\nc", "\U0001f511", " "])
def test_one_to_64_characters_of_any_kind_are_a_key(key: str) -> None:
    assert idempotency_key(with_key(**{"idempotency-key": key})) == key


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": ""}, {"idempotency-key": "k" * 65}])
def test_anything_else_is_refused_in_words(headers: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        idempotency_key(with_key(**headers))
    assert (refused.value.code, refused.value.status) == ("invalid_request", 422)
    assert "Idempotency-Key" in refused.value.errors[0]["detail"]


@given(st.text(st.characters(), min_size=1, max_size=64))
def test_a_record_lies_under_a_key_of_its_own_whatever_the_key_holds(key: str) -> None:
    assert key_sk(key).startswith("KEY#")
    assert key_sk(key).isascii()
    assert key_sk(key) != key_sk(key + "x")


@given(st.dictionaries(st.text(max_size=5), any_json, max_size=4))
def test_a_bodys_hash_does_not_depend_on_the_order_of_its_names(body: dict[str, Any]) -> None:
    assert body_sha256(body) == body_sha256(dict(reversed(body.items())))
    assert body_sha256(body) == body_sha256({**body, "absent": None})
    assert body_sha256(body) != body_sha256({**body, "more": 1})


@given(st.integers(-(2**50), 2**50))
def test_a_whole_number_is_the_same_with_and_without_its_point(number: int) -> None:
    assert body_sha256({"amount": number}) == body_sha256({"amount": float(number)})
    assert body_sha256({"amount": number}) != body_sha256({"amount": number + 1})
    assert body_sha256({"amount": number}) != body_sha256({"amount": str(number)})


def test_true_is_not_1_and_the_order_of_a_list_matters() -> None:
    assert body_sha256({"all": True}) != body_sha256({"all": 1})
    assert body_sha256({"items": [1, 2]}) != body_sha256({"items": [2, 1]})
