"""What expires on the page: the calendar, alerts, standing cash-out, the inbox (R-E1 to R-E4)."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from modupoint.clock import SEOUL
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.point_holder import PointHolder, points
from tests.stack.auditor import Auditor
from tests.stack.member import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Site
    from tests.stack.bring_up import Stack
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
# A Tuesday. Points that expire in December are cashed out on the first business day that is
# three days away: Friday at 10:00 is too soon by a moment, so it is Monday.
A_TUESDAY = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
THE_MONDAY = datetime(2026, 11, 30, 10, 1, tzinfo=SEOUL)
IN_SIX_MONTHS = dict.fromkeys((f"in_{months}" for months in range(1, 7)), 100)
OFF = {"enabled": False, "account_id": None, "minimum_amount": None}

type Holders = Callable[..., PointHolder]


@pytest.fixture
def holder(
    open_site: Callable[..., Site], stack: Stack, api: Http, partners: Partners, cloud: Cloud
) -> Holders:
    """Give people who have agreed, on a business day."""

    def open_one(
        screen: dict[str, int] = PHONE, *, language: str = "ko", real_time: bool = False
    ) -> PointHolder:
        if real_time:
            # Sign-ins go by real time, so here the browser does too.
            partners.set_clock(A_TUESDAY)
            site = open_site(screen)
        else:
            site = open_site(screen, at=A_TUESDAY)
        if language == "en":
            site.part("language").click()
        site.sign_in_by_phone().agree()
        sub: str = partners.userinfo(site.token())["sub"]
        return PointHolder(site, Member(api, partners, sub), stack, partners, cloud)

    return open_one


def _kind(screen: dict[str, int]) -> str:
    return "phone" if screen == PHONE else "desktop"


def _with_december(holder: PointHolder) -> PointHolder:
    return holder.have(
        kb=points("POINTREE", 5_000, in_1=1_250, in_3=2_000, in_9=700),
        hyundai=points("MPOINT", 3_000, in_1=800),
    )


def _register(site: Site, account: dict[str, Any]) -> None:
    """Fill in the account's form and have the account checked."""
    site.part(f"bank-{account['bank_code_std']}").check(force=True)
    site.part("account-number").fill(account["account_num"])
    site.part("account-holder").fill(account["account_holder_name"])
    site.part("account-submit").click()


def _order(holder: PointHolder, account: dict[str, Any]) -> None:
    """Order standing cash-out from the calendar, with a new account, from 1,000 won on."""
    site = holder.site
    site.part("standing-learn").click()
    expect(site.part("standing-how")).to_be_visible()
    _register(site, account)
    expect(site.part("standing-order")).to_be_visible()
    site.part("minimum-1000").click()
    site.part("standing-order").click()
    expect(site.part("standing-done")).to_be_visible()


def _none_korean(site: Site) -> None:
    """Hold the view to one language."""
    site.at_rest()
    shown = site.page.locator("main").inner_text()
    assert re.findall("[가-힣]{2,}", shown) == []


@SCREENS
def test_the_calendar_shows_at_a_glance_what_expires_when_r_p5(
    holder: Holders, screen: dict[str, int]
) -> None:
    kind = _kind(screen)
    somebody = _with_december(holder(screen)).look_up()
    site = somebody.site
    expect(site.part("expiry-next")).to_have_attribute("data-month", "2026-12")
    site.check_basics("ko")
    site.picture(f"{kind}-60-way-to-the-calendar")
    site.part("expiry-calendar").click()

    for part, won in (("total", 4_050), ("cash", 3_250), ("other", 800), ("later", 700)):
        expect(site.part(f"calendar-{part}")).to_have_attribute("data-value", str(won))
    expect(site.part("month-2026-12")).to_have_attribute("data-value", "2050")
    expect(site.part("month-2026-12")).to_have_attribute("data-cash", "1250")
    expect(site.part("month-2026-11")).to_have_attribute("data-value", "0")
    expect(site.part("chosen-month")).to_have_attribute("data-month", "2026-12")
    expect(site.part("expiring-kb-POINTREE")).to_have_attribute("data-cashable", "true")
    expect(site.part("expiring-hyundai-MPOINT")).to_have_attribute("data-cashable", "false")
    site.check_basics("ko")

    site.part("month-choose-2026-12").focus()
    site.page.keyboard.press("ArrowRight")
    expect(site.part("chosen-month")).to_have_attribute("data-month", "2027-02")
    expect(site.part("expiring-kb-POINTREE")).to_have_attribute("data-value", "2000")
    expect(site.part("expiring-hyundai-MPOINT")).to_have_count(0)
    site.part("months-fold").locator("summary").click()
    expect(site.part("row-2027-08")).to_have_attribute("data-value", "700")
    expect(site.part("months-table").locator("tbody tr")).to_have_count(3)
    site.check_basics("ko")
    site.picture(f"{kind}-61-calendar")
    site.part("month-to-cash").click()
    expect(site.part("offer-kb-POINTREE")).to_be_visible()


def test_what_was_known_last_is_told_before_the_next_lookup(holder: Holders) -> None:
    somebody = _with_december(holder()).look_up()
    site = somebody.site
    site.page.evaluate("() => sessionStorage.removeItem('modupoint.lookup')")
    site.page.reload()
    expect(site.part("expiry-soonest")).to_have_attribute("data-month", "2026-12")
    expect(site.part("expiry-soonest")).to_contain_text("다음 달 말에 2,050P")
    site.check_basics("ko")
    site.picture("phone-62-before-the-lookup")
    site.part("expiry-entry").click()
    expect(site.part("month-to-cash")).to_have_attribute("href", "/")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_has_nothing_that_expires_is_told_so(holder: Holders, language: str) -> None:
    somebody = holder(language=language).have().look_up().open_calendar()
    site = somebody.site
    expect(site.part("calendar-none")).to_be_visible()
    expect(site.part("alerts")).to_have_attribute("data-enabled", "false")
    site.check_basics(language)
    site.picture(f"phone-63-nothing-expires-{language}")
    somebody.open_inbox()
    expect(site.part("notices-none")).to_be_visible()
    site.check_basics(language)
    if language == "en":
        _none_korean(site)


@SCREENS
def test_alerts_are_kept_as_they_are_moved_and_end_up_in_the_inbox_r_e2(
    holder: Holders, screen: dict[str, int]
) -> None:
    kind = _kind(screen)
    somebody = _with_december(holder(screen)).look_up().open_calendar()
    site = somebody.site
    site.part("alerts-switch").check()
    for months in (1, 2, 3):
        site.part(f"lead-{months}").check(force=True)
    expect(site.part("alerts-told")).to_have_text("저장했어요")
    somebody.until_alerts(enabled=True, lead_months=3)
    expect(site.part("alerts-up-to")).to_contain_text("2027년 2월")
    site.check_basics("ko")
    site.picture(f"{kind}-64-alerts")

    somebody.until_told("EXPIRING", 3)
    site.page.reload()
    expect(site.part("nav-notices")).to_have_accessible_name("알림함, 새 알림이 있어요")
    expect(site.part("alerts")).to_have_attribute("data-enabled", "true")
    expect(site.part("alerts-lead")).to_have_attribute("data-value", "3")
    somebody.open_inbox()
    notices = site.page.locator("[data-kind=EXPIRING]")
    expect(notices).to_have_count(3)
    hyundai = site.page.locator("[data-kind=EXPIRING][data-issuer=hyundai]")
    expect(hyundai).to_have_attribute("data-month", "2026-12")
    expect(hyundai).to_have_attribute("data-value", "800")
    expect(hyundai.get_by_test_id("notice-text")).to_contain_text("현대카드 포인트 800점")
    expect(site.part("nav-notices")).to_have_accessible_name("알림함")
    site.check_basics("ko")
    site.picture(f"{kind}-65-inbox")

    hyundai.get_by_test_id("notice-way").click()
    site.part("alerts-switch").uncheck()
    somebody.until_alerts(enabled=False, lead_months=3)


@SCREENS
def test_standing_cash_out_is_told_before_pays_in_time_and_is_told_after_r_e3(
    holder: Holders, screen: dict[str, int]
) -> None:
    kind = _kind(screen)
    somebody = _with_december(holder(screen)).look_up().open_calendar()
    site, partners, member = somebody.site, somebody.partners, somebody.member
    account = partners.account(member.sub, "088")
    _order(somebody, account)
    site.check_basics("ko")
    site.picture(f"{kind}-66-standing-ordered")
    site.part("standing-to-calendar").click()
    expect(site.part("standing")).to_have_attribute("data-enabled", "true")
    expect(site.part("standing-minimum")).to_have_attribute("data-value", "1000")
    assert account["account_num"] not in site.page.content(), "shown masked only"

    (planned,) = somebody.until_told("CASHOUT_PLANNED")
    assert (planned["issuer"], planned["month"], planned["amount"]) == ("kb", "2026-12", 1_250)
    site.page.reload()
    expect(site.part("planned-kb-2026-12")).to_contain_text("2026년 11월 30일")
    expect(site.part("expiring-kb-POINTREE")).to_contain_text("자동 현금화 예정")
    site.check_basics("ko")
    site.picture(f"{kind}-67-planned")

    partners.set_clock(THE_MONDAY)
    (done,) = somebody.until_told("CASHOUT_DONE")
    assert done["amount"] == 1_250
    somebody.open_inbox()
    expect(site.part(f"notice-{planned['notice_id']}").get_by_test_id("notice-stop")).to_have_count(
        0
    )
    site.check_basics("ko")
    site.picture(f"{kind}-68-paid")
    site.part(f"notice-{done['notice_id']}").get_by_test_id("notice-transfer").click()
    expect(site.part("transfer")).to_have_attribute("data-transfer-id", done["transfer_id"])
    expect(site.part("leg-kb")).to_have_attribute("data-status", "DEPOSITED")
    expect(site.part("total-deposited")).to_have_attribute("data-value", "1250")
    assert len(member.transfers()) == 1
    Auditor(partners, somebody.cloud).check(member, account)


def test_a_planned_cash_out_is_stopped_from_its_notice_r_e3(holder: Holders) -> None:
    somebody = _with_december(holder()).look_up().open_calendar()
    site, partners, member = somebody.site, somebody.partners, somebody.member
    _order(somebody, partners.account(member.sub, "088"))
    (planned,) = somebody.until_told("CASHOUT_PLANNED")
    somebody.open_inbox()
    notice = site.part(f"notice-{planned['notice_id']}")
    notice.get_by_test_id("notice-stop").click()
    expect(site.part("stop-dialog")).to_be_visible()
    site.check_basics("ko")
    site.glimpse("phone-69-stop")
    site.part("stop-keep").click()
    expect(site.part("stop-dialog")).to_be_hidden()
    assert somebody.choices()[1]["enabled"] is True
    notice.get_by_test_id("notice-stop").click()
    site.part("stop-confirm").click()
    expect(site.part("notices-told")).to_be_focused()
    expect(notice.get_by_test_id("notice-off")).to_be_visible()
    site.check_basics("ko")
    assert somebody.choices()[1] == OFF

    partners.set_clock(THE_MONDAY)
    somebody.until_told("CASHOUT_STOPPED")
    somebody.open_inbox()
    expect(site.page.locator("[data-kind=CASHOUT_STOPPED]")).to_be_visible()
    expect(notice.get_by_test_id("notice-off")).to_have_count(0)
    site.picture("phone-70-stopped")
    assert partners.redemptions(member.sub) == []


def test_an_old_sign_in_is_renewed_before_standing_cash_out_and_not_to_end_it_r_m4(
    holder: Holders,
) -> None:
    somebody = holder(real_time=True)
    site, partners, member = somebody.site, somebody.partners, somebody.member
    somebody.open_calendar()
    first, second = (member.register(bank)["account_id"] for bank in ("088", "004"))
    site.part("standing-learn").click()
    expect(site.part(f"account-choose-{first}")).not_to_be_checked()
    site.part("standing-order").click()
    expect(site.part("standing-problem")).not_to_be_empty()
    site.part(f"account-choose-{second}").check()
    site.part("minimum").fill("much")
    site.part("standing-order").click()
    expect(site.part("minimum-problem")).not_to_be_empty()
    site.part("minimum").fill("2,500")
    old = partners.token(member.sub, auth_time=int(time.time()) - 11 * 60)
    site.hold(old)
    site.part("standing-order").click()
    expect(site.part("apply-trouble")).to_have_attribute("data-kind", "reauthenticate")
    site.refused(401)
    site.check_basics("ko")
    site.picture("phone-71-sign-in-again")
    site.part("reauthenticate").click()
    site.prove_by_phone()
    expect(site.part("reauth-done")).to_be_visible()
    expect(site.part(f"account-choose-{second}")).to_be_checked()
    expect(site.part("minimum")).to_have_value("2,500")
    assert somebody.choices()[1] == OFF
    site.part("standing-order").click()
    expect(site.part("standing-done")).to_be_visible()
    wanted = {"enabled": True, "account_id": second, "minimum_amount": 2_500}
    assert somebody.choices()[1] == wanted

    site.part("standing-to-calendar").click()
    site.hold(old)
    site.part("standing-stop").click()
    site.part("stop-confirm").click()
    expect(site.part("standing-told")).to_be_focused()
    expect(site.part("standing")).to_have_attribute("data-enabled", "false")
    assert somebody.choices()[1] == OFF


def test_an_account_that_is_gone_is_asked_for_again(holder: Holders) -> None:
    somebody = holder()
    site, member = somebody.site, somebody.member
    account = member.register("088")["account_id"]
    wanted = {"enabled": True, "account_id": account, "minimum_amount": 0}
    assert member.send("PUT", "/v1/me/auto-cashout", wanted).status == 200
    assert member.send("DELETE", f"/v1/accounts/{account}").status == 204
    somebody.open_calendar()
    expect(site.part("standing-lacks-account")).to_be_visible()
    site.check_basics("ko")
    other = member.register("004")["account_id"]
    site.part("standing-change").click()
    expect(site.part(f"account-choose-{other}")).to_be_checked()
    expect(site.part("minimum")).to_have_value("0")
    site.part("standing-order").click()
    expect(site.part("standing-done")).to_be_visible()
    assert somebody.choices()[1] == {**wanted, "account_id": other}


@SCREENS
def test_all_of_it_is_there_in_english_and_the_inbox_page_by_page(
    holder: Holders, screen: dict[str, int]
) -> None:
    kind = _kind(screen)
    somebody = holder(screen, language="en").have(
        kb=points("POINTREE", 1_000, **IN_SIX_MONTHS),
        bc=points("TOP", 1_000, **IN_SIX_MONTHS),
        samsung=points("BONUS", 1_000, **IN_SIX_MONTHS),
        hyundai=points("MPOINT", 1_000, **IN_SIX_MONTHS),
    )
    site = somebody.look_up().open_calendar().site
    site.part("alerts-switch").check()
    site.part("lead-6").check(force=True)
    somebody.until_alerts(enabled=True, lead_months=6)
    expect(site.part("alerts-told")).to_have_text("Saved")
    site.part("months-fold").locator("summary").click()
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-72-english-calendar")
    site.part("standing-learn").click()
    expect(site.part("account-form")).to_be_visible()
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-73-english-standing")

    somebody.until_told("EXPIRING", 24)
    somebody.open_inbox()
    notices = site.page.locator("[data-kind=EXPIRING]")
    expect(notices).to_have_count(20)
    site.part("notices-more").click()
    expect(site.part("notices-end")).to_contain_text("24")
    expect(notices).to_have_count(24)
    subjects = {
        (one.get_attribute("data-issuer"), one.get_attribute("data-month")) for one in notices.all()
    }
    assert len(subjects) == 24, "once an issuer and month (R-E4)"
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-74-english-inbox")
    site.part("nav-settings").click()
    expect(site.part("settings-notices")).to_be_visible()
    site.check_basics("en")
