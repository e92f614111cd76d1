"""Moving a leg: redeem, deposit, reverse, from whatever state a worker finds.

The loop is ``modupoint.effect_mover``'s. What is said here is what is a leg's own:
which id a call uses and when it may go out, what its answer changes, and which
journal entry goes with it.
"""

import time
from collections.abc import Callable, Mapping
from copy import replace
from datetime import date, datetime

from modupoint.clock import SEOUL, Clock, at_ms, epoch_ms
from modupoint.effect_mover import EffectCalls, EffectMover
from modupoint.effects import Effect, Finding, Progress, Verdict, intended, judged
from modupoint.telemetry import logger
from transfer.legs import (
    DEPOSIT,
    FINAL,
    MOVES,
    REDEMPTION,
    REVERSAL,
    BankTran,
    Leg,
    LegKey,
    LegState,
    effect_of,
)
from transfer.ports import BankTranIds, Legs, Saved
from transfer.postings import Cause, Posting, posting
from transfer.promises import deposit_open_from

_CAUSES: dict[str, Cause] = {
    REDEMPTION.name: Cause.REDEEMED,
    DEPOSIT.name: Cause.DEPOSITED,
    REVERSAL.name: Cause.REVERSED,
}
_DAY_TAKEN = "already_redeemed_today"
_NEVER_SENT = "issuer_unavailable"


class LegMover(EffectMover[LegKey, Leg]):
    """Moves legs as far as they go now."""

    def __init__(
        self,
        legs: Legs,
        partners: Mapping[str, EffectCalls[Leg]],
        bank_tran_ids: BankTranIds,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(partners, MOVES, clock, monotonic)
        self._legs = legs
        self._bank_tran_ids = bank_tran_ids

    def read(self, key: LegKey) -> Leg | None:
        """Return a leg as it is now."""
        return self._legs.read(key)

    def effect_of(self, record: Leg) -> Effect | None:
        """Return the effect that a leg is in; None if it is final."""
        return effect_of(record.state)

    def instead_of_sending(self, record: Leg, effect: Effect, now: datetime) -> Leg | None:
        """Hold a deposit while the bank takes none, and ask about an id of an earlier day."""
        return self._before_deposit(record, now) if effect is DEPOSIT else None

    def intent(self, record: Leg, effect: Effect, now: datetime) -> Leg:
        """Return a leg with its intent, the id of its call, and the day it needs."""
        progress = intended(effect, record.progress, epoch_ms(now))
        return replace(self._named(record, effect, now), progress=progress)

    def store(self, before: Leg, after: Leg) -> Leg | None:
        """Store a move without a journal entry."""
        return self._saved(before, after)

    def store_intent(self, before: Leg, after: Leg, effect: Effect) -> Leg | None:
        """Store an intent, taking the place of a later day; without it the leg fails."""
        hold = after.guard_day if after.guard_day != before.guard_day else None
        saved = self._save(before, after, hold=hold)
        if saved is Saved.DAY_TAKEN:
            return self.settle(before, effect, Finding(Verdict.REFUSED, code=_DAY_TAKEN))
        return after if saved is Saved.YES else None

    def named_in_logs(self, record: Leg) -> dict[str, str]:
        """Return the leg's id and issuer."""
        return {"leg_id": record.leg_id, "issuer": record.key.issuer}

    def _before_deposit(self, leg: Leg, now: datetime) -> Leg | None:
        """Return where a leg goes instead of being deposited now, None if nowhere."""
        opens_ms = epoch_ms(deposit_open_from(now))
        progress = leg.progress
        if opens_ms > epoch_ms(now):
            return replace(leg, progress=_waiting(progress, opens_ms))
        if leg.bank_tran is not None and leg.bank_tran.date != now.date():
            # An id is good for its day. Before another takes its place the bank
            # must say that it never had it (R-T9).
            return replace(
                leg,
                progress=progress.moved(
                    DEPOSIT.unknown,
                    tries=progress.tries,
                    not_before_ms=epoch_ms(now),
                    sent_at_ms=progress.sent_at_ms,
                ),
            )
        return None

    def _named(self, leg: Leg, effect: Effect, now: datetime) -> Leg:
        """Return the leg with the id its next call uses."""
        if effect is REDEMPTION:
            return replace(leg, guard_day=now.date())
        if effect is not DEPOSIT or leg.bank_tran is not None:
            return leg
        if leg.former_bank_trans and leg.former_bank_trans[-1].date == now.date():
            *former, again = leg.former_bank_trans
            return replace(leg, bank_tran=again, former_bank_trans=tuple(former))
        return replace(leg, bank_tran=BankTran(self._bank_tran_ids.next_id(), now.date()))

    def settle(self, record: Leg, effect: Effect, finding: Finding) -> Leg | None:
        """Store what a call or an inquiry found, with its journal entry if money moved."""
        now_ms = epoch_ms(self._clock())
        after = replace(record, progress=judged(effect, record.progress, finding, now_ms))
        entry: Posting | None = None
        if finding.verdict is Verdict.DONE:
            after = self._done(after, effect, finding, now_ms)
            entry = posting(after, _CAUSES[effect.name], _book_day(after, effect, finding), now_ms)
        elif finding.verdict is Verdict.REFUSED:
            after = replace(after, failure=record.failure or finding.code)
        elif after.state is LegState.FAILED:
            after = replace(after, failure=_NEVER_SENT)
        elif effect is DEPOSIT and after.state is LegState.REDEEMED:
            after = _without_bank_tran(after, finding)
        if after.state in FINAL:
            after = replace(after, sealed_ci=None, sealed_account=None)
        given_up = after.state in {LegState.FAILED, LegState.REVERSED}
        logger.info(
            "leg moved",
            extra={
                **self.named_in_logs(record),
                "from": record.state.value,
                "to": after.state.value,
                "verdict": finding.verdict.name,
                "code": finding.code,
                "cause": finding.cause,
                "tries": after.progress.tries,
            },
        )
        return self._saved(record, after, entry, release=record.guard_day if given_up else None)

    def _done(self, leg: Leg, effect: Effect, finding: Finding, now_ms: int) -> Leg:
        if effect is REDEMPTION:
            # Deferred money leaves on its promised day, all other as soon as the bank is open.
            earliest = at_ms(max(now_ms, leg.promised_at_ms))
            opens_ms = epoch_ms(deposit_open_from(earliest))
            return replace(
                leg,
                approved_at=finding.partner_time,
                progress=replace(leg.progress, not_before_ms=opens_ms),
            )
        return replace(leg, deposited_at_ms=now_ms) if effect is DEPOSIT else leg

    def _saved(
        self, leg: Leg, after: Leg, entry: Posting | None = None, *, release: date | None = None
    ) -> Leg | None:
        saved = self._save(leg, after, entry, release=release)
        return after if saved is Saved.YES else None

    def _save(
        self,
        before: Leg,
        after: Leg,
        entry: Posting | None = None,
        *,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        self.checked(before, after)
        saved = self._legs.save(before, after, posting=entry, hold=hold, release=release)
        if saved is Saved.OVERTAKEN:
            logger.info("another worker has this leg", extra=self.named_in_logs(before))
        return saved


def _waiting(progress: Progress, until_ms: int) -> Progress:
    return progress.moved(
        progress.state,
        tries=progress.tries,
        not_before_ms=until_ms,
        sent_at_ms=progress.sent_at_ms,
    )


def _without_bank_tran(leg: Leg, finding: Finding) -> Leg:
    """Put an id aside that the bank never had; one it only refused to take now stays."""
    if finding.verdict is not Verdict.NOT_FOUND or leg.bank_tran is None:
        return leg
    return replace(leg, bank_tran=None, former_bank_trans=(*leg.former_bank_trans, leg.bank_tran))


def _book_day(leg: Leg, effect: Effect, finding: Finding) -> date:
    """Return the day in whose list the partner shows the effect."""
    if effect is DEPOSIT and leg.bank_tran is not None:
        return leg.bank_tran.date
    stamp = finding.partner_time or ""
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=SEOUL).date()
