"""An operation of the public API as data, from which ``openapi.yaml`` is made."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict


class RequestModel(BaseModel):
    """A request body: nothing is coerced, nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Parameter(NamedTuple):
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


class Operation(NamedTuple):
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
    headers: Mapping[str, str] = MappingProxyType({})
