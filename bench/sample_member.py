"""The member of all samples: one who has agreed, and has points at every issuer.

Made with the project's own keys, ids and messages, so that the samples are what
the handlers write themselves.
"""

import base64
import json
from typing import Any

from modupoint.clock import at_ms, real_ms, rfc3339
from modupoint.envelope import DataKeys, ci_owner, seal
from modupoint.http import member_key
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS

SUBJECT = "sample-person"
MEMBER = member_key(SUBJECT)
CI = "C" * 88
KEY = bytes(range(32))
DAY_MS = 24 * 3600 * 1000

_KEY_ID = "2026-11"


class _OneKey(DataKeys):
    """A key that both the samples and the stub's KMS know."""

    def current(self) -> tuple[str, bytes]:
        return _KEY_ID, KEY


def sealed(plaintext: str, owner: str) -> bytes:
    """Return a text sealed as the handlers seal it."""
    return seal(_OneKey("", ""), plaintext, owner)


def sealed_ci(member: str) -> bytes:
    """Return the sealed CI of a member."""
    return sealed(CI, ci_owner(member))


def member_item(lookup_id: str) -> dict[str, Any]:
    """Return the member's own item, whose last lookup is the given one."""
    consent = {
        "terms_version": {"S": "2026-11-01"},
        "consented_at": {"S": rfc3339(at_ms(real_ms()))},
        "text_sha256": {"S": "0" * 64},
    }
    older = {f"recent_{place}": _register(new_id("lkp")) for place in range(1, 6)}
    return {
        "pk": {"S": MEMBER},
        "sk": {"S": "MEMBER"},
        "consent": {"M": consent},
        "ci": {"B": base64.b64encode(sealed_ci(MEMBER)).decode()},
        **older,
        "recent_6": _register(lookup_id),
        "repaired": {"S": ""},
        "repairs": {"N": "0"},
    }


def answer_items(lookup_id: str) -> list[dict[str, Any]]:
    """Return the answers of all issuers to a lookup."""
    return [_answer_item(code, lookup_id) for code in ISSUERS]


def _register(lookup_id: str) -> dict[str, Any]:
    times = {"at": {"N": str(real_ms())}, "due": {"N": str(real_ms() + DAY_MS)}}
    return {"M": {"id": {"S": lookup_id}, **times}}


def _answer_item(issuer: str, lookup_id: str) -> dict[str, Any]:
    balances = [
        {
            "code": point.code,
            "name": point.name,
            "cashable": point.cashable,
            "remaining": 12345,
            "transferable": 12345 if point.cashable else 0,
            "expiring": 300,
            "expiring_month": "2026-12",
            "expirations": [
                {"month": "2026-12", "amount": 300},
                {"month": "2027-03", "amount": 45},
            ],
        }
        for point in ISSUERS[issuer].points
    ]
    return {
        "pk": {"S": MEMBER},
        "sk": {"S": f"ISSUER#{issuer}"},
        "lookup_id": {"S": lookup_id},
        "status": {"S": "OK"},
        "answered_at": {"N": str(real_ms())},
        "balances": {"S": json.dumps(balances, ensure_ascii=False, separators=(",", ":"))},
        "balances_at": {"N": str(real_ms())},
        "expires_at": {"N": str((real_ms() + 400 * DAY_MS) // 1000)},
    }
