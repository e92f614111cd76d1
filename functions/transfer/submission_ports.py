"""What submitting and showing transfers needs from outside."""

from datetime import date
from typing import NamedTuple, Protocol

from modupoint.accounts import Account
from transfer.legs import Leg
from transfer.transfer_items import Transfer


class Funds(NamedTuple):
    """What a member has that a transfer needs.

    ``sealed_ci`` is None without an agreement. ``cashable`` has, by issuer, the last
    known points that can become cash: code and whole points.
    """

    sealed_ci: bytes | None
    accounts: dict[str, Account]
    cashable: dict[str, list[tuple[str, int]]]


class UsedKey(NamedTuple):
    """An idempotency key that has been used, and for which body.

    ``transfer_id`` is None if a refusal was kept under it: nothing is made with it any more.
    """

    transfer_id: str | None
    body_sha256: str


class KeyUsedError(Exception):
    """The idempotency key was used a moment ago, on another device or by a repeat."""


class ConsentMissingError(Exception):
    """The agreement was withdrawn meanwhile."""


class AccountGoneError(Exception):
    """The account was deleted meanwhile."""


class AlreadyTransferredError(Exception):
    """Issuers of the transfer have had their redemption of the day (R-T2)."""

    def __init__(self, issuers: list[str]) -> None:
        super().__init__(", ".join(issuers))
        self.issuers = issuers


class FundsReader(Protocol):
    """Where a member's agreement, accounts and last known points are."""

    def read(self, member: str) -> Funds:
        """Return them as they are now."""


class Transfers(Protocol):
    """The transfers of members."""

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what an idempotency key was used for; None if it is free."""

    def submit(self, transfer: Transfer, legs: list[Leg], day: date) -> None:
        """Store a transfer, its legs, its key and the day's redemptions, or nothing.

        Raises
        ------
        KeyUsedError, ConsentMissingError, AccountGoneError, AlreadyTransferredError
            If something has changed since it was looked at; nothing is stored.
        """

    def read(self, member: str, transfer_id: str) -> tuple[Transfer, list[Leg]] | None:
        """Return a transfer and its legs; None if the member has none of this id."""

    def page(
        self, member: str, before: str | None, limit: int
    ) -> tuple[list[tuple[Transfer, list[Leg]]], bool]:
        """Return transfers older than ``before``, newest first, and whether there are more."""


class LegLanes(Protocol):
    """The queues of the legs' workers."""

    def send(self, legs: list[Leg]) -> None:
        """Tell the workers of the legs' lanes; a message that is lost is made up by the sweep."""
