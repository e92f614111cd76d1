"""Here sockets are what it is about: the other side is a real server on this machine."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _sockets(request: pytest.FixtureRequest) -> None:
    if request.config.pluginmanager.hasplugin("socket"):
        request.getfixturevalue("socket_enabled")
