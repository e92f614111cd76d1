"""What query's handlers of expiring points are asked here, and what AWS answers them.

The member of all samples is told three months ahead and has points cashed out.
"""

import json
from typing import Any

from bench.asked import Case, given_request
from bench.query_samples import given_lookups
from bench.sample_member import MEMBER
from bench.stub import ITSELF, Rule
from modupoint.clock import real_ms
from modupoint.issuers import ISSUERS
from modupoint.text import text
from query.expiry_settings import Alerts, AutoCashout, ExpirySettings, settings_item
from query.lanes import LANE_BATCH_SIZE
from query.notices import Notice, NoticeKind, Subject, notice_item

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
        Case("PutAutoCashout", "", given_request("PUT /v1/me/auto-cashout", body=cashout)),
        Case("ListNotices", "", given_request("GET /v1/notices")),
        Case("RefreshBalances", "1 message", given_lookups(_LANE, 1)),
        Case(
            "RefreshBalances", f"{LANE_BATCH_SIZE} messages", given_lookups(_LANE, LANE_BATCH_SIZE)
        ),
    ]


def expiry_rules() -> list[Rule]:
    """Return what the stub answers them."""
    now_ms = real_ms()
    settings = ExpirySettings(MEMBER, version=1).with_alerts(_ALERTS, now_ms)
    row = settings_item(settings.with_cashout(_CASHOUT, now_ms))
    notices = [notice_item(_notice(code, now_ms)) for code in ISSUERS]
    told: list[tuple[str, str, Any]] = [
        ("GetQueueUrl", "", {"QueueUrl": f"{ITSELF}/queue"}),
        ("GetQueueAttributes", "", {"Attributes": {"ApproximateNumberOfMessages": "0"}}),
        ("GetItem", '"EXPIRY"', {"Item": row}),
        ("Query", '"NOTICE#"', {"Items": notices, "Count": len(notices)}),
    ]
    return [Rule(action, json.dumps(answer), word) for action, word, answer in told]


def _notice(issuer: str, now_ms: int) -> Notice:
    words = text("포인트 300점이 곧 없어져요.", "300 points expire soon.")
    return Notice.new(MEMBER, NoticeKind.EXPIRING, Subject(issuer, "2026-12"), 300, words, now_ms)
