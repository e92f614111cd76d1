"""Tokens, keys and user information against partner contracts, section 4."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners


def _claims(partners: Partners, token: str, **options: Any) -> dict[str, Any]:
    """Check a token as a resource server would: by discovery and the published keys."""
    discovery = partners.send("GET", "/identity/.well-known/openid-configuration").json
    keys = partners.send("GET", discovery["jwks_uri"]).json
    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [jwt.PyJWK(key) for key in keys["keys"] if key["kid"] == kid]
    return dict(
        jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience="modupoint",
            issuer=discovery["issuer"],
            **options,
        )
    )


def test_discovery_describes_what_is_there(partners: Partners) -> None:
    reply = partners.send("GET", "/identity/.well-known/openid-configuration")

    body = reply.json
    assert body["issuer"] == f"{partners.base_url}/identity"
    assert body["code_challenge_methods_supported"] == ["S256"]
    assert body["response_types_supported"] == ["code"]
    for name, url in body.items():
        if name.endswith(("_endpoint", "_uri")):
            assert url.startswith(f"{partners.base_url}/identity/")
            assert partners.send("GET", url).status in {200, 400, 401, 405}


def test_keys_hold_nothing_private(partners: Partners) -> None:
    [key] = partners.send("GET", "/identity/jwks.json").json["keys"]

    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


def test_a_test_token_has_the_claims_of_the_contract(partners: Partners) -> None:
    before = int(time.time())

    claims = _claims(partners, partners.token("kim-haneul"))

    assert set(claims) == {"iss", "aud", "sub", "iat", "exp", "auth_time", "acr", "scope"}
    assert claims["iss"] == f"{partners.base_url}/identity"
    assert (claims["aud"], claims["sub"], claims["acr"]) == (
        "modupoint",
        "kim-haneul",
        "kr:mobile",
    )
    assert claims["scope"] == "points:read points:transfer autopay"
    assert before <= claims["iat"] == claims["auth_time"] < claims["exp"]


def test_a_test_token_can_be_anything_a_test_needs(partners: Partners) -> None:
    token = partners.token(
        "anybody", scope="autopay", auth_time=1_700_000_000, expires_in=60, acr="kr:certificate"
    )

    claims = _claims(partners, token)

    assert claims["exp"] - claims["iat"] == 60
    assert {name: claims[name] for name in ("scope", "auth_time", "acr", "sub")} == {
        "scope": "autopay",
        "auth_time": 1_700_000_000,
        "acr": "kr:certificate",
        "sub": "anybody",
    }


def test_a_test_token_can_be_expired(partners: Partners) -> None:
    token = partners.token("kim-haneul", expires_in=-10)

    with pytest.raises(jwt.ExpiredSignatureError):
        _claims(partners, token)
    reply = partners.userinfo(token)
    assert (reply.status, reply.json["error"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        {},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 129},
        {"sub": "a", "expires_in": "60"},
        {"sub": "a", "auth_time": -1},
        {"sub": "a", "acr": "kr:none"},
        {"sub": "a", "admin": True},
    ],
)
def test_a_test_token_needs_a_body_that_makes_sense(partners: Partners, body: object) -> None:
    assert partners.send("POST", "/identity/test-token", body).status == 400


def test_userinfo_tells_a_server_who_it_is(partners: Partners) -> None:
    reply = partners.userinfo(partners.token("kim-haneul"))

    body = reply.json
    assert len(body.pop("ci")) == 88
    assert body == {"sub": "kim-haneul", "name": "김하늘", "birthdate": "19880412"}
    assert reply.headers["cache-control"] == "no-store"


def test_userinfo_makes_up_anybody_and_keeps_to_it(partners: Partners) -> None:
    first = partners.userinfo(partners.token("load-77")).json

    assert partners.userinfo(partners.token("load-77")).json == first
    assert first["sub"] == "load-77"
    assert first["name"]


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_userinfo_needs_a_token(partners: Partners, authorization: str) -> None:
    reply = partners.send("GET", "/identity/userinfo", headers={"Authorization": authorization})

    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("changes", [{"aud": "other"}, {"iss": "http://elsewhere/identity"}, {}])
def test_userinfo_refuses_a_token_signed_by_somebody_else(
    partners: Partners, changes: dict[str, str]
) -> None:
    claims = _claims(partners, partners.token("kim-haneul"))
    forged = jwt.encode({**claims, **changes}, "x" * 32, "HS256")

    assert partners.userinfo(forged).status == 401


def test_the_page_of_another_origin_may_read_what_a_client_needs(partners: Partners) -> None:
    origin = {"Origin": "http://localhost:8080"}
    for path in ("/identity/.well-known/openid-configuration", "/identity/jwks.json"):
        assert (
            partners.send("GET", path, headers=origin).headers["access-control-allow-origin"] == "*"
        )
        assert partners.send("OPTIONS", path, headers=origin).status == 204
    reply = partners.send("POST", "/identity/token", headers=origin)
    assert reply.headers["access-control-allow-origin"] == "*"


def test_no_page_of_another_origin_may_read_the_ci(partners: Partners) -> None:
    """Section 4: userinfo is called by the server only."""
    reply = partners.userinfo(partners.token("kim-haneul"))

    assert reply.status == 200
    assert "access-control-allow-origin" not in reply.headers
