"""What an issuer's answers say, row by row of the contract, section 1."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome
from tests.unit.transfer.any_json import bodies
from tests.unit.transfer.leg_samples import NOT_ANSWERED, REDEMPTION_ID, answered, ended
from transfer.redemption_answers import is_stamp, read_redemption, read_redemption_status

AMOUNT = 500
STAMP = "20261122115900"
SUCCESS = {
    "rsp_code": "00000",
    "rsp_msg": "정상",
    "redemption_id": REDEMPTION_ID,
    "redeemed_amt": AMOUNT,
    "approved_at": STAMP,
}
APPROVED = {**SUCCESS, "status": "APPROVED", "reversed_at": None}
DONE = Finding(Verdict.DONE, partner_time=STAMP)

NOT_STAMPS = [None, "", "2026112211590", "20261322115900", "20261122116000", "2026-11-22 1159",
              "２０２６１１２２１１５９００", 20261122115900, ["20261122115900"]]  # fmt: skip
WRONG: list[dict[str, Any]] = [
    {"redemption_id": "another"},
    {"redemption_id": None},
    {"redeemed_amt": AMOUNT - 1},
    {"redeemed_amt": AMOUNT + 1},
    {"redeemed_amt": str(AMOUNT)},
    {"redeemed_amt": float(AMOUNT)},
    {"redeemed_amt": None},
    {"redeemed_amt": [AMOUNT]},
    *[{"approved_at": stamp} for stamp in NOT_STAMPS],
]


def sent(body: dict[str, Any], status: int = 200) -> Finding:
    return read_redemption(answered(body, status), REDEMPTION_ID, AMOUNT)


def asked(body: dict[str, Any], status: int = 200) -> Finding:
    return read_redemption_status(answered(body, status), REDEMPTION_ID, AMOUNT)


def test_a_success_is_done_at_the_issuers_time() -> None:
    assert sent(SUCCESS) == DONE
    assert asked(APPROVED) == DONE


@pytest.mark.parametrize("wrong", WRONG)
def test_a_success_about_anything_else_says_nothing(wrong: dict[str, Any]) -> None:
    assert sent({**SUCCESS, **wrong}).verdict is Verdict.UNKNOWN
    assert asked({**APPROVED, **wrong}).verdict is Verdict.UNKNOWN


def test_true_is_not_one_point() -> None:
    body = {**SUCCESS, "redeemed_amt": True}
    assert read_redemption(answered(body), REDEMPTION_ID, 1).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("name", ["redemption_id", "redeemed_amt", "approved_at"])
def test_a_success_with_something_missing_says_nothing(name: str) -> None:
    rest = {key: value for key, value in SUCCESS.items() if key != name}
    assert sent(rest).verdict is Verdict.UNKNOWN
    assert asked({**rest, "status": "APPROVED"}).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_success_under_an_http_refusal_contradicts_itself(status: int) -> None:
    assert sent(SUCCESS, status).verdict is Verdict.UNKNOWN
    assert asked(APPROVED, status).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("42201", "insufficient_points"),
        ("42202", "card_dormant"),
        ("42203", "already_redeemed_today"),
        ("42204", "not_cashable"),
        ("42205", "outside_service_hours"),
        ("42299", "issuer_refused"),
        ("40001", "issuer_refused"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 422])
def test_a_refusal_is_definite_and_in_our_words(code: str, ours: str, status: int) -> None:
    finding = sent({"rsp_code": code, "rsp_msg": "no"}, status)
    assert (finding.verdict, finding.code) == (Verdict.REFUSED, ours)


@pytest.mark.parametrize(("code", "status"), [("40101", 401), ("50001", 200), ("50001", 400)])
def test_what_was_refused_before_it_was_looked_at_may_be_sent_again(code: str, status: int) -> None:
    assert sent({"rsp_code": code}, status).verdict is Verdict.NOT_DONE


@pytest.mark.parametrize(
    ("code", "status"),
    [("50002", 200), ("40901", 409), ("", 422), (None, 422), (42201, 422), (["42201"], 422)],
)
def test_a_refusal_that_does_not_say_what_became_of_it_says_nothing(code: Any, status: int) -> None:
    assert sent({"rsp_code": code}, status).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("body", [{}, {"rsp_msg": "정상"}])
def test_a_body_without_a_code_says_nothing(body: dict[str, Any]) -> None:
    for status in (200, 401, 422):
        assert sent(body, status).verdict is Verdict.UNKNOWN
        assert asked(body, status).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
def test_a_call_without_an_answer_is_not_done_only_if_it_never_went_out(outcome: Outcome) -> None:
    unknown = outcome in EFFECT_UNKNOWN
    sending = read_redemption(ended(outcome, 7), REDEMPTION_ID, AMOUNT)
    assert sending.verdict is (Verdict.UNKNOWN if unknown else Verdict.NOT_DONE)
    # Asking has no effect: without an answer it tells nothing, whatever became of it.
    asking = read_redemption_status(ended(outcome, 7), REDEMPTION_ID, AMOUNT)
    assert asking.verdict is Verdict.UNKNOWN
    assert sending.retry_after_s == asking.retry_after_s == 7


def test_never_received_is_not_found() -> None:
    assert asked({"rsp_code": "40401"}, 404).verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("body", "status"),
    [({"rsp_code": "40401"}, 200), ({"rsp_code": "40402"}, 404), ({}, 404), ({"rsp_code": "40101"}, 401)],
)  # fmt: skip
def test_any_other_refusal_to_tell_says_nothing(body: dict[str, Any], status: int) -> None:
    assert asked(body, status).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("status", "code"), [("REFUSED", "issuer_refused"), ("REVERSED", "reversed_by_issuer")]
)
def test_what_the_issuer_refused_or_gave_back_is_refused(status: str, code: str) -> None:
    finding = asked({**APPROVED, "status": status})
    assert (finding.verdict, finding.code) == (Verdict.REFUSED, code)
    another = {**APPROVED, "status": status, "redemption_id": "another"}
    assert asked(another).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("status", ["PENDING", "", None, 1, ["APPROVED"], "approved"])
def test_an_unknown_status_says_nothing(status: Any) -> None:
    assert asked({**APPROVED, "status": status}).verdict is Verdict.UNKNOWN


near = bodies(
    {
        "rsp_code": ["00000", "40401", "50002"],
        "redemption_id": [REDEMPTION_ID],
        "redeemed_amt": [AMOUNT, True, float(AMOUNT)],
        "approved_at": [STAMP],
        "status": ["APPROVED", "REVERSED"],
    }
)
statuses = st.sampled_from([200, 201, 400, 401, 404, 409, 422])


@given(near, statuses)
@example(APPROVED, 200)
def test_no_body_is_done_unless_it_is_the_contracts_success(
    body: dict[str, Any], status: int
) -> None:
    exact = (
        status in {200, 201}
        and body.get("rsp_code") == "00000"
        and body.get("redemption_id") == REDEMPTION_ID
        and repr(body.get("redeemed_amt")) == str(AMOUNT)
        and body.get("approved_at") == STAMP
    )
    assert (sent(body, status).verdict is Verdict.DONE) == exact
    assert (asked(body, status).verdict is Verdict.DONE) == (
        exact and body.get("status") == "APPROVED"
    )


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_a_stamp_is_fourteen_digits_that_are_a_time(text: str) -> None:
    if is_stamp(text):
        assert len(text) == 14
        assert text.isascii()
        assert 1 <= int(text[4:6]) <= 12
        assert int(text[8:10]) <= 23
