"""The bodies that query's operations take. Also the source of ``openapi.yaml``."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from modupoint.issuers import ISSUERS
from modupoint.validation import RequestModel
from query.terms import NEEDED


def _known_issuer(code: str) -> str:
    if code not in ISSUERS:
        raise ValueError("no such issuer")
    return code


def _all_needed(agreed: list[str]) -> list[str]:
    missing = [one for one in NEEDED if one not in agreed]
    if missing:
        raise ValueError(f"all of {', '.join(NEEDED)} are needed; missing: {', '.join(missing)}")
    return agreed


type IssuerCode = Annotated[
    str, AfterValidator(_known_issuer), Field(json_schema_extra={"enum": list(ISSUERS)})
]


class ConsentRequest(RequestModel):
    """The agreement: which version of the terms, and to which of its three texts."""

    terms_version: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$", min_length=1, max_length=32)
    ]
    agreed: Annotated[
        list[Literal["service", "third_party_provision", "delegation"]],
        AfterValidator(_all_needed),
        Field(
            max_length=len(NEEDED),
            json_schema_extra={
                "allOf": [{"contains": {"const": one}} for one in NEEDED],
            },
        ),
    ]


class LookupRequest(RequestModel):
    """Which issuers to ask (all if absent) and how old an earlier lookup may be."""

    issuers: Annotated[list[IssuerCode], Field(min_length=1, max_length=100)] | None = None
    max_age_seconds: Annotated[int, Field(ge=0, le=600)] = 60
