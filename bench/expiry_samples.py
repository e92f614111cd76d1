"""What the handlers of expiring points are asked here, and what AWS answers them.

The member of all samples is told three months ahead and has points cashed out.
"""

import json
from copy import replace
from typing import Any

from bench.asked import SIGNED_IN_FOR_A_DAY, Case, given_message, given_request
from bench.query_samples import given_lookups
from bench.sample_member import MEMBER
from bench.stub import ITSELF, Rule
from modupoint.clock import real_ms
from modupoint.issuers import ISSUERS
from modupoint.text import text
from query.expiry_queue import DueRow
from query.expiry_settings import (
    EXPIRY,
    Alerts,
    AutoCashout,
    ExpirySettings,
    Step,
    settings_item,
)
from query.lanes import LANE_BATCH_SIZE
from query.notices import Notice, NoticeKind, Subject, notice_item, told_item

_DECIDING = f"{MEMBER}-deciding"
_MONTHS = ("2026-12", "2027-03")
"""Those in which the member's points expire."""
_LANE = "modupoint-scan-shinhan"
_ACCOUNT = "acc_0190b0b0-0000-7000-8000-000000000000"
_ALERTS = Alerts(enabled=True, lead_months=3)
_CASHOUT = AutoCashout(enabled=True, account_id=_ACCOUNT, minimum_amount=1000)


def expiry_cases() -> list[Case]:
    """Return every way in which functions are invoked here."""
    alerts, cashout = _ALERTS.shown(), _CASHOUT.shown()
    return [
        Case("ReadExpirations", "", given_request("GET /v1/expirations")),
        Case("PutExpiryAlerts", "", given_request("PUT /v1/me/expiry-alerts", body=alerts)),
        Case(
            "PutAutoCashout",
            "",
            given_request("PUT /v1/me/auto-cashout", body=cashout),
            SIGNED_IN_FOR_A_DAY,
        ),
        Case("ListNotices", "", given_request("GET /v1/notices")),
        Case("ScanExpiry", "nothing due", {}),
        Case("CheckExpiry", "asks", _due_row(MEMBER)),
        Case("CheckExpiry", "decides", _due_row(_DECIDING)),
        Case("RefreshBalances", "1 message", given_lookups(_LANE, 1)),
        Case(
            "RefreshBalances", f"{LANE_BATCH_SIZE} messages", given_lookups(_LANE, LANE_BATCH_SIZE)
        ),
    ]


def expiry_rules() -> list[Rule]:
    """Return what the stub answers them: to decide is to give one notice."""
    asking = _settings(MEMBER)
    row, deciding = (
        settings_item(one) for one in (asking, replace(asking, member=_DECIDING, step=Step.DECIDE))
    )
    notices = [notice_item(_notice(code)) for code in ISSUERS]
    *all_but_one, last = ISSUERS
    known = [
        Subject(last, _MONTHS[-1]),
        *(Subject(one, at) for one in all_but_one for at in _MONTHS),
    ]
    told = [told_item(_DECIDING, NoticeKind.EXPIRING, one) for one in known]
    answers: list[tuple[str, str, Any]] = [
        ("GetQueueUrl", "", {"QueueUrl": f"{ITSELF}/queue"}),
        ("GetQueueAttributes", "", {"Attributes": {"ApproximateNumberOfMessages": "0"}}),
        ("BatchWriteItem", "", {"UnprocessedItems": {}}),
        ("GetItem", '-deciding"', {"Item": deciding}),
        ("GetItem", '"EXPIRY"', {"Item": row}),
        ("Query", '"EXPIRY"', {"Items": [deciding], "Count": 1}),
        ("Query", '"TOLD#', {"Items": told, "Count": len(told)}),
        ("Query", '"MEMBER~"', {"Items": notices, "Count": len(notices)}),
        ("Query", '"ProjectionExpression"', {"Items": [row], "Count": 1}),
        ("Query", '"NOTICE#"', {"Items": notices, "Count": len(notices)}),
        ("PutEvents", "", {"Entries": [{"EventId": "e"}], "FailedEntryCount": 0}),
    ]
    return [Rule(action, json.dumps(answer), word) for action, word, answer in answers]


def _settings(member: str) -> ExpirySettings:
    chosen = ExpirySettings(member, version=1).with_alerts(_ALERTS, real_ms())
    return chosen.with_cashout(_CASHOUT, real_ms())


def _due_row(member: str) -> dict[str, Any]:
    return {"Records": [given_message("modupoint-expiry", "m", DueRow(member, EXPIRY).message())]}


def _notice(issuer: str) -> Notice:
    words = text("포인트 300점이 곧 없어져요.", "300 points expire soon.")
    subject = Subject(issuer, "2026-12")
    return Notice.new(MEMBER, NoticeKind.EXPIRING, subject, 300, words, real_ms())
