"""Sealed values open for their owner only, and only as they were sealed."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.envelope import SealBrokenError, ci_owner, seal, unseal


class FakeKeys:
    def __init__(self, month: str = "2026-11") -> None:
        self.month = month
        self.keys: dict[str, bytes] = {}

    def current(self) -> tuple[str, bytes]:
        return self.month, self.keys.setdefault(self.month, os.urandom(32))

    def by_id(self, key_id: str) -> bytes:
        if key_id not in self.keys:
            raise SealBrokenError("unknown data key")
        return self.keys[key_id]


KEYS: FakeKeys = FakeKeys()
OWNER = ci_owner("M#1")
plain_texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(plain_texts, plain_texts)
def test_what_is_sealed_opens_for_its_owner(plain: str, owner: str) -> None:
    assert unseal(KEYS, seal(KEYS, plain, owner), owner) == plain  # type: ignore[arg-type]


@given(plain_texts)
def test_the_same_value_never_looks_the_same_twice(plain: str) -> None:
    assert seal(KEYS, plain, OWNER) != seal(KEYS, plain, OWNER)  # type: ignore[arg-type]


def test_the_plain_text_is_not_in_the_sealed_value() -> None:
    assert b"CI-OF-A-PERSON" not in seal(KEYS, "CI-OF-A-PERSON", OWNER)  # type: ignore[arg-type]


@pytest.mark.parametrize("owner", ["ci|M#2", "account|M#1", "", "ci|M#1 "])
def test_a_value_copied_to_another_owner_or_purpose_does_not_open(owner: str) -> None:
    sealed = seal(KEYS, "secret", OWNER)  # type: ignore[arg-type]
    with pytest.raises(SealBrokenError):
        unseal(KEYS, sealed, owner)  # type: ignore[arg-type]


@given(st.data())
def test_an_altered_value_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(seal(KEYS, "secret", OWNER))  # type: ignore[arg-type]
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBrokenError):
        unseal(KEYS, bytes(sealed), OWNER)  # type: ignore[arg-type]


@given(st.integers(0, 60))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealed = seal(KEYS, "secret", OWNER)  # type: ignore[arg-type]
    with pytest.raises(SealBrokenError):
        unseal(KEYS, sealed[: min(length, len(sealed) - 1)], OWNER)  # type: ignore[arg-type]


@given(
    st.binary(max_size=400) | st.binary(max_size=400).map(lambda tail: b"\x01\x072026-11" + tail)
)
def test_bytes_of_any_kind_do_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBrokenError):
        unseal(KEYS, sealed, OWNER)  # type: ignore[arg-type]


def test_last_months_values_open_after_the_month_has_changed() -> None:
    keys = FakeKeys("2026-11")
    sealed = seal(keys, "secret", OWNER)  # type: ignore[arg-type]
    keys.month = "2026-12"

    assert unseal(keys, sealed, OWNER) == "secret"  # type: ignore[arg-type]
    assert b"2026-12" in seal(keys, "secret", OWNER)  # type: ignore[arg-type]


def test_a_value_under_another_months_key_does_not_open() -> None:
    keys = FakeKeys("2026-11")
    sealed = seal(keys, "secret", OWNER)  # type: ignore[arg-type]
    keys.month = "2026-12"
    keys.current()

    with pytest.raises(SealBrokenError):
        unseal(keys, sealed.replace(b"2026-11", b"2026-12"), OWNER)  # type: ignore[arg-type]
