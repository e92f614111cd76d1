"""Quoting and submitting transfers, and showing them again."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from modupoint.accounts import Account
from modupoint.aws import AwsError, error_name
from modupoint.business_calendar import Calendars
from modupoint.clock import Clock, epoch_ms, rfc3339
from modupoint.effects import Progress
from modupoint.idempotency import body_sha256
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.problems import FieldError, Problem
from modupoint.telemetry import logger
from transfer.legs import Leg, LegItem, LegKey, LegState
from transfer.promises import Promise, promise
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    Funds,
    FundsReader,
    KeyUsedError,
    LegLanes,
    Transfers,
)
from transfer.transfer_items import ShownAccount, Transfer
from transfer.transfer_view import shown, shown_as_accepted

_SUBMISSION_TRIES = 3


class WantedItem(NamedTuple):
    """Points of one kind that a member wants as cash."""

    issuer: str
    point_code: str
    amount: int


class Submission:
    """What the routes under ``/v1/transfers`` do."""

    def __init__(
        self,
        funds: FundsReader,
        transfers: Transfers,
        lanes: LegLanes,
        calendars: Calendars,
        clock: Clock,
    ) -> None:
        self._funds = funds
        self._transfers = transfers
        self._lanes = lanes
        self._calendars = calendars
        self._clock = clock

    def quote(self, member: str, body: dict[str, Any]) -> dict[str, Any]:
        """Say what each item would bring when; promises nothing yet.

        Raises
        ------
        Problem
            ``consent_required``, ``not_found`` (account), ``invalid_request``,
            ``nothing_to_transfer``.
        """
        _, wanted = self._wanted(member, body)
        promises = self._promises({one.issuer for one in wanted}, self._clock())
        return {
            "items": [
                {
                    "issuer": one.issuer,
                    "point_code": one.point_code,
                    "amount": one.amount,
                    "promised_at": rfc3339(promises[one.issuer].promised_at),
                    "reason": promises[one.issuer].reason,
                }
                for one in wanted
            ],
            "total": sum(one.amount for one in wanted),
        }

    def submit(
        self, member: str, idempotency_key: str, body: dict[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        """Accept a transfer, once per idempotency key.

        Returns
        -------
        tuple[dict, bool]
            The transfer as accepted, and whether it is the answer to an earlier request.

        Raises
        ------
        Problem
            As ``quote``, and ``idempotency_key_reused``, ``already_transferred_today``.
        """
        body_hash = body_sha256(body)
        for _ in range(_SUBMISSION_TRIES):
            replay = self._replay(member, idempotency_key, body_hash)
            if replay is not None:
                return replay, True
            funds, wanted = self._wanted(member, body)
            transfer, legs = self._new(
                member, funds, funds.accounts[body["account_id"]], wanted, idempotency_key,
                body_hash,
            )  # fmt: skip
            try:
                self._transfers.submit(transfer, legs, legs[0].guard_day)
            except KeyUsedError:
                continue
            except ConsentMissingError:
                raise Problem("consent_required") from None
            except AccountGoneError:
                raise Problem("not_found") from None
            except AlreadyTransferredError as error:
                if not error.issuers:
                    continue
                raise _already_today(error.issuers, body.get("items")) from None
            self._tell(legs)
            return shown_as_accepted(transfer, legs), False
        raise Problem("internal_error")

    def read(self, member: str, transfer_id: str) -> dict[str, Any]:
        """Return a transfer as it is now.

        Raises
        ------
        Problem
            ``not_found``.
        """
        found = self._transfers.read(member, transfer_id)
        if found is None:
            raise Problem("not_found")
        return shown(*found, epoch_ms(self._clock()))

    def page(self, member: str, before: str | None, limit: int) -> dict[str, Any]:
        """Return transfers, newest first, and the cursor for older ones."""
        found, more = self._transfers.page(member, before, limit)
        now_ms = epoch_ms(self._clock())
        return {
            "transfers": [shown(transfer, legs, now_ms) for transfer, legs in found],
            "next_cursor": found[-1][0].transfer_id if more else None,
        }

    def _replay(self, member: str, idempotency_key: str, body_hash: str) -> dict[str, Any] | None:
        used = self._transfers.used_key(member, idempotency_key)
        if used is None:
            return None
        if used.transfer_id is None or used.body_sha256 != body_hash:
            raise Problem("idempotency_key_reused")
        found = self._transfers.read(member, used.transfer_id)
        return None if found is None else shown_as_accepted(*found)

    def _wanted(self, member: str, body: dict[str, Any]) -> tuple[Funds, list[WantedItem]]:
        funds = self._funds.read(member)
        if funds.sealed_ci is None:
            raise Problem("consent_required")
        if body["account_id"] not in funds.accounts:
            raise Problem("not_found")
        items, everything = body.get("items"), body.get("all")
        if (items is None) == (everything is None):
            raise Problem(
                "invalid_request",
                [FieldError(pointer="/items", detail='Give either "items" or "all": true.')],
            )
        wanted = _all(funds) if items is None else _checked(items)
        if not wanted:
            raise Problem("nothing_to_transfer")
        return funds, wanted

    def _promises(self, issuers: set[str], now: datetime) -> dict[str, Promise]:
        calendar = self._calendars.calendar()
        return {code: promise(ISSUERS[code], now, calendar) for code in issuers}

    def _new(
        self,
        member: str,
        funds: Funds,
        account: Account,
        wanted: list[WantedItem],
        idempotency_key: str,
        body_hash: str,
    ) -> tuple[Transfer, list[Leg]]:
        now = self._clock()
        transfer_id = new_id("trf")
        transfer = Transfer(
            member=member,
            transfer_id=transfer_id,
            requested_at_ms=epoch_ms(now),
            account=ShownAccount(
                account.account_id,
                account.bank_code,
                account.bank_name,
                account.masked_number,
                account.holder_name_masked,
            ),
            idempotency_key=idempotency_key,
            body_sha256=body_hash,
        )
        by_issuer: dict[str, list[LegItem]] = defaultdict(list)
        for one in wanted:
            by_issuer[one.issuer].append(LegItem(one.point_code, one.amount))
        promises = self._promises(set(by_issuer), now)
        legs = [
            _accepted(LegKey(member, transfer_id, code), items, promises[code], now, funds, account)
            for code, items in by_issuer.items()
        ]
        return transfer, legs

    def _tell(self, legs: list[Leg]) -> None:
        try:
            self._lanes.send(legs)
        except AwsError as error:
            # The transfer stands; the sweep finds its legs.
            logger.warning("lanes not told", extra={"error": error_name(error)})


def _accepted(
    key: LegKey,
    items: list[LegItem],
    promised: Promise,
    now: datetime,
    funds: Funds,
    account: Account,
) -> Leg:
    leg_id = new_id("leg")
    now_ms = epoch_ms(now)
    return Leg(
        key=key,
        leg_id=leg_id,
        items=tuple(items),
        requested_at_ms=now_ms,
        promised_at_ms=epoch_ms(promised.promised_at),
        # The leg's own UUID without its dashes: the 32 characters an issuer takes.
        redemption_id=leg_id.removeprefix("leg_").replace("-", ""),
        guard_day=now.date(),
        bank_code=account.bank_code,
        progress=Progress(LegState.ACCEPTED, 0, 0, None, now_ms),
        sealed_ci=funds.sealed_ci,
        sealed_account=account.sealed,
    )


def _cashable_points(issuer: str) -> set[str]:
    """Return what our table lets become cash, whatever an issuer says of its points (R-P2)."""
    return {point.code for point in ISSUERS[issuer].points if point.cashable}


def _all(funds: Funds) -> list[WantedItem]:
    """Return all last known points that can become cash, in the order of the issuers."""
    return [
        WantedItem(code, point_code, amount)
        for code in ISSUERS
        for point_code, amount in funds.cashable.get(code, [])
        if amount > 0 and point_code in _cashable_points(code)
    ]


def _checked(items: list[dict[str, Any]]) -> list[WantedItem]:
    """Return the items asked for.

    Whether the points are there is the issuer's to say: ours may be hours old.
    """
    errors: list[FieldError] = []
    wanted: list[WantedItem] = []
    seen: set[tuple[str, str]] = set()
    for place, item in enumerate(items):
        one = WantedItem(item["issuer"], item["point_code"], int(item["amount"]))
        points = {point.code: point for point in ISSUERS[one.issuer].points}
        pointer = f"/items/{place}/point_code"
        if one.point_code not in points:
            errors.append(FieldError(pointer=pointer, detail="Not a point of this issuer."))
        elif not points[one.point_code].cashable:
            errors.append(FieldError(pointer=pointer, detail="Cannot be turned into cash."))
        elif (one.issuer, one.point_code) in seen:
            errors.append(FieldError(pointer=pointer, detail="Named twice."))
        seen.add((one.issuer, one.point_code))
        wanted.append(one)
    if errors:
        raise Problem("invalid_request", errors)
    return wanted


def _already_today(issuers: list[str], items: list[dict[str, Any]] | None) -> Problem:
    """Name the issuers, each at its first place in what was sent."""
    places = {one["issuer"]: place for place, one in reversed(list(enumerate(items or [])))}
    return Problem(
        "already_transferred_today",
        [
            FieldError(
                pointer=f"/items/{places[code]}/issuer" if code in places else "/all",
                detail=f"{code}: {ISSUERS[code].name['ko']}",
            )
            for code in issuers
        ],
    )
