"""A member's notices: one's own, newest first, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.ids import new_id
from query.inbox import NOTICES_PER_PAGE, Inbox
from query.response_models import NoticesModel
from tests.store.expiry_steps import told
from tests.store.lookup_steps import agreed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store


def pages(store: Store, member: str) -> list[list[str]]:
    inbox, cursor, found = Inbox(store.members_table), None, []
    while True:
        page = inbox.page(member, cursor)
        NoticesModel.model_validate(page)
        found.append([one["notice_id"] for one in page["notices"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, [0]),
        (1, [1]),
        (NOTICES_PER_PAGE, [NOTICES_PER_PAGE]),
        (NOTICES_PER_PAGE + 1, [NOTICES_PER_PAGE, 1]),
        (2 * NOTICES_PER_PAGE, [NOTICES_PER_PAGE, NOTICES_PER_PAGE]),
    ],
)
def test_all_notices_are_found_page_by_page_newest_first(
    store: Store, new_member: Callable[[], str], count: int, sizes: list[int]
) -> None:
    member = agreed(store.members(), new_member())
    ids = told(store, member, count)
    found = pages(store, member)
    assert [len(one) for one in found] == sizes
    assert [one for page in found for one in page] == ids


def test_a_notice_that_has_gone_still_marks_its_place(
    store: Store, new_member: Callable[[], str]
) -> None:
    member = new_member()
    older = told(store, member, 2)
    gone = new_id("ntc")
    told(store, member, 2)
    shown = Inbox(store.members_table).page(member, gone)
    assert [one["notice_id"] for one in shown["notices"]] == older


def test_nobody_sees_anothers_notices(store: Store, new_member: Callable[[], str]) -> None:
    told(store, new_member(), 3)
    assert pages(store, new_member()) == [[]]
