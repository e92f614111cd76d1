"""Authorization code with PKCE, step by step as a browser does it."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.partners.partners_browser import (
    answer_of,
    authorize,
    claims_of,
    cookie_of,
    exchange,
    flow_of,
    sign_in,
)

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners


def test_a_sample_person_signs_in_with_one_press(partners: Partners) -> None:
    before = int(time.time())

    answer = answer_of(sign_in(partners))
    reply = exchange(partners, answer["code"])

    assert answer["state"] == "a b&c"
    assert answer["iss"] == f"{partners.base_url}/identity"
    assert reply.status == 200, reply.text
    body = reply.json
    assert set(body) == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    assert (body["token_type"], body["scope"]) == ("Bearer", "openid profile points:read")
    access, identity = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert access["sub"] == identity["sub"] == "kim-haneul"
    assert access["scope"] == "openid profile points:read"
    assert before <= int(str(access["auth_time"])) == identity["auth_time"]
    assert (identity["nonce"], identity["name"]) == ("n-1", "김하늘")
    assert "ci" not in {*access, *identity}
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    assert identity["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")
    assert partners.userinfo(body["access_token"]).json["name"] == "김하늘"


def test_anybody_signs_in_with_the_code_in_the_simulated_message(partners: Partners) -> None:
    flow = flow_of(authorize(partners))
    filled_in = {
        "flow": flow,
        "carrier": "KT",
        "name": " 홍  길동 ",
        "birthdate": "1999-12-31",
        "phone": "010 1234-5678",
    }
    sent_on = partners.form("/identity/sign-in", filled_in)
    assert sent_on.status == 303
    page = partners.send("GET", sent_on.headers["location"])
    [code] = re.findall(r'id="sms-code">(\d{6})<', page.text)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    refused = partners.form("/identity/sign-in/code", {"flow": flow, "code": wrong})
    assert refused.status == 422
    assert 'role="alert"' in refused.text

    answer = answer_of(partners.form("/identity/sign-in/code", {"flow": flow, "code": code}))
    token = exchange(partners, answer["code"]).json["access_token"]
    person = partners.userinfo(token).json
    assert (person["name"], person["birthdate"]) == ("홍 길동", "19991231")
    assert len(person["ci"]) == 88


def test_a_sample_person_is_known_by_phone(partners: Partners) -> None:
    flow = flow_of(authorize(partners))
    filled_in = {
        "flow": flow,
        "carrier": "SKT",
        "name": "nguyen thi minh anh",
        "birthdate": "19940721",
        "phone": "010-0000-1012",
    }
    page = partners.send("GET", partners.form("/identity/sign-in", filled_in).headers["location"])
    [code] = re.findall(r'id="sms-code">(\d{6})<', page.text)
    answer = answer_of(partners.form("/identity/sign-in/code", {"flow": flow, "code": code}))

    token = exchange(partners, answer["code"]).json["access_token"]
    assert claims_of(token)["sub"] == "nguyen-anh"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("carrier", "NONE"),
        ("name", "  "),
        ("birthdate", "19990230"),
        ("birthdate", "99123"),
        ("birthdate", "29990101"),
        ("phone", "02-123-4567"),
        ("name", "다른 사람"),  # the number is a sample person's
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    partners: Partners, field: str, value: str
) -> None:
    filled_in = {
        "flow": flow_of(authorize(partners)),
        "carrier": "KT",
        "name": '김하늘"><script>',
        "birthdate": "19880412",
        "phone": "01000001001",
        field: value,
    }

    reply = partners.form("/identity/sign-in", filled_in)

    assert reply.status == 422
    assert 'class="flaw"' in reply.text or 'role="alert"' in reply.text
    assert "<script>" not in reply.text
    assert 'value="01000001001"' in reply.text or field == "phone"


def test_five_wrong_codes_end_the_sign_in(partners: Partners) -> None:
    flow = flow_of(authorize(partners))
    filled_in = {
        "flow": flow,
        "carrier": "KT",
        "name": "홍길동",
        "birthdate": "19991231",
        "phone": "01012345678",
    }
    partners.form("/identity/sign-in", filled_in)

    statuses = [
        partners.form("/identity/sign-in/code", {"flow": flow, "code": "no"}).status
        for _ in range(6)
    ]

    assert statuses == [422, 422, 422, 422, 400, 400]


def test_cancelling_goes_back_with_access_denied(partners: Partners) -> None:
    flow = flow_of(authorize(partners))

    answer = answer_of(partners.form("/identity/sign-in", {"flow": flow, "cancel": "1"}))

    assert (answer["error"], answer["state"]) == ("access_denied", "a b&c")
    assert partners.form("/identity/sign-in", {"flow": flow, "person": "kim-haneul"}).status == 400


def test_every_field_of_the_page_has_a_label(partners: Partners) -> None:
    page = authorize(partners)

    assert '<html lang="ko">' in page.text
    for name in re.findall(r'<input id="(\w+)"', page.text):
        assert f'for="{name}"' in page.text
    assert page.text.count("<legend>") == 1
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    for person in partners.send("GET", "/control/people").json["people"]:
        assert f'value="{person["sub"]}"' in page.text


def test_a_code_is_good_once(partners: Partners) -> None:
    code = answer_of(sign_in(partners))["code"]

    assert exchange(partners, code).status == 200
    again = exchange(partners, code)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": "short"}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost:8080/callback"}, 400, "invalid_grant"),
        ({"code": "made-up"}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_request"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
    ids=str,
)
def test_a_code_goes_only_to_who_asked_for_it(
    partners: Partners, changes: dict[str, str], status: int, error: str
) -> None:
    code = answer_of(sign_in(partners))["code"]

    reply = exchange(partners, **{"code": code, **changes})

    assert (reply.status, reply.json["error"]) == (status, error)


def test_a_failed_try_uses_the_code_up(partners: Partners) -> None:
    code = answer_of(sign_in(partners))["code"]

    assert exchange(partners, code, code_verifier="w" * 43).status == 400
    assert exchange(partners, code).status == 400


def test_the_token_endpoint_takes_a_form_only(partners: Partners) -> None:
    reply = partners.send(
        "POST",
        "/identity/token",
        {"grant_type": "authorization_code"},
        {"Content-Type": "application/json"},
    )

    assert (reply.status, reply.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://attacker.example/"},
        {"redirect_uri": "http://localhost.attacker.example/"},
        {"redirect_uri": "http://localhost@attacker.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://localhost:8080/#fragment"},
        {"redirect_uri": "http://[::1"},
    ],
    ids=str,
)
def test_nobody_is_sent_to_a_stranger(partners: Partners, changes: dict[str, str | None]) -> None:
    reply = authorize(partners, **changes)

    assert reply.status == 400
    assert "location" not in reply.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
    ids=str,
)
def test_a_flawed_request_goes_back_to_the_client(
    partners: Partners, changes: dict[str, str | None], error: str
) -> None:
    answer = answer_of(authorize(partners, **changes))

    assert (answer["error"], answer["state"]) == (error, "a b&c")


def test_who_is_signed_in_is_not_asked_again(partners: Partners) -> None:
    signed_in = sign_in(partners)
    cookie = cookie_of(signed_in)
    first = claims_of(exchange(partners, answer_of(signed_in)["code"]).json["access_token"])

    for prompt in (None, "none"):
        again = answer_of(authorize(partners, cookie, prompt=prompt, max_age="3600"))
        claims = claims_of(exchange(partners, again["code"]).json["access_token"])
        assert (claims["sub"], claims["auth_time"]) == ("kim-haneul", first["auth_time"])


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}])
def test_a_new_sign_in_can_be_asked_for(partners: Partners, changes: dict[str, str]) -> None:
    """R-M4 rests on this."""
    cookie = cookie_of(sign_in(partners))

    page = authorize(partners, cookie, **changes)

    flow = flow_of(page)
    # Whoever has to sign in again finds the form filled in.
    assert 'value="김하늘"' in page.text
    answer = answer_of(partners.form("/identity/sign-in", {"flow": flow, "person": "park-jiwoo"}))
    assert claims_of(exchange(partners, answer["code"]).json["access_token"])["sub"] == "park-jiwoo"


def test_signing_out_forgets_the_browser(partners: Partners) -> None:
    cookie = cookie_of(sign_in(partners))
    query = urlencode({"post_logout_redirect_uri": "http://localhost:8080/bye", "state": "s"})

    reply = partners.send("GET", f"/identity/end-session?{query}", headers={"Cookie": cookie})

    assert (reply.status, reply.headers["location"]) == (303, "http://localhost:8080/bye?state=s")
    assert answer_of(authorize(partners, cookie, prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 200), ("post_logout_redirect_uri=https%3A%2F%2Fattacker.example", 400)],
)
def test_signing_out_leads_nowhere_unknown(partners: Partners, query: str, status: int) -> None:
    reply = partners.send("GET", f"/identity/end-session?{query}")

    assert reply.status == status
    assert "location" not in reply.headers
    assert "set-cookie" in reply.headers
