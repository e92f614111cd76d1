"""Authorization codes: good once, for a minute, with the verifier they were asked for by."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from jwt.utils import base64url_encode
from pydantic import BaseModel, ConfigDict

from local.partners.refusal import Refusal

if TYPE_CHECKING:
    from local.partners.documents import Documents

CODE_TTL_S = 60

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Grant(BaseModel):
    """What a code stands for: who signed in, for what, and who may redeem it."""

    model_config = ConfigDict(frozen=True)

    sub: str
    auth_time: int
    acr: str
    scope: str
    nonce: str | None
    redirect_uri: str
    code_challenge: str


class Codes:
    """The codes handed out and not yet redeemed.

    Parameters
    ----------
    documents
        Where they are kept, under the code's hash.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def issue(self, grant: Grant) -> str:
        """Return a new code for a grant."""
        code = secrets.token_urlsafe(32)
        await self._documents.put(_hash(code), grant.model_dump_json(), CODE_TTL_S)
        return code

    async def redeem(self, code: str, redirect_uri: str, verifier: str) -> Grant:
        """Exchange a code for its grant; the code is gone whatever comes of it.

        Raises
        ------
        Refusal
            400 ``invalid_grant`` if the code is unknown, used or too old, if the
            redirect URI is another than it was asked for with, or if the
            verifier is not the challenge's (RFC 7636, S256).
        """
        body = await self._documents.take(_hash(code))
        if body is None:
            raise Refusal(400, "invalid_grant", "the code is unknown, used or too old")
        grant = Grant.model_validate_json(body)
        if redirect_uri != grant.redirect_uri:
            raise Refusal(400, "invalid_grant", "redirect_uri is not the one the code was given to")
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(
            challenge_of(verifier).encode(), grant.code_challenge.encode()
        ):
            raise Refusal(400, "invalid_grant", "code_verifier does not match")
        return grant


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    return base64url_encode(hashlib.sha256(verifier.encode()).digest()).decode()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
