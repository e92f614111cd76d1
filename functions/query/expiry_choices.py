"""Switching alerts and standing cash-out on and off (R-E2, R-E3)."""

from collections.abc import Callable

from modupoint.clock import Clock, epoch_ms
from modupoint.problems import Problem
from query.expiry_settings import Alerts, AutoCashout, ExpirySettings
from query.settings_store import DynamoSettings, Kept

_TRIES = 5
_REFUSALS = {Kept.NO_AGREEMENT: "consent_required", Kept.NO_ACCOUNT: "not_found"}


class ExpiryChoices:
    """What ``PUT /v1/me/expiry-alerts`` and ``PUT /v1/me/auto-cashout`` do."""

    def __init__(self, settings: DynamoSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def alerts(self, member: str, alerts: Alerts) -> None:
        """Keep what the member wants to be told.

        Raises
        ------
        Problem
            ``consent_required``.
        """
        now_ms = epoch_ms(self._clock())
        self._choose(member, lambda row: row.with_alerts(alerts, now_ms), None)

    def cashout(self, member: str, cashout: AutoCashout) -> None:
        """Keep whether and where points are to be turned into cash.

        Raises
        ------
        Problem
            ``consent_required``; ``not_found`` if it is on and the account not the member's.
        """
        now_ms = epoch_ms(self._clock())
        needed = cashout.account_id if cashout.enabled else None
        self._choose(member, lambda row: row.with_cashout(cashout, now_ms), needed)

    def _choose(
        self,
        member: str,
        change: Callable[[ExpirySettings], ExpirySettings],
        account_id: str | None,
    ) -> None:
        for _ in range(_TRIES):
            kept = self._settings.keep(change(self._settings.read(member)), account_id)
            if kept in _REFUSALS:
                raise Problem(_REFUSALS[kept])
            if kept is Kept.YES:
                return
        # A scan writes the row twice a month, a person as fast as a finger: not five times.
        raise RuntimeError("settings were overtaken each time")
