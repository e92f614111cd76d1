"""The edge serves page and API as one origin, as the page's server does locally (decision 13)."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.webserver import READ_TIMEOUT_SECONDS, Page
from query.list_issuers import handler as list_issuers
from tests.template.expanded_template import TEMPLATE, parsed, refers_to

if TYPE_CHECKING:
    from aiohttp import web

AUTHORITY = "https://id.example/pool"
EDGE: dict[str, Any] = parsed((TEMPLATE.parent / "edge.yaml").read_text(encoding="utf-8"))
RESOURCES: dict[str, Any] = EDGE["Resources"]
DISTRIBUTION: dict[str, Any] = RESOURCES["Edge"]["Properties"]["DistributionConfig"]
BEHAVIORS: dict[str, dict[str, Any]] = {
    one["PathPattern"]: one for one in DISTRIBUTION["CacheBehaviors"]
}
PAGE_BEHAVIOR: dict[str, Any] = DISTRIBUTION["DefaultCacheBehavior"]
RULES = {one["Name"]: one for one in RESOURCES["Firewall"]["Properties"]["Rules"]}
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# What the local server need not say: it has no TLS.
ONLY_AT_THE_EDGE = {"strict-transport-security"}


@pytest.fixture
def local_answer() -> web.Response:
    """Give the local server's answer that carries its headers and the page's configuration."""
    answer: Any = asyncio.run(Page(Path(), AUTHORITY).config(None))  # type: ignore[arg-type]
    return answer  # type: ignore[no-any-return]


def asked_for(uri: str) -> dict[str, Any]:
    """Return what the edge's function makes of a request."""
    code = RESOURCES["PageRoutes"]["Properties"]["FunctionCode"]["Fn::Sub"]
    code = code.replace("${IdentityIssuer}", AUTHORITY)
    event = json.dumps({"request": {"uri": uri, "headers": {}}})
    ran = subprocess.run(  # noqa: S603 - our own code
        [
            str(Path(sys.executable).parent / "node"),
            "-e",
            f"{code}; console.log(JSON.stringify(handler({event})))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(ran.stdout)
    return made


def test_the_api_is_never_kept_but_for_its_public_answers() -> None:
    assert list(BEHAVIORS) == ["/v1/status", "/v1/issuers", "/v1/*"]
    api = BEHAVIORS["/v1/*"]
    assert api["CachePolicyId"] == CACHING_DISABLED
    assert api["OriginRequestPolicyId"] == ALL_BUT_HOST
    assert set(api["AllowedMethods"]) >= {"GET", "POST", "PUT", "DELETE"}


@pytest.mark.parametrize("path", ["/v1/status", "/v1/issuers"])
def test_public_answers_are_kept_as_long_as_they_say_themselves(path: str) -> None:
    assert refers_to(BEHAVIORS[path]["CachePolicyId"], "PublicAnswers")
    policy = RESOURCES["PublicAnswers"]["Properties"]["CachePolicyConfig"]
    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
    longest = list_issuers({"requestContext": {}}, None)["headers"]["cache-control"]
    assert f"max-age={policy['MaxTTL']}" in longest


@pytest.mark.parametrize("path", ["/v1/status", "/v1/issuers"])
def test_nothing_of_a_request_gets_past_the_cache_or_into_it(path: str) -> None:
    assert "OriginRequestPolicyId" not in BEHAVIORS[path]
    policy = RESOURCES["PublicAnswers"]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["CookiesConfig"]["CookieBehavior"] == "none"
    assert key["HeadersConfig"]["HeaderBehavior"] == "none"
    assert key["QueryStringsConfig"]["QueryStringBehavior"] == "none"


def test_a_refusal_of_the_api_is_never_made_a_page() -> None:
    for error in DISTRIBUTION["CustomErrorResponses"]:
        assert "ResponsePagePath" not in error
        assert error["ErrorCachingMinTTL"] == 0


@pytest.mark.parametrize("path", BEHAVIORS)
def test_a_token_in_clear_is_refused_and_not_redirected(path: str) -> None:
    assert BEHAVIORS[path]["ViewerProtocolPolicy"] == "https-only"


def test_the_edge_waits_as_long_as_the_local_server() -> None:
    [api] = [one for one in DISTRIBUTION["Origins"] if one["Id"] == "api"]
    assert api["CustomOriginConfig"]["OriginReadTimeout"] == READ_TIMEOUT_SECONDS
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_the_api_may_know_the_edge_by_its_certificate() -> None:
    [api] = [one for one in DISTRIBUTION["Origins"] if one["Id"] == "api"]
    condition, shown, otherwise = api["CustomOriginConfig"]["OriginMtlsConfig"]["Fn::If"]
    assert condition == "IsKnownToApi"
    assert refers_to(shown["ClientCertificateArn"], "ApiClientCertificate")
    assert refers_to(otherwise, "AWS::NoValue")


def test_only_the_edge_reads_the_page() -> None:
    bucket = RESOURCES["Page"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    statements = RESOURCES["PagePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    [allowed] = [one for one in statements if one["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert "${Edge}" in allowed["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]
    [page] = [one for one in DISTRIBUTION["Origins"] if one["Id"] == "page"]
    assert refers_to(page["OriginAccessControlId"], "PageAccess")


def test_the_page_is_kept_as_long_as_its_files_say() -> None:
    assert PAGE_BEHAVIOR["CachePolicyId"] == CACHING_OPTIMIZED
    assert PAGE_BEHAVIOR["ViewerProtocolPolicy"] == "redirect-to-https"


@pytest.mark.parametrize("uri", ["/", "/index.html", "/cash", "/autopay/orders/ord_1"])
def test_a_path_of_the_pages_own_is_the_page(uri: str) -> None:
    assert asked_for(uri)["uri"] == "/index.html"


@pytest.mark.parametrize("uri", ["/assets/index-1a2b.js", "/favicon.svg", "/missing.css"])
def test_a_file_is_the_file_and_never_the_page(uri: str) -> None:
    assert asked_for(uri)["uri"] == uri


def test_the_page_is_told_of_its_surroundings_as_locally(local_answer: web.Response) -> None:
    told = asked_for("/config.json")
    assert told["statusCode"] == 200
    assert isinstance(local_answer.body, bytes)
    assert json.loads(told["body"]) == json.loads(local_answer.body)
    assert told["headers"]["cache-control"]["value"] == local_answer.headers["Cache-Control"]


def test_the_pages_headers_are_those_of_the_local_server(local_answer: web.Response) -> None:
    policy = RESOURCES["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    text, values = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    assert values["Identity"]["Fn::Select"][0] == 2
    sent = {
        "content-security-policy": text.replace("${Identity}", AUTHORITY.split("/")[2]),
        "x-content-type-options": "nosniff",
        "x-frame-options": security["FrameOptions"]["FrameOption"],
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "strict-transport-security": f"{security['StrictTransportSecurity']}",
        **{one["Header"].lower(): one["Value"] for one in policy["CustomHeadersConfig"]["Items"]},
    }
    of_files = {
        name.lower(): value
        for name, value in local_answer.headers.items()
        if name.lower() not in {"cache-control", "content-type", "content-length"}
    }
    assert {name: sent[name] for name in sent.keys() - ONLY_AT_THE_EDGE} == of_files
    assert all(
        one["Override"] for one in (*security.values(), *policy["CustomHeadersConfig"]["Items"])
    )
    assert refers_to(PAGE_BEHAVIOR["ResponseHeadersPolicyId"], "PageHeaders")


def test_browsers_come_back_encrypted_for_a_year() -> None:
    policy = RESOURCES["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    strict = policy["SecurityHeadersConfig"]["StrictTransportSecurity"]
    assert strict["AccessControlMaxAgeSec"] >= 31_536_000


def test_the_firewall_stands_before_page_and_api() -> None:
    assert RESOURCES["Firewall"]["Properties"]["Scope"] == "CLOUDFRONT"
    assert refers_to(DISTRIBUTION["WebACLId"], "Firewall", "Arn")


def test_the_firewall_shuts_no_country_out() -> None:
    assert "Geo" not in str(RULES)
    assert "Restrictions" not in DISTRIBUTION


def test_an_address_may_hold_as_many_people_as_a_carrier_puts_behind_one() -> None:
    limit = EDGE["Parameters"]["RequestsPerAddress"]["Default"]
    asks_of_one = 11
    assert limit / asks_of_one >= 9_000
    # And cannot take the API's rate for itself.
    assert limit / 300 <= 10_000 / 25


def test_an_address_that_is_refused_reads_a_problem_and_when_to_come_back() -> None:
    response = RULES["address"]["Action"]["Block"]["CustomResponse"]
    assert response["ResponseCode"] == 429
    assert response["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "60"}]
    bodies = RESOURCES["Firewall"]["Properties"]["CustomResponseBodies"]
    problem = json.loads(bodies[response["CustomResponseBodyKey"]]["Content"])
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
    assert problem["status"] == 429


def test_what_the_handlers_measure_the_firewall_does_not() -> None:
    overrides = RULES["common"]["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
    counted = {one["Name"] for one in overrides if "Count" in one["ActionToUse"]}
    assert counted == {"SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING"}
    assert all("Count" not in one.get("OverrideAction", {}) for one in RULES.values())


def test_the_edge_keeps_no_addresses_paths_or_tokens() -> None:
    assert "Logging" not in DISTRIBUTION
    firewall = RESOURCES["Firewall"]["Properties"]
    seen = [firewall["VisibilityConfig"], *(one["VisibilityConfig"] for one in RULES.values())]
    assert not any(one["SampledRequestsEnabled"] for one in seen)


def test_the_edges_alarms_reach_the_operator() -> None:
    alarms = [
        one["Properties"] for one in RESOURCES.values() if one["Type"] == "AWS::CloudWatch::Alarm"
    ]
    assert {one["MetricName"] for one in alarms} == {"5xxErrorRate", "BlockedRequests"}
    for alarm in alarms:
        assert refers_to(alarm["AlarmActions"][0], "AlarmTopic")
        assert alarm["TreatMissingData"] == "notBreaching"


def test_old_pages_can_be_put_back() -> None:
    assert RESOURCES["Page"]["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_references_lead_somewhere() -> None:
    names = {*RESOURCES, *EDGE["Parameters"]}
    for found in re.findall(r"'Ref': '([^']+)'", str(RESOURCES)):
        assert found in names or found.startswith("AWS::"), found
