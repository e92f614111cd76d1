"""Signing in at the identity partner as a browser does: code with PKCE, phone check and all."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

REDIRECT = "http://127.0.0.1:8080/callback"
SCOPE = "openid points:read points:transfer"
_SURNAMES = ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임")
_GIVEN_NAMES = ("민준", "서연", "도윤", "하은", "지호", "수아", "예준", "지안", "현우", "채원")


class NotSignedInError(Exception):
    """The identity partner did something else than it was asked; the text says which step."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the identity partner; redirects are not followed."""

    status: int
    text: str
    location: str


type Open = Callable[[str, Mapping[str, str] | None], Page]
"""Opens a path of the partners with GET, or with POST if a form is given; keeps cookies."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom a token speaks for."""

    sub: str
    token: str


def identity(dice: Random) -> dict[str, str]:
    """Return the phone check's answers of a person whom nobody else is."""
    year = dice.randint(1950, 2004)
    return {
        "carrier": "KT",
        "name": dice.choice(_SURNAMES) + dice.choice(_GIVEN_NAMES),
        "birthdate": f"{year}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}",
        "phone": f"010{dice.randrange(10**8):08d}",
    }


def sign_in(page: Open, who: Mapping[str, str], dice: Random) -> SignedIn:
    """Sign somebody in.

    Raises
    ------
    NotSignedInError
        If the partner does not do its part.
    """
    verifier = f"{dice.getrandbits(256):064x}"
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": "modupoint",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": SCOPE,
        "state": f"{dice.getrandbits(64):x}",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    opened = page(f"/identity/authorize?{urlencode(asked)}", None)
    back = opened.location
    if not back:
        flow = _found(r'name="flow" value="([^"]+)"', opened, "authorize")
        sent = page("/identity/sign-in", {"flow": flow, **who})
        message = page(sent.location, None)
        code = _found(r'id="sms-code">(\d{6})<', message, "the message with the code")
        back = page("/identity/sign-in/code", {"flow": flow, "code": code}).location
    answer = parse_qs(urlsplit(back).query)
    if answer.get("state") != [asked["state"]] or "code" not in answer:
        raise NotSignedInError("the way back")
    form = {
        "grant_type": "authorization_code",
        "client_id": "modupoint",
        "code": answer["code"][0],
        "redirect_uri": REDIRECT,
        "code_verifier": verifier,
    }
    tokens = page("/identity/token", form)
    if tokens.status != 200:  # noqa: PLR2004 - HTTP's own
        raise NotSignedInError("token")
    token: str = json.loads(tokens.text)["access_token"]
    return SignedIn(_sub(token), token)


def _found(pattern: str, page: Page, step: str) -> str:
    found = re.search(pattern, page.text)
    if page.status != 200 or found is None:  # noqa: PLR2004 - HTTP's own
        raise NotSignedInError(step)
    return found[1]


def _sub(token: str) -> str:
    """Read the subject; whether the token is genuine is the API's affair."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    sub: str = claims["sub"]
    return sub
