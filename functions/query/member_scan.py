"""A member's monthly look: ask the issuers, then tell and plan by their answers (R-E2).

Each step ends with one write that holds only on the version it began with. A step
that was killed is still due and is done again, which asks once more or finds what
was told already; a step done twice at once is stored once.
"""

import time
from datetime import datetime

from modupoint.business_calendar import Calendars
from modupoint.clock import Clock, epoch_ms
from modupoint.ids import id_of, made_at_ms
from modupoint.issuers import ISSUERS
from modupoint.telemetry import logger
from query.expiry import decide, unanswered
from query.expiry_ports import ExpiryStore, ScanLanes
from query.expiry_settings import ExpirySettings, Step
from query.lookup_message import LookupMessage
from query.nights import next_night_ms
from query.notice_events import NoticeEvents
from query.notices import month_of

_MINUTE_MS = 60_000
FIRST_ANSWERS_MS = 15 * _MINUTE_MS
"""How long the scan's lanes have at first."""
MORE_ANSWERS_MS = 60 * _MINUTE_MS
PATIENCE_MS = 6 * 60 * _MINUTE_MS
"""After this long an issuer is down: what is known of it has to do."""
_CLOCKS_DIFFER_NS = 60_000_000_000


class MemberScan:
    """What is done with a member's row ``EXPIRY`` when it is due."""

    def __init__(
        self,
        store: ExpiryStore,
        lanes: ScanLanes,
        events: NoticeEvents,
        calendars: Calendars,
        clock: Clock,
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._events = events
        self._calendars = calendars
        self._clock = clock

    def run(self, member: str) -> None:
        """Do the step that is due, if one is."""
        now = self._clock()
        settings = self._store.settings(member)
        if settings is None or not settings.active or settings.due_at_ms > epoch_ms(now):
            return
        if settings.step is Step.REFRESH:
            self._refresh(settings, epoch_ms(now))
        else:
            self._decide(settings, now)

    def _refresh(self, settings: ExpirySettings, now_ms: int) -> None:
        refreshed_id = ask(self._store, self._lanes, settings.member, tuple(ISSUERS))
        if refreshed_id is None:
            self._store.forget(settings)
            return
        self._store.save(settings.asked(refreshed_id, now_ms, now_ms + FIRST_ANSWERS_MS))

    def _decide(self, settings: ExpirySettings, now: datetime) -> None:
        now_ms = epoch_ms(now)
        known = self._store.known(settings.member, month_of(now.date()))
        if known is None or known.settings.version != settings.version:
            return
        missing = unanswered(known.records, settings.refreshed_id)
        waits_until_ms = settings.refresh_asked_ms + PATIENCE_MS
        if missing and now_ms < waits_until_ms:
            due_at_ms = min(now_ms + MORE_ANSWERS_MS, waits_until_ms)
            self._store.save(settings.moved(Step.DECIDE, due_at_ms))
            return
        new = decide(known, now, self._calendars.calendar())
        moved = settings.moved(Step.REFRESH, next_night_ms(settings.member, now))
        if not self._store.resolve(moved, new):
            return
        logger.info("decided", extra={"new": len(new), "unanswered": list(missing)})
        self._events.soon(one.notice for one in new)


def ask(store: ExpiryStore, lanes: ScanLanes, member: str, issuers: tuple[str, ...]) -> str | None:
    """Ask issuers for a member's balances; returns the lookup's id, None for who has left."""
    # Made before the member is read, and a minute old: whoever withdraws from now on
    # leaves tombstones that are newer than any answer to this.
    lookup_id = id_of("lkp", time.time_ns() - _CLOCKS_DIFFER_NS)
    sealed_ci = store.sealed_ci(member)
    if sealed_ci is None:
        return None
    due_ms = made_at_ms(lookup_id) + PATIENCE_MS
    lanes.publish(LookupMessage(member, lookup_id, due_ms, sealed_ci), issuers)
    return lookup_id
