"""The Members table: agreement, the last lookups and each issuer's last answer.

Every item lies under its member's key. ``MEMBER`` holds the agreement, the
sealed CI and the last six lookups; ``ISSUER#<code>`` an issuer's last answer.
Every write is one conditional call, so that doubled and late messages, and two
devices at once, end the same way whatever their order.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from modupoint.accounts import Account, read_accounts
from modupoint.aws import client
from modupoint.clock import real_ms
from modupoint.member_table import ACCOUNT_PREFIX, ISSUER_PREFIX, MEMBER, item_key
from modupoint.transactions import CONDITION_FAILED, ConditionsFailedError, error_code, transact
from query.erasure import erase_rows
from query.expiry_settings import EXPIRY
from query.inquiry import Finding, Reason, Status
from query.lookups import (
    LOOKUPS_PER_MINUTE,
    REPAIRS_PER_LOOKUP,
    IssuerRecord,
    Lookup,
    MemberRecord,
    minute_before,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = Mapping[str, Any]

_REGISTERS = tuple(f"recent_{place}" for place in range(1, LOOKUPS_PER_MINUTE + 1))
_NEWEST = _REGISTERS[-1]
_OLDEST = _REGISTERS[0]
# A register that asks nobody covers no wish and is shown to nobody.
_ASKS_NOBODY: dict[str, Any] = {"L": []}
_EMPTY_REGISTER = {
    "M": {"id": {"S": ""}, "at": {"N": "0"}, "due": {"N": "0"}, "only": _ASKS_NOBODY}
}

# A member who has not looked for this long gets no stale balances any more.
_ANSWER_KEPT_S = 400 * 24 * 3600
# A tombstone only has to outlive the messages that were under way.
_TOMBSTONE_KEPT_S = 24 * 3600
_WITHDRAWAL_TRIES = 5


class Consent(NamedTuple):
    """An agreement in force. ``consented_at`` is RFC 3339, ``text_sha256`` may be unknown."""

    terms_version: str
    consented_at: str
    text_sha256: str | None


class MemberPage(NamedTuple):
    """A member's item and answers, as one query gives them."""

    member: MemberRecord
    consent: Consent | None
    records: dict[str, IssuerRecord]


class LookupRefusedError(Exception):
    """A fresh lookup was not started; ``member`` is what stood in the way, as it was."""

    def __init__(self, member: MemberRecord) -> None:
        super().__init__("refused")
        self.member = member


class Members:
    """The Members table."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def give_consent(self, member: str, consent: Consent, sealed_ci: bytes) -> None:
        """Store an agreement and the sealed CI; a new one replaces the old."""
        registers = ", ".join(f"{name} = if_not_exists({name}, :empty)" for name in _REGISTERS)
        self._dynamodb.update_item(
            TableName=self._table,
            Key=item_key(member, MEMBER),
            UpdateExpression=(
                f"SET consent = :consent, ci = :ci, {registers}, "
                "repaired = if_not_exists(repaired, :nothing), "
                "repairs = if_not_exists(repairs, :zero)"
            ),
            ExpressionAttributeValues={
                ":consent": {"M": _consent_map(consent)},
                ":ci": {"B": sealed_ci},
                ":empty": _EMPTY_REGISTER,
                ":nothing": {"S": ""},
                ":zero": {"N": "0"},
            },
        )

    def start_lookup(
        self,
        member: str,
        lookup: Lookup,
        *,
        now_ms: int,
        join_newer_than_ms: int | None,
    ) -> MemberRecord:
        """Register a fresh lookup: agreement, coalescing, rate limit and stamp in one write.

        The last lookups are a shift register of six, so "six a minute" is one
        comparison with the oldest of them.

        Parameters
        ----------
        now_ms
            Business time.
        join_newer_than_ms
            Business time since when a lookup that covers this one is given
            again instead; None to insist on a fresh one.

        Raises
        ------
        LookupRefusedError
            If there is no agreement, such a lookup exists, or the minute is full.
        """
        shifted = ", ".join(f"{older} = {newer}" for older, newer in pairwise(_REGISTERS))
        conditions = [
            "attribute_exists(ci)",
            f"({_OLDEST}.#at <= :minute OR {_OLDEST}.#at > :now)",
        ]
        values: dict[str, Any] = {
            ":lookup": {"M": _register(lookup)},
            ":minute": {"N": str(minute_before(now_ms))},
            ":now": {"N": str(now_ms)},
        }
        if join_newer_than_ms is not None:
            values[":join"] = {"N": str(join_newer_than_ms)}
            uncovered = [f"{_NEWEST}.#at <= :join", f"{_NEWEST}.#at > :now"]
            uncovered += _uncovered(lookup, values)
            conditions.append(f"({' OR '.join(uncovered)})")
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=item_key(member, MEMBER),
                UpdateExpression=f"SET {shifted}, {_NEWEST} = :lookup",
                ConditionExpression=" AND ".join(conditions),
                ExpressionAttributeNames={"#at": "at", **_only_name(conditions)},
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            old: Item = error.response.get("Item") or {}  # type: ignore[assignment]
            raise LookupRefusedError(_member_record(old)) from None
        return _member_record(answer["Attributes"])

    def claim_repair(self, member: str, lookup: Lookup, repairs: int) -> MemberRecord | None:
        """Take the right to publish a lookup's messages again.

        Parameters
        ----------
        repairs
            The repairs of this lookup so far, as read; two polls at once see the
            same number and one of them gets None.
        """
        first = "repaired <> :id" if repairs == 0 else "repaired = :id AND repairs = :repairs"
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=item_key(member, MEMBER),
                UpdateExpression="SET repaired = :id, repairs = :next",
                ConditionExpression=f"attribute_exists(ci) AND {_NEWEST}.id = :id AND {first}",
                ExpressionAttributeValues={
                    ":id": {"S": lookup.lookup_id},
                    ":next": {"N": str(min(repairs, REPAIRS_PER_LOOKUP) + 1)},
                    **({":repairs": {"N": str(repairs)}} if repairs else {}),
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            return None
        return _member_record(answer["Attributes"])

    def read(self, member: str, *, consistent: bool) -> MemberPage:
        """Return a member's item and all answers, in one query.

        Parameters
        ----------
        consistent
            Whether a write of a moment ago must be seen; costs twice as much.
        """
        items = self._dynamodb.query(
            TableName=self._table,
            # Answers sort directly before the member's item; accounts and notices stay out.
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":first": {"S": ISSUER_PREFIX},
                ":last": {"S": MEMBER},
            },
            ConsistentRead=consistent,
        )["Items"]
        by_sk = {item["sk"]["S"]: item for item in items}
        own = by_sk.pop(MEMBER, {})
        records = [_issuer_record(item) for item in by_sk.values() if "status" in item]
        return MemberPage(
            _member_record(own), _consent(own), {record.issuer: record for record in records}
        )

    def read_member(self, member: str) -> tuple[MemberRecord, Consent | None]:
        """Return a member's own item."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=item_key(member, MEMBER), ConsistentRead=True
        ).get("Item", {})
        return _member_record(item), _consent(item)

    def write_answer(
        self,
        member: str,
        issuer: str,
        lookup_id: str,
        finding: Finding,
        balances: str | None,
        at_ms: int,
    ) -> bool:
        """Store an issuer's answer if it is newer than what is there.

        An answer without balances leaves the last known ones in place (R-P6).

        Parameters
        ----------
        balances
            JSON of ``finding.balances``, None if there are none.
        at_ms
            Business time of the answer.

        Returns
        -------
        bool
            False if this lookup's answer, or a newer one's, was already there.
        """
        sets = [
            "lookup_id = :id",
            "#status = :status",
            "answered_at = :at",
            "expires_at = :expires",
        ]
        removes = []
        values: dict[str, Any] = {
            ":id": {"S": lookup_id},
            ":status": {"S": finding.status.value},
            ":at": {"N": str(at_ms)},
            ":expires": {"N": str(real_ms() // 1000 + _ANSWER_KEPT_S)},
        }
        if finding.reason is None:
            removes.append("reason")
        else:
            sets.append("reason = :reason")
            values[":reason"] = {"S": finding.reason.value}
        if balances is not None:
            sets += ["balances = :balances", "balances_at = :at"]
            values[":balances"] = {"S": balances}
        expression = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=item_key(member, f"{ISSUER_PREFIX}{issuer}"),
                UpdateExpression=expression,
                ConditionExpression="attribute_not_exists(lookup_id) OR lookup_id < :id",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            return False
        return True

    def accounts(self, member: str) -> list[Account]:
        """Return a member's bank accounts, the oldest first."""
        return read_accounts(self._dynamodb, self._table, member)

    def withdraw_consent(
        self,
        member: str,
        withdrawn_at: str,
        make_id: Callable[[], str],
        issuers: Iterable[str],
        no_money_moves: Callable[[], dict[str, Any]],
    ) -> None:
        """Erase CI, accounts, settings and answers at once, then the rest; keep the proof (R-M2).

        An answer that is still under way must not bring data back. So each
        issuer's item becomes a tombstone with the id of this moment: whatever
        comes from an older lookup is no longer newer than what is there. Clocks
        differ, so that id is no older than the member's last lookups; and a lookup
        that starts meanwhile makes us try again.

        Parameters
        ----------
        withdrawn_at
            RFC 3339, business time.
        make_id
            Makes the tombstones' id, anew for each try.
        issuers
            The issuers to erase; those of which the member has items are erased too.
        no_money_moves
            Looks whether money is in flight, anew for each try, and returns the check
            that nothing was submitted since; what it raises ends the withdrawal.
        """
        for last_try in [False] * (_WITHDRAWAL_TRIES - 1) + [True]:
            unmoved = no_money_moves()
            page = self.read(member, consistent=True)
            codes = set(issuers) | set(page.records)
            newest = page.member.current.lookup_id if page.member.current else ""
            tombstone = {
                "lookup_id": {
                    "S": max([make_id(), *(one.lookup_id for one in page.member.recent)])
                },
                "expires_at": {"N": str(real_ms() // 1000 + _TOMBSTONE_KEPT_S)},
            }
            tombstones: list[Any] = [
                {
                    "Put": {
                        "TableName": self._table,
                        "Item": {**item_key(member, f"{ISSUER_PREFIX}{code}"), **tombstone},
                    }
                }
                for code in sorted(codes)
            ]
            accounts: list[Any] = [
                {"Delete": self._account(member, account)} for account in self.accounts(member)
            ]
            settings: Any = {"TableName": self._table, "Key": item_key(member, EXPIRY)}
            forgotten: list[Any] = [
                self._forget(member, withdrawn_at, newest),
                unmoved,
                {"Delete": settings},
            ]
            try:
                transact(self._dynamodb, [*forgotten, *tombstones, *accounts])
            except ConditionsFailedError:
                # A lookup started at this very moment, or a transfer: what they wrote
                # must go too, or be waited for.
                if last_try:
                    raise
            else:
                break
        self.erase_leftovers(member)

    def erase_leftovers(self, member: str) -> None:
        """Erase the rows of a member without an agreement that a withdrawal has left behind.

        What was registered or told while the agreement ended, and whatever a crash
        of the withdrawal has spared.
        """
        erase_rows(self._dynamodb, self._table, member)

    def _account(self, member: str, account: Account) -> Any:  # noqa: ANN401 - a stub's own type
        sk = f"{ACCOUNT_PREFIX}{account.account_id}"
        return {"TableName": self._table, "Key": item_key(member, sk)}

    def _forget(self, member: str, withdrawn_at: str, newest: str) -> Any:  # noqa: ANN401 - a stub's own type
        # The times stay, so that agreeing again does not refill the minute.
        forgotten = ", ".join(f"{name}.#only = :nobody" for name in _REGISTERS)
        return {
            "Update": {
                "TableName": self._table,
                "Key": item_key(member, MEMBER),
                "UpdateExpression": (f"SET consent.withdrawn_at = :at, {forgotten} REMOVE ci"),
                "ConditionExpression": f"attribute_exists(consent) AND {_NEWEST}.id = :newest",
                "ExpressionAttributeNames": {"#only": "only"},
                "ExpressionAttributeValues": {
                    ":at": {"S": withdrawn_at},
                    ":nobody": _ASKS_NOBODY,
                    ":newest": {"S": newest},
                },
            }
        }


def _uncovered(lookup: Lookup, values: dict[str, Any]) -> list[str]:
    """Say when the newest lookup asks less than is wanted; fills in the values."""
    if lookup.only is None:
        return [f"attribute_exists({_NEWEST}.#only)"]
    missing = []
    for place, code in enumerate(lookup.only):
        values[f":want{place}"] = {"S": code}
        missing.append(f"NOT contains({_NEWEST}.#only, :want{place})")
    return [f"(attribute_exists({_NEWEST}.#only) AND ({' OR '.join(missing)}))"]


def _only_name(conditions: list[str]) -> dict[str, str]:
    # DynamoDB refuses a name that no expression uses.
    return {"#only": "only"} if any("#only" in one for one in conditions) else {}


def _consent_map(consent: Consent) -> dict[str, Any]:
    known = {"text_sha256": {"S": consent.text_sha256}} if consent.text_sha256 else {}
    return {
        "terms_version": {"S": consent.terms_version},
        "consented_at": {"S": consent.consented_at},
        **known,
    }


def _consent(item: Item) -> Consent | None:
    if "ci" not in item:
        return None
    stored = item["consent"]["M"]
    return Consent(
        stored["terms_version"]["S"],
        stored["consented_at"]["S"],
        stored.get("text_sha256", {}).get("S"),
    )


def _register(lookup: Lookup) -> dict[str, Any]:
    only = {} if lookup.only is None else {"only": {"L": [{"S": code} for code in lookup.only]}}
    return {
        "id": {"S": lookup.lookup_id},
        "at": {"N": str(lookup.requested_at_ms)},
        "due": {"N": str(lookup.due_ms)},
        **only,
    }


def _lookup(register: Item) -> Lookup:
    only = register.get("only")
    return Lookup(
        register["id"]["S"],
        int(register["at"]["N"]),
        int(register["due"]["N"]),
        None if only is None else tuple(code["S"] for code in only["L"]),
    )


def _member_record(item: Item) -> MemberRecord:
    registers = [item[name]["M"] for name in _REGISTERS if name in item]
    return MemberRecord(
        sealed_ci=item["ci"]["B"] if "ci" in item else None,
        recent=tuple(_lookup(register) for register in registers if register["id"]["S"]),
        repaired_lookup=item["repaired"]["S"] if "repaired" in item else "",
        repairs=int(item["repairs"]["N"]) if "repairs" in item else 0,
    )


def _issuer_record(item: Item) -> IssuerRecord:
    reason = item.get("reason")
    return IssuerRecord(
        issuer=item["sk"]["S"].removeprefix(ISSUER_PREFIX),
        lookup_id=item["lookup_id"]["S"],
        status=Status(item["status"]["S"]),
        reason=None if reason is None else Reason(reason["S"]),
        answered_at_ms=int(item["answered_at"]["N"]),
        balances=item["balances"]["S"] if "balances" in item else None,
        balances_at_ms=int(item["balances_at"]["N"]) if "balances_at" in item else None,
    )
