"""``make dashboard``: the local stack as the operator's dashboard shows production.

The rows are those of ``Dashboard`` in ``template.yaml``, as tables of the last hour instead of
curves, drawn from what the emulator keeps: functions' counts, queues, log lines. What it does
not count is not shown. The page draws itself anew every ten seconds.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from aiohttp import web

from bench.template import API, functions
from modupoint.aws import client
from ops.dead_letters import DeadLetters
from ops.deployment import Deployment, deployment_of
from ops.output import Row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient

HOST = "127.0.0.1"
PORT = 4590
_LOOKED_BACK = timedelta(hours=1)
_REFRESHED_S = 10
_PATIENCE_S = 30
_METRICS = {"Invocations": "Sum", "Errors": "Sum", "Throttles": "Sum", "Duration": "Average"}
_COUNTED_BY = ("ReleaseDueLegs", "PollOrders", "Reconcile")
_STYLE = (
    "body{font:15px system-ui;margin:2em;color:#222}table{border-collapse:collapse;margin:.5em 0}"
    "td,th{padding:.2em .9em;text-align:left;border-bottom:1px solid #ddd}"
    "td{font-variant-numeric:tabular-nums}"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One stack: its resources, its public API, and the moment since which things count."""

    deployment: Deployment
    api_url: str
    since: datetime

    def measured(self, names: Sequence[str]) -> list[Row]:
        """Return calls, failures, refusals and mean time of functions that were called."""
        queries = [
            {
                "Id": f"q{number}x{metric.lower()}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/Lambda",
                        "MetricName": metric,
                        "Dimensions": [
                            {"Name": "FunctionName", "Value": f"{self.deployment.name}-{name}"}
                        ],
                    },
                    "Period": int(_LOOKED_BACK.total_seconds()),
                    "Stat": stat,
                },
            }
            for number, name in enumerate(names)
            for metric, stat in _METRICS.items()
        ]
        watch: Any = client("cloudwatch")
        found = watch.get_metric_data(
            MetricDataQueries=queries, StartTime=self.since, EndTime=datetime.now(UTC)
        )
        values = {one["Id"]: one["Values"] for one in found["MetricDataResults"]}
        return list(_measured(names, values))

    def lines(self, function: str) -> Iterator[Mapping[str, Any]]:
        """Yield what a function has logged as JSON."""
        logs: CloudWatchLogsClient = client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{self.deployment.name}-{function}",
            startTime=int(self.since.timestamp() * 1000),
        )
        for page in pages:
            for event in page["events"]:
                if event["message"].startswith("{"):
                    yield json.loads(event["message"])

    def status(self) -> list[Row]:
        """Return what everybody may read of the lanes."""
        with urlopen(f"{self.api_url}/v1/status", timeout=_PATIENCE_S) as answer:  # noqa: S310 - ours
            lanes: list[Row] = json.load(answer)["lanes"]
        return lanes

    def items(self) -> list[Row]:
        """Return how many items each table holds, as far as the emulator has counted them."""
        tables = self.deployment
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


def answers_of(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return per issuer how many inquiries were made, unanswered, and how often its lane rested.

    Parameters
    ----------
    lines
        What the lanes' worker logged.
    """
    asked: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    rested: Counter[str] = Counter()
    for line in lines:
        match line:
            case {"message": "batch", "issuer": str(issuer), "asked": int(calls)}:
                asked[issuer] += calls
            case {"message": "no answer from issuer", "issuer": str(issuer)}:
                unanswered[issuer] += 1
            case {"message": "lane rests", "issuer": str(issuer)}:
                rested[issuer] += 1
    return [
        {
            "issuer": issuer,
            "asked": asked[issuer],
            "no answer": unanswered[issuer],
            "breaker opened": rested[issuer],
        }
        for issuer in sorted({*asked, *unanswered, *rested})
    ]


def counts_of(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the last value of each count of our own, from embedded metrics."""
    last: dict[str, Any] = {}
    for line in lines:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            last |= {one["Name"]: line[one["Name"]][-1] for one in directive["Metrics"]}
    return [{"count": name, "last": int(value)} for name, value in sorted(last.items())]


def board_of(source: Source) -> dict[str, list[Row]]:
    """Return the dashboard's rows, each a table, by their titles in ``template.yaml``."""
    kinds = {one.name: one.kind for one in functions()}
    measured = source.measured(list(kinds))
    queues = DeadLetters(source.deployment).counts()
    waiting = {str(one["queue"]): one["waiting"] for one in queues}
    return {
        "Front": [one for one in measured if kinds[one["function"]] == API],
        "Lanes": [
            {**one, "waiting": waiting.get(f"lookup-{one['issuer']}")} for one in source.status()
        ],
        "Answers": answers_of(source.lines("AskIssuer")),
        "Money": [
            *(line for name in _COUNTED_BY for line in counts_of(source.lines(name))),
            *(
                {"count": f"waiting in {queue}", "last": count}
                for queue, count in waiting.items()
                if count and not queue.startswith("lookup")
            ),
        ],
        "Tables": source.items(),
        "Left behind": [
            *(
                {"what": f"dead letters in {one['queue']}", "count": one["dead_letters"]}
                for one in queues
                if one["dead_letters"]
            ),
            *(
                {"what": f"failures of {one['function']}", "count": one["failed"]}
                for one in measured
                if one["failed"]
            ),
            *(
                {"what": f"throttles of {one['function']}", "count": one["refused"]}
                for one in measured
                if one["refused"]
            ),
        ],
    }


def page_of(board: Mapping[str, Sequence[Row]], name: str, drawn_at: datetime) -> str:
    """Return the board as a page."""
    rows = "".join(f"<h2>{escape(title)}</h2>{_table(table)}" for title, table in board.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<meta http-equiv="refresh" content="{_REFRESHED_S}"><style>{_STYLE}</style>'
        f"<h1>{escape(name)}</h1><p>The last hour, drawn at {drawn_at:%H:%M:%S}.</p>{rows}</html>"
    )


def _measured(names: Sequence[str], values: Mapping[str, Sequence[float]]) -> Iterator[Row]:
    for number, name in enumerate(names):
        calls, failed, refused, took_ms = (
            values.get(f"q{number}x{metric.lower()}") or [0.0] for metric in _METRICS
        )
        if sum(calls) or sum(refused):
            yield {
                "function": name,
                "calls": int(sum(calls)),
                "failed": int(sum(failed)),
                "refused": int(sum(refused)),
                "mean ms": round(sum(took_ms) / len(took_ms)),
            }


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return "<p>Nothing.</p>"
    head = "".join(f"<th>{escape(name)}" for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(value))}" for value in row.values()) for row in rows
    )
    return f"<table><tr>{head}{body}</table>"


def build_app(drawn: Callable[[], str]) -> web.Application:
    """Return the server of one page; ``drawn`` may block."""

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=await asyncio.to_thread(drawn), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    return app


def main() -> None:
    """Serve the dashboard of the local stack until Ctrl-C."""
    stack_file = Path(os.environ.get("STACK_FILE", ".local/stack.json"))
    deployment = deployment_of(None, stack_file)
    api_url = json.loads(stack_file.read_text(encoding="utf-8"))["api_url"]

    def drawn() -> str:
        now = datetime.now(UTC)
        source = Source(deployment, api_url, now - _LOOKED_BACK)
        return page_of(board_of(source), deployment.name, now.astimezone())

    port = int(os.environ.get("DASHBOARD_PORT", str(PORT)))
    web.run_app(build_app(drawn), host=HOST, port=port, access_log=None)


if __name__ == "__main__":
    main()
