"""The Transfers table: where things lie, and how they are written. No calls here.

PK member; SK
``TRANSFER#<id>`` what was asked, ``TRANSFER#<id>#LEG#<issuer>`` a leg,
``LEDGER#<id>#<issuer>#<cause>`` a journal entry, ``KEY#<hash>`` an idempotency
key with what it made, or why it made nothing (``refused``), ``DAY#<date>`` which
leg holds each issuer's redemption of the day, ``MEMBER`` how many transfers were submitted.

Two sparse indexes. ``due``: every leg with something left to do, by lane, in the
order it is due. ``book``: journal entries by the day and partner in whose list
they must appear.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from zlib import crc32

from modupoint.effects import Progress
from modupoint.member_table import item_key
from transfer.legs import FINAL, WITH_OPERATOR, BankTran, Leg, LegItem, LegKey, LegState
from transfer.postings import Cause, Line, Posting

BOOK_INDEX = "book"
MEMBER = "MEMBER"
TRANSFER_PREFIX = "TRANSFER#"
_LEG_MARK = "#LEG#"

OPERATOR_LANE = "OPERATOR"
"""The lane of the legs that wait for a person."""
LANE_SHARDS = 2
BOOK_SHARDS = 4
"""A partition of an index takes a thousand writes a second."""

SWEEP_AFTER_MS = 45_000
"""A new leg has a message on its way; the sweep looks after it from then on."""

# Ledgers stay five years (R-M2), and a month on top: no leg is as old.
KEPT_S = (5 * 366 + 31) * 24 * 3600
_DAY_KEPT_S = 40 * 24 * 3600

type Item = Mapping[str, Any]


class ShownAccount(NamedTuple):
    """The account of a transfer, masked, as it was when the transfer was accepted."""

    account_id: str
    bank_code: str
    bank_name: str
    masked_number: str
    holder_name_masked: str


class Transfer(NamedTuple):
    """What was asked: the header of a transfer."""

    member: str
    transfer_id: str
    requested_at_ms: int
    account: ShownAccount
    idempotency_key: str
    body_sha256: str


def transfer_sk(transfer_id: str) -> str:
    """Return the sort key of a transfer's header."""
    return f"{TRANSFER_PREFIX}{transfer_id}"


def leg_key(key: LegKey) -> dict[str, Any]:
    """Return a leg's key."""
    return item_key(key.member, f"{transfer_sk(key.transfer_id)}{_LEG_MARK}{key.issuer}")


def day_key(member: str, day: date) -> dict[str, Any]:
    """Return the key of a day's redemptions."""
    return item_key(member, f"DAY#{day.isoformat()}")


def day_expires(now_s: int) -> dict[str, str]:
    """Return when a day's record may go."""
    return {"N": str(now_s + _DAY_KEPT_S)}


def book(day: date, partner: str, shard: int) -> str:
    """Return the index key of a shard of a partner's book of a day."""
    return f"{day.isoformat()}#{partner}#{shard}"


def lanes_of(issuer: str) -> tuple[str, ...]:
    """Return the index keys of an issuer's due legs."""
    return tuple(f"{issuer}#{shard}" for shard in range(LANE_SHARDS))


def transfer_item(transfer: Transfer) -> dict[str, Any]:
    """Return a header's item."""
    account = transfer.account
    return {
        **item_key(transfer.member, transfer_sk(transfer.transfer_id)),
        "requested_at": _n(transfer.requested_at_ms),
        "account_id": {"S": account.account_id},
        "bank_code": {"S": account.bank_code},
        "bank_name": {"S": account.bank_name},
        "masked_number": {"S": account.masked_number},
        "holder_name_masked": {"S": account.holder_name_masked},
        "key": {"S": transfer.idempotency_key},
        "body_sha256": {"S": transfer.body_sha256},
        "expires_at": _n(transfer.requested_at_ms // 1000 + KEPT_S),
    }


def transfer_of(item: Item) -> Transfer:
    """Return the header an item holds."""
    return Transfer(
        member=item["pk"]["S"],
        transfer_id=item["sk"]["S"].removeprefix(TRANSFER_PREFIX),
        requested_at_ms=int(item["requested_at"]["N"]),
        account=ShownAccount(
            item["account_id"]["S"],
            item["bank_code"]["S"],
            item["bank_name"]["S"],
            item["masked_number"]["S"],
            item["holder_name_masked"]["S"],
        ),
        idempotency_key=item["key"]["S"],
        body_sha256=item["body_sha256"]["S"],
    )


def is_leg(item: Item) -> bool:
    """Say whether an item of a transfer is a leg."""
    return _LEG_MARK in item["sk"]["S"]


def leg_item(leg: Leg) -> dict[str, Any]:
    """Return a leg's item, with its place in the index of what is due."""
    progress = leg.progress
    optional: dict[str, Any] = {
        "sealed_ci": None if leg.sealed_ci is None else {"B": leg.sealed_ci},
        "sealed_account": None if leg.sealed_account is None else {"B": leg.sealed_account},
        "approved_at": _s(leg.approved_at),
        "bank_tran": None if leg.bank_tran is None else _tran_map(leg.bank_tran),
        "former_bank_trans": {"L": [_tran_map(one) for one in leg.former_bank_trans]}
        if leg.former_bank_trans
        else None,
        "deposited_at": None if leg.deposited_at_ms is None else _n(leg.deposited_at_ms),
        "failure": _s(leg.failure),
        "sent_at": None if progress.sent_at_ms is None else _n(progress.sent_at_ms),
        **_due(leg),
    }
    return {
        **leg_key(leg.key),
        "leg_id": {"S": leg.leg_id},
        "items": {"S": json.dumps([[one.point_code, one.amount] for one in leg.items])},
        "requested_at": _n(leg.requested_at_ms),
        "promised_at": _n(leg.promised_at_ms),
        "redemption_id": {"S": leg.redemption_id},
        "guard_day": {"S": leg.guard_day.isoformat()},
        "bank_code": {"S": leg.bank_code},
        "state": {"S": progress.state},
        "version": _n(progress.version),
        "tries": _n(progress.tries),
        "not_before": _n(progress.not_before_ms),
        "expires_at": _n(leg.requested_at_ms // 1000 + KEPT_S),
        **{name: value for name, value in optional.items() if value is not None},
    }


def leg_of(item: Item) -> Leg:
    """Return the leg an item holds."""
    return Leg(
        key=leg_key_of(item),
        leg_id=item["leg_id"]["S"],
        items=tuple(LegItem(code, amount) for code, amount in json.loads(item["items"]["S"])),
        requested_at_ms=int(item["requested_at"]["N"]),
        promised_at_ms=int(item["promised_at"]["N"]),
        redemption_id=item["redemption_id"]["S"],
        guard_day=date.fromisoformat(item["guard_day"]["S"]),
        bank_code=item["bank_code"]["S"],
        progress=Progress(
            state=LegState(item["state"]["S"]),
            version=int(item["version"]["N"]),
            tries=int(item["tries"]["N"]),
            sent_at_ms=int(item["sent_at"]["N"]) if "sent_at" in item else None,
            not_before_ms=int(item["not_before"]["N"]),
        ),
        sealed_ci=item["sealed_ci"]["B"] if "sealed_ci" in item else None,
        sealed_account=item["sealed_account"]["B"] if "sealed_account" in item else None,
        approved_at=item["approved_at"]["S"] if "approved_at" in item else None,
        bank_tran=_tran(item["bank_tran"]) if "bank_tran" in item else None,
        former_bank_trans=tuple(_tran(one) for one in item["former_bank_trans"]["L"])
        if "former_bank_trans" in item
        else (),
        deposited_at_ms=int(item["deposited_at"]["N"]) if "deposited_at" in item else None,
        failure=item["failure"]["S"] if "failure" in item else None,
    )


def leg_key_of(item: Item) -> LegKey:
    """Return which leg an item of the table or of the index of due legs is."""
    transfer_id, _, issuer = item["sk"]["S"].removeprefix(TRANSFER_PREFIX).partition(_LEG_MARK)
    return LegKey(item["pk"]["S"], transfer_id, issuer)


def posting_item(posting: Posting) -> dict[str, Any]:
    """Return a journal entry's item. Its key lets a leg post each cause once."""
    key = posting.key
    shard = crc32(posting.leg_id.encode()) % BOOK_SHARDS
    return {
        **item_key(key.member, f"LEDGER#{key.transfer_id}#{key.issuer}#{posting.cause}"),
        "leg_id": {"S": posting.leg_id},
        "cause": {"S": posting.cause},
        "partner": {"S": posting.partner},
        "book": {"S": book(posting.book_day, posting.partner, shard)},
        "reference": {"S": posting.reference},
        "amount": _n(posting.amount),
        "lines": {"S": json.dumps([[line.account, line.amount] for line in posting.lines])},
        "posted_at": _n(posting.posted_at_ms),
        "expires_at": _n(posting.posted_at_ms // 1000 + KEPT_S),
    }


def posting_of(item: Item) -> Posting:
    """Return the journal entry an item holds."""
    _, transfer_id, issuer, _ = item["sk"]["S"].split("#")
    return Posting(
        key=LegKey(item["pk"]["S"], transfer_id, issuer),
        leg_id=item["leg_id"]["S"],
        cause=Cause(item["cause"]["S"]),
        partner=item["partner"]["S"],
        book_day=date.fromisoformat(item["book"]["S"].partition("#")[0]),
        reference=item["reference"]["S"],
        amount=int(item["amount"]["N"]),
        lines=tuple(Line(account, amount) for account, amount in json.loads(item["lines"]["S"])),
        posted_at_ms=int(item["posted_at"]["N"]),
    )


def _due(leg: Leg) -> dict[str, Any]:
    if leg.state in FINAL:
        return {}
    progress = leg.progress
    fresh = progress.version == 0
    due_ms = progress.not_before_ms + (SWEEP_AFTER_MS if fresh else 0)
    return {"lane": {"S": _lane(leg)}, "due_at": _n(due_ms)}


def _lane(leg: Leg) -> str:
    if leg.state in WITH_OPERATOR:
        return OPERATOR_LANE
    return f"{leg.key.issuer}#{crc32(leg.leg_id.encode()) % LANE_SHARDS}"


def _tran_map(tran: BankTran) -> dict[str, Any]:
    return {"M": {"id": {"S": tran.id}, "date": {"S": tran.date.isoformat()}}}


def _tran(value: Item) -> BankTran:
    return BankTran(value["M"]["id"]["S"], date.fromisoformat(value["M"]["date"]["S"]))


def _n(number: int) -> dict[str, str]:
    return {"N": str(number)}


def _s(value: str | None) -> dict[str, str] | None:
    return None if value is None else {"S": value}
