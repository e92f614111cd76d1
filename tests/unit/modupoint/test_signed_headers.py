"""The signature of a request to an issuer, computed once more from the contract's words."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.issuer_api import IssuerApi, IssuerCredential, IssuerCredentials, signed_headers
from modupoint.partner import Outcome, PartnerAnswer

LOCAL = IssuerCredential("http://127.0.0.1:7000/issuers/kb", "modupoint", "local-issuer-key")


class FakeSecret:
    def __init__(self, entries: dict[str, Any]) -> None:
        self.entries = entries

    def read(self) -> dict[str, Any]:
        return self.entries


class RecordingTransport:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, str], bytes | None]] = []

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        self.calls.append((method, url, headers, body))
        return PartnerAnswer(Outcome.ANSWERED, 200, {}, None, "http 200", int(timeout_s))


def contract_signature(key: bytes, text: str) -> str:
    return base64.b64encode(hmac.digest(key, text.encode(), "sha256")).decode()


@pytest.mark.parametrize(
    ("base_url", "tail", "signed_path"),
    [
        ("http://127.0.0.1:7000/issuers/kb", "/v1/points/inquiry", "/v1/points/inquiry"),
        ("http://127.0.0.1:7000/issuers/kb/", "v1/points/inquiry", "/v1/points/inquiry"),
        ("https://api.issuer.example", "/v1/points/inquiry", "/v1/points/inquiry"),
        (
            "https://api.issuer.example/a/b",
            "/v1/points/redemptions?date=20261122&cursor=x%2Fy",
            "/v1/points/redemptions?date=20261122&cursor=x%2Fy",
        ),
    ],
)
def test_the_signature_covers_method_path_time_id_and_body(
    base_url: str, tail: str, signed_path: str
) -> None:
    credential = IssuerCredential(base_url, "modupoint", "local-issuer-key")
    body = '{"ci":"가"}'.encode()

    headers = signed_headers(credential, "POST", base_url + tail, body)

    lines = [
        "POST",
        signed_path,
        headers["x-timestamp"],
        headers["x-api-tran-id"],
        hashlib.sha256(body).hexdigest(),
    ]
    assert headers["x-client-id"] == "modupoint"
    assert headers["x-signature"] == contract_signature(b"local-issuer-key", "\n".join(lines))


def test_the_timestamp_is_real_time_in_rfc_3339() -> None:
    stamped = datetime.fromisoformat(
        signed_headers(LOCAL, "GET", LOCAL.base_url + "/x", b"")["x-timestamp"]
    )
    assert abs(datetime.now(UTC) - stamped) < timedelta(minutes=5)


def test_every_request_has_an_id_of_its_own_of_25_letters_or_digits() -> None:
    made = [signed_headers(LOCAL, "GET", LOCAL.base_url, b"")["x-api-tran-id"] for _ in range(500)]
    assert len(set(made)) == len(made)
    assert all(len(one) == 25 and one.isascii() and one.isalnum() for one in made)


@given(st.binary(), st.binary())
def test_another_body_has_another_signature(one: bytes, other: bytes) -> None:
    headers = [signed_headers(LOCAL, "POST", LOCAL.base_url + "/x", body) for body in (one, other)]
    text = "POST\n/x\n{x-timestamp}\n{x-api-tran-id}\n"
    digests = [text.format(**each) for each in headers]
    expected = [
        contract_signature(b"local-issuer-key", digest + hashlib.sha256(body).hexdigest())
        for digest, body in zip(digests, (one, other), strict=True)
    ]
    assert [each["x-signature"] for each in headers] == expected


def test_an_issuers_own_credential_goes_before_everybodys() -> None:
    everybody = {"base_url": "http://p/issuers/{code}/", "client_id": "modupoint", "key": "k"}
    own = {"base_url": "https://kb.example", "client_id": "us", "key": "secret"}
    credentials = IssuerCredentials(FakeSecret({"*": everybody, "kb": own}))  # type: ignore[arg-type]

    assert credentials.of("kb") == IssuerCredential("https://kb.example", "us", "secret")
    assert credentials.of("bc").base_url == "http://p/issuers/bc/"


def test_an_issuer_without_a_credential_is_not_called() -> None:
    transport = RecordingTransport()
    api = IssuerApi(transport, IssuerCredentials(FakeSecret({})))  # type: ignore[arg-type]

    with pytest.raises(LookupError):
        api.post("kb", "/v1/points/inquiry", {}, timeout_s=1)
    assert transport.calls == []


def test_what_is_signed_is_what_is_sent() -> None:
    transport = RecordingTransport()
    entry = {"base_url": "http://p/issuers/{code}", "client_id": "modupoint", "key": "k"}
    api = IssuerApi(transport, IssuerCredentials(FakeSecret({"*": entry})))  # type: ignore[arg-type]

    api.post("kb", "/v1/points/inquiry", {"ci": "가"}, timeout_s=1)

    [(method, url, headers, body)] = transport.calls
    assert (method, url, body) == (
        "POST",
        "http://p/issuers/kb/v1/points/inquiry",
        '{"ci":"가"}'.encode(),
    )
    text = f"POST\n/v1/points/inquiry\n{headers['x-timestamp']}\n{headers['x-api-tran-id']}\n"
    digest = hashlib.sha256(body or b"").hexdigest()
    assert headers["x-signature"] == contract_signature(b"k", text + digest)


def test_a_get_signs_its_query_and_an_empty_body_and_sends_none() -> None:
    transport = RecordingTransport()
    entry = {"base_url": "http://p/issuers/{code}", "client_id": "modupoint", "key": "k"}
    api = IssuerApi(transport, IssuerCredentials(FakeSecret({"*": entry})))  # type: ignore[arg-type]
    path = "/v1/points/redemptions?date=20261122&cursor=x%2Fy"

    api.get("kb", path, timeout_s=1)

    [(method, url, headers, body)] = transport.calls
    assert (method, url, body) == ("GET", f"http://p/issuers/kb{path}", None)
    text = f"GET\n{path}\n{headers['x-timestamp']}\n{headers['x-api-tran-id']}\n"
    digest = hashlib.sha256(b"").hexdigest()
    assert headers["x-signature"] == contract_signature(b"k", text + digest)
