"""Lookup messages travel whole, and whatever else is in a queue is known as poison."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.row_messages import PoisonMessageError
from query.lookup_message import LookupMessage

GOOD: dict[str, Any] = {"member": "M#1", "lookup_id": "lkp_1", "due_ms": 5, "sealed_ci": "c2VhbGVk"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.text(), st.text(), st.integers(), st.binary())
def test_a_message_arrives_as_it_was_sent(
    member: str, lookup_id: str, due_ms: int, sealed_ci: bytes
) -> None:
    message = LookupMessage(member, lookup_id, due_ms, sealed_ci)
    assert LookupMessage.from_json(message.to_json()) == message


def test_fields_that_a_later_version_adds_are_passed_over() -> None:
    assert LookupMessage.from_json(json.dumps({**GOOD, "new": 1})).sealed_ci == b"sealed"


@pytest.mark.parametrize("name", GOOD)
def test_a_message_that_misses_a_field_is_poison(name: str) -> None:
    content = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(PoisonMessageError):
        LookupMessage.from_json(json.dumps(content))


@given(st.sampled_from(sorted(GOOD)), json_values)
def test_a_field_of_another_kind_is_poison(name: str, value: Any) -> None:
    if type(value) is type(GOOD[name]):
        return
    with pytest.raises(PoisonMessageError):
        LookupMessage.from_json(json.dumps({**GOOD, name: value}))


@given(st.text() | json_values.map(json.dumps))
def test_poison_of_any_shape_raises_nothing_else(body: str) -> None:
    with pytest.raises(PoisonMessageError):
        LookupMessage.from_json(body)


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "[" * 100_000, "9" * 5_000, '{"sealed_ci": "*"}', "\x00", "\ud800"],
    ids=str.__len__,
)
def test_poison_of_the_worst_shapes_raises_nothing_else(body: str) -> None:
    with pytest.raises(PoisonMessageError):
        LookupMessage.from_json(body)


def test_sealed_data_that_is_not_quite_base64_is_poison() -> None:
    for sealed in ("c2Vh bGVk", "c2VhbGVk=", "가"):
        with pytest.raises(PoisonMessageError):
            LookupMessage.from_json(json.dumps({**GOOD, "sealed_ci": sealed}))
