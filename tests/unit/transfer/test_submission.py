"""Submitting transfers: what is accepted, what is refused, and what a repeat gets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.clock import epoch_ms
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from tests.unit.transfer.leg_samples import MEMBER, NOON, at
from tests.unit.transfer.submission_fakes import ACCOUNT, KB, Desk, FakeFunds, asking, item
from transfer.legs import LegState
from transfer.response_models import QuoteModel, TransferModel

EVERYTHING = {
    code: [(point.code, 100 + place) for place, point in enumerate(issuer.points) if point.cashable]
    for code, issuer in ISSUERS.items()
}


def problem_of(act: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        act(*args)
    return raised.value


def places(problem: Problem) -> list[str]:
    return [error["pointer"] for error in problem.errors]


def test_a_transfer_is_stored_with_its_legs_and_told_to_their_lanes() -> None:
    desk = Desk()
    body = asking(KB, item("samsung", "BONUS", 30))
    view, replayed = desk.submit(body)
    assert TransferModel.model_validate(view).model_dump() == view
    assert not replayed
    [(transfer, legs)] = desk.transfers.stored.values()
    assert view["transfer_id"] == transfer.transfer_id
    assert transfer.account.masked_number == ACCOUNT.masked_number
    assert [leg.key.issuer for leg in legs] == ["kb", "samsung"]
    assert desk.lanes.told == [["kb", "samsung"]]
    for leg in legs:
        assert (leg.state, leg.progress.version, leg.guard_day) == (
            LegState.ACCEPTED,
            0,
            NOON.date(),
        )
        assert (leg.sealed_ci, leg.sealed_account) == (b"sealed ci", ACCOUNT.sealed)
        assert leg.redemption_id == leg.leg_id.removeprefix("leg_").replace("-", "")
        assert len(leg.redemption_id) == 32


def test_two_balances_of_one_issuer_are_one_leg_r_t2() -> None:
    desk = Desk()
    desk.submit(asking(item("woori", "WIBEE", 300), KB, item("woori", "MOA", 45)))
    [(_, legs)] = desk.transfers.stored.values()
    assert [(leg.key.issuer, leg.amount) for leg in legs] == [("woori", 345), ("kb", 500)]
    assert [one.point_code for one in legs[0].items] == ["WIBEE", "MOA"]


@pytest.mark.parametrize(
    ("issuer", "moment", "promised"),
    [
        ("kb", "2026-11-22T12:00:00", "2026-11-22T12:00:00"),
        ("hana", "2026-11-22T12:00:00", "2026-11-23T00:30:00"),
        ("hyundai", "2026-11-20T23:00:00", "2026-11-23T00:30:00"),
        ("lotte", "2026-11-20T22:29:59", "2026-11-20T22:29:59"),
        ("samsung", "2026-11-20T09:00:00", "2026-11-23T00:30:00"),
        ("bc", "2026-11-20T23:45:00", "2026-11-21T00:30:00"),
    ],
)
def test_each_leg_is_promised_as_its_issuer_pays_and_the_quote_says_the_same_r_t3(
    issuer: str, moment: str, promised: str
) -> None:
    desk = Desk()
    desk.now = at(moment)
    point = ISSUERS[issuer].points[0].code
    body = asking(item(issuer, point, 10))
    quote = desk.quote(body)
    assert QuoteModel.model_validate(quote).model_dump() == quote
    [leg] = desk.submit(body)[0]["legs"]
    assert leg["promised_at"] == quote["items"][0]["promised_at"]
    [(_, [stored])] = desk.transfers.stored.values()
    assert stored.promised_at_ms == epoch_ms(at(promised))


def test_a_quote_stores_nothing_and_says_what_it_adds_up_to() -> None:
    desk = Desk()
    quote = desk.quote(asking(KB, item("woori", "MOA", 45)))
    assert quote["total"] == 545
    assert [(one["issuer"], one["amount"]) for one in quote["items"]] == [
        ("kb", 500),
        ("woori", 45),
    ]
    assert (desk.transfers.stored, desk.transfers.keys, desk.lanes.told) == ({}, {}, [])


def test_all_is_what_is_last_known_to_be_cashable_in_the_issuers_order() -> None:
    desk = Desk(FakeFunds(dict(reversed(EVERYTHING.items()))))
    view, _ = desk.submit(asking())
    assert [leg["issuer"] for leg in view["legs"]] == list(ISSUERS)
    [woori] = [leg for leg in view["legs"] if leg["issuer"] == "woori"]
    assert woori["amount"] == 201
    assert view["totals"]["requested"] == desk.quote(asking())["total"]


def test_all_leaves_out_what_is_nothing_and_issuers_that_are_gone() -> None:
    desk = Desk(
        FakeFunds(
            {"kb": [("POINTREE", 0)], "woori": [("WIBEE", 0), ("MOA", 5)], "gone": [("X", 9)]}
        )
    )
    view, _ = desk.submit(asking())
    [leg] = view["legs"]
    assert (leg["issuer"], leg["items"]) == ("woori", [{"point_code": "MOA", "amount": 5}])


@pytest.mark.parametrize(
    "cashable", [{}, {"kb": [("POINTREE", 0)]}, {"kb": []}, {"hyundai": [("MPOINT", 9)]}]
)
def test_all_of_nothing_is_nothing_to_transfer(cashable: dict[str, Any]) -> None:
    desk = Desk(FakeFunds(cashable))
    for act in (desk.submit, desk.quote):
        assert problem_of(act, asking()).code == "nothing_to_transfer"


def test_whether_the_points_are_there_is_the_issuers_to_say() -> None:
    view, _ = Desk(FakeFunds({})).submit(asking(KB))
    assert view["totals"]["requested"] == 500


@pytest.mark.parametrize("changes", [{"all": True}, {"items": None}, {"items": None, "all": None}])
def test_either_items_or_all_are_named(changes: dict[str, Any]) -> None:
    desk = Desk()
    for act in (desk.submit, desk.quote):
        problem = problem_of(act, asking(KB, **changes))
        assert (problem.code, places(problem)) == ("invalid_request", ["/items"])


def test_what_is_wrong_with_an_item_is_named_by_its_place() -> None:
    desk = Desk()
    body = asking(
        KB,
        item("kb", "MOA", 1),
        item("hyundai", "MPOINT", 1),
        item("kb", "POINTREE", 1),
        item("woori", "MOA", 1),
    )
    problem = problem_of(desk.submit, body)
    assert problem.code == "invalid_request"
    assert places(problem) == [f"/items/{place}/point_code" for place in (1, 2, 3)]
    assert desk.transfers.stored == {}


def test_without_an_agreement_nothing_moves_r_m2() -> None:
    desk = Desk(FakeFunds({}, agreed=False))
    for act in (desk.submit, desk.quote):
        problem = problem_of(act, asking(KB))
        assert (problem.code, problem.status) == ("consent_required", 403)
    assert desk.transfers.stored == {}


@pytest.mark.parametrize("account_id", ["acc_2", "", "acc_1 "])
def test_an_account_that_is_not_ones_own_is_not_found_r_t1(account_id: str) -> None:
    desk = Desk()
    for act in (desk.submit, desk.quote):
        assert problem_of(act, asking(KB, account_id=account_id)).status == 404
    assert desk.transfers.stored == {}


def test_a_publish_that_fails_leaves_the_transfer_accepted_decision_8() -> None:
    desk = Desk(broken_lanes=True)
    view, replayed = desk.submit(asking(KB))
    assert not replayed
    assert list(desk.transfers.stored) == [view["transfer_id"]]


def test_a_transfer_that_is_not_there_is_not_found_and_ones_own_is_shown() -> None:
    desk = Desk()
    view, _ = desk.submit(asking(KB))
    assert desk.service.read(MEMBER, view["transfer_id"]) == view
    assert problem_of(desk.service.read, MEMBER, "trf_none").code == "not_found"


@given(st.integers(0, 5), st.integers(1, 5))
def test_pages_hold_every_transfer_once_newest_first(count: int, limit: int) -> None:
    desk = Desk()
    made = [desk.submit(asking(KB), key=str(place))[0]["transfer_id"] for place in range(count)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = desk.service.page(MEMBER, cursor, limit)
        assert len(page["transfers"]) <= limit
        seen += [one["transfer_id"] for one in page["transfers"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]
