"""A standing cash-out: one issuer's points of one month, on their way to become cash (R-E3).

Pure. The state graph is the table ``MOVES``. A cash-out is planned days ahead, asks
the issuer anew on its day, fixes what it wants, hands it over to the transfer context
by a message, and follows what comes of it. What it hands over is stored before it is
sent, so a repeat says the same under the same key: it happens once.
"""

import json
from collections.abc import Mapping
from copy import replace
from enum import StrEnum
from typing import Any, NamedTuple
from zlib import crc32

from modupoint.hand_overs import HandedItem, HandOver
from modupoint.member_table import item_key
from modupoint.text import Text, text
from query.notices import Subject, last_day_of, month_over_ms

CASHOUT_PREFIX = "CASHOUT#"
CASHOUT_SHARDS = 2
"""A partition of an index takes a thousand writes a second."""

MOST_REFUSALS = 5
"""After so many refusals the member is told instead, while days are left to act."""
_KEPT_S = 400 * 24 * 3600
_FIRST_WAIT_MS = 10 * 60_000
_LONGEST_WAIT_MS = 6 * 60 * 60_000

type Item = Mapping[str, Any]


class CashOutState(StrEnum):
    """Where a cash-out stands."""

    PLANNED = "PLANNED"
    """The member has been told; waits for its day."""
    REFRESHING = "REFRESHING"
    """The issuer is asked what is left."""
    HANDING_OVER = "HANDING_OVER"
    """What is wanted is fixed; the message may be sent."""
    HANDED = "HANDED"
    """The message is sent; the transfer context has it."""
    DONE = "DONE"
    STOPPED = "STOPPED"
    """Not wanted any more, or nothing left to turn into cash."""
    MISSED = "MISSED"
    """Wanted, and did not come about; the member has been told why."""


_S = CashOutState

FINAL = frozenset({_S.DONE, _S.STOPPED, _S.MISSED})
"""What no cash-out leaves."""

MOVES: Mapping[CashOutState, frozenset[CashOutState]] = {
    _S.PLANNED: frozenset({_S.REFRESHING, _S.STOPPED, _S.MISSED}),
    # Again while the issuer has not answered.
    _S.REFRESHING: frozenset({_S.REFRESHING, _S.HANDING_OVER, _S.STOPPED, _S.MISSED}),
    # From here on nothing is stopped: a transfer may have been accepted (R-T3).
    _S.HANDING_OVER: frozenset({_S.HANDED}),
    # Another day only if the points were definitely not taken, or are back.
    _S.HANDED: frozenset({_S.HANDED, _S.PLANNED, _S.DONE, _S.STOPPED, _S.MISSED}),
}
"""Every legal change of state."""


class Wanted(NamedTuple):
    """Points of one kind that are to become cash."""

    point_code: str
    amount: int


class CashOut(NamedTuple):
    """A cash-out, whole; ``member`` and ``subject`` name it.

    ``amount`` is what was planned, until ``wanted`` is fixed. ``plan_id`` makes the
    key of its messages its own: an agreement withdrawn and given again may plan the
    same month anew. ``attempt`` counts from 1; ``refusals`` those that failed though the
    day was free. ``account_id`` and ``account_words`` are
    fixed with ``wanted``. ``looks`` counts the looks at an outcome that is not there yet.
    All times are business time in ms.
    """

    member: str
    subject: Subject
    plan_id: str
    amount: int
    due_at_ms: int
    state: CashOutState = CashOutState.PLANNED
    version: int = 1
    attempt: int = 1
    refusals: int = 0
    refreshed_id: str = ""
    refresh_asked_ms: int = 0
    wanted: tuple[Wanted, ...] = ()
    account_id: str = ""
    account_words: str = ""
    looks: int = 0
    reason: str = ""
    transfer_id: str = ""

    @property
    def key(self) -> str:
        """The idempotency key of the present attempt's transfer."""
        return f"{self.plan_id}-{self.attempt}"

    @property
    def account(self) -> Text:
        """The account as people know it."""
        return text(self.account_words, self.account_words)

    def moved(self, state: CashOutState, due_at_ms: int = 0, **changes: Any) -> "CashOut":  # noqa: ANN401 - the record's own fields
        """Return the cash-out in another state.

        Raises
        ------
        ValueError
            If the graph has no such move.
        """
        if state not in MOVES.get(self.state, ()):
            raise ValueError(f"{self.state} does not become {state}")
        return replace(self, state=state, due_at_ms=due_at_ms, version=self.version + 1, **changes)

    def hand_over(self) -> HandOver:
        """Return what the transfer context is asked: the same each time it is sent."""
        issuer = self.subject.issuer
        return HandOver(
            self.member,
            self.key,
            self.account_id,
            tuple(HandedItem(issuer, one.point_code, one.amount) for one in self.wanted),
            last_day_of(self.subject.month),
        )


def wait_ms(looks: int) -> int:
    """Return how long to wait before the next look at an outcome; longer each time."""
    return min(_FIRST_WAIT_MS << min(looks, 10), _LONGEST_WAIT_MS)


class Sequel(StrEnum):
    """What follows a refusal or a failure that left the points where they were."""

    ANOTHER_DAY = "another day"
    """Only the day was taken: tries that do not count."""
    TRY_AGAIN = "try again"
    GIVE_UP = "give up"
    """No day will change it: the member has to act."""
    ACCOUNT_GONE = "account gone"
    FORGET = "forget"
    """The member has left; there is nobody to tell."""


_SEQUELS: dict[str, Sequel] = {
    "already_transferred_today": Sequel.ANOTHER_DAY,
    "already_redeemed_today": Sequel.ANOTHER_DAY,
    "account_not_found": Sequel.GIVE_UP,
    "account_closed": Sequel.GIVE_UP,
    "account_restricted": Sequel.GIVE_UP,
    "holder_name_mismatch": Sequel.GIVE_UP,
    "card_dormant": Sequel.GIVE_UP,
    "not_cashable": Sequel.GIVE_UP,
    "invalid_request": Sequel.GIVE_UP,
    "not_found": Sequel.ACCOUNT_GONE,
    "consent_required": Sequel.FORGET,
}


def sequel(code: str) -> Sequel:
    """Return what follows a transfer's refusal or failure; what is not listed may pass."""
    return _SEQUELS.get(code, Sequel.TRY_AGAIN)


def cash_out_sk(subject: Subject) -> str:
    """Return the sort key of a cash-out: one an issuer and month (R-E4)."""
    return f"{CASHOUT_PREFIX}{subject.issuer}#{subject.month}"


def subject_of_sk(sk: str) -> Subject:
    """Return which cash-out a sort key is."""
    issuer, _, month = sk.removeprefix(CASHOUT_PREFIX).partition("#")
    return Subject(issuer, month)


CASHOUT_LANES = tuple(f"CASHOUT#{shard}" for shard in range(CASHOUT_SHARDS))


def cash_out_item(cash_out: CashOut) -> dict[str, Any]:
    """Return a cash-out's item, in the index of what is due until it is final."""
    subject = cash_out.subject
    due: dict[str, Any] = {
        "lane": {"S": f"CASHOUT#{crc32(cash_out.plan_id.encode()) % CASHOUT_SHARDS}"},
        "due_at": {"N": str(cash_out.due_at_ms)},
    }
    return {
        **item_key(cash_out.member, cash_out_sk(subject)),
        "plan_id": {"S": cash_out.plan_id},
        "amount": {"N": str(cash_out.amount)},
        "state": {"S": cash_out.state.value},
        "version": {"N": str(cash_out.version)},
        "attempt": {"N": str(cash_out.attempt)},
        "refusals": {"N": str(cash_out.refusals)},
        "refreshed_id": {"S": cash_out.refreshed_id},
        "refresh_asked": {"N": str(cash_out.refresh_asked_ms)},
        "wanted": {"S": json.dumps([[one.point_code, one.amount] for one in cash_out.wanted])},
        "account_id": {"S": cash_out.account_id},
        "account_words": {"S": cash_out.account_words},
        "looks": {"N": str(cash_out.looks)},
        "reason": {"S": cash_out.reason},
        "transfer_id": {"S": cash_out.transfer_id},
        "expires_at": {"N": str(month_over_ms(subject.month) // 1000 + _KEPT_S)},
        **({} if cash_out.state in FINAL else due),
    }


def cash_out_of(item: Item) -> CashOut:
    """Return the cash-out an item holds."""
    return CashOut(
        member=item["pk"]["S"],
        subject=subject_of_sk(item["sk"]["S"]),
        plan_id=item["plan_id"]["S"],
        amount=int(item["amount"]["N"]),
        due_at_ms=int(item["due_at"]["N"]) if "due_at" in item else 0,
        state=CashOutState(item["state"]["S"]),
        version=int(item["version"]["N"]),
        attempt=int(item["attempt"]["N"]),
        refusals=int(item["refusals"]["N"]),
        refreshed_id=item["refreshed_id"]["S"],
        refresh_asked_ms=int(item["refresh_asked"]["N"]),
        wanted=tuple(Wanted(code, amount) for code, amount in json.loads(item["wanted"]["S"])),
        account_id=item["account_id"]["S"],
        account_words=item["account_words"]["S"],
        looks=int(item["looks"]["N"]),
        reason=item["reason"]["S"],
        transfer_id=item["transfer_id"]["S"],
    )
