"""How request bodies are read and JSON answers written, the same at every partner."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Strict(BaseModel):
    """A body whose fields are all known and of exactly the stated type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def real_day(value: str) -> str:
    """Pass on a ``YYYYMMDD`` that is a day; raise ``ValueError`` if it is none."""
    datetime.strptime(value, "%Y%m%d")  # noqa: DTZ007 - only its being a day matters
    return value


def real_time(value: str) -> str:
    """Pass on a ``YYYYMMDDhhmmss`` that is a time; raise ``ValueError`` if it is none."""
    datetime.strptime(value, "%Y%m%d%H%M%S")  # noqa: DTZ007 - only its being a time matters
    return value


type Day = Annotated[str, Field(pattern=r"^\d{8}$"), AfterValidator(real_day)]
type Stamp = Annotated[str, Field(pattern=r"^\d{14}$"), AfterValidator(real_time)]
type Cursor = Annotated[str, Field(pattern=r"^\d{0,18}$")]


class BadBodyError(Exception):
    """A body that cannot be understood; ``str()`` says why, field by field."""


async def read_body[M: BaseModel](request: web.Request, model: type[M]) -> M:
    """Read a request's body as JSON of a given shape.

    Raises
    ------
    BadBodyError
        If it is not JSON, or not of that shape.
    """
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise BadBodyError(explain(error)) from None


def explain(error: ValidationError) -> str:
    """Say what is wrong with a body, without repeating the values it held."""
    return "; ".join(
        f"{'.'.join(str(part) for part in detail['loc']) or 'body'}: {detail['msg']}"
        for detail in error.errors(include_url=False, include_input=False)
    )


def json_answer(
    body: Mapping[str, Any] | JsonValue, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Write an answer as UTF-8 JSON, Korean left readable."""
    return web.Response(
        text=json.dumps(body, ensure_ascii=False),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )
