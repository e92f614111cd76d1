"""The row of a member's expiry settings: what is due when a switch moves (R-E2, R-E3)."""

from copy import replace

import pytest

from query.expiry_settings import (
    Alerts,
    AutoCashout,
    ExpirySettings,
    Step,
    scan_lane,
    settings_item,
    settings_of,
    settings_put,
)

NOW = 1_800_000_000_000
MINUTE = 60_000
MEMBER = "M#0123"
ON = Alerts(enabled=True, lead_months=3)
CASH = AutoCashout(enabled=True, account_id="acc_1", minimum_amount=1000)
TONIGHT = NOW + 600 * MINUTE
NOTHING = ExpirySettings(MEMBER)
SCANNED = replace(
    NOTHING, alerts=ON, due_at_ms=TONIGHT, version=7, refresh_asked_ms=NOW - 999 * MINUTE
)


@pytest.mark.parametrize(
    "settings",
    [
        NOTHING.with_alerts(ON, NOW),
        NOTHING.with_cashout(CASH, NOW),
        SCANNED.asked("lkp_1", NOW, NOW + MINUTE),
        SCANNED.with_alerts(Alerts(enabled=False), NOW),
    ],
)
def test_a_row_is_read_as_it_was_written(settings: ExpirySettings) -> None:
    assert settings_of(settings_item(settings)) == settings


def test_members_who_did_not_ask_are_in_no_lane_r_e2() -> None:
    off = SCANNED.with_alerts(Alerts(enabled=False, lead_months=3), NOW)
    assert "lane" not in settings_item(off)
    assert settings_item(SCANNED)["lane"] == {"S": scan_lane(MEMBER)}
    assert settings_item(off.with_cashout(CASH, NOW))["lane"] == {"S": scan_lane(MEMBER)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NOTHING, NOTHING.with_alerts(ON, NOW)),
        (NOTHING, NOTHING.with_cashout(CASH, NOW)),
        (SCANNED, SCANNED.with_alerts(replace(ON, lead_months=4), NOW)),
        (SCANNED, SCANNED.with_cashout(CASH, NOW)),
        (
            replace(SCANNED, cashout=CASH),
            replace(SCANNED, cashout=CASH).with_cashout(replace(CASH, minimum_amount=999), NOW),
        ),
        (
            replace(SCANNED, cashout=CASH),
            replace(SCANNED, cashout=CASH).with_cashout(replace(CASH, account_id="acc_2"), NOW),
        ),
    ],
    ids=[
        "alerts on",
        "cash-out on",
        "lead raised",
        "cash-out besides",
        "minimum lowered",
        "another account",
    ],
)
def test_who_wants_more_is_looked_at_at_once_r_e3(
    before: ExpirySettings, after: ExpirySettings
) -> None:
    assert (after.step, after.due_at_ms) == (Step.REFRESH, NOW)
    assert after.version == before.version + 1


@pytest.mark.parametrize(
    "after",
    [
        SCANNED.with_alerts(ON, NOW),
        SCANNED.with_alerts(replace(ON, lead_months=1), NOW),
        replace(SCANNED, cashout=CASH).with_cashout(replace(CASH, minimum_amount=1001), NOW),
        replace(SCANNED, cashout=CASH).with_cashout(AutoCashout(), NOW),
    ],
    ids=["the same", "lead lowered", "minimum raised", "cash-out off"],
)
def test_who_wants_no_more_keeps_the_own_night_r_e2(after: ExpirySettings) -> None:
    assert (after.step, after.due_at_ms, after.version) == (Step.REFRESH, TONIGHT, 8)


def test_a_switch_moved_off_and_on_asks_no_issuer_twice_an_hour() -> None:
    asked = SCANNED.asked("lkp_1", NOW, NOW + 15 * MINUTE)
    off = asked.with_alerts(Alerts(enabled=False), NOW + MINUTE)
    on = off.with_alerts(ON, NOW + 2 * MINUTE)
    assert (on.step, on.due_at_ms, on.refreshed_id) == (Step.DECIDE, NOW + 2 * MINUTE, "lkp_1")
    later = off.with_alerts(ON, NOW + 60 * MINUTE)
    assert (later.step, later.due_at_ms) == (Step.REFRESH, NOW + 60 * MINUTE)


def test_answers_on_their_way_are_waited_for_when_the_lead_is_raised() -> None:
    asked = SCANNED.asked("lkp_1", NOW, NOW + 15 * MINUTE)
    raised = asked.with_alerts(replace(ON, lead_months=6), NOW + MINUTE)
    assert (raised.step, raised.due_at_ms) == (Step.DECIDE, NOW + 15 * MINUTE)


def test_a_clock_moved_back_is_no_reason_to_trust_balances_of_the_future() -> None:
    asked = SCANNED.asked("lkp_1", NOW, NOW + 15 * MINUTE)
    assert asked.with_cashout(CASH, NOW - 99 * MINUTE).step is Step.REFRESH


@pytest.mark.parametrize(
    ("alerts", "cashout", "lead"),
    [(ON, CASH, 3), (Alerts(), CASH, 1), (Alerts(), AutoCashout(), 0)],
)
def test_cash_outs_keep_the_lead_of_the_alerts_or_a_month_r_e3(
    alerts: Alerts, cashout: AutoCashout, lead: int
) -> None:
    assert replace(NOTHING, alerts=alerts, cashout=cashout).lead_months == lead


def test_a_write_holds_on_the_version_it_was_made_from() -> None:
    first = NOTHING.with_alerts(ON, NOW)
    assert settings_put("t", first)["ConditionExpression"] == "attribute_not_exists(pk)"
    second = first.moved(Step.DECIDE, NOW)
    assert settings_put("t", second)["ExpressionAttributeValues"] == {":before": {"N": "1"}}
