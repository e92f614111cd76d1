"""Request bodies: nothing coerced, nothing unknown passed over, each wrong place named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import query
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from modupoint.validation import Check, request_check

SCHEMAS = Path(query.__file__).with_name("request_schemas.json")
CONSENT = request_check(SCHEMAS, "ConsentRequest")
LOOKUP = request_check(SCHEMAS, "LookupRequest")
ALL_THREE = ["service", "third_party_provision", "delegation"]


def pointers(check: Check, body: dict[str, Any]) -> set[str]:
    with pytest.raises(Problem) as refused:
        check(body)
    assert refused.value.code == "invalid_request"
    return {error["pointer"] for error in refused.value.errors}


def test_a_lookup_asks_all_issuers_and_takes_a_minute_old_one_unless_told_otherwise() -> None:
    assert LOOKUP({}) == {"issuers": None, "max_age_seconds": 60}


@pytest.mark.parametrize("age", [0, 60.0, 600])
def test_an_age_within_its_limits_is_taken(age: float) -> None:
    assert LOOKUP({"max_age_seconds": age})["max_age_seconds"] == age


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"max_age_seconds": -1}, {"/max_age_seconds"}),
        ({"max_age_seconds": 601}, {"/max_age_seconds"}),
        ({"max_age_seconds": "60"}, {"/max_age_seconds"}),
        ({"max_age_seconds": 60.5}, {"/max_age_seconds"}),
        ({"max_age_seconds": True}, {"/max_age_seconds"}),
        ({"max_age_seconds": None}, {"/max_age_seconds"}),
        ({"issuers": []}, {"/issuers"}),
        ({"issuers": "kb"}, {"/issuers"}),
        ({"issuers": ["kb", "nobody"]}, {"/issuers/1"}),
        ({"issuers": ["KB"]}, {"/issuers/0"}),
        ({"issuers": ["kb"] * 101}, {"/issuers"}),
        ({"issuer": ["kb"]}, {"/issuer"}),
        ({"a/b~c": 1}, {"/a~1b~0c"}),
    ],
    ids=str,
)
def test_a_wrong_lookup_is_refused_at_its_place(body: dict[str, Any], expected: set[str]) -> None:
    assert pointers(LOOKUP, body) == expected


@pytest.mark.parametrize("missing", ALL_THREE)
def test_an_agreement_needs_all_three_r_m2(missing: str) -> None:
    agreed = [one for one in ALL_THREE if one != missing]
    assert pointers(CONSENT, {"terms_version": "1", "agreed": agreed}) == {"/agreed"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/terms_version", "/agreed"}),
        ({"terms_version": "", "agreed": ALL_THREE}, {"/terms_version"}),
        ({"terms_version": "x" * 33, "agreed": ALL_THREE}, {"/terms_version"}),
        ({"terms_version": "1\n", "agreed": ALL_THREE}, {"/terms_version"}),
        ({"terms_version": "약관", "agreed": ALL_THREE}, {"/terms_version"}),
        ({"terms_version": 1, "agreed": ALL_THREE}, {"/terms_version"}),
        ({"terms_version": "1", "agreed": [*ALL_THREE, "marketing"]}, {"/agreed"}),
        ({"terms_version": "1", "agreed": [*ALL_THREE, "service"]}, {"/agreed"}),
        ({"terms_version": "1", "agreed": ALL_THREE, "cvc": "1"}, {"/cvc"}),
    ],
    ids=str,
)
def test_a_wrong_agreement_is_refused_at_its_place_r_m2(
    body: dict[str, Any], expected: set[str]
) -> None:
    assert pointers(CONSENT, body) == expected


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(Problem) as refused:
        CONSENT({"terms_version": "홍길동!", "agreed": ["110-222-333"]})
    assert "홍길동" not in str(refused.value.errors)
    assert "110-222-333" not in str(refused.value.errors)


def test_the_published_schema_lists_exactly_our_issuers() -> None:
    schema = json.loads(SCHEMAS.read_text(encoding="utf-8"))["LookupRequest"]
    assert schema["properties"]["issuers"]["items"]["enum"] == list(ISSUERS)
