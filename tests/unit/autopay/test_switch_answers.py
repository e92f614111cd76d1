"""What the switch's answers say, row by row of the contract, section 3."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autopay.switch_answers import (
    ListBrokenError,
    Registration,
    Result,
    read_cards,
    read_placement,
    read_placement_status,
    read_registrations,
    read_result,
    read_withdrawal,
    read_withdrawal_status,
)
from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome
from tests.unit.autopay.order_samples import SWITCH_ID, a_listed_bill, a_listed_card
from tests.unit.transfer.any_json import any_json, bodies
from tests.unit.transfer.leg_samples import NOT_ANSWERED, answered, ended

STATUSES = ("ACCEPTED", "PROCESSING", "COMPLETED", "REJECTED", "WITHDRAWN")
UNDER_WAY = ("ACCEPTED", "PROCESSING")
PLACED = {
    "order_id": SWITCH_ID,
    "status": "ACCEPTED",
    "process_on": "20261123",
    "result_on": "20261125",
}
WITHDRAWN = {"status": "WITHDRAWN"}
ENDED = {"order_id": SWITCH_ID, "status": "COMPLETED", "completed_on": "20261125"}
# No status of the contract, and some that no set could even hold.
NOT_STATUSES = [None, "", "accepted", "DONE", 1, True, ["COMPLETED"], {"status": "COMPLETED"}]


def placed(body: dict[str, Any], status: int = 202) -> Finding:
    return read_placement(answered(body, status), SWITCH_ID)


def asked(body: dict[str, Any], status: int = 200) -> Finding:
    return read_placement_status(answered(body, status), SWITCH_ID)


def withdrawn(body: dict[str, Any], status: int = 200) -> Finding:
    return read_withdrawal(answered(body, status))


def asked_of_withdrawal(body: dict[str, Any], status: int = 200) -> Finding:
    return read_withdrawal_status(answered(body, status), SWITCH_ID)


def result(body: dict[str, Any], status: int = 200) -> Result:
    return read_result(answered(body, status), SWITCH_ID)


@pytest.mark.parametrize("status", STATUSES)
def test_an_order_the_switch_has_is_placed_whatever_became_of_it_since(status: str) -> None:
    body = {**PLACED, "status": status}
    assert placed(body) == placed(body, 200) == asked(body) == Finding(Verdict.DONE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"order_id": "another"},
        {"order_id": None},
        {"order_id": [SWITCH_ID]},
        *[{"status": one} for one in NOT_STATUSES],
    ],
)
def test_a_success_about_anything_else_says_nothing(wrong: dict[str, Any]) -> None:
    body = {**PLACED, **wrong}
    assert placed(body).verdict is asked(body).verdict is Verdict.UNKNOWN
    assert asked_of_withdrawal(body).verdict is Verdict.UNKNOWN
    assert result(body) == Result(None)


@pytest.mark.parametrize("name", ["order_id", "status"])
def test_a_success_with_something_missing_says_nothing(name: str) -> None:
    rest = {key: value for key, value in PLACED.items() if key != name}
    assert placed(rest).verdict is asked(rest).verdict is Verdict.UNKNOWN
    assert result(rest) == Result(None)


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("42211", "corporate_card"),
        ("42212", "category_not_open"),
        ("42213", "order_open"),
        ("42214", "card_not_active"),
        ("42215", "registration_not_found"),
        ("42299", "switch_refused"),
        ("40001", "switch_refused"),
    ],
)
@pytest.mark.parametrize("field", ["rsp_code", "code"])
def test_a_refusal_is_definite_and_in_our_words(code: str, ours: str, field: str) -> None:
    finding = placed({field: code, "rsp_msg": "no"}, 422)
    assert (finding.verdict, finding.code) == (Verdict.REFUSED, ours)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rsp_code": "40901"}, 409),
        ({}, 422),
        ({"rsp_code": ""}, 422),
        ({"rsp_code": None}, 422),
        ({"rsp_code": 42211}, 422),
        ({"rsp_code": ["42211"]}, 422),
    ],
)
def test_a_refusal_that_does_not_say_what_became_of_it_says_nothing(
    body: dict[str, Any], status: int
) -> None:
    assert placed(body, status).verdict is Verdict.UNKNOWN
    assert withdrawn(body, status).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("body", [{}, {"rsp_code": "40102"}, PLACED, WITHDRAWN])
def test_what_was_refused_for_our_token_was_not_looked_at(body: dict[str, Any]) -> None:
    assert placed(body, 401).verdict is withdrawn(body, 401).verdict is Verdict.NOT_DONE


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
def test_a_call_without_an_answer_is_not_done_only_if_it_never_went_out(outcome: Outcome) -> None:
    answer = ended(outcome, 7)
    sending = Verdict.UNKNOWN if outcome in EFFECT_UNKNOWN else Verdict.NOT_DONE
    for finding in (read_placement(answer, SWITCH_ID), read_withdrawal(answer)):
        assert (finding.verdict, finding.retry_after_s) == (sending, 7)
    # Asking has no effect: without an answer it tells nothing, whatever became of it.
    for finding in (
        read_placement_status(answer, SWITCH_ID),
        read_withdrawal_status(answer, SWITCH_ID),
    ):
        assert (finding.verdict, finding.retry_after_s) == (Verdict.UNKNOWN, 7)
    assert read_result(answer, SWITCH_ID) == Result(None)


def test_never_received_is_not_found() -> None:
    assert asked({"rsp_code": "40401"}, 404).verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("body", "status"),
    [({"rsp_code": "40401"}, 200), ({"rsp_code": "40402"}, 404), ({}, 404), ({"rsp_code": "40102"}, 401)],
)  # fmt: skip
def test_any_other_refusal_to_tell_says_nothing(body: dict[str, Any], status: int) -> None:
    assert asked(body, status).verdict is Verdict.UNKNOWN


def test_a_withdrawal_is_done_or_too_late() -> None:
    assert withdrawn(WITHDRAWN) == Finding(Verdict.DONE)
    late = withdrawn({"rsp_code": "40911"}, 409)
    assert (late.verdict, late.code) == (Verdict.REFUSED, "too_late")


@pytest.mark.parametrize("status", [*UNDER_WAY, "COMPLETED", "REJECTED", *NOT_STATUSES])
def test_a_withdrawal_that_is_not_confirmed_says_nothing(status: Any) -> None:
    assert withdrawn({"status": status}).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("WITHDRAWN", Verdict.DONE),
        ("COMPLETED", Verdict.REFUSED),
        ("REJECTED", Verdict.REFUSED),
        # The switch has not heard of it, or has it before it: past the horizon, the former.
        ("ACCEPTED", Verdict.NOT_FOUND),
        ("PROCESSING", Verdict.NOT_FOUND),
    ],
)
def test_what_became_of_a_withdrawal_is_what_became_of_its_order(
    status: str, verdict: Verdict
) -> None:
    finding = asked_of_withdrawal({**PLACED, "status": status})
    assert finding.verdict is verdict
    assert finding.code == ("too_late" if verdict is Verdict.REFUSED else None)


def test_an_order_the_switch_has_lost_says_nothing_of_its_withdrawal() -> None:
    assert asked_of_withdrawal({"rsp_code": "40401"}, 404).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("status", STATUSES)
def test_a_result_is_the_switchs_status(status: str) -> None:
    assert result({**ENDED, "status": status}) == Result(status)


def test_a_rejection_says_why_in_the_billers_words_r_a7() -> None:
    body = {**ENDED, "status": "REJECTED", "reason_code": "B01", "reason": "납부자 불일치"}
    assert result(body) == Result("REJECTED", "B01", "납부자 불일치")
    for nothing in (None, "", 1, ["B01"]):
        silent = {**body, "reason_code": nothing, "reason": nothing}
        assert result(silent) == Result("REJECTED")


near = bodies(
    {
        "rsp_code": ["00000", "40401", "42211"],
        "order_id": [SWITCH_ID, "another"],
        "status": [*STATUSES],
        "reason_code": ["B01", None],
        "reason": ["no"],
    }
)
http_statuses = st.sampled_from([200, 201, 202, 400, 401, 404, 409, 422])


@given(near, http_statuses)
@example(PLACED, 202)
@example(ENDED, 200)
@example(PLACED | {"status": []}, 200)
def test_no_body_is_a_success_unless_it_is_the_contracts_about_our_order(
    body: dict[str, Any], status: int
) -> None:
    about_ours = status < 300 and body.get("order_id") == SWITCH_ID
    said = body.get("status") if about_ours else None
    known = isinstance(said, str) and said in STATUSES
    assert (placed(body, status).verdict is Verdict.DONE) == known
    assert (asked(body, status).verdict is Verdict.DONE) == known
    assert result(body, status).status == (said if known else None)
    is_withdrawn = known and said == "WITHDRAWN"
    assert (asked_of_withdrawal(body, status).verdict is Verdict.DONE) == is_withdrawn
    confirmed = status < 300 and body.get("status") == "WITHDRAWN"
    assert (withdrawn(body, status).verdict is Verdict.DONE) == confirmed


@given(st.dictionaries(st.text(max_size=8), any_json, max_size=4), http_statuses)
@example({"cards": []}, 200)
def test_any_body_whatever_is_read_without_harm(body: dict[str, Any], status: int) -> None:
    for read in (placed, asked, withdrawn, asked_of_withdrawal):
        assert read(body, status).verdict is not Verdict.DONE
    assert result(body, status) == Result(None)
    with pytest.raises(ListBrokenError):
        read_registrations(answered(body, status))
    if status < 300 and body.get("cards") == []:
        # The one list that is the contract's whatever stands beside it: of nothing.
        assert read_cards(answered(body, status)) == []
    else:
        with pytest.raises(ListBrokenError):
            read_cards(answered(body, status))


def test_cards_are_read_as_they_are_listed() -> None:
    [card, other] = read_cards(
        answered({"cards": [a_listed_card(), a_listed_card(card_ref="crd_2", kind="CORPORATE")]})
    )
    assert (card.card_ref, card.issuer, card.name) == ("crd_1", "kb", "KB국민 다담카드")
    assert (card.masked_number, card.kind) == ("1234-56**-****-7890", "PERSONAL")
    assert (card.type, card.status) == ("CREDIT", "ACTIVE")
    assert (other.card_ref, other.kind) == ("crd_2", "CORPORATE")


def bills(*rows: Any, **changes: Any) -> tuple[date, list[Registration]]:
    return read_registrations(answered({"as_of": "20261120", "autopays": list(rows), **changes}))


def test_registrations_are_read_as_they_are_listed() -> None:
    as_of, [bill] = bills(a_listed_bill())
    assert as_of == date(2026, 11, 20)
    assert bill == Registration(
        autopay_id="apy_1",
        category="TELECOM",
        biller_code="SKT",
        biller_name="SK텔레콤",
        biller_phone="080-011-6000",
        customer_ref="010-****-5678",
        card_ref="crd_1",
        next_charge_on=date(2026, 12, 25),
        changeable=True,
    )


def test_nothing_listed_is_nothing_and_a_next_charge_may_be_unknown() -> None:
    assert read_cards(answered({"cards": []})) == []
    assert bills() == (date(2026, 11, 20), [])
    [bill] = bills(a_listed_bill(next_charge_on=None))[1]
    assert bill.next_charge_on is None


NOT_DAYS = ["", "2026112", "20261131", "202611 1", "2026-1-1", "２０２６１１２０", 20261120, ["20261120"]]  # fmt: skip


@pytest.mark.parametrize("day", NOT_DAYS)
def test_a_day_is_eight_digits_that_are_one(day: Any) -> None:
    with pytest.raises(ListBrokenError):
        bills(a_listed_bill(next_charge_on=day))
    with pytest.raises(ListBrokenError):
        bills(as_of=day)


def test_a_list_is_as_of_a_day() -> None:
    with pytest.raises(ListBrokenError):
        bills(as_of=None)


BROKEN: list[Any] = [None, 1, ["x"], {}]
CARD_FIELDS = sorted(a_listed_card())
BILL_FIELDS = sorted(set(a_listed_bill()) - {"last_charged_on", "next_charge_on"})


@pytest.mark.parametrize("value", BROKEN)
@pytest.mark.parametrize("name", CARD_FIELDS)
def test_a_list_with_one_broken_card_is_broken(name: str, value: Any) -> None:
    with pytest.raises(ListBrokenError):
        read_cards(answered({"cards": [a_listed_card(), a_listed_card(**{name: value})]}))


@pytest.mark.parametrize("value", BROKEN)
@pytest.mark.parametrize("name", BILL_FIELDS)
def test_a_list_with_one_broken_registration_is_broken(name: str, value: Any) -> None:
    with pytest.raises(ListBrokenError):
        bills(a_listed_bill(), a_listed_bill(**{name: value}))


@pytest.mark.parametrize("rows", [None, {}, "rows", [None], ["row"], [[]], [{}]])
def test_what_is_no_list_of_objects_is_broken(rows: Any) -> None:
    with pytest.raises(ListBrokenError):
        read_cards(answered({"cards": rows}))
    with pytest.raises(ListBrokenError):
        bills(autopays=rows)


def test_more_than_anybody_has_is_broken() -> None:
    assert len(read_cards(answered({"cards": [a_listed_card()] * 500}))) == 500
    with pytest.raises(ListBrokenError):
        read_cards(answered({"cards": [a_listed_card()] * 501}))


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
def test_a_list_that_did_not_come_is_broken(outcome: Outcome) -> None:
    with pytest.raises(ListBrokenError):
        read_cards(ended(outcome))
    with pytest.raises(ListBrokenError):
        read_registrations(ended(outcome))


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_list_under_a_refusal_is_broken(status: int) -> None:
    with pytest.raises(ListBrokenError):
        read_cards(answered({"cards": []}, status))
    with pytest.raises(ListBrokenError):
        read_registrations(answered({"as_of": "20261120", "autopays": []}, status))
