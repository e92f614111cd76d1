"""The template, expanded once per stage."""

from __future__ import annotations

import pytest

from tests.template.expanded_template import TEMPLATE, Expanded, expanded


@pytest.fixture(scope="session")
def production() -> Expanded:
    return expanded(TEMPLATE.read_text(encoding="utf-8"), "production")


@pytest.fixture(scope="session")
def local_stage() -> Expanded:
    return expanded(TEMPLATE.read_text(encoding="utf-8"), "local")
