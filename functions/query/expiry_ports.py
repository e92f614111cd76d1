"""What the expiry scan needs from outside: a store, the lanes, the transfer context, a bus."""

from collections.abc import Iterable
from typing import Protocol

from modupoint.cash_outs import CashOutOutcome
from modupoint.hand_overs import HandOver
from query.cash_out import CashOut
from query.expiry import Known, Resolution
from query.expiry_settings import ExpirySettings
from query.lookup_message import LookupMessage
from query.notices import Notice, Subject


class ExpiryStore(Protocol):
    """A member's rows about expiring points; every write holds only on what was read."""

    def settings(self, member: str) -> ExpirySettings | None:
        """Return what a member wants; None if they never chose, or have left."""

    def sealed_ci(self, member: str) -> bytes | None:
        """Return what issuers know a member by; None without an agreement."""

    def known(self, member: str, this_month: str) -> Known | None:
        """Return all that decisions rest on, read from the leader."""

    def save(self, settings: ExpirySettings) -> bool:
        """Store the row made from the version before; False if somebody was faster."""

    def forget(self, settings: ExpirySettings) -> None:
        """Delete the row of a member who has left, if it is still this one."""

    def resolve(self, settings: ExpirySettings, new: Iterable[Resolution]) -> bool:
        """Store the row with all that is new, each once; False if somebody was faster."""

    def cash_out(self, member: str, subject: Subject) -> CashOut | None:
        """Return a cash-out, read from the leader."""

    def move(
        self,
        cash_out: CashOut,
        notice: Notice | None = None,
        wanted: ExpirySettings | None = None,
    ) -> bool:
        """Store a cash-out made from the version before; False if somebody was faster.

        Parameters
        ----------
        notice
            Told in the same breath, if the member has not left.
        wanted
            The settings it rests on: it holds only while they are these.
        """

    def untold(self, member: str, notice_id: str) -> Notice | None:
        """Return a notice whose event is still to be sent."""

    def told(self, notice: Notice) -> None:
        """Take a notice whose event was sent out of the index of what is due."""


class ScanLanes(Protocol):
    """The lanes of the scan."""

    def publish(self, message: LookupMessage, issuers: tuple[str, ...]) -> None:
        """Ask issuers for a member's balances, after the members who wait."""


class HandOvers(Protocol):
    """The way to the transfer context."""

    def send(self, hand_over: HandOver) -> None:
        """Send a hand-over; a repeat does no harm."""


class Outcomes(Protocol):
    """What the transfer context tells of hand-overs."""

    def outcome(self, member: str, key: str) -> CashOutOutcome:
        """Return what came of a hand-over."""


class Bus(Protocol):
    """Where operators listen for notices."""

    def send(self, notices: Iterable[Notice]) -> list[Notice]:
        """Send a notice each; returns those that were taken."""
