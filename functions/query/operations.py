"""Query's operations as data: routes, scopes, bodies and answers.

The source of ``openapi.yaml``; a test holds the routes of ``template.yaml`` to it.
"""

from modupoint.operation import Operation, Parameter
from modupoint.response import UUID7
from query.request_models import (
    AutoCashoutRequest,
    ConsentRequest,
    ExpiryAlertsRequest,
    LookupRequest,
)
from query.response_models import (
    AutoCashoutModel,
    ConsentModel,
    ExpirationsModel,
    ExpiryAlertsModel,
    IssuersModel,
    LookupModel,
    MeModel,
    NoticesModel,
    StatusModel,
)

_READ = "points:read"
_POLLED = {"Retry-After": "when to ask again: retry_after_ms in whole seconds, 0 when DONE"}

OPERATIONS = (
    Operation(
        "PutConsent",
        "PUT /v1/me/consent",
        "Agree to terms, third-party provision and delegation",
        scope=_READ,
        body=ConsentRequest,
        answers={200: ConsentModel},
        refusals=("sign_in_required", "invalid_request", "identity_unavailable"),
    ),
    Operation(
        "WithdrawConsent",
        "DELETE /v1/me/consent",
        "Withdraw the agreement; erases what was kept under it",
        scope=_READ,
        answers={204: None},
        refusals=("transfer_in_flight",),
    ),
    Operation(
        "ReadMe", "GET /v1/me", "What is kept of the member", scope=_READ, answers={200: MeModel}
    ),
    Operation(
        "RequestLookup",
        "POST /v1/lookups",
        "Look up the points of all cards, or of some issuers",
        scope=_READ,
        body=LookupRequest,
        body_required=False,
        answers={202: LookupModel},
        refusals=("consent_required", "invalid_request", "too_many_lookups"),
        headers=_POLLED,
    ),
    Operation(
        "ReadLookup",
        "GET /v1/lookups/{lookup_id}",
        "What has been answered so far; one of the member's last six lookups",
        scope=_READ,
        answers={200: LookupModel},
        refusals=("not_found",),
        headers=_POLLED,
    ),
    Operation(
        "ListIssuers",
        "GET /v1/issuers",
        "The issuers, their points and when their cash arrives",
        answers={200: IssuersModel},
    ),
    Operation(
        "ReadExpirations",
        "GET /v1/expirations",
        "When points expire, by the last known answers",
        scope=_READ,
        answers={200: ExpirationsModel},
    ),
    Operation(
        "PutExpiryAlerts",
        "PUT /v1/me/expiry-alerts",
        "Be told of points about to expire, or not any more",
        scope=_READ,
        body=ExpiryAlertsRequest,
        answers={200: ExpiryAlertsModel},
        refusals=("consent_required", "invalid_request"),
    ),
    Operation(
        "PutAutoCashout",
        "PUT /v1/me/auto-cashout",
        "Have points about to expire turned into cash, or not any more",
        scope=_READ,
        body=AutoCashoutRequest,
        answers={200: AutoCashoutModel},
        # Standing orders for money are given like money (R-M4); taking them back is not.
        refusals=(
            "reauthentication_required",
            "consent_required",
            "not_found",
            "invalid_request",
        ),
    ),
    Operation(
        "ListNotices",
        "GET /v1/notices",
        "What the member was told about expiring points, newest first",
        scope=_READ,
        parameters=(
            Parameter(
                "cursor",
                "query",
                {"type": "string", "description": "a next_cursor", "pattern": f"^ntc_{UUID7}$"},
            ),
        ),
        answers={200: NoticesModel},
        refusals=("invalid_request",),
    ),
    Operation("ReadStatus", "GET /v1/status", "How each lane does", answers={200: StatusModel}),
)
