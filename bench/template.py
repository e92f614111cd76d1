"""The functions of ``template.yaml``: what to import, with which environment."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]

WORKER = "worker"
API = "API handler"
SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its logical id.

    ``module`` holds its handler; ``variables`` are the names of its environment
    variables. ``kind`` says who waits for it: a person (a route), a queue, or nobody
    (a schedule).
    """

    name: str
    module: str
    variables: tuple[str, ...]
    kind: str
    memory_mb: int


class _Loader(yaml.SafeLoader):
    """YAML whose intrinsic functions (``!Ref``, ``!Sub``) do not matter here."""


_Loader.add_multi_constructor("!", lambda _loader, _tag, _node: None)


def functions(template: Path = ROOT / "template.yaml") -> Iterator[Function]:
    """Return every function of a template, in its order."""
    content: dict[str, Any] = yaml.load(template.read_text(), _Loader)  # noqa: S506 - a safe one
    common = content["Globals"]["Function"]["Environment"]["Variables"]
    usual_memory_mb = content["Globals"]["Function"]["MemorySize"]
    routes = content["Mappings"]["Routes"]
    for name, resource in content["Resources"].items():
        if not isinstance(resource, dict) or resource.get("Type") != "AWS::Serverless::Function":
            continue
        properties = resource["Properties"]
        own = properties.get("Environment", {}).get("Variables", {})
        module, _, _ = properties["Handler"].rpartition(".")
        without_route = SCHEDULE if "Events" in properties else WORKER
        kind = API if name in routes else without_route
        memory_mb = properties.get("MemorySize", usual_memory_mb)
        yield Function(name, module, (*common, *own), kind, memory_mb)
