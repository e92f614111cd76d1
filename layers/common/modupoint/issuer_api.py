"""The signed HTTP interface of the issuers (partner contract, section 1).

Signs and sends; what a body means is for the context that asked.
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

from modupoint.partner import PartnerAnswer, PartnerTransport, path_after
from modupoint.partner_secrets import Secret

_TRAN_ID_LENGTH = 25
_TRAN_ID_RANDOM_BYTES = 16


class IssuerCredential(NamedTuple):
    """Where an issuer is and with what its requests are signed."""

    base_url: str
    client_id: str
    key: str

    def __repr__(self) -> str:
        """Return what may be seen of it."""
        return f"IssuerCredential({self.base_url!r}, {self.client_id!r})"


class IssuerCredentials:
    """The issuers' addresses and keys, from one secret.

    The secret is a JSON object from issuer code to ``{base_url, client_id,
    key}``; the entry ``*`` serves every code without one of its own, and
    ``{code}`` in a base URL stands for the code.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def of(self, issuer: str) -> IssuerCredential:
        """Return an issuer's credential.

        Raises
        ------
        LookupError
            If the secret has neither an entry for the issuer nor ``*``.
        """
        entries = self._secret.read()
        entry = entries.get(issuer) or entries.get("*")
        if entry is None:
            raise LookupError(f"no credential for issuer {issuer}")
        base_url = entry["base_url"].replace("{code}", issuer)
        return IssuerCredential(base_url, entry["client_id"], entry["key"])


class IssuerApi:
    """Signed calls to issuers."""

    def __init__(self, transport: PartnerTransport, credentials: IssuerCredentials) -> None:
        self._transport = transport
        self._credentials = credentials

    def post(
        self, issuer: str, path: str, content: dict[str, Any], *, timeout_s: float
    ) -> PartnerAnswer:
        """POST a JSON object to ``path`` under the issuer's base URL.

        Raises
        ------
        LookupError
            If there is no credential for the issuer.
        """
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return self._call(issuer, "POST", path, body, timeout_s)

    def get(self, issuer: str, path: str, *, timeout_s: float) -> PartnerAnswer:
        """GET ``path``, with its query, under the issuer's base URL.

        Raises
        ------
        LookupError
            If there is no credential for the issuer.
        """
        return self._call(issuer, "GET", path, b"", timeout_s)

    def _call(
        self, issuer: str, method: str, path: str, body: bytes, timeout_s: float
    ) -> PartnerAnswer:
        credential = self._credentials.of(issuer)
        url = credential.base_url.rstrip("/") + path
        return self._transport.call(
            method,
            url,
            headers=signed_headers(credential, method, url, body),
            body=body or None,
            timeout_s=timeout_s,
        )


def signed_headers(
    credential: IssuerCredential, method: str, url: str, body: bytes
) -> dict[str, str]:
    """Return the headers of one signed request; its id is new each time.

    The timestamp is real time even where business time is moved (contract, section 5).
    """
    tran_id = base64.b32encode(secrets.token_bytes(_TRAN_ID_RANDOM_BYTES))[
        :_TRAN_ID_LENGTH
    ].decode()
    timestamp = datetime.now(UTC).isoformat(timespec="milliseconds")
    signed = "\n".join(
        [
            method,
            path_after(credential.base_url, url),
            timestamp,
            tran_id,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    mac = hmac.new(credential.key.encode(), signed.encode(), hashlib.sha256)
    return {
        "content-type": "application/json; charset=utf-8",
        "x-client-id": credential.client_id,
        "x-api-tran-id": tran_id,
        "x-timestamp": timestamp,
        "x-signature": base64.b64encode(mac.digest()).decode(),
    }
