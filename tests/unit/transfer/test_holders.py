"""Names of account holders: which are one person's, and how much of them shows (R-T1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfer.holders import masked_name, masked_number, same_holder


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("홍길동", "홍길동"),
        ("홍길동", " 홍 길동 "),
        ("홍길동", "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc"),
        ("John Smith", "JOHN SMITH"),
        ("John Smith", "JOHNSMITH"),
        ("John Smith", "\uff2a\uff2f\uff28\uff2e\u3000\uff33\uff2d\uff29\uff34\uff28"),
        ("Mary-Jane O'Neil", "MARY JANE ONEIL"),
        ("SMITH, JOHN", "Smith John"),
        ("Müller", "Mu\u0308ller"),
        ("Straße", "STRASSE"),
        ("李小龍", "\uf9e1小龍"),
    ],
)
def test_spellings_of_one_name_are_one_person(one: str, other: str) -> None:
    assert same_holder(one, other)
    assert same_holder(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("홍길동", "홍길순"),
        ("홍길동", "홍길"),
        ("John Smith", "Smith John"),
        ("John Smith", "John Smyth"),
        ("", ""),
        ("-", "."),
        (" ", "홍길동"),
    ],
)
def test_other_names_and_no_names_are_nobodys(one: str, other: str) -> None:
    assert not same_holder(one, other)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("홍길동", "홍*동"),
        ("김철", "김*"),
        ("남궁민수", "남**수"),
        ("왕", "왕*"),
        ("JOHN SMITH", "J*** S****"),
        ("  Kim  Lee ", "K** L**"),
        ("\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc", "홍*동"),
    ],
)
def test_a_masked_name_shows_its_beginnings(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@given(st.text(st.characters(categories=["L", "N"]), min_size=2, max_size=20))
def test_a_masked_name_never_shows_the_whole(name: str) -> None:
    assert "*" in masked_name(name)
    assert name not in masked_name(name)


@given(st.from_regex(r"[0-9]{1,20}", fullmatch=True))
def test_a_masked_number_shows_five_digits_at_most_and_keeps_its_length(number: str) -> None:
    masked = masked_number(number)
    assert len(masked) == len(number)
    assert masked != number
    assert sum(one.isdigit() for one in masked) <= 5
    if len(number) >= 7:
        assert (masked[:3], masked[-2:]) == (number[:3], number[-2:])
        assert set(masked[3:-2]) == {"*"}
