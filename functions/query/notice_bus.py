"""The EventBridge bus on which operators listen for notices."""

import json
from collections.abc import Iterable
from typing import Any

from modupoint.aws import client
from modupoint.telemetry import logger
from modupoint.work_queue import in_batches
from query.notices import Notice

SOURCE = "modupoint.expiry"
DETAIL_TYPE = "Notice"


class NoticeBus:
    """A bus by its name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._events: Any = client("events")

    def send(self, notices: Iterable[Notice]) -> list[Notice]:
        """Send a notice each, ten a call; returns those that the bus took."""
        taken: list[Notice] = []
        for batch in in_batches(notices):
            entries: list[Any] = self._events.put_events(
                Entries=[
                    {
                        "EventBusName": self._name,
                        "Source": SOURCE,
                        "DetailType": DETAIL_TYPE,
                        "Detail": json.dumps(notice.event(), ensure_ascii=False),
                    }
                    for notice in batch
                ]
            )["Entries"]
            for notice, entry in zip(batch, entries, strict=True):
                if "ErrorCode" in entry:
                    logger.warning("event not taken", extra={"error": entry["ErrorCode"]})
                else:
                    taken.append(notice)
        return taken
