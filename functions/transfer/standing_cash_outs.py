"""Submitting what the expiry scan hands over, as the member would have (R-E3).

All rules of transfers hold; only the recent sign-in (R-M4) was asked for earlier,
when the member switched the standing cash-out on. A refusal is an answer and is kept
under the hand-over's key, so that it stays one however late the message comes again.
"""

from typing import Protocol

from modupoint.cash_outs import TOO_LATE, submission_key
from modupoint.clock import Clock, epoch_ms
from modupoint.hand_overs import HandOver
from modupoint.idempotency import body_sha256
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from modupoint.telemetry import logger
from transfer.submission import Submission

_OUR_TROUBLE = 500


class Refusals(Protocol):
    """Where an idempotency key is used up without a transfer."""

    def refuse(
        self, member: str, idempotency_key: str, sha256: str, code: str, now_ms: int
    ) -> bool:
        """Keep a refusal under a key; False, and nothing kept, if the key is used."""


class StandingCashOuts:
    """What the worker of the hand-overs does."""

    def __init__(self, submission: Submission, refusals: Refusals, clock: Clock) -> None:
        self._submission = submission
        self._refusals = refusals
        self._clock = clock

    def take(self, given: HandOver) -> None:
        """Submit a hand-over, once; whoever handed it over reads what came of it.

        Raises
        ------
        Problem
            ``internal_error``: the message has to come again.
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError
            As above.
        """
        refused = self._refused(given)
        if refused is None:
            logger.info("cash-out submitted", extra={"key": given.key})
            return
        first = self._refusals.refuse(
            given.member,
            submission_key(given.key),
            body_sha256(given.transfer_request()),
            refused,
            epoch_ms(self._clock()),
        )
        # What the key was used for before stands.
        said = "cash-out refused" if first else "cash-out handed over again"
        logger.info(said, extra={"key": given.key, "code": refused})

    def _refused(self, given: HandOver) -> str | None:
        if self._clock().date() > given.last_day:
            return TOO_LATE
        if not _may_be_asked_for(given):
            return "invalid_request"
        try:
            self._submission.submit(
                given.member, submission_key(given.key), given.transfer_request()
            )
        except Problem as problem:
            if problem.status >= _OUR_TROUBLE:
                raise
            return problem.code
        return None


def _may_be_asked_for(given: HandOver) -> bool:
    """Say what a request's schema would, whose compiling is a tenth of a worker's start."""
    return all(one.issuer in ISSUERS and one.amount >= 1 for one in given.items)
