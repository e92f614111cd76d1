"""Request bodies through pydantic models, with errors as problem documents."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from modupoint.problems import FieldError, Problem


class RequestModel(BaseModel):
    """A request body: nothing is coerced, nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def parse[Model: BaseModel](model: type[Model], body: dict[str, Any]) -> Model:
    """Return a request body as its model.

    Raises
    ------
    Problem
        ``invalid_request``, naming each wrong place by its JSON pointer. The
        values sent are not repeated.
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise Problem(
            "invalid_request",
            [FieldError(pointer=_pointer(one["loc"]), detail=one["msg"]) for one in found],
        ) from None


def _pointer(location: tuple[int | str, ...]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)
