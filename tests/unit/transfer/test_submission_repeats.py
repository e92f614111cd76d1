"""The same key, another body, two devices at once: a transfer is accepted once (public API)."""

from __future__ import annotations

from typing import Any

import pytest

from modupoint.problems import Problem
from tests.unit.transfer.submission_fakes import KB, Desk, asking, item
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    KeyUsedError,
)

WOORI = item("woori", "MOA", 45)


def problem_of(act: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        act(*args)
    return raised.value


@pytest.mark.parametrize(
    "again",
    [
        asking(KB),
        dict(reversed(asking(KB).items())),
        asking(dict(reversed(KB.items()))),
        asking(item("kb", "POINTREE", 500.0)),
        asking(KB, all=None),
    ],
)
def test_a_body_that_says_the_same_gets_the_same_answer_again(again: dict[str, Any]) -> None:
    desk = Desk()
    first = desk.submit(asking(KB))
    repeated = desk.submit(again)
    assert repeated == (first[0], True)
    assert len(desk.transfers.stored) == 1
    assert desk.lanes.told == [["kb"]]


@pytest.mark.parametrize(
    "other",
    [
        asking(item("kb", "POINTREE", 501)),
        asking(item("kb", "POINTREE", 500), WOORI),
        asking(),
        asking(KB, account_id="acc_2"),
        asking(WOORI),
    ],
)
def test_another_body_under_the_same_key_is_refused(other: dict[str, Any]) -> None:
    desk = Desk()
    desk.submit(asking(KB))
    problem = problem_of(desk.submit, other)
    assert (problem.code, problem.status) == ("idempotency_key_reused", 422)
    assert len(desk.transfers.stored) == 1


def test_the_order_of_items_is_part_of_what_is_said() -> None:
    desk = Desk()
    desk.submit(asking(KB, WOORI))
    assert problem_of(desk.submit, asking(WOORI, KB)).code == "idempotency_key_reused"


def test_a_repeat_gets_its_answer_even_where_nothing_new_would_be_accepted() -> None:
    desk = Desk()
    first, _ = desk.submit(asking(KB))
    desk.funds.agreed = False
    assert desk.submit(asking(KB)) == (first, True)


def test_two_devices_with_one_key_get_one_transfer() -> None:
    desk, other = Desk(), Desk()
    theirs, _ = other.submit(asking(KB))
    desk.transfers.meanwhile = list(other.transfers.stored.values())
    desk.transfers.refusals = [KeyUsedError()]
    assert desk.submit(asking(KB)) == (theirs, True)
    assert desk.lanes.told == []


def test_two_devices_with_one_key_and_two_bodies_get_one_refusal() -> None:
    desk, other = Desk(), Desk()
    other.submit(asking(WOORI))
    desk.transfers.meanwhile = list(other.transfers.stored.values())
    desk.transfers.refusals = [KeyUsedError()]
    assert problem_of(desk.submit, asking(KB)).code == "idempotency_key_reused"


def test_a_second_transfer_of_the_day_names_its_issuers_in_words_and_by_place_r_t2() -> None:
    desk = Desk()
    desk.transfers.refusals = [AlreadyTransferredError(["woori", "kb"])]
    woori_again = item("woori", "WIBEE", 1)
    problem = problem_of(desk.submit, asking(item("bc", "TOP", 1), WOORI, woori_again, KB))
    assert (problem.code, problem.status) == ("already_transferred_today", 409)
    assert problem.errors == [
        {"pointer": "/items/1/issuer", "detail": "woori: 우리카드"},
        {"pointer": "/items/3/issuer", "detail": "kb: KB국민카드"},
    ]
    assert desk.lanes.told == []


def test_a_second_transfer_of_all_names_its_issuers_at_what_was_sent_r_t2() -> None:
    desk = Desk()
    desk.transfers.refusals = [AlreadyTransferredError(["kb"])]
    problem = problem_of(desk.submit, asking())
    assert problem.errors == [{"pointer": "/all", "detail": "kb: KB국민카드"}]


def test_a_day_given_back_meanwhile_is_tried_again() -> None:
    desk = Desk()
    desk.transfers.refusals = [AlreadyTransferredError([])]
    view, replayed = desk.submit(asking(KB))
    assert (list(desk.transfers.stored), replayed) == ([view["transfer_id"]], False)


@pytest.mark.parametrize(
    ("error", "code"), [(ConsentMissingError(), "consent_required"), (AccountGoneError(), "not_found")]
)  # fmt: skip
def test_what_was_withdrawn_meanwhile_is_as_if_it_had_never_been(error: Any, code: str) -> None:
    desk = Desk()
    desk.transfers.refusals = [error]
    assert problem_of(desk.submit, asking(KB)).code == code
    assert desk.lanes.told == []


def test_a_key_that_is_used_and_never_found_ends_after_three_tries() -> None:
    desk = Desk()
    desk.transfers.refusals = [KeyUsedError()] * 9
    assert problem_of(desk.submit, asking(KB)).code == "internal_error"
    assert len(desk.transfers.refusals) == 6
