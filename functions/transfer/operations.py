"""Transfer's operations as data: routes, scopes, bodies and answers.

The source of ``openapi.yaml``; a test holds the routes of ``template.yaml`` to it.
"""

from modupoint.operation import IDEMPOTENCY_KEY, REPLAYED, Operation, Parameter
from modupoint.response import AccountModel
from transfer.request_models import AccountRequest, TransferRequest
from transfer.response_models import AccountsModel, QuoteModel, TransferModel, TransfersModel

_READ = "points:read"
_MOVE = "points:transfer"

OPERATIONS = (
    Operation(
        "RegisterAccount",
        "POST /v1/accounts",
        "Register a bank account of one's own, checked with the bank",
        scope=_READ,
        body=AccountRequest,
        answers={201: AccountModel},
        refusals=(
            "sign_in_required",
            "consent_required",
            "invalid_request",
            "holder_name_mismatch",
            "account_not_found",
            "account_closed",
            "account_restricted",
            "too_many_accounts",
            "identity_unavailable",
            "bank_unavailable",
        ),
    ),
    Operation(
        "ListAccounts",
        "GET /v1/accounts",
        "The member's accounts",
        scope=_READ,
        answers={200: AccountsModel},
    ),
    Operation(
        "DeleteAccount",
        "DELETE /v1/accounts/{account_id}",
        "Forget an account; transfers under way still arrive there",
        scope=_READ,
        answers={204: None},
        refusals=("not_found",),
    ),
    Operation(
        "QuoteTransfer",
        "POST /v1/transfers/quote",
        "What a transfer would bring when",
        scope=_MOVE,
        body=TransferRequest,
        answers={200: QuoteModel},
        refusals=("consent_required", "not_found", "invalid_request", "nothing_to_transfer"),
    ),
    Operation(
        "SubmitTransfer",
        "POST /v1/transfers",
        "Turn points into cash; cannot be undone",
        scope=_MOVE,
        body=TransferRequest,
        parameters=(IDEMPOTENCY_KEY,),
        answers={202: TransferModel},
        refusals=(
            "reauthentication_required",
            "consent_required",
            "not_found",
            "already_transferred_today",
            "invalid_request",
            "idempotency_key_reused",
            "nothing_to_transfer",
        ),
        headers=REPLAYED,
    ),
    Operation(
        "ReadTransfer",
        "GET /v1/transfers/{transfer_id}",
        "A transfer and how far each of its legs is",
        scope=_MOVE,
        answers={200: TransferModel},
        refusals=("not_found",),
    ),
    Operation(
        "ListTransfers",
        "GET /v1/transfers",
        "The member's transfers, newest first",
        scope=_MOVE,
        parameters=(
            Parameter("cursor", "query", {"type": "string", "description": "a next_cursor"}),
            Parameter(
                "limit", "query", {"type": "integer", "minimum": 1, "maximum": 50, "default": 20}
            ),
        ),
        answers={200: TransfersModel},
        refusals=("invalid_request",),
    ),
)
