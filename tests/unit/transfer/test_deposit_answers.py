"""What the bank's answers say of a deposit: R-T6, row by row (contract, section 2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome
from tests.unit.transfer.any_json import any_json, bodies
from tests.unit.transfer.leg_samples import NOT_ANSWERED, TRAN, answered, ended
from transfer.deposit_answers import read_deposit, read_deposit_result

AMOUNT = 500
UNKNOWN_BANK_CODES = ["400", "803", "804", "819", "822"]
REFUSALS = [
    ("412", "account_not_found"),
    ("415", "account_closed"),
    ("416", "account_restricted"),
    ("815", "holder_name_mismatch"),
    ("999", "deposit_refused"),
]


def the_bank_says(bank_code: Any = "000", rsp_code: Any = "A0000", **entry: Any) -> dict[str, Any]:
    line = {
        "tran_no": "1",
        "bank_tran_id": TRAN.id,
        "bank_rsp_code": bank_code,
        "tran_amt": str(AMOUNT),
    }
    return {"rsp_code": rsp_code, "res_cnt": "1", "res_list": [{**line, **entry}]}


def sent(body: dict[str, Any], status: int = 200) -> Finding:
    return read_deposit(answered(body, status), TRAN.id, AMOUNT)


def asked(body: dict[str, Any], status: int = 200) -> Finding:
    return read_deposit_result(answered(body, status), TRAN.id, AMOUNT)


BOTH = pytest.mark.parametrize("read", [sent, asked])


@BOTH
def test_only_a0000_with_000_is_a_deposit_r_t6(read: Any) -> None:
    assert read(the_bank_says()) == Finding(Verdict.DONE)


@BOTH
@pytest.mark.parametrize("code", UNKNOWN_BANK_CODES)
def test_these_bank_codes_leave_it_unknown_r_t6(read: Any, code: str) -> None:
    assert read(the_bank_says(code)).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize("code", ["A0001", "A0007"])
@pytest.mark.parametrize("bank_code", ["000", "412", "822"])
def test_these_answer_codes_leave_it_unknown_whatever_the_bank_says_r_t6(
    read: Any, code: str, bank_code: str
) -> None:
    assert read(the_bank_says(bank_code, code)).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize(("code", "ours"), REFUSALS)
def test_every_other_bank_code_is_a_definite_refusal_r_t6(read: Any, code: str, ours: str) -> None:
    finding = read(the_bank_says(code))
    assert (finding.verdict, finding.code) == (Verdict.REFUSED, ours)
    without_amount = read(the_bank_says(code, tran_amt=""))
    assert without_amount.verdict is Verdict.REFUSED


@pytest.mark.parametrize(("code", "ours"), [*REFUSALS, (None, "deposit_refused")])
@pytest.mark.parametrize("rsp_code", ["A0002", "A0003", "O0001"])
@pytest.mark.parametrize("status", [200, 400])
def test_every_other_answer_code_is_a_definite_refusal_r_t6(
    code: str | None, ours: str, rsp_code: str, status: int
) -> None:
    finding = sent(the_bank_says(code, rsp_code), status)
    assert (finding.verdict, finding.code) == (Verdict.REFUSED, ours)


@pytest.mark.parametrize("body", [{"rsp_code": "A0002"}, {"rsp_code": "A0002", "res_list": []}])
def test_a_refusal_as_a_whole_needs_no_list(body: dict[str, Any]) -> None:
    assert sent(body).verdict is Verdict.REFUSED


def test_an_inquiry_that_was_refused_says_nothing_of_the_deposit() -> None:
    assert asked(the_bank_says("412", "A0002")).verdict is Verdict.UNKNOWN
    assert asked({"rsp_code": "A0002"}).verdict is Verdict.UNKNOWN
    assert asked({"rsp_code": "O0003"}, 401).verdict is Verdict.UNKNOWN


def test_a_call_that_was_refused_for_its_token_was_not_looked_at() -> None:
    assert sent({"rsp_code": "O0003"}, 401).verdict is Verdict.NOT_DONE


@pytest.mark.parametrize(
    "contradiction",
    [
        the_bank_says("000", "A0002"),
        the_bank_says("822", "A0002"),
        the_bank_says("412", "A0002", bank_tran_id="M202600001U000000009"),
    ],
)
def test_refused_as_a_whole_and_not_in_its_part_says_nothing(contradiction: dict[str, Any]) -> None:
    assert sent(contradiction).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize("bank_code", ["000", "412"])
def test_a_success_code_under_an_http_refusal_says_nothing(read: Any, bank_code: str) -> None:
    assert read(the_bank_says(bank_code), 400).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize("code", ["000", "412", "701"])
def test_another_deposits_answer_says_nothing_of_this_one(read: Any, code: str) -> None:
    assert read(the_bank_says(code, bank_tran_id="M202600001U000000009")).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize("amount", ["499", "5000", "500.0", "", None, True, 500.0, [500]])
def test_a_deposit_of_another_amount_is_not_this_one(read: Any, amount: Any) -> None:
    assert read(the_bank_says(tran_amt=amount)).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize(
    "entries",
    [None, [], {}, "", [None], ["000"], [{}], [{"bank_rsp_code": "000"}],
     [{"bank_rsp_code": "000"}, {"bank_rsp_code": "000"}]],
)  # fmt: skip
def test_a_success_without_its_one_entry_says_nothing(read: Any, entries: Any) -> None:
    assert read({"rsp_code": "A0000", "res_list": entries}).verdict is Verdict.UNKNOWN
    assert read({"rsp_code": "A0000"}).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize("bank_code", [None, "", 0, 412, ["412"], {"code": "412"}, True])
def test_a_bank_code_that_is_none_says_nothing(read: Any, bank_code: Any) -> None:
    assert read(the_bank_says(bank_code)).verdict is Verdict.UNKNOWN


@BOTH
@pytest.mark.parametrize("rsp_code", [None, "", 0, ["A0000"], {}])
def test_an_answer_code_that_is_none_says_nothing(read: Any, rsp_code: Any) -> None:
    assert read(the_bank_says("412", rsp_code)).verdict is Verdict.UNKNOWN


def test_not_found_is_a_finding_of_an_inquiry_only() -> None:
    assert asked(the_bank_says("701")).verdict is Verdict.NOT_FOUND
    nameless = the_bank_says("701", bank_tran_id="", tran_amt="")
    assert asked(nameless).verdict is Verdict.NOT_FOUND
    # As the answer to a deposit it is a code like any other.
    assert sent(the_bank_says("701")).verdict is Verdict.REFUSED


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
def test_a_call_without_an_answer_is_not_done_only_if_it_never_went_out_r_t6(
    outcome: Outcome,
) -> None:
    unknown = outcome in EFFECT_UNKNOWN
    sending = read_deposit(ended(outcome, 9), TRAN.id, AMOUNT)
    assert sending.verdict is (Verdict.UNKNOWN if unknown else Verdict.NOT_DONE)
    asking = read_deposit_result(ended(outcome, 9), TRAN.id, AMOUNT)
    assert asking.verdict is Verdict.UNKNOWN
    assert sending.retry_after_s == asking.retry_after_s == 9


entries = bodies(
    {
        "bank_tran_id": [TRAN.id],
        "bank_rsp_code": ["000", "412", "701", "822"],
        "tran_amt": [str(AMOUNT), AMOUNT],
    }
)
near = bodies({"rsp_code": ["A0000", "A0002"]}).flatmap(
    lambda head: (st.lists(entries, min_size=1, max_size=2) | any_json).map(
        lambda lines: {**head, "res_list": lines}
    )
)


@given(near, st.sampled_from([200, 201, 400, 401, 422]))
@example(the_bank_says(), 200)
def test_no_body_is_done_unless_it_is_the_contracts_success(
    body: dict[str, Any], status: int
) -> None:
    lines = body.get("res_list")
    line = lines[0] if isinstance(lines, list) and len(lines) == 1 else None
    exact = (
        status in {200, 201}
        and body.get("rsp_code") == "A0000"
        and isinstance(line, dict)
        and line.get("bank_tran_id") == TRAN.id
        and line.get("bank_rsp_code") == "000"
        and repr(line.get("tran_amt")) in {"'500'", "500"}
    )
    assert (sent(body, status).verdict is Verdict.DONE) == exact
    assert (asked(body, status).verdict is Verdict.DONE) == exact


@given(near)
def test_no_answer_that_says_deposited_is_ever_a_refusal_r_t5(body: dict[str, Any]) -> None:
    lines = body.get("res_list")
    if isinstance(lines, list) and len(lines) == 1 and isinstance(lines[0], dict):
        deposited = lines[0].get("bank_rsp_code") == "000"
        assert not (deposited and sent(body).verdict is Verdict.REFUSED)
        assert not (deposited and asked(body).verdict is Verdict.REFUSED)
