"""HTTP API requests and answers, as plain values.

A handler takes a ``Request``, returns an ``Answer`` or raises a ``Problem``;
``operation`` does the rest. No resolver: the gateway routes one operation to
one function, so there is nothing left to resolve.
"""

import base64
import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from modupoint.aws import error_name
from modupoint.clock import real_ms
from modupoint.problems import FieldError, Language, Problem
from modupoint.telemetry import logger

_MEMBER_KEY_BYTES = 16
_RECENT_SIGN_IN_S = 600
_CLOCK_SKEW_S = 60


def member_key(subject: str) -> str:
    """Return the pseudonymous key of a member, from the token's ``sub``.

    Every item of a member is stored under this key, so that another member's
    id finds nothing (architecture decision 4).
    """
    digest = hashlib.blake2b(
        subject.encode(), digest_size=_MEMBER_KEY_BYTES, person=b"modupoint.member"
    )
    return f"M#{digest.hexdigest()}"


_NONE: Mapping[str, str] = MappingProxyType({})


class Request(NamedTuple):
    """One request that has passed the gateway's authorizer.

    ``claims`` are the verified claims of the access token (empty on the public
    routes); ``path`` the path parameters; ``query`` those of the query string;
    ``body`` the decoded body, as sent.
    """

    claims: dict[str, str]
    headers: dict[str, str]
    path: dict[str, str]
    body: bytes
    query: Mapping[str, str] = _NONE

    @property
    def subject(self) -> str:
        """The token's ``sub``; a token without one speaks for nobody (``sign_in_required``)."""
        subject = self.claims.get("sub")
        if not subject:
            raise Problem("sign_in_required")
        return subject

    @property
    def member(self) -> str:
        """The member's partition key."""
        return member_key(self.subject)

    @property
    def access_token(self) -> str:
        """The bearer token the member sent."""
        return self.headers.get("authorization", "").partition(" ")[2].strip()

    def require_recent_sign_in(self) -> None:
        """Refuse who signed in more than ten minutes ago: money and orders need more (R-M4).

        Token times are real time, whatever the business clock says.

        Raises
        ------
        Problem
            ``reauthentication_required``.
        """
        try:
            age_s = real_ms() // 1000 - int(self.claims.get("auth_time", ""))
        except ValueError:
            raise Problem("reauthentication_required") from None
        if not -_CLOCK_SKEW_S <= age_s <= _RECENT_SIGN_IN_S:
            raise Problem("reauthentication_required")

    def json_object(self, *, default: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the body as a JSON object.

        Parameters
        ----------
        default
            What an empty body means; None if a body is needed.

        Raises
        ------
        Problem
            ``invalid_request`` if the body is not a JSON object in UTF-8.
        """
        if not self.body.strip() and default is not None:
            return default
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise _not_an_object("The body is not valid JSON.") from None
        if not isinstance(value, dict):
            raise _not_an_object("The body must be a JSON object.")
        return value


class Answer(NamedTuple):
    """What an operation answers: a status, a JSON body (None for no body) and headers."""

    status: int
    body: dict[str, Any] | None = None
    headers: Mapping[str, str] = _NONE


type Operation = Callable[[Request], Answer]
type LambdaHandler = Callable[[dict[str, Any], object], dict[str, Any]]


def operation(handle: Operation) -> LambdaHandler:
    """Turn an operation into the Lambda handler of an HTTP API route.

    Parameters
    ----------
    handle
        Takes the request, returns the answer, raises ``Problem`` to refuse.

    Returns
    -------
    LambdaHandler
        Takes a payload-2.0 event. Whatever goes wrong, it answers with a
        problem document and logs the cause without the request's content.
    """

    @functools.wraps(handle)
    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
        try:
            return _reply(handle(_request(event)))
        except Problem as problem:
            logger.info("refused", extra={"code": problem.code, "route": event.get("routeKey")})
            return _refusal(problem, event)
        except Exception as error:  # noqa: BLE001 - the last boundary: a person waits for an answer
            # The type and the place tell an engineer where to look; the text of
            # a foreign exception may quote personal data, so it stays out.
            logger.error(
                "failed",
                extra={
                    "route": event.get("routeKey"),
                    "error": error_name(error),
                    "at": _place(error),
                    "request_id": getattr(context, "aws_request_id", None),
                },
            )
            return _refusal(Problem("internal_error"), event)

    return handler


def _request(event: dict[str, Any]) -> Request:
    authorizer = event["requestContext"].get("authorizer") or {}
    return Request(
        claims=(authorizer.get("jwt") or {}).get("claims") or {},
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        path=event.get("pathParameters") or {},
        body=_body(event),
        query=event.get("queryStringParameters") or {},
    )


def _body(event: dict[str, Any]) -> bytes:
    raw = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(raw).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(raw, validate=True)
    except ValueError:
        raise _not_an_object("The body cannot be decoded.") from None


def _reply(answer: Answer) -> dict[str, Any]:
    if answer.body is None:
        return {"statusCode": answer.status, "headers": {**answer.headers}}
    return _json(answer.status, "application/json", answer.body, answer.headers)


def _refusal(problem: Problem, event: dict[str, Any]) -> dict[str, Any]:
    language = _language(event)
    headers = {"content-language": language, "vary": "accept-language"}
    if problem.retry_after_s is not None:
        headers["retry-after"] = str(problem.retry_after_s)
    return _json(problem.status, "application/problem+json", problem.document(language), headers)


def _language(event: dict[str, Any]) -> Language:
    """Korean unless English is what the client names first."""
    wanted = next(
        (
            value
            for name, value in (event.get("headers") or {}).items()
            if name.lower() == "accept-language"
        ),
        "",
    )
    return "en" if wanted.strip().lower().startswith("en") else "ko"


def _json(
    status: int, content_type: str, body: dict[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "statusCode": status,
        # Personal answers stay out of every cache unless an operation says otherwise.
        "headers": {"content-type": content_type, "cache-control": "no-store", **headers},
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }


def _not_an_object(detail: str) -> Problem:
    return Problem("invalid_request", [FieldError(pointer="", detail=detail)])


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    code = trace.tb_frame.f_code
    return f"{code.co_qualname}:{trace.tb_lineno}"
