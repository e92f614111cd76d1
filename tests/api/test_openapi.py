"""Whatever is sent, the API answers as ``openapi.yaml`` says: schemathesis over the stack."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import unsupported_method

from tests.stack.bring_up import ROOT
from tests.stack.member import Member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stack.calls import Http
    from tests.stack.partners import Partners

EXAMPLES_PER_OPERATION = 40
MEMBERS = 12
"""Enough that the limit of six fresh lookups a minute is met now and then, not always."""

schema = schemathesis.openapi.from_path(ROOT / "openapi.yaml")
# Every request carries a member's own token; test_tokens.py has all the wrong ones.
schema.config.generation.update(with_security_parameters=False)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES_PER_OPERATION,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented(
    case: schemathesis.Case[Any], api: Http, tokens: Iterator[str]
) -> None:
    case.call_and_validate(
        base_url=api.base_url,
        headers={"Authorization": f"Bearer {next(tokens)}"},
        # An HTTP API gateway matches method and path together: what is no route is
        # 404, where a server that owns its paths would say 405.
        excluded_checks=[unsupported_method],
    )


@pytest.fixture(scope="module")
def tokens(api: Http, _partners: Partners) -> Iterator[str]:
    """Give the tokens of members who have agreed, in turn."""
    return itertools.cycle([Member(api, _partners).agree().token for _ in range(MEMBERS)])
