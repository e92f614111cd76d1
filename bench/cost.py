"""What operations cost: counted calls, their sizes and billed time, times AWS's prices.

Prices are USD, Seoul where known, else us-east-1. A call is priced by what it
asks for: a write by the size of its item and of the index entries it moves, a
transaction twice that, a read by what it returned. A function is billed for the
CPU time measured here and for the time it waits for partners.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KB = 1024

WRITE_UNIT = 0.68e-6
READ_UNIT = 0.1355e-6
HTTP_API = 1.23e-6
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_S = 0.0000133334
SQS_REQUEST = 0.40e-6
SNS_PUBLISH = 0.50e-6
LOGS_GB = 0.76

ISSUER_S = 0.3
BANK_S = 0.1
SWITCH_S = 0.1
"""What partners are taken to need for an answer (the simulators' usual latency)."""

_ANSWERS_AFTER_S = {"/openbanking/": BANK_S, "/autopay/": SWITCH_S}
_SQS_REQUESTS_PER_MESSAGE = 3
_LOG_BYTES_PER_INVOCATION = 900
_POLLS_PER_TRANSFER = 5
_LEGS = 11


@dataclass(frozen=True, slots=True)
class Invocation:
    """One warm invocation: its calls as witnessed, its CPU in ms, its function's memory in MB."""

    calls: list[dict[str, Any]]
    cpu_ms: float
    memory_mb: int
    over_http: bool

    def usd(self) -> float:
        """Return what it costs."""
        waited_s = sum(_waited_s(call) for call in self.calls)
        billed_s = self.cpu_ms / 1000 + waited_s
        return (
            sum(call_usd(call) for call in self.calls)
            + LAMBDA_REQUEST
            + billed_s * self.memory_mb / _KB * LAMBDA_GB_S
            + _LOG_BYTES_PER_INVOCATION / 1e9 * LOGS_GB
            + (HTTP_API if self.over_http else 0.0)
        )


def call_usd(call: Mapping[str, Any]) -> float:
    """Return what one call costs; those to partners, KMS and secrets are not worth counting."""
    service, action, request = call["service"], call["action"], call["request"]
    if service != "dynamodb":
        return {"sns": SNS_PUBLISH, "sqs": SQS_REQUEST}.get(service, 0.0)
    if action in {"GetItem", "Query"}:
        return _read_units(call) * READ_UNIT
    if action == "TransactWriteItems":
        return 2 * sum(_write_units(one) for one in request["TransactItems"]) * WRITE_UNIT
    return _write_units({action.removesuffix("Item"): request}) * WRITE_UNIT


def transfer_usd(invocations: Mapping[str, Invocation]) -> float:
    """Return what a transfer of eleven legs costs, from submission to the last deposit.

    Legs come to their worker one at a time; the member looks five times.

    Parameters
    ----------
    invocations
        ``SubmitTransfer``, ``ReadTransfer`` and ``MoveLeg`` (one leg).
    """
    return (
        invocations["SubmitTransfer"].usd()
        + _POLLS_PER_TRANSFER * invocations["ReadTransfer"].usd()
        + _LEGS * (invocations["MoveLeg"].usd() + _SQS_REQUESTS_PER_MESSAGE * SQS_REQUEST)
    )


def _waited_s(call: Mapping[str, Any]) -> float:
    if call["service"] != "partner":
        return 0.0
    url = call["request"]["url"]
    return next((wait_s for part, wait_s in _ANSWERS_AFTER_S.items() if part in url), ISSUER_S)


def _write_units(write: Mapping[str, Any]) -> float:
    if "Put" in write:
        return _put_units(write["Put"]["Item"])
    return 1.0


def _put_units(item: Mapping[str, Any]) -> float:
    """Return write units of an item with its index entries.

    A leg that moves leaves its place in the index of due legs and takes another.
    """
    size = item_bytes(item)
    due = 2.0 if "lane" in item else 0.0
    booked = _units(size) if "book" in item else 0.0
    return _units(size) + due + booked


def _read_units(call: Mapping[str, Any]) -> float:
    read = max(sum(item_bytes(item) for item in call.get("items", [])), 1)
    units = -(-read // (4 * _KB))
    return units if call["request"].get("ConsistentRead") else units / 2


def _units(size: int) -> float:
    return float(-(-size // _KB))


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return about what DynamoDB counts for an item: names and values."""
    return sum(len(name) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Any) -> int:  # noqa: ANN401 - any attribute value
    match value:
        case {"B": str() as encoded}:
            return len(encoded) * 3 // 4
        case {"B": {"base64": encoded}}:
            return len(encoded) * 3 // 4
        case {"S": text}:
            return len(text.encode())
        case {"N": number}:
            return len(number) // 2 + 2
        case _:
            return len(json.dumps(value))
