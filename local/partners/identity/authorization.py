"""What a client asks of the authorization endpoint, checked before anybody signs in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict

from local.partners.identity.tokens import CLIENT_ID, KNOWN_SCOPES

if TYPE_CHECKING:
    from multidict import MultiMapping

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS = re.compile(r"\d{1,9}")


class UntrustedClientError(Exception):
    """The request names no client that could be sent an answer; a person is told instead."""


class AuthorizationError(Exception):
    """The request is refused; the client is told by redirect (RFC 6749, section 4.1.2.1)."""

    def __init__(self, redirect_uri: str, state: str | None, error: str, text: str) -> None:
        super().__init__(text)
        self.redirect_uri = redirect_uri
        self.state = state
        self.error = error


class AuthorizationRequest(BaseModel):
    """A request that may go on to sign-in; ``max_age`` in seconds."""

    model_config = ConfigDict(frozen=True)

    redirect_uri: str
    state: str | None
    scope: str
    nonce: str | None
    code_challenge: str
    prompt: frozenset[str]
    max_age: int | None


def trusted(uri: str, own_host: str | None) -> bool:
    """Say whether a person may be sent to this URI.

    The client is not registered with any: this provider only ever serves one
    machine, so every port of it is the client's, and nothing else is.
    """
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and (host in LOOPBACK or host.endswith(".localhost") or host == own_host)
        and "@" not in parts.netloc
        and not parts.fragment
    )


def understand(parameters: MultiMapping[str], own_host: str | None) -> AuthorizationRequest:
    """Check an authorization request.

    Parameters
    ----------
    parameters
        Of the query or the form.
    own_host
        The host this provider itself is reached at.

    Raises
    ------
    UntrustedClientError
        If the client or its redirect URI is not to be trusted.
    AuthorizationError
        If anything else about it is wrong.
    """
    if len(parameters) != len(set(parameters)):
        raise UntrustedClientError("a parameter is given twice")
    if parameters.get("client_id") != CLIENT_ID:
        raise UntrustedClientError("client_id is not known")
    redirect_uri = parameters.get("redirect_uri", "")
    if not trusted(redirect_uri, own_host):
        raise UntrustedClientError("redirect_uri is not on this machine")
    if (flaw := _flaw(parameters)) is not None:
        raise AuthorizationError(redirect_uri, parameters.get("state"), *flaw)
    asked = parameters.get("scope", "").split()
    return AuthorizationRequest(
        redirect_uri=redirect_uri,
        state=parameters.get("state"),
        scope=" ".join(dict.fromkeys(scope for scope in asked if scope in KNOWN_SCOPES)),
        nonce=parameters.get("nonce"),
        code_challenge=parameters["code_challenge"],
        prompt=frozenset(parameters.get("prompt", "").split()),
        max_age=int(parameters["max_age"]) if "max_age" in parameters else None,
    )


def _flaw(parameters: MultiMapping[str]) -> tuple[str, str] | None:
    """Return the error code and text of the first thing wrong, if anything is."""
    prompt = parameters.get("prompt", "").split()
    asked = parameters.get("scope", "").split()
    flaws = (
        (
            parameters.get("response_type") != "code",
            ("unsupported_response_type", "response_type must be code"),
        ),
        (
            parameters.get("response_mode", "query") != "query",
            ("invalid_request", "response_mode must be query"),
        ),
        (
            parameters.get("code_challenge_method") != "S256"
            or not _CHALLENGE.fullmatch(parameters.get("code_challenge", "")),
            ("invalid_request", "PKCE is needed: code_challenge of 43 characters, method S256"),
        ),
        (
            not any(scope in KNOWN_SCOPES for scope in asked),
            ("invalid_scope", "no scope that is known here"),
        ),
        (
            "none" in prompt and len(prompt) > 1,
            ("invalid_request", "prompt=none stands alone"),
        ),
        (
            not _SECONDS.fullmatch(parameters.get("max_age", "0")),
            ("invalid_request", "max_age must be seconds"),
        ),
    )
    return next((flaw for wrong, flaw in flaws if wrong), None)


def answer_uri(redirect_uri: str, issuer: str, **answer: str | None) -> str:
    """Return where to send the browser with an answer (and RFC 9207's ``iss``)."""
    return with_query(redirect_uri, iss=issuer, **answer)


def with_query(uri: str, **parameters: str | None) -> str:
    """Add to a URI's query what is not ``None``, leaving the rest of it as it is."""
    given = {name: value for name, value in parameters.items() if value is not None}
    if not given:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(given)}"
