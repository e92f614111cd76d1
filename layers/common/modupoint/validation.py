"""Request bodies against their JSON Schemas, with errors as problem documents.

The schemas are those of ``openapi.yaml``: written out of the request models by
``make generate`` and compiled here. So what the document says is what is
checked, to the letter, and no handler pays for pydantic at its cold start.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema

from modupoint.problems import FieldError, Problem

type Check = Callable[[dict[str, Any]], dict[str, Any]]

_ROOT = "body"
_PLACE = re.compile(r"^body\S*")


def request_check(schemas: Path, model: str) -> Check:
    """Return what checks a request body and fills in its defaults.

    Parameters
    ----------
    schemas
        A JSON file from model name to JSON Schema.
    model
        The body's model.

    Returns
    -------
    Check
        Takes a JSON object and returns it with defaults; raises ``Problem``
        ``invalid_request`` naming what is wrong first by its JSON pointer. Values
        that were sent are not repeated.
    """
    schema = json.loads(schemas.read_text(encoding="utf-8"))[model]
    compiled = fastjsonschema.compile(schema)

    def check(body: dict[str, Any]) -> dict[str, Any]:
        try:
            checked: dict[str, Any] = compiled(body, name_prefix=_ROOT)
        except fastjsonschema.JsonSchemaValueException as error:
            raise Problem("invalid_request", _wrong_places(error)) from None
        return checked

    return check


def _wrong_places(error: fastjsonschema.JsonSchemaValueException) -> list[FieldError]:
    """Say what is wrong where; names that are missing or unknown get a place each."""
    place = _pointer(error.path[1:])
    match error.rule:
        case "required":
            names = [name for name in error.rule_definition if name not in error.value]
            return [FieldError(pointer=place + _pointer([one]), detail="Missing.") for one in names]
        case "additionalProperties":
            names = [name for name in error.value if name not in error.definition["properties"]]
            return [FieldError(pointer=place + _pointer([one]), detail="Unknown.") for one in names]
        case "contains":
            needed = json.dumps(error.rule_definition["const"])
            return [FieldError(pointer=place, detail=f"Must contain {needed}.")]
        case _:
            detail = _PLACE.sub("", error.message, count=1).strip().capitalize()
            return [FieldError(pointer=place, detail=f"{detail}.")]


def _pointer(path: list[str]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in parts)
