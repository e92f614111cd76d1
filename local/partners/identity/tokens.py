"""Access tokens and ID tokens (partner contracts, section 4)."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from local.partners.identity.keys import SigningKey

CLIENT_ID = "modupoint"
MOBILE = "kr:mobile"
CERTIFICATE = "kr:certificate"

RESOURCE_SCOPES = ("points:read", "points:transfer", "autopay")
KNOWN_SCOPES = frozenset({"openid", "profile", *RESOURCE_SCOPES})

ACCESS_TOKEN_TTL_S = 1800


class InvalidTokenError(Exception):
    """A token that is not ours, not for us, or not valid any more."""


@dataclass(frozen=True)
class SignIn:
    """A person's proof of who they are; ``auth_time`` is epoch seconds of real time."""

    sub: str
    auth_time: int
    acr: str = MOBILE


class Tokens:
    """Makes and checks tokens.

    Parameters
    ----------
    key
        Signs them.
    issuer
        The ``iss`` they carry: ``{partners}/identity``.
    """

    def __init__(self, key: SigningKey, issuer: str) -> None:
        self._key = key
        self.issuer = issuer

    def access_token(
        self, sign_in: SignIn, scope: str, expires_in_s: int = ACCESS_TOKEN_TTL_S
    ) -> str:
        """Return an access token; with a negative lifetime, one that has expired."""
        return self._sign(sign_in, expires_in_s, {"scope": scope})

    def id_token(
        self, sign_in: SignIn, access_token: str, nonce: str | None, name: str | None
    ) -> str:
        """Return an ID token bound to the access token beside it.

        Parameters
        ----------
        sign_in
            Who, when and how.
        access_token
            Bound by ``at_hash``.
        nonce
            The client's, if it sent one.
        name
            The person's, if the scope has ``profile``. The CI is never in a token.
        """
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        extra = {"at_hash": base64url_encode(half).decode(), "nonce": nonce, "name": name}
        given = {claim: value for claim, value in extra.items() if value is not None}
        return self._sign(sign_in, ACCESS_TOKEN_TTL_S, given)

    def sub_of(self, access_token: str) -> str:
        """Return whose access token this is.

        Raises
        ------
        InvalidTokenError
            If it is forged, expired, for somebody else, or an ID token.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                access_token,
                self._key.public,
                algorithms=["RS256"],
                audience=CLIENT_ID,
                issuer=self.issuer,
                options={"require": ["exp", "iat", "sub", "scope"]},
            )
        except jwt.PyJWTError as error:
            raise InvalidTokenError(str(error)) from None
        return str(claims["sub"])

    def _sign(self, sign_in: SignIn, expires_in_s: int, extra: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": sign_in.sub,
            # An expired token was issued before it expired.
            "iat": min(now, now + expires_in_s),
            "exp": now + expires_in_s,
            "auth_time": sign_in.auth_time,
            "acr": sign_in.acr,
            **extra,
        }
        return jwt.encode(claims, self._key.private, "RS256", {"kid": self._key.kid})
