"""``make dashboard``: the local stack as the operator's dashboard shows production.

The rows are those of ``Dashboard`` in ``template.yaml``, as tables instead of curves, drawn from
what one machine has: queues, tables, what Lambda reports of each call. The emulator counts
neither failures nor units, so those are not shown. The page draws itself anew every ten seconds.
"""

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from aiohttp import web

from bench.template import API, functions
from modupoint.aws import client
from modupoint.clock import business_clock, real_ms
from modupoint.issuers import ISSUERS
from ops.command_line import Operator
from ops.dead_letters import DeadLetters
from ops.deployment import deployment_of
from ops.output import Row
from query.lane_board import LaneBoard
from query.lookups import lane_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient

HOST = "127.0.0.1"
PORT = 4590
_LOOKED_BACK = timedelta(hours=1)
_REFRESHED_S = 10
_PATIENCE_S = 30
_OVERDUE_MINUTES = 15
_SHOWN_AT_MOST = 1_000
_TOOK = re.compile(r"REPORT RequestId: \S+\tDuration: ([\d.]+) ms")
_STYLE = (
    "body{font:15px system-ui;margin:2em;color:#222}"
    "table{border-collapse:collapse;margin:.5em 0}"
    "td,th{padding:.2em .9em;text-align:left;border-bottom:1px solid #ddd}"
    "td{font-variant-numeric:tabular-nums}"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One stack, as an operator sees it, its public API, and the moment since which calls count."""

    operator: Operator
    api_url: str
    since: datetime

    def messages(self, function: str) -> list[str]:
        """Return what Lambda and the function have logged."""
        logs: CloudWatchLogsClient = client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{self.operator.deployment.name}-{function}",
            startTime=int(self.since.timestamp() * 1000),
        )
        return [event["message"] for page in pages for event in page["events"]]

    def status(self) -> list[Row]:
        """Return what everybody may read of the lanes."""
        with urlopen(f"{self.api_url}/v1/status", timeout=_PATIENCE_S) as answer:  # noqa: S310 - ours
            lanes: list[Row] = json.load(answer)["lanes"]
        return lanes

    def answers(self) -> list[Row]:
        """Return what the lanes' workers last said of their issuers."""
        known = LaneBoard(self.operator.deployment.operations_table).lanes()
        now_ms = real_ms()
        lanes = [lane_of(known, code) for code in ISSUERS]
        return [
            {
                "issuer": lane.issuer,
                "answers after, ms": lane.answer_ms,
                "failures not made good": lane.trouble,
                "breaker": lane.gate(now_ms).name,
            }
            for lane in lanes
        ]

    def queues(self) -> list[Row]:
        """Return about how many messages wait in each queue, and in its dead-letter queue."""
        return DeadLetters(self.operator.deployment).counts()

    def with_a_person(self) -> dict[str, int]:
        """Return how much waits for a person, or waits too long, by what it is."""
        legs = self.operator.legs().stuck(_OVERDUE_MINUTES, _SHOWN_AT_MOST)
        orders = self.operator.orders().stuck(_OVERDUE_MINUTES, _SHOWN_AT_MOST)
        return {
            "legs with the operator or overdue": len(legs),
            "orders with the operator or overdue": len(orders),
            "open breaks": len(self.operator.books().breaks(closed_too=False)),
        }

    def items(self) -> list[Row]:
        """Return how many items each table holds."""
        tables = self.operator.deployment
        dynamodb: DynamoDBClient = client("dynamodb")
        return [
            {"table": name, "items": dynamodb.describe_table(TableName=name)["Table"]["ItemCount"]}
            for name in (
                tables.members_table,
                tables.transfers_table,
                tables.autopays_table,
                tables.operations_table,
            )
        ]


def times_of(messages: Iterable[str]) -> Row:
    """Return how many calls are reported, and how long half and nineteen of twenty took, in ms."""
    found = (_TOOK.match(one) for one in messages)
    took_ms = sorted(float(one[1]) for one in found if one)

    def within(share: float) -> int | None:
        return round(took_ms[ceil(len(took_ms) * share) - 1]) if took_ms else None

    return {"calls": len(took_ms), "p50 ms": within(0.5), "p95 ms": within(0.95)}


def board_of(source: Source) -> dict[str, list[Row]]:
    """Return the dashboard's rows, each a table, by their titles in ``template.yaml``."""
    asked = [one.name for one in functions() if one.kind == API]
    queues = source.queues()
    waiting = Counter({str(one["queue"]): one["waiting"] or 0 for one in queues})
    elsewhere = +Counter({name: count for name, count in waiting.items() if "lookup" not in name})
    return {
        "Front": [{"operation": name, **times_of(source.messages(name))} for name in asked],
        "Lanes": [
            {**one, "messages waiting": waiting[f"lookup-{one['issuer']}"]}
            for one in source.status()
        ],
        "Answers": source.answers(),
        "Money": [
            *({"what": what, "count": count} for what, count in source.with_a_person().items()),
            *({"what": f"waiting in {one}", "count": count} for one, count in elsewhere.items()),
        ],
        "Tables": source.items(),
        "Left behind": [
            {"queue": one["queue"], "dead letters": one["dead_letters"]}
            for one in queues
            if one["dead_letters"]
        ],
    }


def page_of(board: Mapping[str, Sequence[Row]], name: str, drawn_at: datetime) -> str:
    """Return the board as a page."""
    rows = "".join(f"<h2>{escape(title)}</h2>{_table(table)}" for title, table in board.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<meta http-equiv="refresh" content="{_REFRESHED_S}"><style>{_STYLE}</style>'
        f"<h1>{escape(name)}</h1><p>Calls of the last hour, the rest as it is at "
        f"{drawn_at:%H:%M:%S}.</p>{rows}</html>"
    )


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return "<p>Nothing.</p>"
    head = "".join(f"<th>{escape(name)}" for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}" for value in row.values()) for row in rows
    )
    return f"<table><tr>{head}{body}</table>"


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value))


def build_app(drawn: Callable[[], str]) -> web.Application:
    """Return the server of one page; ``drawn`` may block."""

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=await asyncio.to_thread(drawn), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    return app


def main() -> None:
    """Serve the dashboard of the local stack until Ctrl-C."""
    stack_file = Path(os.environ.get("STACK_FILE") or ".local/stack.json")
    operator = Operator("dashboard", deployment_of(None, stack_file), business_clock())
    api_url = json.loads(stack_file.read_text(encoding="utf-8"))["api_url"]

    def drawn() -> str:
        now = datetime.now(UTC)
        board = board_of(Source(operator, api_url, now - _LOOKED_BACK))
        return page_of(board, operator.deployment.name, now.astimezone())

    port = int(os.environ.get("DASHBOARD_PORT", str(PORT)))
    web.run_app(build_app(drawn), host=HOST, port=port, access_log=None)


if __name__ == "__main__":
    main()
