"""Moving a leg: what a worker does from whatever state it finds.

Every call to a partner follows a stored intent that already holds its id; every
answer becomes one conditional write with its journal entry in it. A crash, a
repeated message or a second worker finds the leg and goes on from there, so
nothing here needs to know why it was started.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from modupoint.clock import SEOUL, Clock, at_ms, epoch_ms
from modupoint.effects import (
    SEND_WITHIN_MS,
    Action,
    Effect,
    Finding,
    IllegalMoveError,
    Progress,
    Verdict,
    intended,
    judged,
    next_action,
)
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
from transfer.ports import BankTranIds, EffectCalls, Legs, Saved
from transfer.postings import Cause, Posting, posting
from transfer.promises import deposit_open_from

_CAUSES: dict[str, Cause] = {
    REDEMPTION.name: Cause.REDEEMED,
    DEPOSIT.name: Cause.DEPOSITED,
    REVERSAL.name: Cause.REVERSED,
}
_DAY_TAKEN = "already_redeemed_today"
_NEVER_SENT = "issuer_unavailable"


@dataclass(frozen=True, slots=True)
class LegMover:
    """Moves legs as far as they go now.

    ``partners`` has the calls of each effect by its name. ``monotonic`` gives
    seconds that no clock setting moves.
    """

    legs: Legs
    partners: Mapping[str, EffectCalls]
    bank_tran_ids: BankTranIds
    clock: Clock
    monotonic: Callable[[], float] = time.monotonic

    def run(self, key: LegKey) -> None:
        """Move one leg until it is final, waits for its time, or another worker has it."""
        leg = self.legs.read(key)
        while leg is not None:
            leg = self._step(leg)

    def _step(self, leg: Leg) -> Leg | None:
        effect = effect_of(leg.state)
        if effect is None:
            return None
        started_s = self.monotonic()
        now = self.clock()
        match next_action(effect, leg.progress, epoch_ms(now)):
            case Action.SEND:
                return self._send(leg, effect, now, started_s)
            case Action.ASK:
                return self._settle(leg, effect, self.partners[effect.name].ask(leg))
            case Action.WAIT:
                return None

    def _send(self, leg: Leg, effect: Effect, now: datetime, started_s: float) -> Leg | None:
        if effect is DEPOSIT:
            elsewhere = self._before_deposit(leg, now)
            if elsewhere is not None:
                return self._saved(leg, elsewhere)
        ready = self._named(leg, effect, now)
        after = replace(ready, progress=intended(effect, leg.progress, epoch_ms(now)))
        hold = after.guard_day if after.guard_day != leg.guard_day else None
        saved = self._save(leg, after, hold=hold)
        if saved is Saved.DAY_TAKEN:
            return self._settle(leg, effect, Finding(Verdict.REFUSED, code=_DAY_TAKEN))
        if saved is Saved.OVERTAKEN:
            return None
        if (self.monotonic() - started_s) * 1000 > SEND_WITHIN_MS:
            # Somebody may soon ask whether this call took effect: it must not go out late.
            logger.warning("intent too old to send", extra=_named_in_logs(leg))
            return None
        return self._settle(after, effect, self.partners[effect.name].send(after))

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
        return replace(leg, bank_tran=BankTran(self.bank_tran_ids.next_id(), now.date()))

    def _settle(self, leg: Leg, effect: Effect, finding: Finding) -> Leg | None:
        """Store what a call or an inquiry found."""
        now_ms = epoch_ms(self.clock())
        after = replace(leg, progress=judged(effect, leg.progress, finding, now_ms))
        entry: Posting | None = None
        if finding.verdict is Verdict.DONE:
            after = self._done(after, effect, finding, now_ms)
            entry = posting(after, _CAUSES[effect.name], _book_day(after, effect, finding), now_ms)
        elif finding.verdict is Verdict.REFUSED:
            after = replace(after, failure=leg.failure or finding.code)
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
                **_named_in_logs(leg),
                "from": leg.state.value,
                "to": after.state.value,
                "verdict": finding.verdict.name,
                "code": finding.code,
                "cause": finding.cause,
                "tries": after.progress.tries,
            },
        )
        return self._saved(leg, after, entry, release=leg.guard_day if given_up else None)

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
        if (before.state, after.state) not in MOVES:
            raise IllegalMoveError(f"{before.state} to {after.state}")
        saved = self.legs.save(before, after, posting=entry, hold=hold, release=release)
        if saved is Saved.OVERTAKEN:
            logger.info("another worker has this leg", extra=_named_in_logs(before))
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


def _named_in_logs(leg: Leg) -> dict[str, str]:
    return {"leg_id": leg.leg_id, "issuer": leg.key.issuer}
