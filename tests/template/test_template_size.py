"""CloudFormation takes 500 resources a stack, and the lanes take many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modupoint.issuers import ISSUERS
from tests.template.expanded_template import TEMPLATE, expanded, parsed

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

MOST_RESOURCES = 500


def test_there_is_room_for_one_more_issuer(production: Expanded) -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    default = parsed(text)["Parameters"]["Issuers"]["Default"]
    assert default == ",".join(ISSUERS)
    larger = expanded(text.replace(default, f"{default},twelfth", 1), "production")
    lane = len(larger) - len(production)
    assert lane > 0
    assert len(larger) <= MOST_RESOURCES
