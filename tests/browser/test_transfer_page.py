"""Points to cash on the page: choose, account, one confirmation, progress, receipt, history."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from modupoint.clock import SEOUL
from tests.browser.conftest import DESKTOP, PHONE
from tests.stack.auditor import Auditor
from tests.stack.member import Member, cash

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Site
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
A_TUESDAY = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
INSUFFICIENT = {
    "kind": "error",
    "operation": "redemption",
    "http_status": 422,
    "rsp_code": "42201",
}
PAST_MIDNIGHT = {"hours": 15}
THREE = ("kb-POINTREE", "lotte-LPOINT", "samsung-BONUS")
LOOKS_AGAIN_MS = 10_000
"""How often the page looks at a leg that waits for its day, or is being checked."""


@pytest.fixture
def at_work(open_site: Callable[..., Site]) -> Callable[..., Site]:
    """Give a way to a page whose member has looked up their points on a business day."""

    def open_one(screen: dict[str, int] = PHONE) -> Site:
        return open_site(screen, at=A_TUESDAY).sign_in_by_phone().agree().look_up()

    return open_one


def _sub(partners: Partners, site: Site) -> str:
    return partners.userinfo(site.token())["sub"]


def _member(api: Http, partners: Partners, site: Site) -> Member:
    return Member(api, partners, _sub(partners, site))


def _choose(site: Site, *offers: str) -> None:
    """Go to the choice and leave only some offers in it."""
    site.part("cash-entry").click()
    site.part("choose-all").uncheck()
    for offer in offers:
        site.part(f"choose-{offer}").check()
    site.part("choose-next").click()


def _register(site: Site, account: dict[str, Any]) -> None:
    """Fill in the account's form and have the account checked."""
    site.part(f"bank-{account['bank_code_std']}").check(force=True)
    site.part("account-number").fill(account["account_num"])
    site.part("account-holder").fill(account["account_holder_name"])
    site.part("account-submit").click()


def _confirm(site: Site) -> str:
    """Confirm and return the transfer's id."""
    site.part("confirm-send").click()
    expect(site.part("transfer")).to_be_visible()
    transfer_id = site.part("transfer").get_attribute("data-transfer-id")
    assert transfer_id
    return transfer_id


@SCREENS
def test_from_the_lookup_to_the_receipt_with_one_refused_and_one_deferred(
    at_work: Callable[..., Site],
    api: Http,
    partners: Partners,
    cloud: Cloud,
    screen: dict[str, int],
) -> None:
    kind = "phone" if screen == PHONE else "desktop"
    site = at_work(screen)
    account = partners.account(_sub(partners, site), "088")
    chosen = _choose_three(site, kind)
    _find_an_account(site, account, kind)

    total = sum(chosen.values())
    expect(site.part("confirm-total")).to_have_attribute("data-value", str(total))
    at_once = str(total - chosen["samsung-BONUS"])
    expect(site.part("promise-at_once")).to_have_attribute("data-value", at_once)
    tomorrow = site.part("promise-tomorrow")
    expect(tomorrow).to_have_attribute("data-value", str(chosen["samsung-BONUS"]))
    expect(tomorrow.get_by_test_id("promised-samsung-BONUS")).to_be_visible()
    expect(site.part("confirm-final")).to_be_visible()
    assert account["account_num"] not in site.page.content(), "shown masked only"
    site.check_basics("ko")
    site.picture(f"{kind}-23-confirm")

    partners.fault("lotte", INSUFFICIENT)
    transfer_id = _confirm(site)
    expect(site.part("leg-kb")).to_have_attribute("data-status", "DEPOSITED")
    expect(site.part("leg-lotte")).to_have_attribute("data-status", "FAILED")
    expect(site.part("leg-lotte").get_by_test_id("leg-note")).to_contain_text("부족")
    expect(site.part("leg-samsung")).to_have_attribute("data-status", "SCHEDULED")
    expect(site.part("total-deposited")).to_have_attribute("data-value", "321")
    expect(site.part("transfer-note")).to_contain_text("11월 25일")
    site.check_basics("ko")
    site.picture(f"{kind}-24-progress")

    partners.forward(**PAST_MIDNIGHT)
    cloud.sweep()
    _arrives(site, "samsung")
    expect(site.part("transfer")).to_have_attribute("data-status", "PARTLY_COMPLETED")
    site.check_basics("ko")
    site.picture(f"{kind}-25-done")
    _read_receipt_and_history(site, chosen, transfer_id, kind)
    Auditor(partners, cloud).check(_member(api, partners, site), account)


def _choose_three(site: Site, kind: str) -> dict[str, int]:
    """Leave out everything, then choose three, of one only a part; return how much of each."""
    site.part("cash-entry").click()
    site.check_basics("ko")
    site.part("choose-all").uncheck()
    site.part("choose-next").click()
    expect(site.part("choose-problem")).not_to_be_empty()
    for offer in THREE:
        site.part(f"choose-{offer}").check()
    site.part("change-kb-POINTREE").click()
    site.part("amount-kb-POINTREE").fill("321")
    expect(site.part("offer-kb-POINTREE")).to_have_attribute("data-value", "321")
    chosen = {
        offer: int(site.part(f"offer-{offer}").get_attribute("data-value") or "") for offer in THREE
    }
    expect(site.part("choose-total")).to_have_attribute("data-value", str(sum(chosen.values())))
    site.check_basics("ko")
    site.picture(f"{kind}-20-choose")
    site.part("choose-next").click()
    return chosen


def _find_an_account(site: Site, account: dict[str, Any], kind: str) -> None:
    """Try an account that is closed, then one that is not."""
    site.check_basics("ko")
    _register(site, {**account, "account_num": "99999999990415"})
    expect(site.part("number-problem")).not_to_be_empty()
    site.refused(422)
    site.picture(f"{kind}-21-account-refused")
    _register(site, account)
    expect(site.part("account-next")).to_be_visible()
    site.check_basics("ko")
    site.picture(f"{kind}-22-account")
    site.part("account-next").click()


def _read_receipt_and_history(
    site: Site, chosen: dict[str, int], transfer_id: str, kind: str
) -> None:
    site.part("transfer-receipt").click()
    expect(site.part("receipt")).to_have_attribute("data-status", "PARTLY_COMPLETED")
    paid = str(chosen["kb-POINTREE"] + chosen["samsung-BONUS"])
    expect(site.part("receipt-total")).to_have_attribute("data-value", paid)
    expect(site.part("receipt-lotte")).to_contain_text("부족")
    expect(site.part("sum-failed")).to_have_attribute("data-value", str(chosen["lotte-LPOINT"]))
    site.check_basics("ko")
    site.picture(f"{kind}-26-receipt")
    site.page.emulate_media(media="print")
    expect(site.part("receipt-print")).to_be_hidden()
    site.picture(f"{kind}-27-receipt-on-paper")
    site.page.emulate_media(media="screen")

    site.part("nav-transfers").click()
    expect(site.part(f"transfer-{transfer_id}")).to_be_visible()
    expect(site.part("history-end")).to_be_visible()
    site.check_basics("ko")
    site.picture(f"{kind}-28-history")


def test_an_old_sign_in_is_renewed_and_the_transfer_goes_on(
    open_site: Callable[..., Site], api: Http, partners: Partners, cloud: Cloud
) -> None:
    """R-M4: nothing is lost on the way, and nothing is sent twice."""
    partners.set_clock(A_TUESDAY)
    # Sign-ins go by real time, so here the browser does too.
    site = open_site().sign_in_by_phone().agree().look_up()
    sub = _sub(partners, site)
    account = partners.account(sub, "004")
    _choose(site, "kb-POINTREE")
    _register(site, account)
    site.part("account-next").click()
    expect(site.part("confirm-send")).to_be_enabled()
    total = site.part("confirm-total").get_attribute("data-value")
    site.hold(partners.token(sub, auth_time=int(time.time()) - 11 * 60))
    site.part("confirm-send").click()
    expect(site.part("apply-trouble")).to_have_attribute("data-kind", "reauthenticate")
    site.refused(401)
    site.check_basics("ko")
    site.picture("phone-30-sign-in-again")
    site.part("reauthenticate").click()
    site.prove_by_phone()
    expect(site.part("reauth-done")).to_be_visible()
    expect(site.part("confirm-total")).to_have_attribute("data-value", total or "")
    assert _member(api, partners, site).transfers() == []
    _confirm(site)
    expect(site.part("leg-kb")).to_have_attribute("data-status", "DEPOSITED")
    assert _sub(partners, site) == sub
    Auditor(partners, cloud).check(_member(api, partners, site), account)


def test_a_reload_while_the_money_moves_shows_how_far_it_is(
    at_work: Callable[..., Site], api: Http, partners: Partners, cloud: Cloud
) -> None:
    site = at_work()
    account = partners.account(_sub(partners, site), "088")
    _choose(site, "kb-POINTREE", "bc-TOP")
    _register(site, account)
    site.part("account-next").click()
    partners.fault("kb", {"kind": "cut_after_effect", "operation": "redemption", "count": 1})
    partners.fault("bc", latency_ms=4_000)
    transfer_id = _confirm(site)
    expect(site.part("leg-kb")).to_have_attribute("data-status", "CHECKING")
    site.page.reload()
    expect(site.part("transfer")).to_have_attribute("data-transfer-id", transfer_id)
    expect(site.part("leg-kb")).to_have_attribute("data-status", "CHECKING")
    expect(site.part("leg-kb").get_by_test_id("leg-note")).not_to_be_empty()
    expect(site.part("leg-bc")).to_have_attribute("data-status", "DEPOSITED", timeout=15_000)
    site.check_basics("ko")
    site.picture("phone-31-being-checked")
    partners.forward(seconds=70)
    cloud.sweep()
    _arrives(site, "kb")
    expect(site.part("transfer")).to_have_attribute("data-status", "COMPLETED")
    assert len(_member(api, partners, site).transfers()) == 1
    Auditor(partners, cloud).check(_member(api, partners, site), account)


def test_an_account_is_deleted_once_the_question_is_answered_with_yes(
    at_work: Callable[..., Site], api: Http, partners: Partners
) -> None:
    site = at_work()
    member = _member(api, partners, site)
    account_id = member.register("088")["account_id"]
    _choose(site, "kb-POINTREE")
    site.part(f"account-delete-{account_id}").click()
    expect(site.part("account-delete-dialog")).to_contain_text("신한")
    site.check_basics("ko")
    site.glimpse("phone-35-delete-account")
    site.page.keyboard.press("Escape")
    expect(site.part("account-delete-dialog")).to_be_hidden()
    expect(site.part(f"account-{account_id}")).to_be_visible()
    site.part(f"account-delete-{account_id}").click()
    site.part("account-delete-confirm").click()
    expect(site.part(f"account-{account_id}")).to_have_count(0)
    expect(site.part("account-delete-dialog")).to_be_hidden()
    expect(site.part("account-number")).to_be_visible()
    assert member.send("GET", "/v1/accounts").json["accounts"] == []


@SCREENS
def test_all_of_it_is_there_in_english_and_what_went_today_is_left_out(
    at_work: Callable[..., Site],
    api: Http,
    partners: Partners,
    cloud: Cloud,
    screen: dict[str, int],
) -> None:
    """R-T2: the issuer that has paid today is named, and the others go on without it."""
    kind = "phone" if screen == PHONE else "desktop"
    site = at_work(screen)
    site.part("language").click()
    member = _member(api, partners, site)
    account = partners.account(member.sub, "088")
    earlier = member.submit(cash(member.register("088"), bc=1))
    member.until_legs(earlier["transfer_id"], {"bc": "DEPOSITED"})

    _choose(site, "kb-POINTREE", "bc-TOP", "samsung-BONUS")
    site.check_basics("en")
    _none_korean(site)
    site.part("account-next").click()
    expect(site.part("promise-tomorrow")).to_contain_text("always paid on the next business day")
    _none_korean(site)
    site.part("confirm-send").click()
    expect(site.part("apply-trouble")).to_have_attribute("data-kind", "already_today")
    site.refused(409)
    expect(site.part("apply-trouble")).to_contain_text("BC Card")
    _none_korean(site)
    site.check_basics("en")
    site.picture(f"{kind}-32-english-already-today")
    site.part("go-on-without").click()
    _confirm(site)
    expect(site.part("leg-kb")).to_have_attribute("data-status", "DEPOSITED")
    expect(site.part("leg-samsung")).to_have_attribute("data-status", "SCHEDULED")
    expect(site.part("leg-bc")).to_have_count(0)
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-33-english-progress")
    site.part("transfer-receipt").click()
    expect(site.part("receipt")).to_be_visible()
    site.check_basics("en")
    _none_korean(site)
    site.part("nav-transfers").click()
    expect(site.part("history").locator("li")).to_have_count(2)
    site.check_basics("en")
    _none_korean(site)
    site.picture(f"{kind}-34-english-history")
    Auditor(partners, cloud).check(member, account)


def _arrives(site: Site, issuer: str) -> None:
    """Let the page's own time go on until it shows that a leg has been paid."""
    leg = site.part(f"leg-{issuer}")
    for _ in range(20):
        site.page.clock.fast_forward(LOOKS_AGAIN_MS)
        try:
            expect(leg).to_have_attribute("data-status", "DEPOSITED", timeout=1_000)
        except AssertionError:
            continue
        return
    expect(leg).to_have_attribute("data-status", "DEPOSITED")


def _none_korean(site: Site) -> None:
    """Hold the view to one language; a holder's name is no word of ours."""
    site.at_rest()
    shown = site.page.locator("main").inner_text()
    assert re.findall("[가-힣]{2,}", shown) == []
