"""Starting lookups, joining the one that runs, reading and repairing them."""

import os
from typing import Any

from modupoint.aws import AwsError, error_name
from modupoint.clock import Clock, business_clock, epoch_ms, real_ms
from modupoint.ids import made_at_ms, new_id
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from modupoint.telemetry import logger
from query.lane_board import LaneBoard
from query.lookup_message import LookupMessage
from query.lookup_topic import LookupTopic, Priority
from query.lookups import (
    Lookup,
    MemberRecord,
    is_fresh,
    issuers_to_repair,
    join_within_ms,
    minute_is_full,
    patience_ms,
    show,
)
from query.members import LookupRefusedError, MemberPage, Members


class LookupService:
    """What ``POST`` and ``GET /v1/lookups`` do.

    The lanes are read at most every few seconds per environment; everything else
    is one write and one publish to start a lookup, one query to read it.
    """

    def __init__(
        self, members: Members, board: LaneBoard, topic: LookupTopic, clock: Clock
    ) -> None:
        self._members = members
        self._board = board
        self._topic = topic
        self._clock = clock

    def request(self, member: str, only: tuple[str, ...] | None, max_age_s: int) -> dict[str, Any]:
        """Start a lookup, or give the one that is young enough and asks as much.

        Parameters
        ----------
        only
            The issuers to ask, None for all.
        max_age_s
            Seconds within which an earlier lookup is given again, and longer while its
            messages wait in a lane; 0 for never.

        Returns
        -------
        dict
            The Lookup of the public API. A fresh one shows no last known
            balances yet: they come with the first read, at no extra cost.

        Raises
        ------
        Problem
            ``consent_required`` or ``too_many_lookups``.
        """
        now_ms = epoch_ms(self._clock())
        lanes = self._board.lanes()
        lookup_id = new_id("lkp")
        asked = only or tuple(ISSUERS)
        due_ms = made_at_ms(lookup_id) + patience_ms(lanes, asked, real_ms())
        lookup = Lookup(lookup_id, now_ms, due_ms, only)
        join_ms = join_within_ms(lanes, asked, max_age_s, real_ms())
        join_newer_than_ms = now_ms - join_ms if join_ms else None
        try:
            record = self._members.start_lookup(
                member, lookup, now_ms=now_ms, join_newer_than_ms=join_newer_than_ms
            )
        except LookupRefusedError as refusal:
            return self._instead(member, refusal.member, only, now_ms, join_ms)
        self._publish(member, record, lookup, lookup.issuers)
        return show(lookup, {}, lanes, real_ms())

    def read(self, member: str, lookup_id: str) -> dict[str, Any]:
        """Return one of the member's last lookups; asks again for what seems lost.

        Raises
        ------
        Problem
            ``not_found`` if it is not the member's, not there, or too old.
        """
        page = self._members.read(member, consistent=False)
        if page.consent is None or page.member.find(lookup_id) is None:
            # A lookup of a moment ago may not have reached every replica.
            page = self._members.read(member, consistent=True)
        lookup = page.member.find(lookup_id)
        if page.consent is None or lookup is None:
            raise Problem("not_found")
        return self._shown(member, page, lookup)

    def _instead(
        self,
        member: str,
        found: MemberRecord,
        only: tuple[str, ...] | None,
        now_ms: int,
        join_ms: int,
    ) -> dict[str, Any]:
        if found.sealed_ci is None:
            raise Problem("consent_required")
        current = found.current
        if current and is_fresh(current, now_ms, join_ms) and current.covers(only):
            page = self._members.read(member, consistent=True)
            return self._shown(member, page, page.member.find(current.lookup_id) or current)
        raise Problem("too_many_lookups", retry_after_s=minute_is_full(found.recent, now_ms) or 1)

    def _shown(self, member: str, page: MemberPage, lookup: Lookup) -> dict[str, Any]:
        now_ms = real_ms()
        lanes = self._board.lanes()
        lost = issuers_to_repair(page.member, lookup, page.records, lanes, now_ms)
        if lost:
            self._repair(member, page.member, lookup, lost)
        return show(lookup, page.records, lanes, now_ms)

    def _repair(
        self, member: str, record: MemberRecord, lookup: Lookup, lost: tuple[str, ...]
    ) -> None:
        repairs = record.repairs if record.repaired_lookup == lookup.lookup_id else 0
        try:
            claimed = self._members.claim_repair(member, lookup, repairs)
        except AwsError as error:
            # What has been answered can be shown all the same; the next poll repairs.
            logger.warning("not repaired", extra={"error": error_name(error)})
            return
        if claimed is not None:
            logger.warning(
                "asking again", extra={"lookup_id": lookup.lookup_id, "issuers": list(lost)}
            )
            self._publish(member, claimed, lookup, lost)

    def _publish(
        self, member: str, record: MemberRecord, lookup: Lookup, issuers: tuple[str, ...]
    ) -> None:
        if record.sealed_ci is None:
            raise Problem("consent_required")
        message = LookupMessage(member, lookup.lookup_id, lookup.due_ms, record.sealed_ci)
        try:
            self._topic.publish(message, issuers)
        except AwsError as error:
            # The lookup is registered: the member's next poll publishes again
            # what is missing, so a failed publish is a delay and not a loss.
            logger.error(
                "publish failed",
                extra={"lookup_id": lookup.lookup_id, "error": error_name(error)},
            )


def lookup_service() -> LookupService:
    """Return the service as this environment's variables describe it."""
    return LookupService(
        Members(os.environ["MEMBERS_TABLE"]),
        LaneBoard(os.environ["OPERATIONS_TABLE"]),
        LookupTopic(os.environ["LOOKUP_TOPIC_ARN"], Priority.MEMBER),
        business_clock(),
    )
