"""Who a signed-in member is, by the identity provider's userinfo (partner contract, section 4)."""

from __future__ import annotations

from typing import Any

import pytest

from modupoint.identity import IdentityProvider, Person
from modupoint.partner import Outcome, PartnerAnswer
from modupoint.problems import Problem

ISSUER = "https://id.example"
DISCOVERED = {"userinfo_endpoint": "https://id.example/oauth/userinfo"}
PERSON = {"sub": "person", "ci": "C" * 88, "name": "홍길동", "birthdate": "19900101"}


def answered(body: dict[str, Any], status: int = 200) -> PartnerAnswer:
    return PartnerAnswer(Outcome.ANSWERED, status, body, None, f"http {status}", 1)


class ScriptedTransport:
    """Gives its answers in turn and notes what was sent."""

    def __init__(self, *answers: PartnerAnswer) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str, dict[str, str]]] = []

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        assert body is None
        assert timeout_s > 0
        self.sent.append((method, url, headers))
        return self.answers.pop(0)


def provider(*answers: PartnerAnswer) -> tuple[IdentityProvider, ScriptedTransport]:
    transport = ScriptedTransport(*answers)
    scripted: Any = transport
    return IdentityProvider(ISSUER + "/", scripted), transport


def refusal(*answers: PartnerAnswer) -> Problem:
    identity, _ = provider(*answers)
    with pytest.raises(Problem) as refused:
        identity.userinfo("token", "person")
    return refused.value


def test_the_provider_is_found_once_and_asked_with_the_members_token() -> None:
    identity, transport = provider(answered(DISCOVERED), answered(PERSON), answered(PERSON))
    for _ in range(2):
        assert identity.userinfo("token", "person") == Person("C" * 88, "홍길동", "19900101")
    found: tuple[str, str, dict[str, str]] = (
        "GET",
        ISSUER + "/.well-known/openid-configuration",
        {},
    )
    asked = ("GET", DISCOVERED["userinfo_endpoint"], {"authorization": "Bearer token"})
    assert transport.sent == [found, asked, asked]


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_the_provider_refuses_needs_a_new_sign_in(status: int) -> None:
    assert refusal(answered(DISCOVERED), answered({}, status)).code == "sign_in_required"


def test_somebody_elses_userinfo_is_not_the_members() -> None:
    assert (
        refusal(answered(DISCOVERED), answered({**PERSON, "sub": "x"})).code == "sign_in_required"
    )


@pytest.mark.parametrize(
    "answer",
    [
        answered({}, 404),
        answered({}, 204),
        PartnerAnswer(Outcome.TIMED_OUT, None, {}, None, "timeout", 5_000),
        PartnerAnswer(Outcome.TRY_LATER, 503, {}, 9, "http 503", 1),
        PartnerAnswer(Outcome.BROKEN, 500, {}, None, "http 500", 1),
        PartnerAnswer(Outcome.NOT_SENT, None, {}, None, "refused", 1),
    ],
)
def test_a_provider_that_does_not_answer_as_it_should_is_tried_again_later(
    answer: PartnerAnswer,
) -> None:
    for problem in (refusal(answer), refusal(answered(DISCOVERED), answer)):
        assert (problem.code, problem.retry_after_s) == ("identity_unavailable", 5)


@pytest.mark.parametrize(
    "person",
    [
        {},
        {**PERSON, "ci": "C" * 87},
        {**PERSON, "ci": ["C"] * 88},
        {**PERSON, "ci": None},
        {**PERSON, "name": ""},
        {**PERSON, "birthdate": 19900101},
    ],
    ids=["nothing", "short ci", "list", "no ci", "no name", "number"],
)
def test_userinfo_that_is_not_the_contracts_is_not_stored(person: dict[str, Any]) -> None:
    assert refusal(answered(DISCOVERED), answered(person)).code == "identity_unavailable"


def test_a_discovery_without_userinfo_is_looked_for_again_next_time() -> None:
    identity, transport = provider(answered({}), answered(DISCOVERED), answered(PERSON))
    with pytest.raises(Problem):
        identity.userinfo("token", "person")
    assert identity.userinfo("token", "person").name == "홍길동"
    assert len(transport.sent) == 3
