"""An alarm nobody hears is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded


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


def test_silence_is_not_alarmed(production: Expanded) -> None:
    for alarm in production.all("AWS::CloudWatch::Alarm"):
        assert alarm.properties["TreatMissingData"] == "notBreaching", alarm.name
