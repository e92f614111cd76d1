"""Each write of a lookup fits one write unit: its items stay within a kilobyte.

Write units are a fifth of what a lookup costs (docs/costs.md).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bench.cost import item_bytes
from modupoint import aws
from modupoint.envelope import ci_owner, seal
from modupoint.issuers import ISSUERS
from query.inquiry import Finding, Status
from query.lookups import LOOKUPS_PER_MINUTE
from tests.store.lookup_steps import CONSENT, NOW_MS, a_lookup, start
from tests.unit.query.lookup_samples import a_balance

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

UNIT_BYTES = 1024
CI = "C" * 88
MONTHS = 6
"""Months in which points expire, of each of an issuer's kinds of points."""


def stored_bytes(store: Store, member: str, sk: str) -> int:
    found: dict[str, Any] = aws.client("dynamodb").get_item(
        TableName=store.members_table, Key={"pk": {"S": member}, "sk": {"S": sk}}
    )["Item"]
    return item_bytes(found)


def test_a_member_with_six_lookups_and_a_repair_is_one_write_unit(
    imitated_store: Store, new_member: Callable[[], str]
) -> None:
    members, member = imitated_store.members(), new_member()
    members.give_consent(member, CONSENT, seal(imitated_store.keys(), CI, ci_owner(member)))
    for minute in range(LOOKUPS_PER_MINUTE):
        lookup = a_lookup(NOW_MS + minute * 60_000)
        assert start(members, member, lookup)
    assert members.claim_repair(member, lookup, 0) is not None
    assert UNIT_BYTES / 2 < stored_bytes(imitated_store, member, "MEMBER") <= UNIT_BYTES


@pytest.mark.parametrize("issuer", ISSUERS)
def test_an_answer_with_some_months_to_expire_is_one_write_unit(
    issuer: str, imitated_store: Store, new_member: Callable[[], str]
) -> None:
    member, lookup = new_member(), a_lookup()
    months = [{"month": f"2027-{month:02d}", "amount": 12_345} for month in range(1, MONTHS + 1)]
    found = [
        a_balance(
            code=point.code,
            name=point.name,
            remaining=123_456,
            transferable=123_456,
            expiring=12_345,
            expiring_month="2027-01",
            expirations=months,
        )
        for point in ISSUERS[issuer].points
    ]
    written = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    imitated_store.members().write_answer(
        member, issuer, lookup.lookup_id, Finding(Status.OK, []), written, NOW_MS
    )
    assert stored_bytes(imitated_store, member, f"ISSUER#{issuer}") <= UNIT_BYTES
