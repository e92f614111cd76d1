"""The auditor can fail: each thing that may be lost, doubled or untrue is planted, and found."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import rfc3339
from modupoint.ids import new_id
from rehearsal.audit import audit
from rehearsal.finding import Kind
from tests.rehearsal.rehearsed import (
    AMOUNT,
    BEFORE,
    DEPOSIT,
    KEY,
    LEG,
    MORNING,
    REDEMPTION,
    Rehearsed,
    deposit,
    transfer,
)

if TYPE_CHECKING:
    from rehearsal.evidence import Evidence


@pytest.fixture
def rehearsed() -> Rehearsed:
    return Rehearsed()


def _found(evidence: Evidence) -> set[tuple[str, str]]:
    return {(one.kind, one.what) for one in audit(evidence)}


def test_nothing_is_found_where_all_went_well(rehearsed: Rehearsed) -> None:
    assert audit(rehearsed.evidence()) == []


def test_a_lookup_that_is_not_found_is_lost(rehearsed: Rehearsed) -> None:
    lost = rehearsed.evidence(lookups={rehearsed.lookup_id: None}, remembered=())
    assert (Kind.LOST, "a lookup is not found") in _found(lost)


def test_a_lookup_that_six_newer_ones_have_replaced_is_not_lost(rehearsed: Rehearsed) -> None:
    newer = tuple(sorted(new_id("lkp") for _ in range(6)))
    assert (
        _found(rehearsed.evidence(lookups={rehearsed.lookup_id: None}, remembered=newer)) == set()
    )


def test_a_card_that_nobody_ever_answers_for_is_lost(rehearsed: Rehearsed) -> None:
    view = rehearsed.lookup(status="PENDING") | {"status": "RUNNING"}
    lost = rehearsed.evidence(lookups={rehearsed.lookup_id: view})
    assert (Kind.LOST, "a lookup has no end") in _found(lost)


def test_a_final_answer_that_changes_is_untrue(rehearsed: Rehearsed) -> None:
    rehearsed.told("poll", rehearsed.lookup(status="UNAVAILABLE", points=[]))
    assert (Kind.UNTRUE, "a final answer changed") in _found(rehearsed.evidence())


def test_a_lookup_that_is_done_and_then_runs_is_untrue(rehearsed: Rehearsed) -> None:
    rehearsed.told("poll", rehearsed.lookup() | {"status": "RUNNING"})
    assert (Kind.UNTRUE, "a lookup was done and is not") in _found(rehearsed.evidence())


def test_a_time_out_before_its_time_is_untrue(rehearsed: Rehearsed) -> None:
    rehearsed.told("poll", rehearsed.lookup(status="TIMED_OUT"), later_ms=20_000)
    assert (Kind.UNTRUE, "a time-out before its time") in _found(rehearsed.evidence())


def test_an_answer_that_no_issuer_gave_is_untrue(rehearsed: Rehearsed) -> None:
    del rehearsed.inquiries[0]
    assert (Kind.UNTRUE, "an answer that no issuer gave") in _found(rehearsed.evidence())


def test_a_failure_that_no_issuer_had_is_untrue(rehearsed: Rehearsed) -> None:
    """R-P6: a card is said to be down only if its issuer was."""
    del rehearsed.inquiries[1]
    assert (Kind.UNTRUE, "a failure that no issuer had") in _found(rehearsed.evidence())


@pytest.mark.parametrize("remaining", [BEFORE - AMOUNT, BEFORE + 1])
def test_a_balance_the_issuer_did_not_have_then_is_untrue(
    rehearsed: Rehearsed, remaining: int
) -> None:
    view = rehearsed.lookup()
    view["results"]["kb"]["points"][0] |= {"remaining": remaining, "transferable": remaining}
    view["totals"] |= {"remaining": remaining, "transferable": remaining}
    rehearsed.told("poll", view)
    assert (Kind.UNTRUE, "a balance the issuer never had") in _found(rehearsed.evidence())


def test_the_balance_after_a_redemption_is_true_after_it(rehearsed: Rehearsed) -> None:
    left = BEFORE - AMOUNT
    view = rehearsed.lookup(as_of=rfc3339(MORNING + timedelta(minutes=2)))
    view["results"]["kb"]["points"][0] |= {"remaining": left, "transferable": left}
    view["totals"] |= {"remaining": left, "transferable": left}
    found = _found(rehearsed.evidence(lookups={rehearsed.lookup_id: view}))
    assert (Kind.UNTRUE, "a balance the issuer never had") not in found


def test_totals_of_points_that_do_not_add_up_are_untrue(rehearsed: Rehearsed) -> None:
    view = rehearsed.lookup()
    view["totals"]["remaining"] += 1
    rehearsed.told("poll", view)
    assert (Kind.UNTRUE, "totals of remaining") in _found(rehearsed.evidence())


def test_a_reload_that_starts_a_second_lookup_is_doubled(rehearsed: Rehearsed) -> None:
    second = rehearsed.lookup() | {"lookup_id": new_id("lkp")}
    rehearsed.told("lookup", second, status=202, body={"max_age_seconds": 60})
    assert (Kind.DOUBLED, "a lookup within the age of another") in _found(rehearsed.evidence())


def test_who_insists_is_given_another_lookup(rehearsed: Rehearsed) -> None:
    second = rehearsed.lookup() | {"lookup_id": new_id("lkp")}
    rehearsed.told("lookup", second, status=202, body={"max_age_seconds": 0})
    assert Kind.DOUBLED not in {kind for kind, _ in _found(rehearsed.evidence())}


def test_an_accepted_transfer_that_is_not_there_is_lost(rehearsed: Rehearsed) -> None:
    lost = rehearsed.evidence(transfer_list=[], items={}, redemptions=[], deposits=[])
    assert (Kind.LOST, "an accepted transfer") in _found(lost)


def test_a_key_that_got_two_transfers_is_doubled(rehearsed: Rehearsed) -> None:
    second = transfer("ACCEPTED") | {"transfer_id": "trf_2"}
    rehearsed.told("transfer", second, status=202, key=KEY)
    assert (Kind.DOUBLED, "a key with two transfers") in _found(rehearsed.evidence())


def test_a_transfer_that_nobody_asked_for_is_doubled(rehearsed: Rehearsed) -> None:
    items = rehearsed.person.items | {"TRANSFER#trf_2": {"key": {"S": "nobody's"}}}
    found = _found(rehearsed.evidence(items=items))
    assert (Kind.DOUBLED, "a transfer nobody asked for") in found


@pytest.mark.parametrize("status", ["SCHEDULED", "CHECKING", "WITH_OPERATOR"])
def test_a_leg_that_comes_to_no_end_is_lost(rehearsed: Rehearsed, status: str) -> None:
    found = _found(rehearsed.evidence(transfer_list=[transfer(status)], deposits=[]))
    assert (Kind.LOST, "a leg without an end") in found


def test_a_deposit_that_was_told_and_is_in_no_book_is_lost(rehearsed: Rehearsed) -> None:
    """R-T6."""
    found = _found(rehearsed.evidence(deposits=[]))
    assert (Kind.LOST, "a deposit that was told") in found
    assert (Kind.UNTRUE, "books that do not agree") in found


def test_a_second_deposit_is_doubled(rehearsed: Rehearsed) -> None:
    """R-T7."""
    twice = rehearsed.evidence(deposits=[deposit(DEPOSIT), deposit("M202600001U000000002")])
    found = _found(twice)
    assert (Kind.DOUBLED, "a deposit of no leg") in found
    assert (Kind.UNTRUE, "books that do not agree") in found


def test_a_second_deposit_of_one_leg_is_doubled(rehearsed: Rehearsed) -> None:
    other = "M202600001U000000002"
    items = copy.deepcopy(rehearsed.person.items)
    again = items["LEDGER#trf_1#kb#DEPOSITED"] | {"reference": {"S": other}}
    items["LEDGER#trf_1#kb#AGAIN"] = again
    both = [deposit(DEPOSIT), deposit(other)]
    assert (Kind.DOUBLED, "a deposit") in _found(rehearsed.evidence(items=items, deposits=both))


def test_another_amount_at_the_bank_is_untrue(rehearsed: Rehearsed) -> None:
    found = _found(rehearsed.evidence(deposits=[deposit(DEPOSIT, AMOUNT + 1)]))
    assert (Kind.UNTRUE, "another amount arrived") in found


def test_points_that_were_taken_for_nothing_are_lost(rehearsed: Rehearsed) -> None:
    extra = rehearsed.person.redemptions[0] | {"redemption_id": "bb" * 16}
    found = _found(rehearsed.evidence(redemptions=[*rehearsed.person.redemptions, extra]))
    assert (Kind.LOST, "points that were taken for nothing") in found
    assert (Kind.DOUBLED, "redemptions of a day") in found, "R-T2"


def test_a_deposit_without_a_redemption_is_untrue(rehearsed: Rehearsed) -> None:
    found = _found(rehearsed.evidence(redemptions=[]))
    assert (Kind.UNTRUE, "paid without the points for it") in found


def test_a_deposit_that_is_taken_back_in_words_is_untrue(rehearsed: Rehearsed) -> None:
    """R-T3."""
    found = _found(rehearsed.evidence(transfer_list=[transfer("FAILED")]))
    assert (Kind.UNTRUE, "an end changed") in found
    assert (Kind.UNTRUE, "points taken, then said not to be") in found


@pytest.mark.parametrize("name", ["amount", "promised_at"])
def test_terms_that_change_after_acceptance_are_untrue(rehearsed: Rehearsed, name: str) -> None:
    """R-T3: the promised date is kept."""
    other: Any = transfer("ACCEPTED")
    other["legs"][0][name] = AMOUNT + 1 if name == "amount" else rfc3339(MORNING)
    rehearsed.told("follow", other)
    assert (Kind.UNTRUE, "a leg's terms changed") in _found(rehearsed.evidence())


def test_totals_of_money_that_do_not_add_up_are_untrue(rehearsed: Rehearsed) -> None:
    """R-T7."""
    rehearsed.told("follow", transfer("DEPOSITED", in_flight=1))
    assert (Kind.UNTRUE, "totals that do not add up") in _found(rehearsed.evidence())


def test_a_refusal_under_a_key_that_moved_money_is_untrue(rehearsed: Rehearsed) -> None:
    rehearsed.told("transfer", {"code": "already_transferred_today"}, status=409, key=KEY)
    found = _found(rehearsed.evidence())
    assert (Kind.UNTRUE, "refused (already_transferred_today), yet a transfer") in found


def test_a_refused_body_may_be_followed_by_another_under_the_same_key(
    rehearsed: Rehearsed,
) -> None:
    told = {"code": "already_transferred_today"}
    rehearsed.told("transfer", told, status=409, key=KEY, body={"another": "order"})
    assert not _found(rehearsed.evidence())


def test_a_key_that_is_called_used_and_never_was_is_untrue(rehearsed: Rehearsed) -> None:
    rehearsed.told("transfer", {"code": "idempotency_key_reused"}, status=422, key="never-used")
    assert (Kind.UNTRUE, "a key was called used") in _found(rehearsed.evidence())


def test_an_entry_that_does_not_balance_is_found(rehearsed: Rehearsed) -> None:
    """R-T7, by the auditor that the tests of transfers use."""
    items = copy.deepcopy(rehearsed.person.items)
    items["LEDGER#trf_1#kb#REDEEMED"]["lines"]["S"] = '[["receivable:kb", 700]]'
    assert (Kind.UNTRUE, "books that do not agree") in _found(rehearsed.evidence(items=items))


def test_a_leg_that_was_shown_and_is_gone_is_lost(rehearsed: Rehearsed) -> None:
    other: Any = transfer("ACCEPTED")
    other["legs"][0]["leg_id"] = f"{LEG}-gone"
    rehearsed.told("follow", other)
    assert (Kind.LOST, "a leg that was shown") in _found(rehearsed.evidence())


def test_an_agreement_that_is_gone_is_lost(rehearsed: Rehearsed) -> None:
    """R-M2."""
    assert (Kind.LOST, "an agreement") in _found(rehearsed.evidence(consent=None))


def test_an_account_that_is_gone_is_lost(rehearsed: Rehearsed) -> None:
    rehearsed.told("account", {"account_id": "acc_gone"}, status=201)
    assert (Kind.LOST, "an account") in _found(rehearsed.evidence())


def test_a_difference_of_the_night_is_untrue(rehearsed: Rehearsed) -> None:
    """R-T8."""
    rehearsed_day = rehearsed.evidence()
    rehearsed_day.breaks.append({"break": REDEMPTION})
    assert (Kind.UNTRUE, "a difference of the night's comparison") in _found(rehearsed_day)
