"""The key that signs tokens; kept, so that a token outlives a restart."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from local.partners.documents import Documents

_KEY = "rs256"
_BITS = 2048
_EXPONENT = 65537


class SigningKey:
    """An RSA key pair, made at the first start.

    Parameters
    ----------
    documents
        Where it is kept, in PEM.
    """

    def __init__(self, documents: Documents) -> None:
        pem = documents.load().get(_KEY)
        if pem is None:
            self.private = generate_private_key(_EXPONENT, _BITS)
            made = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            documents.post(_KEY, made.decode())
        else:
            kept = load_pem_private_key(pem.encode(), password=None)
            if not isinstance(kept, RSAPrivateKey):
                raise TypeError("the kept signing key is not an RSA key")
            self.private = kept
        self.public = self.private.public_key()
        self._jwk = RSAAlgorithm.to_jwk(self.public, as_dict=True)
        self.kid = _thumbprint(self._jwk)

    def jwks(self) -> dict[str, Any]:
        """Return the public half as a JSON Web Key Set."""
        public = {name: self._jwk[name] for name in ("kty", "n", "e")}
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}


def _thumbprint(jwk: dict[str, Any]) -> str:
    """Name a key by what it is (RFC 7638)."""
    members = {name: jwk[name] for name in ("e", "kty", "n")}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return base64url_encode(hashlib.sha256(text.encode()).digest()).decode()
