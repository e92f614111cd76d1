"""Query's operations as data: routes, scopes, bodies and answers.

The source of ``openapi.yaml``; a test holds the routes of ``template.yaml`` to it.
"""

from modupoint.operation import Operation
from query.request_models import ConsentRequest, LookupRequest
from query.response_models import ConsentModel, IssuersModel, LookupModel, MeModel, StatusModel

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
    Operation("ReadStatus", "GET /v1/status", "How each lane does", answers={200: StatusModel}),
)
