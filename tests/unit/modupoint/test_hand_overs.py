"""Hand-overs of standing cash-outs as messages: what is written is what is read (R-E3)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.hand_overs import HandedItem, HandOver, NotAHandOverError, hand_over_of

GIVEN = HandOver(
    "M#0123456789abcdef0123456789abcdef",
    "cashout-woori-2026-12-1",
    "acc_1",
    (HandedItem("woori", "WIBEE", 300), HandedItem("woori", "MOA", 45)),
    date(2026, 12, 31),
)
NAMES = ("member", "key", "account_id", "items", "last_day")


def changed(**changes: Any) -> str:
    return json.dumps(json.loads(GIVEN.message()) | changes)


def item(**changes: Any) -> dict[str, Any]:
    return {"issuer": "woori", "point_code": "MOA", "amount": 45} | changes


def test_the_message_is_what_both_sides_agreed_on() -> None:
    assert json.loads(GIVEN.message()) == {
        "member": "M#0123456789abcdef0123456789abcdef",
        "key": "cashout-woori-2026-12-1",
        "account_id": "acc_1",
        "items": [
            {"issuer": "woori", "point_code": "WIBEE", "amount": 300},
            {"issuer": "woori", "point_code": "MOA", "amount": 45},
        ],
        "last_day": "2026-12-31",
    }


@given(
    st.builds(
        HandOver,
        st.text(min_size=1),
        st.text(min_size=1),
        st.text(min_size=1),
        st.lists(
            st.builds(HandedItem, st.just("kb"), st.text(min_size=1), st.integers()), min_size=1
        ).map(tuple),
        st.dates(),
    )
)
def test_what_is_written_is_read_again(given_over: HandOver) -> None:
    assert hand_over_of(given_over.message()) == given_over


def test_the_transfer_asked_for_is_the_one_a_member_would_ask_for() -> None:
    assert GIVEN.transfer_request() == {
        "account_id": "acc_1",
        "items": json.loads(GIVEN.message())["items"],
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, 1, "", [], {}, [None]])
def test_a_field_that_says_nothing_makes_it_no_hand_over(name: str, value: Any) -> None:
    with pytest.raises(NotAHandOverError):
        hand_over_of(changed(**{name: value}))


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_field_makes_it_no_hand_over(name: str) -> None:
    rest = {key: value for key, value in json.loads(GIVEN.message()).items() if key != name}
    with pytest.raises(NotAHandOverError):
        hand_over_of(json.dumps(rest))


@pytest.mark.parametrize(
    "items",
    [
        [item(amount="45")],
        [item(amount=45.5)],
        [item(amount=True)],
        [item(issuer=None)],
        [item(point_code="")],
        [{"issuer": "woori", "amount": 1}],
        ["woori"],
        # One key, one leg: what came of it would be two things.
        [item(), item(issuer="kb")],
    ],
)
def test_items_that_are_none_or_of_two_issuers_make_it_no_hand_over(items: list[Any]) -> None:
    with pytest.raises(NotAHandOverError):
        hand_over_of(changed(items=items))


@pytest.mark.parametrize(
    "message", ["", "x", "null", "[]", "1", '"text"', changed(last_day="soon")]
)
def test_what_is_no_message_of_ours_is_no_hand_over(message: str) -> None:
    with pytest.raises(NotAHandOverError):
        hand_over_of(message)
