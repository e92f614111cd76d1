"""Guards of the expiry scan, each with a way to switch off that one alone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from copy import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from modupoint.cash_outs import POINTS_ARE_THE_MEMBERS, Course
from modupoint.clock import epoch_ms
from query import cash_out_course, cash_out_days, member_scan
from query.cash_out import CashOut
from query.cash_out_course import CashOutCourse
from query.expiry_settings import SCAN_LANES
from query.notices import notice_item
from tests.expiry_year import memory_expiry, year
from tests.expiry_year.memory_expiry import MemoryExpiry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from query.expiry import Known
    from query.notices import Notice

_YEAR_MS = 366 * 24 * 3_600_000


@contextmanager
def _all(*patches: Any) -> Iterator[None]:
    with ExitStack() as off:
        for one in patches:
            off.enter_context(one)
        yield


def _forgets_what_was_told() -> AbstractContextManager[object]:
    known = MemoryExpiry.known

    def forgetful(self: MemoryExpiry, member: str, this_month: str) -> Known | None:
        found = known(self, member, this_month)
        return None if found is None else replace(found, told=frozenset(), cash_outs=())

    return _all(
        patch.object(MemoryExpiry, "known", forgetful),
        patch.object(MemoryExpiry, "_is_new", lambda *_: True),
    )


def _overwrites_what_was_overtaken() -> AbstractContextManager[object]:
    def is_there(self: MemoryExpiry, member: str, sk: str, _version: int) -> bool:
        return (member, sk) in self.rows

    return patch.object(MemoryExpiry, "_is_unmoved", is_there)


def _keeps_no_outbox() -> AbstractContextManager[object]:
    def without_place(notice: Notice) -> dict[str, Any]:
        item = notice_item(notice)
        return {name: item[name] for name in item if name not in {"lane", "due_at"}}

    return patch.object(memory_expiry, "notice_item", without_place)


def _takes_another_key_each_time() -> AbstractContextManager[object]:
    return patch.object(
        CashOut, "key", property(lambda self: f"{self.plan_id}-{self.attempt}{self.looks}")
    )


def _leaves_out_lanes() -> AbstractContextManager[object]:
    return patch.object(year, "_LANES", [one for one in year._LANES if one not in SCAN_LANES[:3]])


def _waits_for_nobody() -> AbstractContextManager[object]:
    return _all(
        patch.object(member_scan, "unanswered", lambda *_: ()),
        patch.object(member_scan, "FIRST_ANSWERS_MS", 0),
    )


GUARDS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "what was told is remembered": _forgets_what_was_told,
    "a row is written only as it was read": _overwrites_what_was_overtaken,
    "a notice waits for its event": _keeps_no_outbox,
    "a hand-over has one key": _takes_another_key_each_time,
    "every lane is swept": _leaves_out_lanes,
    "the member knows three days before": lambda: patch.object(
        cash_out_days, "TOLD_BEFORE", cash_out_days.TOLD_BEFORE / 3
    ),
    "answers are waited for": _waits_for_nobody,
    "nobody is left out for a month": lambda: patch.object(
        member_scan, "next_night_ms", lambda _, now: epoch_ms(now) + _YEAR_MS // 6
    ),
    "what is unknown is waited for": lambda: patch.object(
        cash_out_course,
        "POINTS_ARE_THE_MEMBERS",
        POINTS_ARE_THE_MEMBERS | {Course.PENDING, Course.MOVING},
    ),
    "what is not wanted any more ends": lambda: patch.object(
        CashOutCourse, "_stop", lambda *_: None
    ),
}
