"""What issuers owe, and which comparisons are done, in the Operations table (R-T8).

PK ``SETTLEMENT``; SK ``<day>#<issuer>#r<revision>``: what an issuer owes for a
day, never changed, only followed by a revision. PK ``RECONCILED``; SK
``<day>#<partner>``: that a partner's day was compared, and the figures it was
compared with.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from modupoint.aws import client
from modupoint.transactions import put_new
from transfer.reconciliation import BookFigures, Reconciliation
from transfer.transfer_items import KEPT_S

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SETTLEMENT = "SETTLEMENT"
_RECONCILED = "RECONCILED"
_TRIES = 5


class Settlement(NamedTuple):
    """What an issuer owes for a day, in KRW: by our books, and by its own list."""

    day: date
    issuer: str
    revision: int
    redeemed: int
    reversed: int
    owed: int
    owed_by_their_list: int
    written_at_ms: int


class SettlementBusyError(Exception):
    """Others kept writing revisions of the same settlement; the next run looks again."""


class DynamoSettlements:
    """Settlements and the record of finished comparisons. Times are business time in ms."""

    def __init__(self, operations_table: str) -> None:
        self._table = operations_table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def write(self, day: date, issuer: str, found: Reconciliation, now_ms: int) -> bool:
        """Write what an issuer owes for a day; False if just that is written already.

        Raises
        ------
        SettlementBusyError
            If other runs write the same settlement all the time.
        """
        for _ in range(_TRIES):
            newest = max(self.of(day, issuer), key=lambda one: one.revision, default=None)
            settlement = Settlement(
                day=day,
                issuer=issuer,
                revision=newest.revision + 1 if newest else 1,
                redeemed=found.ours.redeemed,
                reversed=found.ours.reversed,
                owed=found.ours.owed,
                owed_by_their_list=found.theirs.owed,
                written_at_ms=now_ms,
            )
            if newest and _sums(newest) == _sums(settlement):
                return False
            if put_new(self._dynamodb, self._table, _settlement_item(settlement)):
                return True
        raise SettlementBusyError

    def of(self, day: date, issuer: str = "") -> Iterator[Settlement]:
        """Give a day's settlements with all their revisions, of one issuer or of all."""
        prefix = f"{day.isoformat()}#{issuer}#" if issuer else f"{day.isoformat()}#"
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": _SETTLEMENT}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from map(_settlement_of, page["Items"])

    def compared_with(self, day: date, partner: str) -> BookFigures | None:
        """Return our figures that a partner's day was last compared with; None if it was not."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=_run_key(day, partner), ConsistentRead=True
        ).get("Item")
        return None if item is None else _figures_of(item["ours"]["M"])

    def finish(self, day: date, partner: str, found: Reconciliation, now_ms: int) -> None:
        """Note that a partner's day is compared."""
        item = {
            **_run_key(day, partner),
            "matched": _n(found.matched),
            "differences": _n(len(found.differences)),
            "ours": _figures(found.ours),
            "theirs": _figures(found.theirs),
            "finished_at": _n(now_ms),
            "expires_at": _n(now_ms // 1000 + KEPT_S),
        }
        self._dynamodb.put_item(TableName=self._table, Item=item)


def _sums(settlement: Settlement) -> tuple[int, int, int]:
    return settlement.redeemed, settlement.reversed, settlement.owed_by_their_list


def _settlement_item(settlement: Settlement) -> dict[str, Any]:
    day, issuer, revision = settlement.day.isoformat(), settlement.issuer, settlement.revision
    return {
        "pk": {"S": _SETTLEMENT},
        # Padded, so that revisions sort.
        "sk": {"S": f"{day}#{issuer}#r{revision:03d}"},
        "day": {"S": day},
        "issuer": {"S": issuer},
        "revision": _n(revision),
        "redeemed": _n(settlement.redeemed),
        "reversed": _n(settlement.reversed),
        "owed": _n(settlement.owed),
        "owed_by_their_list": _n(settlement.owed_by_their_list),
        "written_at": _n(settlement.written_at_ms),
        "expires_at": _n(settlement.written_at_ms // 1000 + KEPT_S),
    }


def _settlement_of(item: Mapping[str, Any]) -> Settlement:
    return Settlement(
        day=date.fromisoformat(item["day"]["S"]),
        issuer=item["issuer"]["S"],
        revision=int(item["revision"]["N"]),
        redeemed=int(item["redeemed"]["N"]),
        reversed=int(item["reversed"]["N"]),
        owed=int(item["owed"]["N"]),
        owed_by_their_list=int(item["owed_by_their_list"]["N"]),
        written_at_ms=int(item["written_at"]["N"]),
    )


def _figures(figures: BookFigures) -> dict[str, Any]:
    return {
        "M": {
            "entries": _n(figures.entries),
            "redeemed": _n(figures.redeemed),
            "reversed": _n(figures.reversed),
            "deposited": _n(figures.deposited),
        }
    }


def _figures_of(value: Mapping[str, Any]) -> BookFigures:
    return BookFigures(**{name: int(number["N"]) for name, number in value.items()})


def _run_key(day: date, partner: str) -> dict[str, Any]:
    return {"pk": {"S": _RECONCILED}, "sk": {"S": f"{day.isoformat()}#{partner}"}}


def _n(number: int) -> dict[str, str]:
    return {"N": str(number)}
