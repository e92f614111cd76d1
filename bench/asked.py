"""How functions are asked here: a gateway's request, a lane's message."""

import json
from dataclasses import dataclass, field
from typing import Any

from bench.sample_member import SUBJECT
from modupoint.clock import real_ms

SIGNED_IN_FOR_A_DAY: dict[str, dict[str, Any]] = {"modupoint.http": {"_RECENT_SIGN_IN_S": 86_400}}
"""Settings of a case that moves money: a run takes longer than a sign-in is recent."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to invoke a function.

    ``settings`` are values of the code's own modules that hold meanwhile, by
    module and name.
    """

    function: str
    name: str
    event: dict[str, Any]
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)


def given_request(
    route: str, *, body: dict[str, Any] | None = None, path: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return the gateway's event of a member who has just signed in."""
    method, _, raw_path = route.partition(" ")
    claims = {
        "sub": SUBJECT,
        "iss": "https://id",
        "aud": "modupoint",
        "auth_time": str(real_ms() // 1000),
    }
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw_path,
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-language": "ko-KR,ko;q=0.9",
            "authorization": f"Bearer {'t' * 700}",
            "content-type": "application/json",
            "host": "api.example",
            "user-agent": "Mozilla/5.0",
            "x-amzn-trace-id": "Root=1-67f0a1b2-0123456789abcdef01234567",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "requestId": "r",
            "http": {"method": method, "path": raw_path, "protocol": "HTTP/1.1"},
            "authorizer": {"jwt": {"claims": claims, "scopes": ["points:read"]}},
        },
        "pathParameters": path,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def given_message(queue: str, message_id: str, body: str) -> dict[str, Any]:
    """Return a message as SQS delivers it the first time."""
    return {
        "messageId": message_id,
        "receiptHandle": "h" * 200,
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(real_ms())},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:ap-northeast-2:000000000000:{queue}",
    }
