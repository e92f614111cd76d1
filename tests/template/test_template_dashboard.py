"""The operator's dashboard shows what there is, and all that is alarmed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.issuers import ISSUERS
from tests.template.expanded_template import TEMPLATE
from tests.template.roles import FUNCTIONS

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

WIDTH = 24
# What is seen elsewhere: invocations that must happen are the sweeps' releases.
NOT_SHOWN = {"Invocations"}


@pytest.fixture
def widgets(production: Expanded) -> list[dict[str, Any]]:
    body = production["Dashboard"].properties["DashboardBody"]
    shown: list[dict[str, Any]] = json.loads(body if isinstance(body, str) else body["Fn::Sub"])[
        "widgets"
    ]
    return shown


def test_production_has_it_and_one_machine_draws_its_own(production: Expanded) -> None:
    assert production["Dashboard"].attributes["Condition"] == "IsProduction"


def test_widgets_lie_side_by_side(widgets: list[dict[str, Any]]) -> None:
    taken: set[tuple[int, int]] = set()
    for one in widgets:
        cells = {
            (x, y)
            for x in range(one["x"], one["x"] + one["width"])
            for y in range(one["y"], one["y"] + one["height"])
        }
        assert not taken & cells, one["properties"]
        taken |= cells
        assert one["x"] + one["width"] <= WIDTH


def test_every_metric_that_is_alarmed_is_on_it(
    production: Expanded, widgets: list[dict[str, Any]]
) -> None:
    shown = json.dumps(widgets)
    for alarm in production.all("AWS::CloudWatch::Alarm"):
        metric = alarm.properties["MetricName"]
        assert metric in NOT_SHOWN or f'"{metric}' in shown.replace("\\", ""), alarm.name


def test_functions_it_names_are_there(production: Expanded, widgets: list[dict[str, Any]]) -> None:
    functions = {production[name].properties["FunctionName"] for name in FUNCTIONS}
    named = {
        metric[3]
        for one in widgets
        for metric in one["properties"].get("metrics", [])
        if metric[2:3] == ["FunctionName"]
    }
    groups = {f"/aws/lambda/{name}" for name in functions}
    sources = set(re.findall(r"SOURCE '([^']+)'", json.dumps(widgets)))
    assert named
    assert named <= functions
    assert sources
    assert sources <= groups


def test_counts_of_our_own_that_it_shows_are_counted(widgets: list[dict[str, Any]]) -> None:
    code = "".join(
        file.read_text(encoding="utf-8") for file in (TEMPLATE.parent / "functions").rglob("*.py")
    )
    own = {
        (metric[1], metric[3])
        for one in widgets
        for metric in one["properties"].get("metrics", [])
        if metric[0] == "Modupoint"
    }
    assert own
    for metric, service in own:
        assert f'add_metric("{metric}"' in code
        assert f'Metrics(namespace="Modupoint", service="{service}")' in code


def test_log_lines_it_counts_are_written(widgets: list[dict[str, Any]]) -> None:
    asking = "".join(
        file.read_text(encoding="utf-8")
        for file in (TEMPLATE.parent / "functions/query").glob("*.py")
    )
    queries = [one["properties"]["query"] for one in widgets if one["type"] == "log"]
    assert queries
    for query in queries:
        [message] = re.findall(r"message = '([^']+)'", query)
        assert f'"{message}"' in asking


def test_lanes_are_found_by_the_names_of_their_queues(
    production: Expanded, widgets: list[dict[str, Any]]
) -> None:
    # No issuer is named: a twelfth is found as the eleven are, and any other queue, too.
    shown = json.dumps(widgets)
    assert not [code for code in ISSUERS if code in shown]
    queues = {one.name: one.properties for one in production.all("AWS::SQS::Queue")}
    for name, queue in queues.items():
        words = set(str(queue["QueueName"]).split("-"))
        assert ("DeadLetter" in name) == bool(words & {"dead", "undelivered"}), name
        assert name.endswith("LookupQueue") == (words & {"lookup", "dead"} == {"lookup"}), name
