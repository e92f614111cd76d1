"""Bills on the page: another card, an end, taking back until 22:00, warnings, results."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from autopay.schedule import OLD_CARD_MAY_BE_CHARGED, WARNINGS
from modupoint.clock import SEOUL
from tests.browser.bill_payer import BillPayer
from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Site
    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
# A Tuesday: processed on Wednesday, the result on Friday.
A_TUESDAY = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
ON_WEDNESDAY = datetime(2026, 11, 25, 9, 30, tzinfo=SEOUL)
ON_FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=SEOUL)
PROCESS_ON, RESULT_ON = ON_WEDNESDAY.date(), ON_FRIDAY.date()
UNTIL = datetime(2026, 11, 24, 22, tzinfo=SEOUL)
WARNED = WARNINGS[OLD_CARD_MAY_BE_CHARGED]


@pytest.fixture
def payer(
    open_site: Callable[..., Site], stack: Stack, partners: Partners, cloud: Cloud
) -> Callable[..., BillPayer]:
    """Give people whose bills are listed, on a business day."""

    def open_one(
        screen: dict[str, int] = PHONE, *, at: datetime = A_TUESDAY, language: str = "ko"
    ) -> BillPayer:
        site = open_site(screen, at=at)
        if language == "en":
            site.part("language").click()
        payer = BillPayer(site.sign_in_by_phone().agree(), stack, partners, cloud).have()
        payer.open_bills()
        return payer

    return open_one


@SCREENS
def test_a_bill_moves_to_another_card_and_its_result_is_told(
    payer: Callable[..., BillPayer], screen: dict[str, int]
) -> None:
    kind = "phone" if screen == PHONE else "desktop"
    somebody = payer(screen)
    site = somebody.site
    tomorrow = somebody.bill("tomorrow")
    _read_the_bills(somebody, kind)
    _pick_a_card(somebody, kind)

    expect(site.part("order-from")).to_contain_text("Deep Dream")
    expect(site.part("order-to")).to_contain_text("TOK TOK")
    expect(site.part("order-days")).to_have_attribute("data-kind", "next_business_day")
    expect(site.part("order-withdrawable")).to_have_attribute("data-late", "false")
    warnings = site.part("order-warnings").locator("li")
    expect(warnings).to_have_count(len(WARNINGS))
    expect(warnings.first).to_have_text(WARNED["ko"])
    site.check_basics("ko")
    site.picture(f"{kind}-42-order-confirm")
    order_id = somebody.send()

    expect(site.part("order")).to_have_attribute("data-status", "ACCEPTED")
    expect(site.part("milestone-processed")).to_have_attribute("data-at", f"{PROCESS_ON}")
    expect(site.part("milestone-result")).to_have_attribute("data-at", f"{RESULT_ON}")
    expect(site.part("milestone-result")).to_contain_text("11월 27일")
    expect(site.part("order-bill-name")).to_contain_text("KT")
    expect(site.part("order-warnings")).to_contain_text(WARNED["ko"])
    site.check_basics("ko")
    site.picture(f"{kind}-43-order-accepted")
    site.part("order-to-bills").click()
    fixed = site.part(f"bill-fixed-{tomorrow}")
    expect(fixed).to_have_attribute("data-obstacle", "order_open")
    expect(site.part("autopay-orders-open")).to_have_attribute("data-value", "1")
    site.check_basics("ko")
    site.picture(f"{kind}-44-order-open")
    fixed.get_by_role("link").click()
    # A result is told to whoever has seen the order on its way.
    expect(site.part("order")).to_have_attribute("data-status", "ACCEPTED")

    somebody.go_on_until(ON_FRIDAY)
    somebody.sees("COMPLETED")
    expect(site.part("order-result")).to_have_attribute("data-status", "COMPLETED")
    expect(site.part("milestone-result")).to_have_attribute("data-state", "done")
    expect(site.part("withdrawal")).to_have_count(0)
    site.check_basics("ko")
    site.picture(f"{kind}-45-order-completed")
    site.part("order-to-bills").click()
    expect(site.part("group-card-toktok").get_by_test_id(f"bill-{tomorrow}")).to_be_visible()
    expect(site.part(f"bill-change-{tomorrow}")).to_be_visible()
    site.part("autopay-orders").click()
    entry = site.part(f"order-{order_id}")
    expect(entry.get_by_test_id("order-badge")).to_have_attribute("data-status", "COMPLETED")
    expect(entry).to_contain_text("TOK TOK")
    site.check_basics("ko")
    site.picture(f"{kind}-46-orders")


def _read_the_bills(somebody: BillPayer, kind: str) -> None:
    """Look at the bills by card, then by kind."""
    site = somebody.site
    expect(site.part("autopay-count")).to_have_attribute("data-value", "5")
    expect(site.part("autopay-next")).to_have_attribute("data-on", "2026-11-25")
    expect(site.part("group-card-deep").locator("[data-changeable]")).to_have_count(3)
    fixed = site.part(f"bill-fixed-{somebody.bill('fixed')}")
    expect(fixed).to_have_attribute("data-obstacle", "ask_biller")
    expect(fixed.get_by_role("link")).to_have_attribute("href", "tel:1355")
    expect(site.part("empty-card-card-firm")).to_have_attribute("data-obstacle", "corporate")
    site.check_basics("ko")
    site.picture(f"{kind}-40-bills")
    site.part("by-category").check(force=True)
    expect(site.part("group-TELECOM").locator("[data-changeable]")).to_have_count(2)
    expect(site.part("group-APARTMENT_FEE")).to_contain_text("아파트 관리비")
    site.check_basics("ko")
    site.picture(f"{kind}-40-bills-by-kind")


def _pick_a_card(somebody: BillPayer, kind: str) -> None:
    """Be told why some cards cannot be picked, and pick one that can."""
    site = somebody.site
    site.part(f"bill-change-{somebody.bill('tomorrow')}").click()
    for card, obstacle in (("deep", "present"), ("rest", "dormant"), ("firm", "corporate")):
        expect(site.part(f"pick-card-{card}")).to_have_attribute("data-obstacle", obstacle)
        expect(site.part(f"pick-choose-card-{card}")).to_be_disabled()
    site.part("pick-next").click()
    expect(site.part("pick-problem")).not_to_be_empty()
    site.part("pick-choose-card-toktok").check()
    expect(site.part("pick-problem")).to_be_empty()
    site.check_basics("ko")
    site.picture(f"{kind}-41-pick")
    site.part("pick-next").click()


def test_an_autopay_ends_and_its_order_still_says_of_what(payer: Callable[..., BillPayer]) -> None:
    somebody = payer()
    site, later = somebody.site, somebody.bill("later")
    site.part(f"bill-cancel-{later}").click()
    expect(site.part("order-to")).to_have_count(0)
    warnings = site.part("order-warnings")
    expect(warnings).to_contain_text("청구 기관에 직접 내야 해요")
    expect(warnings).not_to_contain_text(WARNED["ko"])
    site.check_basics("ko")
    site.picture("phone-50-end-confirm")
    somebody.send()
    expect(site.part("order")).to_have_attribute("data-kind", "CANCEL")

    somebody.go_on_until(ON_WEDNESDAY)
    somebody.sees("PROCESSING")
    expect(site.part("milestone-processed")).to_have_attribute("data-state", "now")
    site.check_basics("ko")
    site.picture("phone-51-end-under-way")
    somebody.go_on_until(ON_FRIDAY)
    somebody.sees("COMPLETED")
    expect(site.part("order-result")).to_contain_text("한국전력공사")
    site.check_basics("ko")
    site.picture("phone-52-ended")
    site.part("order-to-bills").click()
    expect(site.part("autopay-count")).to_have_attribute("data-value", "4")
    expect(site.part(f"bill-{later}")).to_have_count(0)
    site.part("autopay-orders").click()
    expect(site.part("orders")).to_contain_text("한국전력공사")


def test_an_order_is_taken_back_while_the_time_to_do_so_runs_down_r_a4(
    payer: Callable[..., BillPayer],
) -> None:
    somebody = payer(at=UNTIL - timedelta(minutes=65))
    site = somebody.site
    somebody.change("tomorrow", "card-toktok")
    somebody.send()
    left = site.part("withdrawal-left")
    expect(left).to_have_attribute("data-until", re.compile("^2026-11-24T22:00"))
    expect(left).to_contain_text(re.compile(r"1시간 \d+분"))
    expect(site.part("withdrawal")).to_contain_text("오늘 22:00까지")
    site.page.clock.fast_forward(10 * 60_000)
    expect(left).to_contain_text(re.compile(r"\d+분 \d\d초"))
    site.picture("phone-53-time-to-take-back")

    site.part("withdraw-order").click()
    site.check_basics("ko")
    site.glimpse("phone-54-take-back")
    site.part("withdraw-order-keep").click()
    expect(site.part("withdraw-order")).to_be_focused()
    site.part("withdraw-order").click()
    site.part("withdraw-order-confirm").click()
    expect(site.part("order")).to_have_attribute("data-status", "WITHDRAWN")
    expect(site.part("withdraw-order-dialog")).to_be_hidden()
    expect(site.part("withdrawal")).to_have_count(0)
    expect(site.page.locator("#content")).to_be_focused()
    expect(site.part("order-result")).to_have_attribute("data-status", "WITHDRAWN")
    site.check_basics("ko")
    site.picture("phone-55-taken-back")
    site.part("order-to-bills").click()
    expect(site.part(f"bill-change-{somebody.bill('tomorrow')}")).to_be_visible()


def test_at_22_the_way_back_is_gone_and_a_late_order_is_told_so_first_r_a4(
    payer: Callable[..., BillPayer],
) -> None:
    somebody = payer(at=UNTIL - timedelta(minutes=8))
    site = somebody.site
    somebody.change("tomorrow", "card-toktok")
    somebody.send()
    expect(site.part("withdrawal-left")).to_contain_text(re.compile(r"\d+분 \d\d초"))
    site.part("withdraw-order").click()
    site.page.clock.fast_forward(8 * 60_000)
    expect(site.part("withdraw-order-dialog")).to_be_hidden()
    expect(site.part("withdrawal")).to_have_count(0)
    expect(site.part("order")).to_have_attribute("data-status", "ACCEPTED")

    site.part("order-to-bills").click()
    somebody.change("later", "card-toktok")
    late = site.part("order-withdrawable")
    expect(late).to_have_attribute("data-late", "true")
    expect(late).to_contain_text("취소할 수 없어요")
    site.check_basics("ko")
    site.picture("phone-56-after-22")


def test_a_device_whose_clock_is_behind_is_told_that_it_is_too_late_r_a4(
    payer: Callable[..., BillPayer],
) -> None:
    somebody = payer()
    site = somebody.site
    somebody.change("tomorrow", "card-toktok")
    somebody.send()
    somebody.go_on_until(UNTIL)
    site.part("withdraw-order").click()
    site.part("withdraw-order-confirm").click()
    expect(site.part("withdrawal-told")).to_contain_text("그대로 진행돼요")
    site.refused(409)
    expect(site.part("withdrawal")).to_have_count(0)
    expect(site.part("order")).to_have_attribute("data-status", "ACCEPTED")
    site.check_basics("ko")
    site.picture("phone-57-too-late")


def test_an_old_sign_in_is_renewed_and_the_order_goes_on_r_m4(
    open_site: Callable[..., Site], stack: Stack, partners: Partners, cloud: Cloud
) -> None:
    partners.set_clock(A_TUESDAY)
    # Sign-ins go by real time, so here the browser does too.
    site = open_site().sign_in_by_phone().agree()
    somebody = BillPayer(site, stack, partners, cloud).have()
    somebody.open_bills()
    somebody.change("later", "card-toktok")
    sub = somebody.sub
    site.hold(partners.token(sub, auth_time=int(time.time()) - 11 * 60))
    site.part("order-send").click()
    expect(site.part("apply-trouble")).to_have_attribute("data-kind", "reauthenticate")
    site.refused(401)
    site.check_basics("ko")
    site.picture("phone-68-order-sign-in-again")
    site.part("reauthenticate").click()
    site.prove_by_phone()
    expect(site.part("reauth-done")).to_be_visible()
    expect(site.part("order-to")).to_contain_text("TOK TOK")
    somebody.send()
    expect(site.part("order")).to_have_attribute("data-status", "ACCEPTED")
    assert somebody.sub == sub


def test_what_the_biller_rejects_is_told_with_its_reason_and_whom_to_call_r_a7(
    payer: Callable[..., BillPayer],
) -> None:
    somebody = payer()
    site, refused = somebody.site, somebody.bill("refused")
    somebody.change("refused", "card-toktok")
    order_id = somebody.send()
    site.part("order-to-orders").click()
    expect(site.part("orders")).to_contain_text("LG유플러스")
    somebody.go_on_until(ON_FRIDAY)
    somebody.comes(site.part("order-result"))
    expect(site.part("order-result")).to_have_attribute("data-status", "REJECTED")
    expect(site.part("order-result")).to_contain_text("LG유플러스: 카드를 바꾸지 못했어요")
    site.picture("phone-58-rejected-in-the-list")
    site.part(f"order-{order_id}").click()
    expect(site.part("order")).to_have_attribute("data-status", "REJECTED")
    expect(site.part("order-reason")).to_contain_text("미납")
    expect(site.part("order-call")).to_have_attribute("href", "tel:101")
    expect(site.part("order-note")).to_contain_text("지금 카드로 계속 나가요")
    site.check_basics("ko")
    site.picture("phone-58-rejected")
    site.part("order-to-bills").click()
    expect(site.part("group-card-zero").get_by_test_id(f"bill-{refused}")).to_be_visible()
    expect(site.part(f"bill-change-{refused}")).to_be_visible()


def test_what_is_real_time_is_done_at_once_r_a3(payer: Callable[..., BillPayer]) -> None:
    somebody = payer()
    site, rent = somebody.site, somebody.bill("at-once")
    somebody.change("at-once", "card-toktok")
    expect(site.part("order-days")).to_have_attribute("data-kind", "at_once")
    expect(site.part("order-withdrawable")).to_have_count(0)
    site.picture("phone-59-at-once-confirm")
    somebody.send()
    somebody.sees("COMPLETED")
    expect(site.part("withdrawal")).to_have_count(0)
    site.check_basics("ko")
    site.picture("phone-60-at-once")
    site.part("order-to-bills").click()
    expect(site.part("group-card-toktok").get_by_test_id(f"bill-{rent}")).to_be_visible()


@SCREENS
def test_all_of_it_is_there_in_english(
    payer: Callable[..., BillPayer], screen: dict[str, int]
) -> None:
    kind = "phone" if screen == PHONE else "desktop"
    somebody = payer(screen, language="en")
    site = somebody.site
    site.check_basics("en")
    site.picture(f"{kind}-61-english-bills")
    site.part(f"bill-change-{somebody.bill('tomorrow')}").click()
    site.part("pick-choose-card-toktok").check()
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-62-english-pick")
    site.part("pick-next").click()
    expect(site.part("order-warnings")).to_contain_text(WARNED["en"])
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-63-english-confirm")
    order_id = somebody.send()
    expect(site.part("milestone-result")).to_contain_text("27 November")
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-64-english-order")
    site.part("withdraw-order").click()
    _none_korean(site)
    site.glimpse(f"{kind}-65-english-take-back")
    site.part("withdraw-order-keep").click()
    site.part("order-to-orders").click()
    expect(site.part(f"order-{order_id}")).to_contain_text("Result due Fri, 27 November")
    somebody.go_on_until(ON_FRIDAY)
    somebody.comes(site.part("order-result"))
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-66-english-orders")


def test_a_switch_that_does_not_answer_is_told_and_asked_again(
    payer: Callable[..., BillPayer], partners: Partners
) -> None:
    somebody = payer()
    site = somebody.site
    site.part("nav-points").click()
    partners.spoil("autopay", {"kind": "unavailable"})
    site.page.clock.fast_forward(30_000)
    site.part("nav-autopay").click()
    failed = site.part("autopay-failed")
    expect(failed).to_have_attribute("data-kind", "switch_unavailable")
    site.refused(429)
    site.check_basics("ko")
    site.picture("phone-67-switch-does-not-answer")
    partners.heal()
    partners.set_clock(A_TUESDAY)
    site.part("autopay-retry").click()
    expect(site.part("autopay")).to_be_visible()


def _none_korean(site: Site) -> None:
    """Hold the view to one language."""
    site.at_rest()
    shown = site.page.locator("main").inner_text()
    assert re.findall("[가-힣]{2,}", shown) == []
