"""What was lost, doubled, or told and not true: the whole verdict over the evidence. Pure."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from rehearsal.audit_lookups import audit_lookups
from rehearsal.audit_transfers import audit_transfers
from rehearsal.finding import Finding, Kind
from tests.stack.auditor import Auditor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.evidence import Account, Evidence


def audit(evidence: Evidence) -> list[Finding]:
    """Return everything that is wrong; nothing if all is well."""
    found = [*audit_lookups(evidence), *audit_transfers(evidence)]
    for person in evidence.people.values():
        found += _membership(evidence, person)
        found += _books(evidence, person)
    found += [
        Finding(Kind.UNTRUE, "", "a difference of the night's comparison", str(one))
        for one in evidence.breaks
    ]
    return found


def _membership(evidence: Evidence, person: Account) -> Iterator[Finding]:
    """Look for the agreement and the account that were acknowledged (R-M2, R-T1)."""
    mine = [one for one in evidence.journal if one.sub == person.sub and one.accepted]
    if any(one.what == "agree" for one in mine) and person.consent is None:
        yield Finding(Kind.LOST, person.sub, "an agreement", "")
    kept = {one["account_id"] for one in person.accounts}
    for one in mine:
        if one.what == "account" and one.told["account_id"] not in kept:
            yield Finding(Kind.LOST, person.sub, "an account", one.told["account_id"])


def _books(evidence: Evidence, person: Account) -> Iterator[Finding]:
    """Hold answers, ledger and books to each other, as the tests of transfers do (R-T7)."""
    try:
        Auditor(evidence, evidence).check(person, person.bank_account)
    except AssertionError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        yield Finding(Kind.UNTRUE, person.sub, "books that do not agree", f"{last.line} {error}")
