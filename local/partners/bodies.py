"""How request bodies are read and JSON answers written, the same at every partner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Strict(BaseModel):
    """A body whose fields are all known and of exactly the stated type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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
