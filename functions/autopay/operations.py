"""Autopay's operations as data: routes, scopes, bodies and answers.

The source of ``openapi.yaml``; a test holds the routes of ``template.yaml`` to it.
"""

from autopay.request_models import OrderRequest
from autopay.response_models import AutopaysModel, CardsModel, OrderModel, OrdersModel
from modupoint.operation import IDEMPOTENCY_KEY, REPLAYED, Operation

_SCOPE = "autopay"

OPERATIONS = (
    Operation(
        "ListCards",
        "GET /v1/cards",
        "The member's cards, and which of them bills can be moved to",
        scope=_SCOPE,
        answers={200: CardsModel},
        refusals=("consent_required", "switch_unavailable"),
    ),
    Operation(
        "ListAutopays",
        "GET /v1/autopays",
        "The bills that are charged to the member's cards",
        scope=_SCOPE,
        answers={200: AutopaysModel},
        refusals=("consent_required", "switch_unavailable"),
    ),
    Operation(
        "SubmitOrder",
        "POST /v1/autopay-orders",
        "Move a bill to another card, or end its autopay",
        scope=_SCOPE,
        body=OrderRequest,
        parameters=(IDEMPOTENCY_KEY,),
        answers={202: OrderModel},
        refusals=(
            "reauthentication_required",
            "consent_required",
            "not_found",
            "order_open",
            "invalid_request",
            "corporate_card",
            "category_not_open",
            "card_not_active",
            "not_changeable",
            "idempotency_key_reused",
            "switch_unavailable",
        ),
        headers=REPLAYED,
    ),
    Operation(
        "ListOrders",
        "GET /v1/autopay-orders",
        "The member's orders, newest first",
        scope=_SCOPE,
        answers={200: OrdersModel},
    ),
    Operation(
        "ReadOrder",
        "GET /v1/autopay-orders/{order_id}",
        "An order and how far it is",
        scope=_SCOPE,
        answers={200: OrderModel},
        refusals=("not_found",),
    ),
    Operation(
        "WithdrawOrder",
        "POST /v1/autopay-orders/{order_id}/withdrawal",
        "Take an order back, until 22:00 of its day",
        scope=_SCOPE,
        answers={200: OrderModel},
        refusals=("not_found", "too_late"),
    ),
)
