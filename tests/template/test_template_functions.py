"""Every function: its own logs, alarms, bytecode and bounds (decision 1)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.template.expanded_template import TEMPLATE, parsed, refers_to
from tests.template.roles import API, FUNCTIONS

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

SECRETS = {
    "ISSUERS_SECRET": "IssuersSecret",
    "BANK_SECRET": "BankSecret",
    "AUTOPAY_SECRET": "AutopaySecret",
}


@pytest.fixture(params=FUNCTIONS)
def function(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_the_functions_are_these(production: Expanded) -> None:
    assert {one.name for one in production.all("AWS::Lambda::Function")} == set(FUNCTIONS)


def test_every_function_logs_to_a_group_that_forgets(production: Expanded, function: str) -> None:
    name = production[function].properties["FunctionName"]
    logs = production[f"{function}Logs"].properties
    assert logs["LogGroupName"] == f"/aws/lambda/{name}"
    assert 1 <= logs["RetentionInDays"] <= 90


def test_no_log_group_keeps_for_ever(production: Expanded) -> None:
    for group in production.all("AWS::Logs::LogGroup"):
        assert 1 <= group.properties["RetentionInDays"] <= 90, group.name


def test_a_single_error_of_a_function_is_alarmed(production: Expanded, function: str) -> None:
    name = production[function].properties["FunctionName"]
    [alarm] = production.alarms_on("Errors", "FunctionName", name)
    assert alarm.properties["Namespace"] == "AWS/Lambda"
    assert alarm.properties["Statistic"] == "Sum"
    assert alarm.properties["Threshold"] == 0
    assert alarm.properties["ComparisonOperator"] == "GreaterThanThreshold"


def test_every_function_runs_python_3_13_on_arm_unless_told_otherwise(
    production: Expanded, function: str
) -> None:
    properties = production[function].properties
    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == [{"Ref": "Architecture"}]
    parameters = parsed(TEMPLATE.read_text(encoding="utf-8"))["Parameters"]
    assert parameters["Architecture"]["Default"] == "arm64"


def test_every_function_is_bounded_in_time_and_memory(production: Expanded, function: str) -> None:
    properties = production[function].properties
    # The gateway gives up on an answer after 30 s; Lambda on everything after 15 min.
    assert 1 <= properties["Timeout"] <= (30 if function in API else 900)
    assert 128 <= properties["MemorySize"] <= 1_024


def test_every_function_is_shipped_with_bytecode(production: Expanded, function: str) -> None:
    metadata = production[function].attributes["Metadata"]
    assert metadata["BuildMethod"] == "makefile"


@pytest.mark.parametrize("part", ["functions", "layers/common"])
def test_bytecode_stays_valid_whatever_an_archive_does_to_times(part: str) -> None:
    recipe = (TEMPLATE.parent / part / "Makefile").read_text(encoding="utf-8")
    assert "compileall -q --invalidation-mode unchecked-hash" in recipe
    assert "build-%:" in recipe


def test_every_handler_is_there(production: Expanded, function: str) -> None:
    module, _, attribute = production[function].properties["Handler"].rpartition(".")
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    assert attribute == "handler"
    if function == "ListIssuers":  # the one that needs no environment
        assert callable(import_module(module).handler)


def test_only_a_local_stage_has_a_clock_that_can_be_moved(
    production: Expanded, function: str
) -> None:
    clock = production[function].properties["Environment"]["Variables"]["CLOCK_URL"]
    if isinstance(clock, dict):
        condition, _, otherwise = clock["Fn::If"]
        assert (condition, otherwise) == ("IsLocal", "")
    else:
        assert clock == ""


def test_no_function_carries_a_secret_in_its_environment(
    production: Expanded, local_stage: Expanded, function: str
) -> None:
    for stage in (production, local_stage):
        variables = stage[function].properties["Environment"]["Variables"]
        assert "local-issuer-key" not in str(variables)
        assert "local-bank-secret" not in str(variables)
        assert "local-autopay-token" not in str(variables)
        for name, value in variables.items():
            if "SECRET" in name:
                assert refers_to(value, SECRETS[name])


def test_the_layer_is_every_functions_and_no_other(production: Expanded, function: str) -> None:
    [layer] = production.all("AWS::Lambda::LayerVersion")
    assert production[function].properties["Layers"] == [{"Ref": layer.name}]
    assert layer.properties["CompatibleRuntimes"] == ["python3.13"]
