"""The system's own structure, as ``template.yaml`` deploys it to production."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.template import ROOT


@dataclass(frozen=True, slots=True)
class Structure:
    """What of the template an opening day depends on.

    Memory in MB; rates in requests a second. ``warm_writes_per_s`` and
    ``warm_reads_per_s`` are what the members' table is set up to take at once, None
    where the template leaves it to DynamoDB.
    """

    issuers: tuple[str, ...]
    lane_concurrency: int
    transfer_lane_concurrency: int
    batch_size: int
    visibility_s: int
    deliveries: int
    worker_memory_mb: int
    worker_timeout_s: int
    api_memory_mb: int
    api_requests_per_s: int
    api_burst: int
    warm_writes_per_s: int | None
    warm_reads_per_s: int | None


class _Loader(yaml.SafeLoader):
    """YAML that keeps ``!Ref`` and ``!If`` as what they are, and drops the rest."""


def _kept(loader: _Loader, tag: str, node: yaml.Node) -> Any:  # noqa: ANN401 - any YAML
    if tag == "Ref" and isinstance(node, yaml.ScalarNode):
        return {"Ref": loader.construct_scalar(node)}
    if tag == "If" and isinstance(node, yaml.SequenceNode):
        return {"If": loader.construct_sequence(node, deep=True)}
    return None


_Loader.add_multi_constructor("!", _kept)

_TRUE_IN_PRODUCTION = {"IsProduction": True, "IsLocal": False}


def read_structure(
    template: Path = ROOT / "template.yaml", parameters: dict[str, int] | None = None
) -> Structure:
    """Return the structure of a production stack.

    Parameters
    ----------
    parameters
        Values for the stack's parameters; the template's defaults for the others.
    """
    content: dict[str, Any] = yaml.load(template.read_text(encoding="utf-8"), _Loader)  # noqa: S506
    defaults = {name: one.get("Default") for name, one in content["Parameters"].items()}
    values = defaults | (parameters or {})

    def number(value: Any) -> int | None:  # noqa: ANN401 - any YAML
        match value:
            case {"Ref": str() as name}:
                return number(values.get(name))
            case {"If": [str() as condition, yes, no]}:
                return number(yes if _TRUE_IN_PRODUCTION.get(condition) else no)
            case int() | str():
                return int(value)
            case _:
                return None

    def needed(value: Any) -> int:  # noqa: ANN401 - any YAML
        found = number(value)
        if found is None:
            raise ValueError(f"template.yaml says nothing that counts here: {value}")
        return found

    resources = content["Resources"]
    lane = resources["Fn::ForEach::Lanes"][2]
    queue = lane["${Issuer}LookupQueue"]["Properties"]
    mapping = lane["${Issuer}LookupMapping"]["Properties"]
    money = resources["Fn::ForEach::TransferLanes"][2]["${Issuer}TransferMapping"]["Properties"]
    worker = resources["AskIssuer"]["Properties"]
    throttle = resources["ApiStage"]["Properties"]["DefaultRouteSettings"]
    _, warm, _ = resources["MembersTable"]["Properties"]["WarmThroughput"]["If"]
    # No writes are the sign that the table is left to DynamoDB.
    warm_writes = number(warm["WriteUnitsPerSecond"]) or None
    return Structure(
        issuers=tuple(defaults["Issuers"].split(",")),
        lane_concurrency=needed(mapping["ScalingConfig"]["MaximumConcurrency"]),
        transfer_lane_concurrency=needed(money["ScalingConfig"]["MaximumConcurrency"]),
        batch_size=needed(mapping["BatchSize"]),
        visibility_s=needed(queue["VisibilityTimeout"]),
        deliveries=needed(queue["RedrivePolicy"]["maxReceiveCount"]),
        worker_memory_mb=needed(worker["MemorySize"]),
        worker_timeout_s=needed(worker["Timeout"]),
        api_memory_mb=needed(content["Globals"]["Function"]["MemorySize"]),
        api_requests_per_s=needed(throttle["ThrottlingRateLimit"]),
        api_burst=needed(throttle["ThrottlingBurstLimit"]),
        warm_writes_per_s=warm_writes,
        warm_reads_per_s=number(warm["ReadUnitsPerSecond"]) if warm_writes else None,
    )
