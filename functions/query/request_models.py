"""The bodies that query's operations take.

The source of ``openapi.yaml`` and of ``request_schemas.json``, by which handlers
check bodies (``modupoint.validation``); not imported by any handler.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from modupoint.issuers import ISSUERS
from modupoint.operation import RequestModel
from query.terms import NEEDED


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
