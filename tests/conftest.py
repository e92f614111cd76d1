"""One deployed stack for every test that talks to a running system.

``MODUPOINT_STACK=.local/stack.json`` uses a stack that is already up instead.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from modupoint.clock import SEOUL
from tests.stack.bring_up import BringUp, Stack
from tests.stack.calls import Http
from tests.stack.cloud import Cloud
from tests.stack.member import Member
from tests.stack.partners import Partners
from tests.stack.payer import Payer
from tests.stack.polling import eventually
from tests.stack.saver import Saver
from tests.stack.workers import descendants, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NEED_THE_STACK = frozenset({"api", "e2e", "browser"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of a running system open sockets, whatever the rest may do."""
    for item in items:
        if _NEED_THE_STACK.intersection(item.path.relative_to(Path(__file__).parent).parts):
            item.add_marker("enable_socket")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Give the stack all tests share: deployed, warm, with IAM enforced."""
    already_up = os.environ.get("MODUPOINT_STACK")
    if already_up:
        yield Stack.read(Path(already_up).resolve())
        return
    bring_up = BringUp(tmp_path_factory.mktemp("stack"))
    yield bring_up.start()
    everything = descendants(bring_up.process_ids.values())
    assert bring_up.stop() == 0, bring_up.output
    eventually(lambda: not running(everything), "no process left of the stack")


@pytest.fixture(scope="session")
def cloud(stack: Stack) -> Cloud:
    """Give the stack as its operator sees it."""
    return Cloud(stack)


@pytest.fixture(scope="session")
def api(stack: Stack) -> Iterator[Http]:
    """Give the API as a client without a token sees it."""
    http = Http(stack.api_url)
    yield http
    http.close()


@pytest.fixture(scope="session")
def _partners(stack: Stack) -> Iterator[Partners]:
    partners = Partners.at(stack.partners_url)
    yield partners
    partners.http.close()


@pytest.fixture
def partners(_partners: Partners, cloud: Cloud) -> Iterator[Partners]:
    """Give the partners, well before the test and again after it, and so the lanes."""
    _partners.heal()
    yield _partners
    _partners.heal()
    cloud.forget_lanes()


@pytest.fixture
def new_member(api: Http, partners: Partners) -> Callable[[], Member]:
    """Give people who have signed in and agreed, each a stranger to all other tests."""
    return lambda: Member(api, partners).agree()


@pytest.fixture
def member(new_member: Callable[[], Member]) -> Member:
    """Give one such person."""
    return new_member()


@pytest.fixture
def saver(new_member: Callable[[], Member], partners: Partners, cloud: Cloud) -> Saver:
    """Give one such person; points of everybody are there."""
    member = new_member()
    return Saver(
        member, partners, cloud, member.register("088"), partners.account(member.sub, "088")
    )


@pytest.fixture
def tuesday(saver: Saver) -> Saver:
    """Give them on an ordinary business day, in the morning."""
    saver.partners.set_clock(datetime(2026, 11, 24, 10, tzinfo=SEOUL))
    return saver


@pytest.fixture
def payer(new_member: Callable[[], Member], partners: Partners, cloud: Cloud) -> Payer:
    """Give a person with cards and bills, on the morning of that Tuesday."""
    partners.set_clock(datetime(2026, 11, 24, 10, tzinfo=SEOUL))
    return Payer(new_member(), partners, cloud).hold()
