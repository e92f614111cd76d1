"""What a browser and a client do between them to sign somebody in, one step a function."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners, Reply

REDIRECT = "http://localhost:8080/callback?from=sign-in"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)

ASKED = {
    "client_id": "modupoint",
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "scope": "openid profile points:read unheard-of",
    "state": "a b&c",
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def authorize(partners: Partners, cookie: str | None = "", **changes: str | None) -> Reply:
    """Open the authorization endpoint."""
    query = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    return partners.send(
        "GET", f"/identity/authorize?{urlencode(query)}", headers={"Cookie": cookie or ""}
    )


def flow_of(reply: Reply) -> str:
    """Find the sign-in under way in its page."""
    assert reply.status == 200, reply.text
    [flow, *_] = re.findall(r'name="flow" value="([^"]+)"', reply.text)
    return str(flow)


def answer_of(reply: Reply) -> dict[str, str]:
    """Read what the browser is sent back to the client with."""
    assert reply.status == 303, reply.text
    uri = reply.headers["location"]
    assert uri.startswith(REDIRECT + "&")
    return {name: values[0] for name, values in parse_qs(urlsplit(uri).query).items()}


def cookie_of(reply: Reply) -> str:
    """Find the session cookie a sign-in sets."""
    header = reply.headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    return header.split(";")[0]


def sign_in(partners: Partners, sub: str = "kim-haneul", **changes: str | None) -> Reply:
    """Sign in as a sample person."""
    flow = flow_of(authorize(partners, **changes))
    return partners.form("/identity/sign-in", {"flow": flow, "person": sub})


def exchange(partners: Partners, code: str, **changes: str) -> Reply:
    """Redeem a code for tokens."""
    return partners.form(
        "/identity/token",
        {
            "grant_type": "authorization_code",
            "client_id": "modupoint",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
            **changes,
        },
    )


def claims_of(token: str) -> dict[str, object]:
    """Look into a token."""
    return dict(jwt.decode(token, options={"verify_signature": False}))
