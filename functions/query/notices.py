"""What a member is told about expiring points, in which words, and how it is kept.

Pure. A notice lies in the member's inbox, ``NOTICE#<id>``, and is in the index of
what is due until its event is on the bus: the row is the outbox too. ``TOLD#…`` is
written with it where nothing else keeps a second notice of a kind, issuer and month
from being made (R-E4).
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zlib import crc32

from modupoint.clock import SEOUL, at_ms, epoch_ms, rfc3339
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.member_table import item_key
from modupoint.text import Text, text

NOTICE_PREFIX = "NOTICE#"
TOLD_PREFIX = "TOLD#"
EVENT_SHARDS = 2
"""A partition of an index takes a thousand writes a second."""

EVENT_AFTER_MS = 60_000
"""Whoever writes a notice also sends its event; the sweep looks after it from then on."""
_KEPT_S = 400 * 24 * 3600

type Item = Mapping[str, Any]


class NoticeKind(StrEnum):
    """What a notice is about, as the public API names it."""

    EXPIRING = "EXPIRING"
    CASHOUT_PLANNED = "CASHOUT_PLANNED"
    CASHOUT_TOO_LATE = "CASHOUT_TOO_LATE"
    CASHOUT_NO_ACCOUNT = "CASHOUT_NO_ACCOUNT"
    CASHOUT_STOPPED = "CASHOUT_STOPPED"
    CASHOUT_DONE = "CASHOUT_DONE"
    CASHOUT_FAILED = "CASHOUT_FAILED"


class Subject(NamedTuple):
    """Which points something is about: an issuer's, expiring at the end of ``YYYY-MM``."""

    issuer: str
    month: str


class Notice(NamedTuple):
    """One notice. ``amount`` is whole points, ``created_at_ms`` business time."""

    member: str
    notice_id: str
    kind: NoticeKind
    created_at_ms: int
    subject: Subject
    amount: int
    words: Text
    transfer_id: str | None = None

    @classmethod
    def new(
        cls,
        member: str,
        kind: NoticeKind,
        subject: Subject,
        amount: int,
        words: Text,
        now_ms: int,
        transfer_id: str | None = None,
    ) -> "Notice":
        """Return a notice of this moment, with an id that sorts by it."""
        return cls(member, new_id("ntc"), kind, now_ms, subject, amount, words, transfer_id)

    def shown(self) -> dict[str, Any]:
        """Return the notice as the public API shows it."""
        return {
            "notice_id": self.notice_id,
            "kind": self.kind.value,
            "created_at": rfc3339(at_ms(self.created_at_ms)),
            "issuer": self.subject.issuer,
            "month": self.subject.month,
            "amount": self.amount,
            "text": self.words,
            "transfer_id": self.transfer_id,
        }

    def event(self) -> dict[str, Any]:
        """Return what the bus carries: the notice, and the pseudonymous key of its member."""
        return {**self.shown(), "member": self.member}


def month_of(day: date) -> str:
    """Return a day's month, ``YYYY-MM``."""
    return f"{day.year:04d}-{day.month:02d}"


def months_later(month: str, count: int) -> str:
    """Return the month some months after another."""
    year, index = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + count, 12)
    return f"{year:04d}-{index + 1:02d}"


def last_day_of(month: str) -> date:
    """Return the day at whose end a month's points are gone."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def month_over_ms(month: str) -> int:
    """Return when a month is over in Seoul: its points are gone from then on."""
    next_day = last_day_of(month) + timedelta(days=1)
    return epoch_ms(datetime.combine(next_day, time.min, SEOUL))


def notice_key(member: str, notice_id: str) -> dict[str, Any]:
    """Return a notice's key."""
    return item_key(member, f"{NOTICE_PREFIX}{notice_id}")


def event_lane(notice_id: str) -> str:
    """Return the index key under which a notice waits for its event."""
    return f"EVENT#{crc32(notice_id.encode()) % EVENT_SHARDS}"


EVENT_LANES = tuple(f"EVENT#{shard}" for shard in range(EVENT_SHARDS))


def notice_item(notice: Notice) -> dict[str, Any]:
    """Return the item of a notice whose event is still to be sent."""
    created_ms = notice.created_at_ms
    transfer = {} if notice.transfer_id is None else {"transfer_id": {"S": notice.transfer_id}}
    return {
        **notice_key(notice.member, notice.notice_id),
        "kind": {"S": notice.kind.value},
        "created_at": {"N": str(created_ms)},
        "issuer": {"S": notice.subject.issuer},
        "month": {"S": notice.subject.month},
        "amount": {"N": str(notice.amount)},
        "words": {"M": {"ko": {"S": notice.words["ko"]}, "en": {"S": notice.words["en"]}}},
        "lane": {"S": event_lane(notice.notice_id)},
        "due_at": {"N": str(created_ms + EVENT_AFTER_MS)},
        "expires_at": {"N": str(created_ms // 1000 + _KEPT_S)},
        **transfer,
    }


def notice_of(item: Item) -> Notice:
    """Return the notice an item holds."""
    words = item["words"]["M"]
    return Notice(
        member=item["pk"]["S"],
        notice_id=item["sk"]["S"].removeprefix(NOTICE_PREFIX),
        kind=NoticeKind(item["kind"]["S"]),
        created_at_ms=int(item["created_at"]["N"]),
        subject=Subject(item["issuer"]["S"], item["month"]["S"]),
        amount=int(item["amount"]["N"]),
        words=text(words["ko"]["S"], words["en"]["S"]),
        transfer_id=item["transfer_id"]["S"] if "transfer_id" in item else None,
    )


def event_is_due(item: Item) -> bool:
    """Say whether a notice's event is still to be sent."""
    return "lane" in item


def told_sk(kind: NoticeKind, subject: Subject) -> str:
    """Return the sort key of a marker; by month, so that what is past is not read again."""
    return f"{TOLD_PREFIX}{subject.month}#{kind}#{subject.issuer}"


def told_item(member: str, kind: NoticeKind, subject: Subject) -> dict[str, Any]:
    """Return the marker that a member was told."""
    return {
        **item_key(member, told_sk(kind, subject)),
        "expires_at": {"N": str(month_over_ms(subject.month) // 1000 + _KEPT_S)},
    }


def told_of(item: Item) -> tuple[NoticeKind, Subject]:
    """Return what a marker says was told."""
    month, kind, issuer = item["sk"]["S"].removeprefix(TOLD_PREFIX).split("#")
    return NoticeKind(kind), Subject(issuer, month)


def words(template: Text, subject: Subject, amount: int, **more: Text) -> Text:
    """Return a notice's text.

    Parameters
    ----------
    template
        Of ``notice_words``; names ``{issuer}``, ``{amount}``, ``{last_day}`` and ``more``.
    """
    return fill(
        template,
        issuer=ISSUERS[subject.issuer].name,
        amount=text(f"{amount:,}", f"{amount:,}"),
        last_day=day_in_words(last_day_of(subject.month)),
        **more,
    )


def fill(template: Text, **parts: Text) -> Text:
    """Return a template with its parts, each in its language."""
    return text(
        template["ko"].format(**{name: part["ko"] for name, part in parts.items()}),
        template["en"].format(**{name: part["en"] for name, part in parts.items()}),
    )


def day_in_words(day: date) -> Text:
    """Return a day as people write it."""
    return text(
        f"{day.year}년 {day.month}월 {day.day}일", f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    )


# strftime would follow the machine's language.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
