"""Sending notices as events, at least once each: the rows are the outbox."""

from collections.abc import Iterable

from modupoint.aws import AwsError, error_name
from modupoint.telemetry import logger
from query.expiry_ports import Bus, ExpiryStore
from query.notices import Notice


class NoticeEvents:
    """Puts notices on the bus; ``notice_id`` lets receivers drop a repeat."""

    def __init__(self, store: ExpiryStore, bus: Bus) -> None:
        self._store = store
        self._bus = bus

    def run(self, member: str, notice_id: str) -> None:
        """Send a notice's event unless that was done."""
        notice = self._store.untold(member, notice_id)
        if notice is not None:
            self._send([notice])

    def soon(self, notices: Iterable[Notice]) -> None:
        """Send notices just written; what fails is due, and the sweep comes to it."""
        try:
            self._send(notices)
        except AwsError as error:
            logger.warning("no events yet", extra={"error": error_name(error)})

    def _send(self, notices: Iterable[Notice]) -> None:
        for notice in self._bus.send(notices):
            self._store.told(notice)
