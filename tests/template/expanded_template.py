"""``template.yaml`` as CloudFormation sees it: loops expanded, SAM's resources translated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samcli.lib.translate.sam_template_validator import (  # type: ignore[import-untyped]
    SamTemplateValidator,
)
from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"


class NoManagedPolicies:
    """The template names no SAM policy, so none has to be looked up at AWS."""

    def load(self) -> dict[str, str]:
        """Return none."""
        return {}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: ``name`` is its logical id."""

    name: str
    type: str
    properties: dict[str, Any]
    attributes: dict[str, Any]


class Expanded:
    """The resources of one stage."""

    def __init__(self, resources: dict[str, Any]) -> None:
        self._resources = {
            name: Resource(name, one["Type"], one.get("Properties", {}), one)
            for name, one in resources.items()
        }

    def __getitem__(self, name: str) -> Resource:
        return self._resources[name]

    def __contains__(self, name: str) -> bool:
        return name in self._resources

    def __len__(self) -> int:
        return len(self._resources)

    def all(self, kind: str) -> list[Resource]:
        """Return all resources of a type, at least one."""
        found = [one for one in self._resources.values() if one.type == kind]
        assert found, f"no {kind}"
        return found

    def alarms_on(self, metric: str, dimension: str, value: Any) -> list[Resource]:
        """Return the alarms on one metric of one thing."""
        return [
            alarm
            for alarm in self.all("AWS::CloudWatch::Alarm")
            if alarm.properties["MetricName"] == metric
            and alarm.properties.get("Dimensions") == [{"Name": dimension, "Value": value}]
        ]


def parsed(text: str) -> dict[str, Any]:
    """Return a template as it is written."""
    template: dict[str, Any] = yaml_parse(text)
    return template


def expanded(text: str, stage: str, parameters: Mapping[str, int | str] | None = None) -> Expanded:
    """Return what CloudFormation would be asked to make for a stage, with some parameters set."""
    validator = SamTemplateValidator(
        parsed(text),
        NoManagedPolicies(),
        region="ap-northeast-2",
        parameter_overrides={
            "Stage": stage,
            "IdentityIssuer": "https://id.example",
            "PartnersUrl": "http://127.0.0.1:4570",
            **(parameters or {}),
        },
        language_extensions_enabled=True,
    )
    return Expanded(parsed(validator.get_translated_template_if_valid())["Resources"])


def refers_to(value: Any, name: str, attribute: str | None = None) -> bool:
    """Whether a value is a reference to a resource, or to one attribute of it."""
    if attribute is None:
        return bool(value == {"Ref": name})
    return value in ({"Fn::GetAtt": [name, attribute]}, {"Fn::GetAtt": f"{name}.{attribute}"})


def in_list(value: Any) -> list[Any]:
    """Return what policies write as one thing or as a list of things."""
    return value if isinstance(value, list) else [value]
