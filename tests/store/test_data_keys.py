"""The data keys: one a month, whoever makes it, and KMS asked once per environment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from modupoint import aws, envelope
from modupoint.envelope import SealBrokenError, seal, unseal
from tests.store.aws_calls import counted
from tests.store.lookup_steps import at_once

if TYPE_CHECKING:
    from datetime import tzinfo

    from tests.store.conftest import Store


def in_month(monkeypatch: pytest.MonkeyPatch, year: int, month: int) -> None:
    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Then:
            return cls(year, month, 15, tzinfo=tz)

    monkeypatch.setattr(envelope, "datetime", Then)


def test_what_one_environment_seals_another_opens(store: Store) -> None:
    assert unseal(store.keys(), seal(store.keys(), "CI", "ci|M#1"), "ci|M#1") == "CI"


def test_kms_is_asked_once_per_environment_and_month(store: Store) -> None:
    keys = store.keys()
    with counted() as calls:
        sealed = [seal(keys, "CI", "ci|M#1") for _ in range(20)]
        assert all(unseal(keys, one, "ci|M#1") == "CI" for one in sealed)
    assert calls == {
        "GetItem": 2,  # not there, then the one just made
        "GenerateDataKeyWithoutPlaintext": 1,
        "PutItem": 1,
        "Decrypt": 1,
    }

    with counted() as calls:
        assert unseal(store.keys(), sealed[0], "ci|M#1") == "CI"
    assert calls == {"GetItem": 1, "Decrypt": 1}


def test_a_batch_that_opens_ten_values_at_once_asks_kms_once(racing_store: Store) -> None:
    sealed = seal(racing_store.keys(), "CI", "ci|M#1")
    keys = racing_store.keys()
    with counted() as calls:
        assert at_once(10, lambda _: unseal(keys, sealed, "ci|M#1")) == ["CI"] * 10
    assert calls == {"GetItem": 1, "Decrypt": 1}


def test_a_new_month_has_a_new_key_and_the_old_one_still_opens(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_month(monkeypatch, 2026, 11)
    keys = store.keys()
    november_id, november = keys.current()
    sealed = seal(keys, "CI", "ci|M#1")

    in_month(monkeypatch, 2026, 12)
    december_id, december = keys.current()

    assert (november_id, december_id) == ("2026-11", "2026-12")
    assert november != december
    assert unseal(keys, sealed, "ci|M#1") == "CI"


def test_environments_that_make_the_months_key_at_once_end_with_one_key(
    racing_store: Store,
) -> None:
    environments = [racing_store.keys() for _ in range(12)]

    found = at_once(12, lambda place: environments[place].current())

    assert len(set(found)) == 1
    assert racing_store.keys().current() == found[0]


def test_the_key_lies_in_the_table_wrapped(store: Store) -> None:
    key_id, key = store.keys().current()
    item = aws.client("dynamodb").get_item(
        TableName=store.operations_table,
        Key={"pk": {"S": "DATA_KEY"}, "sk": {"S": key_id}},
    )["Item"]
    assert set(item) == {"pk", "sk", "wrapped"}
    assert key not in item["wrapped"]["B"]
    assert len(key) == 32


@pytest.mark.parametrize(
    "sealed", [b"\x01\x071999-01" + b"0" * 40, b"\x01\x00" + b"0" * 40, b"\x01\xff" + b"\xff" * 300]
)
def test_a_value_under_a_key_that_never_was_is_no_sealed_value(store: Store, sealed: bytes) -> None:
    with pytest.raises(SealBrokenError):
        unseal(store.keys(), sealed, "ci|M#1")
