"""One partners process for all tests of this folder, and one of a test's own where it needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.partners.partners_driver import Partners

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT_ONCE = tuple(
    text for who in ("issuer", "bank", "autopay") for text in (f"--{who}-latency-ms", "0")
)


@pytest.fixture(autouse=True)
def _sockets_are_what_this_is_about(request: pytest.FixtureRequest) -> None:
    """Open sockets even where the rest of the suite runs with them closed."""
    if request.config.pluginmanager.hasplugin("socket"):
        request.getfixturevalue("socket_enabled")


@pytest.fixture(scope="session")
def _process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partners]:
    partners = Partners(tmp_path_factory.mktemp("partners"), AT_ONCE).start()
    yield partners
    assert partners.stop() == 0


@pytest.fixture
def partners(_process: Partners) -> Partners:
    """Give the process all tests share, with nothing wrong with it and nothing on record."""
    _process.send("POST", "/control/late/release")
    for told in ("closed", "differences", "autopay", "faults"):
        _process.send("DELETE", f"/control/{told}")
    _process.send("DELETE", "/clock")
    _process.send("PUT", "/control/seed", {"seed": 0})
    for person in _process.send("GET", "/control/people").json["people"]:
        _process.send("DELETE", f"/control/people/{person['sub']}")
    _process.send("DELETE", "/control/calls")
    return _process


@pytest.fixture
def own_partners(tmp_path: Path) -> Iterator[Partners]:
    """Give a process of the test's own, which it may stop and start."""
    partners = Partners(tmp_path / "state", AT_ONCE)
    partners.state_dir.mkdir()
    partners.start()
    yield partners
    partners.stop()
