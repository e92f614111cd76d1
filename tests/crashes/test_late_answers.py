"""Calls and answers that are long on their way do not shorten a partner's horizon (R-T9)."""

from __future__ import annotations

from copy import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from modupoint.clock import SEOUL, epoch_ms
from modupoint.effects import LEASE_MS, Finding, Progress, Verdict, horizon_passed
from modupoint.partner import Outcome, PartnerAnswer
from tests.simulation.leg_movers import BANK_SECRET, CountedIds
from tests.simulation.people import Amounts, People
from tests.simulation.transfer_life import due_leg_times
from tests.simulation.transfer_store import MemoryLegs, MemoryTransfers
from transfer.bank_api import BankAccount, BankApi
from transfer.legs import DEPOSIT, REDEMPTION, BankTran, Leg, LegItem, LegKey, LegState
from transfer.moving import LegMover

if TYPE_CHECKING:
    from modupoint.partner import PartnerTransport

SENT = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
SENT_MS = epoch_ms(SENT)
KEY = LegKey("M#1", "trf_1", "kb")


def a_leg(state: LegState, **changes: object) -> Leg:
    leg = Leg(
        key=KEY,
        leg_id="leg_1",
        items=(LegItem("POINTREE", 500),),
        requested_at_ms=SENT_MS,
        promised_at_ms=SENT_MS,
        redemption_id="1",
        guard_day=SENT.date(),
        bank_code="004",
        progress=Progress(state, 3, 1, SENT_MS, SENT_MS),
        sealed_ci=b"",
        sealed_account=b"",
        bank_tran=BankTran("U1", SENT.date()),
    )
    return replace(leg, **changes)  # type: ignore[arg-type]


class Slow:
    """A partner that looks at once and answers later, by a clock of its own."""

    def __init__(self, now: datetime, takes: timedelta) -> None:
        self.now = now
        self._takes = takes
        self.sent = 0

    def send(self, _: Leg) -> Finding:
        self.sent += 1
        return Finding(Verdict.UNKNOWN)

    def ask(self, _: Leg) -> Finding:
        self.now += self._takes
        return Finding(Verdict.NOT_FOUND)


@pytest.mark.parametrize(
    ("effect", "state"),
    [(DEPOSIT, LegState.DEPOSIT_UNKNOWN), (REDEMPTION, LegState.REDEMPTION_UNKNOWN)],
    ids=["deposit", "redemption"],
)
def test_not_found_is_true_of_the_moment_of_the_question_r_t9(
    effect: object, state: LegState
) -> None:
    horizon_ms = cast("int", getattr(effect, "horizon_ms"))  # noqa: B009
    asked = SENT + timedelta(milliseconds=LEASE_MS + horizon_ms - 1)
    partner = Slow(asked, timedelta(seconds=9))
    table = MemoryTransfers(People(Amounts(), []), due_leg_times())
    table._legs[KEY] = a_leg(state)
    LegMover(
        MemoryLegs(table),
        {"redemption": partner, "deposit": partner, "reversal": partner},
        CountedIds(),
        lambda: partner.now,
    ).run(KEY)
    leg = table.read_leg(KEY)
    assert leg is not None
    assert leg.state is state
    assert partner.sent == 0


@pytest.mark.parametrize("effect", [REDEMPTION, DEPOSIT], ids=lambda one: one.name)
def test_the_horizon_counts_from_the_latest_moment_of_a_send_r_t9(effect: object) -> None:
    sent = Progress("sent", 1, 1, SENT_MS, SENT_MS)
    horizon_ms = cast("int", getattr(effect, "horizon_ms"))  # noqa: B009
    # A token to fetch, or one that is refused, keeps a deposit back within its lease.
    now_ms = SENT_MS + LEASE_MS + horizon_ms - 1
    assert not horizon_passed(effect, sent, now_ms)  # type: ignore[arg-type]
    assert horizon_passed(effect, sent, now_ms + 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(("refused_after_s", "deposits"), [(1.0, 2), (10.5, 1)])
def test_a_deposit_refused_for_its_token_goes_again_only_at_once(
    refused_after_s: float, deposits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [1_000.0]
    monkeypatch.setattr("transfer.bank_api.time.monotonic", lambda: now_s[0])
    called: list[str] = []

    class Bank:
        def call(self, _method: str, url: str, **_request: object) -> PartnerAnswer:
            if url.endswith("/token"):
                body = {"access_token": f"token {len(called)}", "expires_in": 3600}
                return PartnerAnswer(Outcome.ANSWERED, 200, body, None, "", 0)
            called.append(url)
            now_s[0] += refused_after_s
            return PartnerAnswer(Outcome.ANSWERED, 401, {"rsp_code": "O0003"}, None, "", 0)

    bank = BankApi(cast("PartnerTransport", Bank()), BANK_SECRET)
    bank.deposit(
        BankTran("U1", SENT.date()), BankAccount("004", "1", "홍길동"), 500, "client", SENT
    )
    assert len(called) == deposits
