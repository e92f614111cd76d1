"""What an issuer's answers say of a reversal (R-T5; contract, section 1)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome
from tests.unit.transfer.any_json import bodies
from tests.unit.transfer.leg_samples import NOT_ANSWERED, REDEMPTION_ID, answered, ended
from transfer.redemption_answers import read_reversal, read_reversal_status

STAMP = "20261122115900"
REVERSED = {"rsp_code": "00000", "status": "REVERSED", "reversed_at": STAMP}
STATUS = {**REVERSED, "redemption_id": REDEMPTION_ID, "redeemed_amt": 500}


def sent(body: dict[str, Any], status: int = 200) -> Finding:
    return read_reversal(answered(body, status))


def asked(body: dict[str, Any], status: int = 200) -> Finding:
    return read_reversal_status(answered(body, status), REDEMPTION_ID)


def test_given_back_is_done_at_the_issuers_time() -> None:
    assert sent(REVERSED) == asked(STATUS) == Finding(Verdict.DONE, partner_time=STAMP)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "APPROVED"},
        {"status": None},
        {"status": ["REVERSED"]},
        {"reversed_at": None},
        {"reversed_at": "20261122"},
        {"reversed_at": 20261122115900},
    ],
)
def test_a_success_that_does_not_say_given_back_and_when_says_nothing(
    wrong: dict[str, Any],
) -> None:
    assert sent({**REVERSED, **wrong}).verdict is Verdict.UNKNOWN


def test_taken_and_not_given_back_is_a_reversal_that_was_not_found() -> None:
    assert asked({**STATUS, "status": "APPROVED"}).verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    "wrong", [{"redemption_id": "another"}, {"status": "REFUSED"}, {"status": None}, {"reversed_at": ""}]
)  # fmt: skip
def test_a_status_that_fits_neither_says_nothing(wrong: dict[str, Any]) -> None:
    assert asked({**STATUS, **wrong}).verdict is Verdict.UNKNOWN


def test_an_issuer_that_never_approved_refuses_and_never_says_given_back() -> None:
    finding = sent({"rsp_code": "40401"}, 404)
    assert (finding.verdict, finding.code) == (Verdict.REFUSED, "issuer_refused")
    assert asked({"rsp_code": "40401"}, 404).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
def test_without_an_answer_only_what_never_went_out_is_not_done(outcome: Outcome) -> None:
    unknown = outcome in EFFECT_UNKNOWN
    expected = Verdict.UNKNOWN if unknown else Verdict.NOT_DONE
    assert read_reversal(ended(outcome)).verdict is expected
    assert read_reversal_status(ended(outcome), REDEMPTION_ID).verdict is Verdict.UNKNOWN


near = bodies(
    {
        "rsp_code": ["00000"],
        "status": ["REVERSED", "APPROVED"],
        "reversed_at": [STAMP],
        "redemption_id": [REDEMPTION_ID],
    }
)


@given(near, st.sampled_from([200, 404, 422]))
def test_no_body_is_done_unless_it_is_the_contracts_success(
    body: dict[str, Any], status: int
) -> None:
    exact = status == 200 and {**body, **REVERSED} == body
    assert (sent(body, status).verdict is Verdict.DONE) == exact
    ours = body.get("redemption_id") == REDEMPTION_ID
    assert (asked(body, status).verdict is Verdict.DONE) == (exact and ours)
