"""The member's page in a real browser: sign-in, agreement, live lookup, trouble, both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error, Page, expect

from modupoint.issuers import ISSUERS
from tests.browser.conftest import DESKTOP, PHONE
from tests.stack.member import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Site
    from tests.stack.calls import Http
    from tests.stack.partners import Partners

SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def anew(api: Http, partners: Partners) -> Callable[[str], str]:
    """Give sample people who have not agreed yet, whoever they were in another test."""

    def withdraw(sub: str) -> str:
        assert Member(api, partners, sub).send("DELETE", "/v1/me/consent").status == 204
        return sub

    return withdraw


@SCREENS
def test_from_the_landing_to_eleven_answers_that_come_one_by_one(
    open_site: Callable[..., Site], partners: Partners, screen: dict[str, int]
) -> None:
    kind = "phone" if screen == PHONE else "desktop"
    site = open_site(screen)
    site.check_basics("ko")
    site.picture(f"{kind}-1-landing")

    site.sign_in_by_phone()
    expect(site.part("consent-submit")).to_be_visible()
    site.check_basics("ko")
    site.part("consent-service").check()
    site.part("consent-submit").click()
    expect(site.part("consent-problem")).to_contain_text("2")
    site.part("consent-text-delegation").locator("summary").click()
    expect(site.part("consent-text-delegation")).to_contain_text("위임")
    site.picture(f"{kind}-2-agreement")
    site.agree()
    site.check_basics("ko")
    site.picture(f"{kind}-3-before")

    partners.fault("kb", latency_ms=1_500)
    partners.fault("epost", latency_ms=6_000)
    site.part("lookup").click()
    expect(site.card("shinhan")).to_have_attribute("data-status", "OK")
    expect(site.card("epost")).to_have_attribute("data-status", "PENDING")
    expect(site.card("epost")).to_have_attribute("aria-busy", "true")
    expect(site.card("epost").get_by_test_id("wait")).not_to_be_empty()
    expect(site.part("progress")).to_contain_text("11곳 중")
    expect(site.part("lookup")).to_be_disabled()
    site.glimpse(f"{kind}-4-arriving")
    expect(site.card("kb")).to_have_attribute("data-status", "OK")
    expect(site.card("epost")).to_have_attribute("data-status", "PENDING")
    site.until_done()
    expect(site.cards("OK")).to_have_count(len(ISSUERS))
    expect(site.part("announcer")).to_contain_text("11곳 조회가 끝났어요")
    site.check_basics("ko")
    site.picture(f"{kind}-5-done")

    said = _said(partners, site)
    points = [point for one in said.values() for point in one["point_list"]]
    for part, amount in (
        ("total-remaining", "remain_point_amt"),
        ("total-transferable", "transferable_point_amt"),
    ):
        total = sum(point[amount] for point in points)
        expect(site.part(part)).to_have_attribute("data-value", str(total))
    for code, one in said.items():
        total = sum(point["remain_point_amt"] for point in one["point_list"])
        expect(site.card(code)).to_contain_text(f"{total:,}")


def test_neither_the_ci_nor_a_birth_date_reaches_the_browser(
    open_site: Callable[..., Site], partners: Partners
) -> None:
    site = open_site().sign_in_by_phone().agree().look_up()
    person = partners.userinfo(site.token())
    secret = (person["ci"], person["ci"].rstrip("="), person["birthdate"])
    heard = [
        _text(answer) for answer in site.answers if not answer.url.startswith(partners.url + "/id")
    ]
    kept = site.page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert len(heard) > 5
    assert not [text for text in [*heard, kept] for one in secret if one in text]
    everywhere = site.page.evaluate("() => JSON.stringify({...localStorage}) + document.cookie")
    assert site.token() not in everywhere, "a token outlives the tab"
    assert not [answer.url for answer in site.answers if site.token() in answer.url]


@SCREENS
def test_an_issuer_that_fails_shows_its_last_known_points_and_can_be_asked_again(
    open_site: Callable[..., Site], partners: Partners, screen: dict[str, int]
) -> None:
    kind = "phone" if screen == PHONE else "desktop"
    site = open_site(screen).sign_in_by_phone().agree().look_up()
    before = site.part("total-remaining").get_attribute("data-value")
    partners.fault("woori", {"kind": "maintenance"})
    # Within a minute the page would be given the same lookup again.
    partners.set_clock(partners.now() + timedelta(minutes=2))
    site.look_up()

    failed = site.card("woori")
    expect(failed).to_have_attribute("data-status", "UNAVAILABLE")
    expect(failed).to_have_attribute("data-stale", "true")
    expect(failed.get_by_test_id("stale-note")).to_contain_text("기준 포인트를 보여드려요")
    expect(failed).to_contain_text("점검 중")
    expect(failed.get_by_test_id("point-WIBEE")).to_be_visible()
    expect(site.cards("OK")).to_have_count(len(ISSUERS) - 1)
    expect(site.part("total-remaining")).to_have_attribute("data-value", before or "")
    site.check_basics("ko")
    failed.scroll_into_view_if_needed()
    site.picture(f"{kind}-6-one-failed")

    partners.heal()
    site.part("retry-woori").click()
    expect(failed).to_have_attribute("data-status", "OK", timeout=30_000)
    expect(failed).to_have_attribute("data-stale", "false")


def test_an_issuer_that_never_answered_says_so(
    open_site: Callable[..., Site], partners: Partners
) -> None:
    partners.fault("citi", {"kind": "internal"})
    site = open_site().sign_in_by_phone().agree().look_up()
    expect(site.card("citi")).to_have_attribute("data-status", "UNAVAILABLE")
    expect(site.card("citi")).to_have_attribute("data-stale", "false")
    expect(site.card("citi")).to_contain_text("카드사가 지금 응답하지 않아요")
    expect(site.part("retry-citi")).to_be_visible()
    site.picture("phone-7-never-answered")


def test_a_dormant_card_says_whom_to_call(
    open_site: Callable[..., Site], anew: Callable[[str], str]
) -> None:
    site = open_site().sign_in_as(anew("choi-eunseo")).agree().look_up()
    lotte = site.card("lotte")
    expect(lotte).to_have_attribute("data-status", "DORMANT")
    expect(lotte).to_contain_text("먼저 휴면카드를 해제하세요")
    expect(lotte).to_contain_text("9,400")
    call = site.part("call-lotte")
    expect(call).to_contain_text(ISSUERS["lotte"].phone)
    digits = ISSUERS["lotte"].phone.replace("-", "")
    expect(call).to_have_attribute("href", f"tel:{digits}")
    expect(lotte.get_by_test_id("transferable")).to_have_count(0)
    expect(site.part("total-transferable")).to_have_attribute("data-value", "3100")
    expect(site.part("not-member").locator("li")).to_have_count(8)
    site.check_basics("ko")
    site.picture("phone-8-dormant")


@SCREENS
def test_everything_is_there_in_english(
    open_site: Callable[..., Site], anew: Callable[[str], str], screen: dict[str, int]
) -> None:
    kind = "phone" if screen == PHONE else "desktop"
    site = open_site(screen)
    site.part("language").click()
    site.check_basics("en")
    site.sign_in_as(anew("hohenberg-maximilian"))
    expect(site.part("consent-submit")).to_be_visible()
    site.check_basics("en")
    site.agree().look_up()
    site.check_basics("en")
    expect(site.card("kb")).to_contain_text("KB Kookmin Card")
    expect(site.part("announcer")).to_contain_text(re.compile("[a-z]"))
    korean = re.findall("[가-힣]+", site.page.locator("main").inner_text())
    assert korean == []
    site.picture(f"{kind}-9-english")

    site.page.reload()
    site.until_done()
    site.check_basics("en")
    site.part("language").click()
    site.check_basics("ko")
    expect(site.card("kb")).to_contain_text("KB국민카드")


def test_the_keyboard_alone_is_enough(
    open_site: Callable[..., Site], anew: Callable[[str], str]
) -> None:
    anew("park-jiwoo")
    site = open_site(DESKTOP)
    keyboard = site.page.keyboard
    _tab_to(site.page, "[data-testid=sign-in]")
    keyboard.press("Enter")
    expect(site.page.locator("button[name=person]").first).to_be_visible()
    _tab_to(site.page, "button[name=person][value=park-jiwoo]")
    keyboard.press("Enter")
    expect(site.part("consent-submit")).to_be_visible()
    for agreement in ("service", "third_party_provision", "delegation"):
        _tab_to(site.page, f"[data-testid=consent-{agreement}]")
        keyboard.press("Space")
    _tab_to(site.page, "[data-testid=consent-submit]")
    keyboard.press("Enter")
    expect(site.part("lookup")).to_be_enabled()
    _tab_to(site.page, "[data-testid=lookup]")
    outline = site.page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement);"
        " return s.outlineStyle + s.boxShadow; }"
    )
    assert outline != "nonenone", "nobody sees where the keyboard is"
    site.picture("desktop-10-focus")
    keyboard.press("Enter")
    site.until_done()
    expect(site.cards("OK")).to_have_count(2)
    _tab_to(site.page, "[data-testid=nav-settings]", backwards=True)
    keyboard.press("Enter")
    _tab_to(site.page, "[data-testid=withdraw]")
    keyboard.press("Enter")
    expect(site.part("withdraw-confirm")).to_be_visible()
    keyboard.press("Escape")
    expect(site.part("withdraw-confirm")).to_be_hidden()
    assert site.page.evaluate("() => document.activeElement.dataset.testid") == "withdraw"


def test_withdrawal_forgets_the_member(
    open_site: Callable[..., Site], api: Http, partners: Partners
) -> None:
    site = open_site().sign_in_by_phone().agree().look_up()
    site.part("nav-settings").click()
    expect(site.part("consented-at")).to_be_visible()
    site.check_basics("ko")
    site.picture("phone-11-settings")
    site.part("withdraw").click()
    site.picture("phone-12-withdraw")
    site.part("withdraw-keep").click()
    expect(site.part("withdraw-confirm")).to_be_hidden()
    site.part("withdraw").click()
    site.part("withdraw-confirm").click()
    expect(site.part("consent-submit")).to_be_visible()
    expect(site.page.locator("main")).to_contain_text("동의를 철회했어요")
    sub = partners.userinfo(site.token())["sub"]
    assert Member(api, partners, sub).send("GET", "/v1/me").json["consent"] is None
    kept = site.page.evaluate("() => JSON.stringify(sessionStorage)")
    assert "MYSHINHAN" not in kept, "what was looked up is still in the tab"


def test_an_answer_given_away_from_the_page_is_there_after_a_reload(
    open_site: Callable[..., Site], partners: Partners
) -> None:
    partners.fault("epost", latency_ms=3_000)
    site = open_site().sign_in_by_phone().agree()
    site.part("lookup").click()
    expect(site.card("shinhan")).to_have_attribute("data-status", "OK")
    site.page.reload()
    site.until_done()
    expect(site.cards("OK")).to_have_count(len(ISSUERS))


def test_a_member_who_cancels_the_sign_in_is_told_so(open_site: Callable[..., Site]) -> None:
    site = open_site()
    site.part("sign-in").click()
    site.page.get_by_role("button", name="Cancel").click()
    expect(site.part("landing-note")).to_contain_text("로그인")
    expect(site.part("sign-in")).to_be_enabled()


def test_a_member_of_all_eleven_sees_what_the_readme_shows(
    open_site: Callable[..., Site], anew: Callable[[str], str]
) -> None:
    """Its picture is where docs/images/lookup-phone.png comes from."""
    site = open_site(PHONE, scale=2).sign_in_as(anew("kim-haneul")).agree().look_up()
    expect(site.cards("OK")).to_have_count(len(ISSUERS))
    expect(site.part("total-remaining")).to_have_attribute("data-value", "115000")
    expect(site.part("total-transferable")).to_have_attribute("data-value", "80650")
    expect(site.part("total-expiring")).to_have_attribute("data-value", "2560")
    expect(site.card("hyundai").get_by_test_id("not-cashable")).to_contain_text("M포인트")
    site.page.evaluate("() => window.scrollTo(0, 0)")
    site.at_rest()
    site.glimpse("lookup-phone")


def _said(partners: Partners, site: Site) -> dict[str, Any]:
    sub = partners.userinfo(site.token())["sub"]
    said: dict[str, Any] = partners.person(sub)["issuers"]
    return said


def _tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """Press Tab until a part has the focus; nobody presses it a hundred times."""
    for _ in range(100):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("(one) => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def _text(answer: Any) -> str:
    """Return an answer's body; a redirect has none."""
    try:
        text: str = answer.text()
    except (Error, UnicodeDecodeError):
        return ""
    return text
