"""Every function has a role of its own, which may do what it does and no more (decision 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.template.expanded_template import in_list, refers_to
from tests.template.roles import ALLOWED, FUNCTIONS

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded


@pytest.fixture(params=FUNCTIONS)
def function(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def statements(production: Expanded, function: str) -> list[dict[str, Any]]:
    role = production[f"{function}Role"].properties
    return [
        statement
        for policy in role.get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def target(resource: Any) -> str:
    """Return what a policy's resource is, in one word."""
    if isinstance(resource, dict):
        [value] = resource.values()
        return str(value[0] if isinstance(value, list) else value)
    if resource.startswith("${"):  # an index of a table, written with !Sub
        return str(resource).replace("${", "").replace(".Arn}", "")
    _, _, service, _, _, name = str(resource).split(":", 5)
    last = name.rsplit("/", 1)[-1]
    return f"{service}:{last.removeprefix('local-')}"


def test_a_role_may_do_exactly_what_its_function_does(production: Expanded, function: str) -> None:
    allowed: dict[str, set[str]] = {}
    for statement in statements(production, function):
        assert statement["Effect"] == "Allow"
        for resource in in_list(statement["Resource"]):
            allowed.setdefault(target(resource), set()).update(in_list(statement["Action"]))
    assert allowed == ALLOWED[function]


def test_no_role_may_do_everything_or_anything_to_everything(
    production: Expanded, function: str
) -> None:
    for statement in statements(production, function):
        for action in in_list(statement["Action"]):
            assert action != "*"
            assert not action.endswith(":*")
        for resource in in_list(statement["Resource"]):
            assert resource != "*"
            assert isinstance(resource, dict) or not resource.endswith(":*")


def test_every_role_is_one_functions_and_only_lambda_takes_it(
    production: Expanded, function: str
) -> None:
    assert refers_to(production[function].properties["Role"], f"{function}Role", "Arn")
    role = production[f"{function}Role"].properties
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": ["lambda.amazonaws.com"]}
    assert role["ManagedPolicyArns"] == [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    ]


def test_a_schedule_may_start_its_function_and_nothing_else(production: Expanded) -> None:
    for schedule in production.all("AWS::Scheduler::Schedule"):
        target = schedule.properties["Target"]
        [name, _] = target["Arn"]["Fn::GetAtt"]
        assert target["RoleArn"] == {"Fn::GetAtt": [f"{schedule.name}Role", "Arn"]}
        role = production[f"{schedule.name}Role"].properties
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": ["scheduler.amazonaws.com"]}
        [policy] = role["Policies"]
        [statement] = policy["PolicyDocument"]["Statement"]
        assert in_list(statement["Action"]) == ["lambda:InvokeFunction"]
        assert refers_to(statement["Resource"], name, "Arn")
