"""An operation of the public API as data, from which ``openapi.yaml`` is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class RequestModel(BaseModel):
    """A request body: nothing is coerced, nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A header or a query parameter that an operation reads; ``schema`` is JSON Schema."""

    name: str
    place: Literal["header", "query"]
    schema: Mapping[str, Any]
    required: bool = False


IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    {"type": "string", "minLength": 1, "maxLength": 64},
    required=True,
)
"""What every operation that moves something takes."""
REPLAYED = {"Idempotency-Replayed": "true if this is the answer to an earlier request"}
"""What it says when the key was there before."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: what it takes, what it answers, what it refuses.

    Parameters
    ----------
    name
        The logical id of its function in ``template.yaml``.
    route
        Method and path, as the gateway's route key.
    scope
        The access token's scope it needs; None for a public route.
    answers
        The body's model by HTTP status; None for no body.
    refusals
        Codes of ``modupoint.problems.KINDS``.
    headers
        Headers of the answers, with what they mean.
    """

    name: str
    route: str
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    scope: str | None = None
    body: type[BaseModel] | None = None
    body_required: bool = True
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
