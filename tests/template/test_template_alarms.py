"""An alarm nobody hears is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.issuers import ISSUERS
from tests.template.expanded_template import TEMPLATE
from tests.template.roles import FUNCTIONS

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

SILENCE_ALARMS = {"SweepSilentAlarm": "ReleaseDueLegs", "OrdersSweepSilentAlarm": "PollOrders"}


def test_every_alarm_reaches_the_operator(production: Expanded) -> None:
    for alarm in production.all("AWS::CloudWatch::Alarm"):
        assert alarm.properties["AlarmActions"] == [{"Ref": "AlarmTopic"}], alarm.name
        assert alarm.properties.get("ActionsEnabled", True) is True, alarm.name


def test_every_alarm_says_what_is_wrong_and_has_a_name_of_its_own(production: Expanded) -> None:
    alarms = production.all("AWS::CloudWatch::Alarm")
    names = [alarm.properties["AlarmName"] for alarm in alarms]
    assert len(set(map(str, names))) == len(alarms)
    for alarm in alarms:
        assert alarm.properties["AlarmDescription"], alarm.name


def test_operators_read_what_to_do_about_every_alarm(production: Expanded) -> None:
    read = (TEMPLATE.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    stack = production["PollOrders"].properties["FunctionName"].removesuffix("PollOrders")
    for alarm in production.all("AWS::CloudWatch::Alarm"):
        name = str(alarm.properties["AlarmName"]).removeprefix(stack)
        kind, _, of = name.rpartition("-")
        generic = f"{kind}-<issuer>" if of in ISSUERS else f"{kind}-<function>"
        assert f"`{generic if of in {*ISSUERS, *FUNCTIONS} else name}`" in read, name


def test_silence_is_alarmed_only_where_something_must_happen_every_minute(
    production: Expanded,
) -> None:
    for alarm in production.all("AWS::CloudWatch::Alarm"):
        missing = "breaching" if alarm.name in SILENCE_ALARMS else "notBreaching"
        assert alarm.properties["TreatMissingData"] == missing, alarm.name


def test_whatever_must_happen_every_minute_has_an_alarm_for_its_silence(
    production: Expanded,
) -> None:
    every_minute = {
        one.properties["Target"]["Arn"]["Fn::GetAtt"][0]
        for one in production.all("AWS::Scheduler::Schedule")
        if one.properties["ScheduleExpression"] == "rate(1 minute)"
    }
    assert every_minute == set(SILENCE_ALARMS.values())


@pytest.mark.parametrize(("name", "sweep"), SILENCE_ALARMS.items())
def test_a_sweep_that_does_not_run_is_alarmed_within_minutes(
    production: Expanded, name: str, sweep: str
) -> None:
    # It repairs every crash (decision 8): nothing else would notice its absence.
    alarm = production[name].properties
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Invocations")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": sweep}}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("Sum", "LessThanThreshold")
    assert alarm["Threshold"] >= 1
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 600


@pytest.mark.parametrize(
    ("name", "metric", "service"),
    [
        ("LegsWithOperatorAlarm", "LegsWithOperator", "transfer"),
        ("OpenBreaksAlarm", "OpenBreaks", "transfer"),
        ("OrdersWithOperatorAlarm", "OrdersWithOperator", "autopay"),
    ],
)
def test_what_waits_for_a_person_is_alarmed_from_the_first_on(
    production: Expanded, name: str, metric: str, service: str
) -> None:
    alarm = production[name].properties
    assert (alarm["Namespace"], alarm["MetricName"]) == ("Modupoint", metric)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 0)
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
