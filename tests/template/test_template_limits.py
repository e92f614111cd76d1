"""CloudFormation takes at most 500 resources a stack, loops expanded."""

from __future__ import annotations

from local.generate import template_text
from modupoint.issuers import ISSUERS
from tests.template.expanded_template import TEMPLATE, expanded

RESOURCES = 500
BODY_BYTES = 1_000_000


def test_a_twelfth_issuer_still_fits_into_one_stack() -> None:
    text = template_text(TEMPLATE.read_text(encoding="utf-8"), [*ISSUERS, "suhyup"])
    # What a condition leaves out is declared, and counts as well.
    assert len(expanded(text, "production")) <= RESOURCES


def test_the_template_is_no_longer_than_one_may_be() -> None:
    assert len(TEMPLATE.read_bytes()) < BODY_BYTES / 5
