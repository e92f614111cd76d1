"""What operations cost: counted calls, their sizes and billed time, times AWS's prices.

Prices are USD, Seoul where known, else us-east-1. A call is priced by what it
asks for: a write by the size of its item and of the index entries it moves, a
transaction twice that, a read by what it returned. A function is billed for its
share of a CPU (CPU time measured here, stretched by its memory) and for the time it
waits: for partners, and a little for AWS. What its threads wait for together is
billed once. SQS is billed for receiving and deleting; what SNS delivers is free.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.opening_day.quotas import MEMORY_OF_ONE_CPU_MB
from bench.opening_day.service_times import PUBLISH_S, TABLE_READ_S, TABLE_WRITE_S

_KB = 1024

WRITE_UNIT = 0.68e-6
READ_UNIT = 0.1355e-6
HTTP_API = 1.23e-6
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_S = 0.0000133334
SQS_REQUEST = 0.40e-6
SNS_PUBLISH = 0.50e-6
EVENT = 1.00e-6
LOGS_GB = 0.76

ISSUER_S = 0.3
BANK_S = 0.1
SWITCH_S = 0.1
"""What partners are taken to need for an answer (the simulators' usual latency)."""

_ANSWERS_AFTER_S = {"/openbanking/": BANK_S, "/autopay/": SWITCH_S}
_READS = frozenset({"GetItem", "Query"})
_BILLED_BY_CALL = frozenset({"dynamodb", "events", "sns", "sqs"})
QUEUE_REQUESTS_PER_BATCH = 2
"""Lambda receives a batch and deletes it."""

_ID = "0" * 36
PLATFORM_LOG_BYTES = len(
    f"START RequestId: {_ID} Version: $LATEST\nEND RequestId: {_ID}\n"
    f"REPORT RequestId: {_ID}\tDuration: 312.34 ms\tBilled Duration: 313 ms\t"
    "Memory Size: 256 MB\tMax Memory Used: 90 MB\t\n"
)
"""What Lambda itself logs of an invocation."""
ACCESS_LOG_BYTES = len(
    f'{{"id":"{"0" * 16}","time":"21/Nov/2026:11:00:00 +0900",'
    '"route":"GET /v1/lookups/{lookup_id}","status":"200","ms":"23","error":"-"}\n'
)
"""What the API logs of a request (``AccessLogSettings`` in template.yaml)."""
_CONTAINER_BYTES = 3
_POLLS_PER_TRANSFER = 5
_LEGS = 11
_ISSUERS = 11
_BATCH = 10
_MINUTES_A_MONTH = 30 * 24 * 60


type Parts = dict[str, float]
"""USD by what AWS bills."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One warm invocation.

    ``calls`` are as witnessed, ``cpu_ms`` is its CPU, ``memory_mb`` its function's memory;
    ``logged_bytes`` is what the handler itself wrote.
    """

    calls: list[dict[str, Any]]
    cpu_ms: float
    memory_mb: int
    over_http: bool
    logged_bytes: int = 0

    @property
    def billed_s(self) -> float:
        """How long it is billed for."""
        share_of_a_cpu = min(self.memory_mb / MEMORY_OF_ONE_CPU_MB, 1)
        return self.cpu_ms / 1000 / share_of_a_cpu + _waited_s(self.calls)

    def parts(self) -> Parts:
        """Return what it costs, by what AWS bills."""
        logged = PLATFORM_LOG_BYTES + self.logged_bytes
        found: Parts = {
            "HTTP API": HTTP_API if self.over_http else 0.0,
            "Lambda requests": LAMBDA_REQUEST,
            "Lambda time": self.billed_s * self.memory_mb / _KB * LAMBDA_GB_S,
            "logs": (logged + self.over_http * ACCESS_LOG_BYTES) / 1e9 * LOGS_GB,
        }
        billed = (call for call in self.calls if call["service"] in _BILLED_BY_CALL)
        return added(found, *({_part(call): call_usd(call)} for call in billed))

    def usd(self) -> float:
        """Return what it costs."""
        return sum(self.parts().values())


def added(*costs: Mapping[str, float]) -> Parts:
    """Return costs part by part."""
    total: defaultdict[str, float] = defaultdict(float)
    for one in costs:
        for name, usd in one.items():
            total[name] += usd
    return dict(total)


def times(count: float, cost: Mapping[str, float]) -> Parts:
    """Return a cost that comes so many times."""
    return {name: count * usd for name, usd in cost.items()}


def call_usd(call: Mapping[str, Any]) -> float:
    """Return what one call costs; those to partners, KMS and secrets are not worth counting."""
    service, action, request = call["service"], call["action"], call["request"]
    if service != "dynamodb":
        return {"sns": SNS_PUBLISH, "sqs": SQS_REQUEST, "events": EVENT}.get(service, 0.0)
    if action in _READS:
        return _read_units(call) * READ_UNIT
    if action == "TransactWriteItems":
        return 2 * sum(_write_units(one) for one in request["TransactItems"]) * WRITE_UNIT
    if action == "BatchWriteItem":
        return sum(map(len, request["RequestItems"].values())) * WRITE_UNIT
    known = max((item_bytes(item) for item in call.get("items", [])), default=0)
    return max(_write_units({action.removesuffix("Item"): request}), _units(known)) * WRITE_UNIT


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
        + _LEGS * (invocations["MoveLeg"].usd() + QUEUE_REQUESTS_PER_BATCH * SQS_REQUEST)
    )


def scan_usd(operations: Mapping[str, Invocation], members: int) -> float:
    """Return what a month of the expiry scan costs for some members.

    Each is looked at once: all issuers are asked, then it is decided, and one notice is
    given. The sweep runs every minute whether anybody is due or not.

    Parameters
    ----------
    operations
        ``ScanExpiry nothing due``, ``CheckExpiry asks``, ``CheckExpiry decides`` and
        ``RefreshBalances 10 messages``.
    """
    to_the_worker = 2 * (1 + QUEUE_REQUESTS_PER_BATCH)
    from_lanes = _ISSUERS / _BATCH * QUEUE_REQUESTS_PER_BATCH
    a_member = (
        operations["CheckExpiry asks"].usd()
        + operations["CheckExpiry decides"].usd()
        + _ISSUERS * operations["RefreshBalances 10 messages"].usd() / _BATCH
        + (to_the_worker + from_lanes) * SQS_REQUEST
    )
    return members * a_member + _MINUTES_A_MONTH * operations["ScanExpiry nothing due"].usd()


def _waited_s(calls: Iterable[Mapping[str, Any]]) -> float:
    """Return how long a handler waits: its threads' turns pass side by side."""
    turns: defaultdict[int | None, float] = defaultdict(float)
    for call in calls:
        turns[call.get("turn")] += _answers_after_s(call)
    in_line_s = turns.pop(None, 0.0)
    return in_line_s + max(turns.values(), default=0.0)


def _answers_after_s(call: Mapping[str, Any]) -> float:
    match call["service"]:
        case "partner":
            url = call["request"]["url"]
            return next((s for part, s in _ANSWERS_AFTER_S.items() if part in url), ISSUER_S)
        case "dynamodb":
            return TABLE_READ_S if call["action"] in _READS else TABLE_WRITE_S
        case "sns":
            return PUBLISH_S
        case _:
            return 0.0


def _part(call: Mapping[str, Any]) -> str:
    if call["service"] != "dynamodb":
        return "SNS and SQS"
    return "DynamoDB reads" if call["action"] in _READS else "DynamoDB writes"


def _write_units(write: Mapping[str, Any]) -> float:
    match write:
        case {"Put": {"Item": item}}:
            return _put_units(item)
        case {"Update": update}:
            # The item is at least as large as its key and what is set.
            known = {**update.get("Key", {}), **update.get("ExpressionAttributeValues", {})}
            return max(_units(item_bytes(known)), 1.0)
        case _:
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
        case {"B": bytes() as raw}:
            size = len(raw)
        case {"B": str() as encoded} | {"B": {"base64": encoded}}:
            size = len(encoded) * 3 // 4
        case {"S": text}:
            size = len(text.encode())
        case {"N": number}:
            size = len(number) // 2 + 2
        case {"M": members}:
            size = _CONTAINER_BYTES + len(members) + item_bytes(members)
        case {"L": elements}:
            size = _CONTAINER_BYTES + len(elements) + sum(map(_value_bytes, elements))
        case _:
            size = len(json.dumps(value))
    return size
