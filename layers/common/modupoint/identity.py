"""The identity provider's userinfo: who a signed-in member is (partner contract, section 4).

Called by the server only; the CI never reaches the browser.
"""

from dataclasses import dataclass, field
from typing import Any

from modupoint.partner import Outcome, PartnerAnswer, PartnerTransport
from modupoint.problems import Problem
from modupoint.telemetry import logger

_DISCOVERY_PATH = "/.well-known/openid-configuration"
_TIMEOUT_S = 5.0
_RETRY_AFTER_S = 5
_CI_LENGTH = 88
_TOKEN_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the identity provider knows them. ``birthdate`` is ``YYYYMMDD``."""

    ci: str = field(repr=False)
    name: str = field(repr=False)
    birthdate: str = field(repr=False)


class IdentityProvider:
    """Userinfo of one OpenID provider, found through its discovery document."""

    def __init__(self, issuer: str, transport: PartnerTransport) -> None:
        self._issuer = issuer.rstrip("/")
        self._transport = transport
        self._userinfo_url = ""

    def userinfo(self, access_token: str, subject: str) -> Person:
        """Return the person a token speaks for.

        Raises
        ------
        Problem
            ``sign_in_required`` if the provider refuses the token,
            ``identity_unavailable`` if it does not answer as it should.
        """
        if not self._userinfo_url:
            discovery = self._get(self._issuer + _DISCOVERY_PATH, {})
            self._userinfo_url = _text(discovery.body, "userinfo_endpoint")
        answer = self._get(self._userinfo_url, {"authorization": f"Bearer {access_token}"})
        person = answer.body
        if _text(person, "sub") != subject:
            raise Problem("sign_in_required")
        ci = _text(person, "ci")
        if len(ci) != _CI_LENGTH:
            raise _unavailable("ci")
        return Person(ci, _text(person, "name"), _text(person, "birthdate"))

    def _get(self, url: str, headers: dict[str, str]) -> PartnerAnswer:
        answer = self._transport.call("GET", url, headers=headers, body=None, timeout_s=_TIMEOUT_S)
        if answer.status in _TOKEN_REFUSED:
            raise Problem("sign_in_required")
        if answer.outcome is not Outcome.ANSWERED or answer.status != 200:  # noqa: PLR2004 - HTTP OK
            raise _unavailable(answer.cause)
        return answer


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise _unavailable(name)
    return value


def _unavailable(cause: str) -> Problem:
    logger.warning("identity provider", extra={"cause": cause})
    return Problem("identity_unavailable", retry_after_s=_RETRY_AFTER_S)
