"""Who is let in: only a token of our identity provider, for us, in time, with the scope."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.api.shapes import check_gateway_answer
from tests.stack.member import fresh_sub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.stack.calls import Http
    from tests.stack.member import Member
    from tests.stack.partners import Partners

ROUTES = {
    "points:read": [
        ("PUT", "/v1/me/consent"),
        ("DELETE", "/v1/me/consent"),
        ("GET", "/v1/me"),
        ("POST", "/v1/lookups"),
        ("GET", "/v1/lookups/lkp_01890000-0000-7000-8000-000000000000"),
        ("POST", "/v1/accounts"),
        ("GET", "/v1/accounts"),
        ("DELETE", "/v1/accounts/acc_01890000-0000-7000-8000-000000000000"),
    ],
    "points:transfer": [
        ("POST", "/v1/transfers/quote"),
        ("POST", "/v1/transfers"),
        ("GET", "/v1/transfers"),
        ("GET", "/v1/transfers/trf_01890000-0000-7000-8000-000000000000"),
    ],
    "autopay": [
        ("GET", "/v1/cards"),
        ("GET", "/v1/autopays"),
        ("POST", "/v1/autopay-orders"),
        ("GET", "/v1/autopay-orders"),
        ("GET", "/v1/autopay-orders/ord_01890000-0000-7000-8000-000000000000"),
        ("POST", "/v1/autopay-orders/ord_01890000-0000-7000-8000-000000000000/withdrawal"),
    ],
}
MEMBER_ROUTES = [route for routes in ROUTES.values() for route in routes]


def _refused(
    api: Http,
    authorization: str | None,
    status: int = 401,
    routes: Iterable[tuple[str, str]] = tuple(MEMBER_ROUTES),
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    for method, path in routes:
        check_gateway_answer(api.send(method, path, headers=headers), status)


@pytest.mark.parametrize("path", ["/v1/issuers", "/v1/status"])
@pytest.mark.parametrize("authorization", [None, "Bearer nonsense"])
def test_what_is_public_needs_no_token(api: Http, path: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    assert api.send("GET", path, headers=headers).status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer a.b.c",
        "Basic bWU6bWU=",
        "Bearer ...",
    ],
)
def test_no_token_or_nonsense_is_refused(api: Http, authorization: str | None) -> None:
    _refused(api, authorization)


def test_an_expired_token_is_refused(api: Http, partners: Partners) -> None:
    _refused(api, f"Bearer {partners.token(fresh_sub(), expires_in=-120)}")


@pytest.mark.parametrize(
    "scope", ["openid", "points:readx", "POINTS:READ", "points", "autopays", "Autopay"]
)
def test_a_token_of_another_scope_is_refused(api: Http, partners: Partners, scope: str) -> None:
    _refused(api, f"Bearer {partners.token(fresh_sub(), scope=scope)}", 403)


def test_a_scope_opens_its_own_routes_and_no_others(api: Http, partners: Partners) -> None:
    for scope, own in ROUTES.items():
        authorization = f"Bearer {partners.token(fresh_sub(), scope=f'openid {scope}')}"
        _refused(api, authorization, 403, [one for one in MEMBER_ROUTES if one not in own])
        headers = {"authorization": authorization}
        # Let in by the gateway, they are a stranger to the service, with nothing to send.
        answers = {api.send(*route, headers=headers).content_type for route in own}
        assert answers <= {"application/json", "application/problem+json", ""}
        assert all(
            api.send(*route, headers=headers).json.keys() != {"message"}
            for route in own
            if route[0] == "POST"
        )


def test_a_token_altered_in_any_part_is_refused(api: Http, partners: Partners) -> None:
    header, claims, signature = partners.token(fresh_sub()).split(".")
    somebody = _encoded({**_decoded(claims), "sub": fresh_sub()})
    _refused(api, f"Bearer {header}.{somebody}.{signature}")
    _refused(api, f"Bearer {header}.{claims}.{signature[:-6]}AAAAAA")
    _refused(api, f"Bearer {header}.{claims}.")


def test_a_token_signed_with_a_key_of_ones_own_is_refused(api: Http, partners: Partners) -> None:
    genuine = partners.token(fresh_sub())
    key = generate_private_key(65537, 2048)
    kid = jwt.get_unverified_header(genuine)["kid"]
    for headers in ({"kid": kid}, {"kid": "own"}, {}):
        forged = jwt.encode(_claims(genuine), key, algorithm="RS256", headers=headers)
        _refused(api, f"Bearer {forged}")


def test_an_unsigned_token_is_refused(api: Http, partners: Partners) -> None:
    genuine = partners.token(fresh_sub())
    kid = jwt.get_unverified_header(genuine)["kid"]
    for name in ("none", "None", "nOnE"):
        header = _encoded({"alg": name, "typ": "JWT", "kid": kid})
        _refused(api, f"Bearer {header}.{genuine.split('.')[1]}.")


def test_the_public_key_is_no_password(api: Http, partners: Partners) -> None:
    """RS256 tokens must not be taken as HS256 ones under the published key."""
    genuine = partners.token(fresh_sub())
    kid = jwt.get_unverified_header(genuine)["kid"]
    (published,) = partners.http.send("GET", "/identity/jwks.json").json["keys"]
    public = jwt.PyJWK(published).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = f"{_encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{genuine.split('.')[1]}"
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    for key in (public, published["n"].encode()):
        signature = base64.urlsafe_b64encode(mac.sign(unsigned.encode(), key)).decode()
        _refused(api, f"Bearer {unsigned}.{signature.rstrip('=')}")


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "somebody-else"},
        {"aud": ["somebody", "else"]},
        {"aud": None},
        {"iss": "https://identity.example"},
        {"iss": None},
        {"exp": int(time.time()) - 120},
        {"nbf": int(time.time()) + 3600},
    ],
    ids=["audience", "audiences", "no-audience", "issuer", "no-issuer", "expired", "not-yet"],
)
def test_a_genuine_signature_under_foreign_claims_is_refused(
    api: Http, partners: Partners, sign: Callable[[dict[str, Any]], str], changed: dict[str, Any]
) -> None:
    claims = {**_claims(partners.token(fresh_sub())), **changed}
    given = {name: value for name, value in claims.items() if value is not None}
    _refused(api, f"Bearer {sign(given)}")


def test_a_token_that_names_nobody_is_refused(
    api: Http, partners: Partners, sign: Callable[[dict[str, Any]], str]
) -> None:
    claims = _claims(partners.token(fresh_sub()))
    del claims["sub"]
    headers = {"authorization": f"Bearer {sign(claims)}"}
    assert {api.send(*route, headers=headers).status for route in MEMBER_ROUTES} <= {401, 422}


def test_the_providers_own_key_opens(
    api: Http, partners: Partners, sign: Callable[[dict[str, Any]], str]
) -> None:
    """Else the refusals above would say nothing."""
    headers = {"authorization": f"Bearer {sign(_claims(partners.token(fresh_sub())))}"}
    assert api.send("GET", "/v1/me", headers=headers).status == 200


def test_consent_is_not_given_when_the_provider_disowns_the_token(
    partners: Partners, member: Member
) -> None:
    fault = {"kind": "error", "http_status": 401, "operation": "userinfo"}
    partners.spoil("identity", fault)
    body = {"terms_version": "2026-11-01", "agreed": []}
    assert member.send("PUT", "/v1/me/consent", body).status == 422
    body["agreed"] = ["service", "third_party_provision", "delegation"]
    refused = member.send("PUT", "/v1/me/consent", body)
    assert (refused.status, refused.json["code"]) == (401, "sign_in_required")


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _decoded(part: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


def _encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
