"""Warming a local stack: every lane's workers and every API function start once.

Two cores start two dozen processes in ten seconds. Done here, nobody waits for
it. The requests are real but empty: messages whose deadline has passed and
calls of a member who has not agreed to anything, so nothing is left behind.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

from autopay.order_queue import order_message
from autopay.orders import OrderKey
from local.deployment import Deployment
from local.generate import OPERATIONS
from local.settings import REGION, STACK_NAME
from modupoint.issuers import ISSUERS
from query.lookup_message import LookupMessage
from transfer.leg_lanes import leg_message
from transfer.legs import LegKey


def warm(deployment: Deployment) -> None:
    """Start the processes of all functions, side by side."""
    client = deployment.client("lambda")

    def invoke(call: tuple[str, dict[str, Any]]) -> None:
        function, event = call
        client.invoke(FunctionName=f"{STACK_NAME}-{function}", Payload=json.dumps(event))

    # One worker a lane is what one lookup needs; more start when there is more to do. A
    # lane's worth together: all at once, on a busy machine, each takes longer to start than
    # its function may run, is killed for it, and starts again.
    calls = [("AskIssuer", _expired(issuer)) for issuer in ISSUERS]
    calls += [("MoveLeg", _nobodys_leg(issuer)) for issuer in ISSUERS]
    calls += [("ProcessOrder", _nobodys_order())]
    calls += [(operation.name, _nobodys_request()) for operation in OPERATIONS]
    with ThreadPoolExecutor(len(ISSUERS)) as pool:
        for wave in batched(calls, len(ISSUERS), strict=False):
            list(pool.map(invoke, wave))


def _expired(issuer: str) -> dict[str, Any]:
    message = LookupMessage("warming", "lkp_", due_ms=0, sealed_ci=b"")
    return _delivered(f"{STACK_NAME}-lookup-{issuer}", message.to_json())


def _nobodys_leg(issuer: str) -> dict[str, Any]:
    body = leg_message(LegKey("warming", "warming", issuer))
    return _delivered(f"{STACK_NAME}-transfer-{issuer}", body)


def _nobodys_order() -> dict[str, Any]:
    body = order_message(OrderKey("warming", "warming"))
    return _delivered(f"{STACK_NAME}-autopay", body)


def _delivered(queue: str, body: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": "warming",
                "receiptHandle": "warming",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
                "eventSourceARN": f"arn:aws:sqs:{REGION}:000000000000:{queue}",
            }
        ]
    }


def _nobodys_request() -> dict[str, Any]:
    return {
        "requestContext": {"authorizer": {"jwt": {"claims": {"sub": "warming"}}}},
        "pathParameters": {"lookup_id": "warming"},
        "headers": {},
    }
