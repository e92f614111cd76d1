"""The bodies that query's operations take.

The source of ``openapi.yaml`` and of ``request_schemas.json``, by which handlers
check bodies (``modupoint.validation``); not imported by any handler.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, WithJsonSchema

from modupoint.issuers import ISSUERS
from modupoint.operation import RequestModel
from query.terms import NEEDED

_MOST_WON = 1_000_000_000


def _needed_if_enabled(**schemas: Any) -> ConfigDict:  # noqa: ANN401 - JSON Schema
    """Return the rule that who switches something on says all about it."""
    return ConfigDict(
        json_schema_extra={
            "if": {"properties": {"enabled": {"const": True}}, "required": ["enabled"]},
            "then": {"properties": schemas, "required": list(schemas)},
        }
    )


def _nullable_integer(**limits: int) -> WithJsonSchema:
    # One schema that allows null, so that a wrong number is named by its own place.
    return WithJsonSchema({"type": ["integer", "null"], **limits})


class ConsentRequest(RequestModel):
    """The agreement: which version of the terms, and to which of its three texts."""

    terms_version: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$", min_length=1, max_length=32)
    ]
    agreed: Annotated[
        list[Literal["service", "third_party_provision", "delegation"]],
        Field(
            max_length=len(NEEDED),
            json_schema_extra={"allOf": [{"contains": {"const": one}} for one in NEEDED]},
        ),
    ]


class LookupRequest(RequestModel):
    """Which issuers to ask (all if absent) and how old an earlier lookup may be."""

    # One schema that allows null, so that a wrong code is named by its own place.
    issuers: Annotated[
        list[str] | None,
        WithJsonSchema(
            {
                "type": ["array", "null"],
                "items": {"type": "string", "enum": list(ISSUERS)},
                "minItems": 1,
                "maxItems": 100,
            }
        ),
    ] = None
    max_age_seconds: Annotated[int, Field(ge=0, le=600)] = 60


class ExpiryAlertsRequest(RequestModel):
    """Whether to tell the member of points about to expire, and how many months before."""

    model_config = _needed_if_enabled(lead_months={"type": "integer"})

    enabled: bool
    lead_months: Annotated[int | None, _nullable_integer(minimum=1, maximum=6)] = None


class AutoCashoutRequest(RequestModel):
    """Whether to turn points about to expire into cash, where, and from how many won on."""

    model_config = _needed_if_enabled(
        account_id={"type": "string"}, minimum_amount={"type": "integer"}
    )

    enabled: bool
    account_id: Annotated[
        str | None, WithJsonSchema({"type": ["string", "null"], "minLength": 1, "maxLength": 64})
    ] = None
    minimum_amount: Annotated[int | None, _nullable_integer(minimum=0, maximum=_MOST_WON)] = None
