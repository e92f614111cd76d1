"""Whatever is sent, the API answers as ``openapi.yaml`` says: schemathesis over the stack."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from tests.stack.bring_up import ROOT
from tests.stack.member import Member
from tests.stack.payer import Payer
from tests.stack.saver import Saver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

EXAMPLES_PER_OPERATION = 40
LONGEST_ID = 64
LONGEST_REF = 100
MEMBERS = 12
"""Enough that the limit of six fresh lookups a minute is met now and then, not always."""

schema = schemathesis.openapi.from_path(ROOT / "openapi.yaml")
# Every request carries a member's own token; test_tokens.py has all the wrong ones.
# A query that asks for more than there is is answered as if it had not.
schema.config.generation.update(with_security_parameters=False, allow_extra_parameters=False)

REFUSED_FOR_WHAT_THEY_MEAN = frozenset(
    [
        *("POST /v1/accounts", "POST /v1/transfers/quote", "POST /v1/transfers"),
        *("GET /v1/transfers", "POST /v1/autopay-orders"),
    ]
)
"""Operations whose 422 no schema foresees: another's name, points that are no cash, a cursor
that was never given, a change without a card."""

money = schema.include(path_regex="^/v1/transfers", method="POST")
ordering = schema.include(path_regex="^/v1/autopay-orders$", method="POST")
ordered = schema.include(path_regex="^/v1/autopay-orders/")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES_PER_OPERATION,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented(
    case: schemathesis.Case[Any], api: Http, members: Iterator[Member]
) -> None:
    _call(case, api, next(members))


@money.parametrize()
@settings(
    max_examples=EXAMPLES_PER_OPERATION,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_to_members_with_an_account_is_documented(
    case: schemathesis.Case[Any], api: Http, savers: Iterator[Saver]
) -> None:
    """Else hardly a transfer would come further than to an account that is nobody's."""
    saver = next(savers)
    body: Any = case.body
    given = body.get("account_id") if isinstance(body, dict) else None
    # One that is wrong in itself stays wrong.
    if isinstance(given, str) and 1 <= len(given) <= LONGEST_ID:
        body["account_id"] = saver.account["account_id"]
    _call(case, api, saver.member)


@ordering.parametrize()
@settings(
    max_examples=EXAMPLES_PER_OPERATION,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_to_members_with_bills_is_documented(
    case: schemathesis.Case[Any], api: Http, payers: Iterator[Payer]
) -> None:
    """Else hardly an order would come further than to a bill that is nobody's."""
    payer = next(payers)
    body: Any = case.body
    own: Any = {"autopay_id": payer.bill("telecom"), "to_card_ref": payer.card("new")}
    for name, value in own.items():
        given = body.get(name) if isinstance(body, dict) else None
        # One that is wrong in itself stays wrong.
        if isinstance(given, str) and 1 <= len(given) <= LONGEST_REF:
            body[name] = value
    _call(case, api, payer.member)


@ordered.parametrize()
@settings(
    max_examples=EXAMPLES_PER_OPERATION,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_about_a_members_own_order_is_documented(
    case: schemathesis.Case[Any], api: Http, payers: Iterator[Payer]
) -> None:
    payer = next(payers)
    orders = payer.orders()
    case.path_parameters["order_id"] = (
        orders[0]["order_id"] if orders else payer.submit(payer.change())
    )
    _call(case, api, payer.member)


def _call(case: schemathesis.Case[Any], api: Http, member: Member) -> None:
    excluded: list[Any] = [
        # An HTTP API gateway matches method and path together: what is no route is
        # 404, where a server that owns its paths would say 405.
        unsupported_method,
    ]
    if case.operation.label in REFUSED_FOR_WHAT_THEY_MEAN:
        excluded.append(positive_data_acceptance)
    case.call_and_validate(
        base_url=api.base_url,
        headers={"Authorization": f"Bearer {member.token}"},
        excluded_checks=excluded,
    )


@pytest.fixture(scope="module")
def members(api: Http, _partners: Partners) -> Iterator[Member]:
    """Give members who have agreed, in turn."""
    return itertools.cycle([Member(api, _partners).agree() for _ in range(MEMBERS)])


@pytest.fixture(scope="module")
def savers(api: Http, _partners: Partners, cloud: Cloud) -> Iterator[Saver]:
    """Give members with an account, in turn."""
    people = [Member(api, _partners).agree() for _ in range(MEMBERS)]
    return itertools.cycle(
        [Saver(one, _partners, cloud, one.register(), _partners.account(one.sub)) for one in people]
    )


@pytest.fixture(scope="module")
def payers(api: Http, _partners: Partners, cloud: Cloud) -> Iterator[Payer]:
    """Give members with bills, in turn."""
    people = [Member(api, _partners).agree() for _ in range(MEMBERS)]
    return itertools.cycle([Payer(one, _partners, cloud).hold() for one in people])
