"""What the opening day needs is a parameter, costs nothing by default, and is production's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.template.expanded_template import TEMPLATE, expanded, parsed, refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

TEXT = TEMPLATE.read_text(encoding="utf-8")
SET: dict[str, int | str] = {
    "TransferReserve": 110,
    "ApiRate": 20_000,
    "LookupRate": 15_000,
    "MoneyRate": 70,
    "MembersWarmWrites": 30_000,
    "MembersWarmReads": 20_000,
    "ApiDomainName": "api.example",
}
ROUTES = {
    "POST /v1/lookups": "LookupRate",
    "POST /v1/transfers": "MoneyRate",
    "POST /v1/accounts": "MoneyRate",
    "POST /v1/autopay-orders": "MoneyRate",
}
DEFAULTS = {name: one.get("Default") for name, one in parsed(TEXT)["Parameters"].items()}


@pytest.fixture(scope="module")
def prepared() -> Expanded:
    return expanded(TEXT, "production", SET)


@pytest.fixture(scope="module")
def prepared_locally() -> Expanded:
    return expanded(TEXT, "local", SET)


def stage_of(stack: Expanded) -> dict[str, Any]:
    [stage] = stack.all("AWS::ApiGatewayV2::Stage")
    return stage.properties


def test_the_api_takes_what_it_is_told_to(prepared: Expanded) -> None:
    assert stage_of(prepared)["DefaultRouteSettings"]["ThrottlingRateLimit"] == 20_000


@pytest.mark.parametrize(("route", "parameter"), ROUTES.items())
def test_a_route_is_throttled_at_what_the_service_behind_it_takes(
    prepared: Expanded, route: str, parameter: str
) -> None:
    throttle = stage_of(prepared)["RouteSettings"][route]
    assert throttle["ThrottlingRateLimit"] == SET[parameter]
    assert throttle["ThrottlingBurstLimit"] <= throttle["ThrottlingRateLimit"]
    # Settings of its own take the place of the stage's, metrics included.
    assert throttle["DetailedMetricsEnabled"] is True


def test_throttled_routes_are_there_before_the_stage_that_names_them(prepared: Expanded) -> None:
    made = {
        one.properties["RouteKey"]: one.name for one in prepared.all("AWS::ApiGatewayV2::Route")
    }
    throttled = stage_of(prepared)["RouteSettings"]
    assert set(throttled) == set(ROUTES)
    assert {made[route] for route in throttled} == set(prepared["ApiStage"].attributes["DependsOn"])


def test_money_is_throttled_far_below_lookups(production: Expanded) -> None:
    routes = stage_of(production)["RouteSettings"]
    lookups = routes["POST /v1/lookups"]["ThrottlingRateLimit"]
    assert routes["POST /v1/transfers"]["ThrottlingRateLimit"] * 10 < lookups


def test_the_members_table_is_warmed_when_it_is_told_to(
    prepared: Expanded, production: Expanded
) -> None:
    warm = prepared["MembersTable"].properties["WarmThroughput"]
    assert warm == {"ReadUnitsPerSecond": 20_000, "WriteUnitsPerSecond": 30_000}
    assert "WarmThroughput" not in production["MembersTable"].properties


def test_workers_are_kept_for_money_when_it_is_told_to(
    prepared: Expanded, production: Expanded
) -> None:
    assert prepared["MoveLeg"].properties["ReservedConcurrentExecutions"] == 110
    # A new account may have too few to reserve any.
    assert "ReservedConcurrentExecutions" not in production["MoveLeg"].properties


def test_no_function_but_the_mover_of_money_takes_from_the_others(prepared: Expanded) -> None:
    reserved = {
        one.name
        for one in prepared.all("AWS::Lambda::Function")
        if "ReservedConcurrentExecutions" in one.properties
    }
    assert reserved == {"MoveLeg"}


def test_past_the_edge_only_its_certificate_gets_in(prepared: Expanded) -> None:
    assert prepared["Api"].properties["DisableExecuteApiEndpoint"] is True
    domain = prepared["EdgeOnlyDomain"]
    assert domain.attributes["Condition"] == "OnlyFromEdge"
    assert "TruststoreUri" in domain.properties["MutualTlsAuthentication"]
    assert refers_to(prepared["EdgeOnlyMapping"].properties["Stage"], "ApiStage")


def test_without_a_name_for_it_the_api_is_at_its_own_address(production: Expanded) -> None:
    assert production["Api"].properties["DisableExecuteApiEndpoint"] is False


def test_one_machine_is_left_as_it_was(prepared_locally: Expanded) -> None:
    # Whatever is set: its emulator is neither throttled nor reserved nor closed.
    stage = stage_of(prepared_locally)
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 10_000
    assert "RouteSettings" not in stage
    assert "WarmThroughput" not in prepared_locally["MembersTable"].properties
    assert "ReservedConcurrentExecutions" not in prepared_locally["MoveLeg"].properties
    assert prepared_locally["Api"].properties["DisableExecuteApiEndpoint"] is False


@pytest.mark.parametrize("parameter", SET)
def test_what_the_day_needs_has_a_default(parameter: str) -> None:
    assert DEFAULTS[parameter] is not None


@pytest.mark.parametrize(
    ("metric", "namespace", "dimensions"),
    [
        # One limit for all functions of the account: without a dimension.
        ("Throttles", "AWS/Lambda", None),
        (
            "WriteThrottleEvents",
            "AWS/DynamoDB",
            [{"Name": "TableName", "Value": {"Ref": "MembersTable"}}],
        ),
    ],
)
def test_a_limit_of_the_account_that_is_reached_once_is_alarmed(
    production: Expanded, metric: str, namespace: str, dimensions: Any
) -> None:
    [alarm] = [
        one.properties
        for one in production.all("AWS::CloudWatch::Alarm")
        if one.properties["MetricName"] == metric
    ]
    assert alarm["Namespace"] == namespace
    assert alarm.get("Dimensions") == dimensions
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
