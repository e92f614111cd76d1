"""What the bank's answer says of an account's holder (R-T1; contract, section 2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from modupoint.problems import Problem
from tests.unit.transfer.any_json import bodies
from tests.unit.transfer.leg_samples import NOT_ANSWERED, TRAN, answered, ended
from transfer.account_answers import holder_of

FOUND = {
    "rsp_code": "A0000",
    "bank_rsp_code": "000",
    "bank_tran_id": TRAN.id,
    "account_holder_name": "홍길동",
}


def refused(body: dict[str, Any], status: int = 200) -> Problem:
    with pytest.raises(Problem) as raised:
        holder_of(answered(body, status), TRAN.id)
    return raised.value


def test_the_banks_name_is_given() -> None:
    assert holder_of(answered(FOUND), TRAN.id) == "홍길동"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("412", "account_not_found"),
        ("415", "account_closed"),
        ("416", "account_restricted"),
        ("815", "holder_name_mismatch"),
    ],
)
def test_what_is_wrong_with_the_account_is_said(code: str, problem: str) -> None:
    answer = refused({"rsp_code": "A0000", "bank_rsp_code": code})
    assert (answer.code, answer.status) == (problem, 422)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rsp_code": "A0002"},
        {"rsp_code": "A0007"},
        {"rsp_code": None},
        {"rsp_code": ["A0000"]},
        {"bank_rsp_code": "822"},
        {"bank_rsp_code": "400"},
        {"bank_rsp_code": None},
        {"bank_rsp_code": ["000"]},
        {"bank_tran_id": "M202600001U000000009"},
        {"bank_tran_id": None},
        {"account_holder_name": ""},
        {"account_holder_name": "  "},
        {"account_holder_name": None},
        {"account_holder_name": ["홍길동"]},
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_none(wrong: dict[str, Any]) -> None:
    answer = refused({**FOUND, **wrong})
    assert (answer.code, answer.status, answer.retry_after_s) == ("bank_unavailable", 503, 5)


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
@pytest.mark.parametrize(("asked_for", "told"), [(None, 5), (30, 30), (86_400, 600)])
def test_a_bank_that_does_not_answer_is_said_to_be_unavailable_and_for_how_long(
    outcome: Any, asked_for: int | None, told: int
) -> None:
    with pytest.raises(Problem) as raised:
        holder_of(ended(outcome, asked_for), TRAN.id)
    assert (raised.value.code, raised.value.retry_after_s) == ("bank_unavailable", told)


near = bodies({name: [value] for name, value in FOUND.items()})


@given(near)
def test_no_body_names_a_holder_unless_it_is_the_contracts_success(body: dict[str, Any]) -> None:
    try:
        holder = holder_of(answered(body), TRAN.id)
    except Problem:
        return
    assert {**FOUND, "account_holder_name": holder} == body
    assert holder.strip()
