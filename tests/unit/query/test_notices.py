"""Notices: in plain words in both languages, kept whole, told as events (R-E1)."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.clock import at_ms
from modupoint.issuers import ISSUERS
from modupoint.text import Text, text
from query import notice_words
from query.notices import (
    EVENT_LANES,
    Notice,
    NoticeKind,
    Subject,
    event_is_due,
    last_day_of,
    month_over_ms,
    months_later,
    notice_item,
    notice_of,
    told_item,
    told_of,
    words,
)
from tests.unit.query.expiry_samples import KB_MARCH, MEMBER, NOW_MS

TEMPLATES: list[Text] = [
    notice_words.EXPIRING,
    notice_words.EXPIRING_AS_OF,
    notice_words.CASHOUT_PLANNED,
    notice_words.CASHOUT_TOO_LATE,
    notice_words.CASHOUT_DONE,
    notice_words.CASHOUT_FAILED,
    *notice_words.CASHOUT_STOPPED.values(),
]

notices = st.builds(
    Notice,
    member=st.just(MEMBER),
    notice_id=st.uuids().map("ntc_{}".format),
    kind=st.sampled_from(NoticeKind),
    created_at_ms=st.integers(1_700_000_000_000, 2_000_000_000_000),
    subject=st.builds(Subject, st.sampled_from(list(ISSUERS)), st.just("2027-03")),
    amount=st.integers(1, 10**9),
    words=st.builds(text, st.text(), st.text()),
    transfer_id=st.none() | st.just("trf_1"),
)


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_languages_say_the_same_things(template: Text) -> None:
    assert names(template["ko"]) == names(template["en"])
    assert {"issuer", "amount"} <= names(template["ko"])
    assert re.search("[가-힣]", template["ko"])
    assert not re.search("[가-힣]", template["en"])


@pytest.mark.parametrize("template", [one for one in TEMPLATES if one != notice_words.CASHOUT_DONE])
def test_whatever_is_not_done_says_until_when_it_can_be(template: Text) -> None:
    if template is notice_words.CASHOUT_FAILED:
        assert "hint" in names(template["ko"])
    else:
        assert "last_day" in names(template["ko"])


def test_amounts_and_days_are_written_as_people_read_them() -> None:
    told = words(notice_words.CASHOUT_TOO_LATE, KB_MARCH, 1_234_567)
    assert "KB국민카드 포인트 1,234,567점이 2027년 3월 31일까지" in told["ko"]
    assert "1,234,567 points of" in told["en"]
    assert "31 March 2027" in told["en"]


@pytest.mark.parametrize(
    "code", ["account_closed", "card_dormant", notice_words.MONTH_OVER, "a code of the future"]
)
def test_every_reason_has_words(code: str) -> None:
    assert notice_words.why(code)["ko"]
    assert notice_words.why(code)["en"]


@given(notices)
def test_a_row_holds_all_of_a_notice_and_waits_for_its_event(notice: Notice) -> None:
    item = notice_item(notice)
    assert notice_of(item) == notice
    assert event_is_due(item)
    assert item["lane"]["S"] in EVENT_LANES


@given(notices)
def test_an_event_is_the_notice_as_shown_and_whose_it_is(notice: Notice) -> None:
    event = notice.event()
    assert event.pop("member") == MEMBER
    assert event == notice.shown()


@given(st.sampled_from(NoticeKind), st.sampled_from(list(ISSUERS)))
def test_a_marker_says_what_was_told_and_outlives_its_month(kind: NoticeKind, code: str) -> None:
    subject = Subject(code, "2027-03")
    item = told_item(MEMBER, kind, subject)
    assert told_of(item) == (kind, subject)
    assert int(item["expires_at"]["N"]) * 1000 > month_over_ms("2027-03")


def test_notices_sort_by_when_they_were_made() -> None:
    made = [
        Notice.new(MEMBER, NoticeKind.EXPIRING, KB_MARCH, 1, text("가", "a"), NOW_MS).notice_id
        for _ in range(200)
    ]
    assert made == sorted(made)


@pytest.mark.parametrize(
    ("month", "day"), [("2027-02", 28), ("2028-02", 29), ("2027-12", 31), ("2027-04", 30)]
)
def test_points_are_gone_at_the_end_of_their_month_r_e1(month: str, day: int) -> None:
    assert last_day_of(month).day == day
    last_moment = at_ms(month_over_ms(month) - 1)
    assert last_moment.date() == last_day_of(month)


@given(st.integers(0, 40), st.integers(0, 40))
def test_months_add_up(one: int, other: int) -> None:
    assert months_later(months_later("2026-11", one), other) == months_later("2026-11", one + other)
    assert months_later("2026-11", 2) == "2027-01"
