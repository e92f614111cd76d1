"""One runbook for each kind of alarm, and the alarm says where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.template.expanded_template import TEMPLATE, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = TEMPLATE.parent
RUNBOOKS = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
PARTS = ("**Means.**", "**Look first.**", "**Do.**", "**Over when**")


def alarms_in(resources: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the properties of every alarm as written, those of a loop once."""
    for resource in resources.values():
        if isinstance(resource, list):
            yield from alarms_in(resource[2])
        elif resource["Type"] == "AWS::CloudWatch::Alarm":
            yield resource["Properties"]


def kind_of(alarm: dict[str, Any]) -> str:
    """Return the name without the stack, and with what a loop goes over in angle brackets."""
    name = str(alarm["AlarmName"]["Fn::Sub"]).removeprefix("${AWS::StackName}-")
    return re.sub(r"\$\{(\w+)\}", lambda found: f"<{found[1].lower()}>", name)


def anchor_of(kind: str) -> str:
    """Return where a heading is reached, as forges make it."""
    return re.sub(r"[^a-z0-9-]", "", kind)


ALARMS = {
    kind_of(alarm): alarm
    for template in (TEMPLATE, ROOT / "edge.yaml")
    for alarm in alarms_in(parsed(template.read_text(encoding="utf-8"))["Resources"])
}
SECTIONS = dict(re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", RUNBOOKS, re.MULTILINE | re.DOTALL))


def test_every_kind_of_alarm_has_its_runbook_and_every_runbook_its_alarm() -> None:
    assert len(ALARMS) >= 15
    assert set(SECTIONS) == set(ALARMS)
    assert RUNBOOKS.count("\n## `") == len(SECTIONS)


@pytest.mark.parametrize("kind", ALARMS)
def test_an_alarm_says_where_its_runbook_is(kind: str) -> None:
    said = ALARMS[kind]["AlarmDescription"]
    assert said.endswith(f"(docs/runbooks.md#{anchor_of(kind)})")


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_runbook_says_what_it_means_where_to_look_what_to_do_and_when_it_is_over(
    kind: str,
) -> None:
    places = [SECTIONS[kind].find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_runbook_sends_nobody_to_what_is_not_there(kind: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", SECTIONS[kind]):
        file, _, anchor = target.partition("#")
        page = ROOT / "docs" / (file or "runbooks.md")
        headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}
        assert not anchor or anchor in anchors, target


@pytest.mark.parametrize("command", sorted(set(re.findall(r'ARGS="([\w-]+)', RUNBOOKS))))
def test_an_operators_command_in_a_runbook_is_there(command: str) -> None:
    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert re.search(rf"\| `{command}\b", operating)
