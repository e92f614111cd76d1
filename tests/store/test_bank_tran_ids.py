"""Names for deposits: the contract's form, none twice, whoever asks at once (ADR 11)."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from tests.store.aws_calls import counted
from tests.store.lookup_steps import at_once
from transfer import bank_tran_ids
from transfer.bank_tran_ids import CountedBankTranIds

if TYPE_CHECKING:
    from tests.store.conftest import Store

FORM = re.compile(r"M202600001U[0-9A-Z]{9}")
BLOCK = 100


class Secret:
    def read(self) -> dict[str, str]:
        return {"organisation": "M202600001"}


def an_environment(store: Store) -> CountedBankTranIds:
    secret: Any = Secret()
    return CountedBankTranIds(store.operations_table, secret)


def start_at(store: Store, number: int) -> None:
    aws.client("dynamodb").put_item(
        TableName=store.operations_table,
        Item={"pk": {"S": "BANK_TRAN_ID"}, "sk": {"S": "NEXT"}, "next": {"N": str(number)}},
    )


def test_a_name_is_the_organisation_u_and_nine_letters_or_digits(store: Store) -> None:
    ids = an_environment(store)
    assert all(FORM.fullmatch(ids.next_id()) for _ in range(3))


def test_a_hundred_names_cost_one_write(store: Store) -> None:
    ids = an_environment(store)
    with counted() as calls:
        first = {ids.next_id() for _ in range(BLOCK)}
    assert calls == {"UpdateItem": 1}
    with counted() as calls:
        second = {ids.next_id() for _ in range(BLOCK)}
    assert calls == {"UpdateItem": 1}
    assert len(first | second) == 2 * BLOCK


def test_environments_share_one_counter(store: Store) -> None:
    made = [an_environment(store).next_id() for _ in range(5)]
    assert len(set(made)) == 5


def test_names_count_up_from_where_the_counter_stands(store: Store) -> None:
    start_at(store, 35)
    ids = an_environment(store)
    assert [ids.next_id()[-9:] for _ in range(3)] == ["00000000Z", "000000010", "000000011"]


def test_the_last_name_is_followed_by_the_first(store: Store) -> None:
    start_at(store, 36**9 - 1)
    ids = an_environment(store)
    assert [ids.next_id()[-9:] for _ in range(2)] == ["ZZZZZZZZZ", "000000000"]


def test_a_table_that_starts_anew_starts_somewhere_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = SimpleNamespace(randbelow=lambda most: most - 5 * BLOCK)
    monkeypatch.setattr("transfer.bank_tran_ids.secrets", known)
    assert an_environment(store).next_id()[-9:] == bank_tran_ids._in_base_36(36**9 - 5 * BLOCK)


def test_a_counter_that_cannot_be_reached_gives_no_name(store: Store) -> None:
    ids = an_environment(store)
    aws.client("dynamodb").delete_table(TableName=store.operations_table)
    for _ in range(2):
        with pytest.raises(Exception, match="ResourceNotFound"):
            ids.next_id()


def test_ten_at_once_in_one_environment_share_one_write(racing_store: Store) -> None:
    ids = an_environment(racing_store)
    with counted() as calls:
        names = at_once(10, lambda _: ids.next_id())
    assert len(set(names)) == 10
    assert calls == {"UpdateItem": 1}


def test_many_threads_of_many_environments_get_no_name_twice(racing_store: Store) -> None:
    environments = [an_environment(racing_store) for _ in range(4)]
    names = at_once(
        16, lambda place: [environments[place % 4].next_id() for _ in range(2 * BLOCK + 7)]
    )
    made = [name for some in names for name in some]
    assert len(made) == 16 * (2 * BLOCK + 7)
    assert len(set(made)) == len(made)
