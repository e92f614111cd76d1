"""The routes of the public API, each with the sign-in and scope it needs (decisions 1, 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autopay.operations import OPERATIONS as AUTOPAY
from query.operations import OPERATIONS as QUERY
from tests.template.expanded_template import refers_to
from tests.template.roles import API, FUNCTIONS
from transfer.operations import OPERATIONS as TRANSFER

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

# Transcribed from the public API: route, scope (None: no token), function.
ROUTES = [
    ("PUT /v1/me/consent", "points:read", "PutConsent"),
    ("DELETE /v1/me/consent", "points:read", "WithdrawConsent"),
    ("GET /v1/me", "points:read", "ReadMe"),
    ("POST /v1/lookups", "points:read", "RequestLookup"),
    ("GET /v1/lookups/{lookup_id}", "points:read", "ReadLookup"),
    ("GET /v1/issuers", None, "ListIssuers"),
    ("GET /v1/status", None, "ReadStatus"),
    ("POST /v1/accounts", "points:read", "RegisterAccount"),
    ("GET /v1/accounts", "points:read", "ListAccounts"),
    ("DELETE /v1/accounts/{account_id}", "points:read", "DeleteAccount"),
    ("POST /v1/transfers/quote", "points:transfer", "QuoteTransfer"),
    ("POST /v1/transfers", "points:transfer", "SubmitTransfer"),
    ("GET /v1/transfers/{transfer_id}", "points:transfer", "ReadTransfer"),
    ("GET /v1/transfers", "points:transfer", "ListTransfers"),
    ("GET /v1/cards", "autopay", "ListCards"),
    ("GET /v1/autopays", "autopay", "ListAutopays"),
    ("POST /v1/autopay-orders", "autopay", "SubmitOrder"),
    ("GET /v1/autopay-orders", "autopay", "ListOrders"),
    ("GET /v1/autopay-orders/{order_id}", "autopay", "ReadOrder"),
    ("POST /v1/autopay-orders/{order_id}/withdrawal", "autopay", "WithdrawOrder"),
]
BY_FUNCTION = {function: (route, scope) for route, scope, function in ROUTES}


@pytest.fixture(params=list(BY_FUNCTION))
def function(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_the_routes_are_the_public_apis_and_no_others(production: Expanded) -> None:
    routes = {
        (
            one.properties["RouteKey"],
            one.properties.get("AuthorizationScopes", [None])[0],
            one.name.removesuffix("Route"),
        )
        for one in production.all("AWS::ApiGatewayV2::Route")
    }
    assert routes == set(ROUTES)


def test_the_operations_that_openapi_is_made_of_are_the_same() -> None:
    operations = (*QUERY, *TRANSFER, *AUTOPAY)
    assert {(one.route, one.scope, one.name) for one in operations} == set(ROUTES)


def test_a_route_needs_a_token_with_its_scope_or_is_meant_to_be_public(
    production: Expanded, function: str
) -> None:
    route = production[f"{function}Route"].properties
    _, scope = BY_FUNCTION[function]
    if scope is None:
        assert route["AuthorizationType"] == "NONE"
    else:
        assert route["AuthorizationType"] == "JWT"
        assert refers_to(route["AuthorizerId"], "MemberAuthorizer")
        assert route["AuthorizationScopes"] == [scope]


def test_a_route_leads_to_its_function_which_lets_the_gateway_in(
    production: Expanded, function: str
) -> None:
    assert f"{function}Integration" in str(production[f"{function}Route"].properties["Target"])
    integration = production[f"{function}Integration"].properties
    assert refers_to(integration["IntegrationUri"], function, "Arn")
    assert integration["IntegrationType"] == "AWS_PROXY"
    assert integration["PayloadFormatVersion"] == "2.0"
    permission = production[f"{function}Permission"].properties
    assert refers_to(permission["FunctionName"], function)
    assert permission["Principal"] == "apigateway.amazonaws.com"
    # From this API and no other.
    assert "Api" in str(permission["SourceArn"])


def test_workers_and_schedules_cannot_be_called_from_outside(production: Expanded) -> None:
    called = [one.properties["FunctionName"] for one in production.all("AWS::Lambda::Permission")]
    for inner in set(FUNCTIONS) - API:
        assert {"Ref": inner} not in called
    assert len(called) == len(ROUTES)
    assert set(BY_FUNCTION) == API


def test_tokens_are_checked_for_issuer_and_audience(production: Expanded) -> None:
    [authorizer] = production.all("AWS::ApiGatewayV2::Authorizer")
    checked = authorizer.properties["JwtConfiguration"]
    assert checked["Issuer"] in ({"Ref": "IdentityIssuer"}, "https://id.example")
    assert checked["Audience"] in ([{"Ref": "TokenAudience"}], ["modupoint"])
    assert authorizer.properties["IdentitySource"] == ["$request.header.Authorization"]


def test_no_cors_is_opened_because_page_and_api_share_one_origin(production: Expanded) -> None:
    [api] = production.all("AWS::ApiGatewayV2::Api")
    assert api.properties["ProtocolType"] == "HTTP"
    assert "CorsConfiguration" not in api.properties


def test_the_access_log_names_the_route_and_neither_path_nor_address(production: Expanded) -> None:
    [stage] = production.all("AWS::ApiGatewayV2::Stage")
    log = stage.properties["AccessLogSettings"]["Format"]
    assert "$context.routeKey" in log
    for private in ("$context.path", "sourceIp", "$context.authorizer.claims", "userAgent"):
        assert private not in log


def test_the_api_is_throttled_and_its_server_errors_are_alarmed(production: Expanded) -> None:
    [stage] = production.all("AWS::ApiGatewayV2::Stage")
    limits = stage.properties["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] <= 10_000
    assert limits["ThrottlingBurstLimit"] <= 5_000
    [alarm] = production.alarms_on("5xx", "ApiId", {"Ref": "Api"})
    assert alarm.properties["Threshold"] == 0
