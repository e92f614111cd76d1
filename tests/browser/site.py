"""The member's page as somebody in front of it uses it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.stack.bring_up import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage, Locator, Page, Response

SCREENSHOTS = ROOT / "build" / "screenshots"

ACCESSIBLE_NAMES = """() => {
  const named = (one) => (one.getAttribute('aria-label') || '').trim()
    || [...(one.getAttribute('aria-labelledby') || '').split(' ')]
      .map((id) => document.getElementById(id)?.textContent || '').join('').trim()
    || [...(one.labels || [])].map((label) => label.textContent).join('').trim()
    || one.textContent.trim() || (one.getAttribute('alt') || '').trim();
  const flaws = [];
  for (const one of document.querySelectorAll('a, button, input, select, textarea, summary, dialog[open]'))
    if (one.type !== 'hidden' && !named(one)) flaws.push('no name: ' + one.outerHTML.slice(0, 120));
  for (const one of document.querySelectorAll('img:not([alt]), svg:not([aria-hidden]):not([role])'))
    flaws.push('no alternative: ' + one.outerHTML.slice(0, 120));
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place)))
    flaws.push('id twice: ' + id);
  for (const one of document.querySelectorAll('[aria-labelledby], [aria-describedby]'))
    for (const name of ['aria-labelledby', 'aria-describedby'])
      for (const id of (one.getAttribute(name) || '').split(' ').filter(Boolean))
        if (!document.getElementById(id)) flaws.push(name + ' of nothing: ' + id);
  if (document.querySelectorAll('main').length !== 1) flaws.push('not one main');
  if (document.querySelectorAll('h1').length !== 1) flaws.push('not one h1');
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')]
    .filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]));
  levels.forEach((level, place) => {
    if (place && level > levels[place - 1] + 1) flaws.push('heading leaps to h' + level);
  });
  if (!document.title) flaws.push('no title');
  return flaws;
}"""


@dataclass
class Site:
    """One tab, with what went wrong in it and what the browser was told."""

    page: Page
    url: str
    name: str = "화면시험"
    birthdate: str = "19900101"
    phone: str = field(default_factory=lambda: f"010{uuid.uuid4().int % 10**8:08d}")
    errors: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from the first request on."""
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._heard)
        self.page.on("console", self._printed)

    def open(self) -> Site:
        """Open the landing page."""
        self.page.goto(self.url)
        expect(self.part("sign-in")).to_be_enabled()
        return self

    def part(self, test_id: str) -> Locator:
        """Return a part of the page by its stable id."""
        return self.page.get_by_test_id(test_id)

    def card(self, issuer: str) -> Locator:
        """Return an issuer's card."""
        return self.part(f"card-{issuer}")

    def cards(self, status: str) -> Locator:
        """Return the cards of a status."""
        return self.page.locator(f"[data-testid^=card-][data-status={status}]")

    def sign_in_by_phone(self) -> Site:
        """Go through the phone check, as somebody the provider has never seen."""
        self.part("sign-in").click()
        return self.prove_by_phone()

    def prove_by_phone(self) -> Site:
        """Go through the provider's phone check, wherever it was asked for."""
        self.page.get_by_role("radio").first.check()
        self.page.locator("#name").fill(self.name)
        self.page.locator("#birthdate").fill(self.birthdate)
        self.page.locator("#phone").fill(self.phone)
        self.page.get_by_role("button", name="Send the code").click()
        code = self.page.locator("#sms-code").inner_text()
        self.page.locator("#code").fill(code)
        self.page.get_by_role("button", name="Confirm").click()
        return self

    def sign_in_as(self, sub: str) -> Site:
        """Sign in as a sample person."""
        self.part("sign-in").click()
        self.page.locator(f"button[name=person][value={sub}]").click()
        return self

    def agree(self) -> Site:
        """Agree to all three texts."""
        self.part("consent-all").check()
        self.part("consent-submit").click()
        expect(self.part("lookup")).to_be_enabled()
        return self

    def look_up(self) -> Site:
        """Look up everything and wait until all have answered."""
        self.part("lookup").click()
        return self.until_done()

    def until_done(self) -> Site:
        """Wait until all issuers have answered."""
        expect(self.part("lookup")).to_be_enabled(timeout=60_000)
        expect(self.cards("PENDING")).to_have_count(0)
        return self

    def token(self) -> str:
        """Return the access token that this tab keeps."""
        _, user = self._user()
        token: str = user["access_token"]
        return token

    def hold(self, token: str) -> None:
        """Let this tab go on with another access token."""
        key, user = self._user()
        changed = json.dumps({**user, "access_token": token})
        self.page.evaluate("([key, user]) => sessionStorage.setItem(key, user)", [key, changed])

    def _user(self) -> tuple[str, dict[str, Any]]:
        kept: dict[str, str] = self.page.evaluate("() => ({...sessionStorage})")
        (key,) = [one for one in kept if one.startswith("modupoint.user:")]
        return key, json.loads(kept[key])

    def refused(self, status: int) -> None:
        """Pass over the answer that was wanted: the browser prints whatever is no success."""
        assert self.errors, f"no answer {status}"
        assert all(f"status of {status}" in text for text in self.errors), self.errors
        self.errors.clear()

    def check_basics(self, language: str) -> None:
        """Hold the present view to what every reader needs, whatever their device."""
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        flaws: list[str] = self.page.evaluate(ACCESSIBLE_NAMES)
        assert flaws == []
        sizes: Any = self.page.evaluate(
            "() => [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert sizes[0] <= sizes[1], "the page scrolls sideways"

    def picture(self, name: str) -> Path:
        """Keep the whole page as a picture, once it is at rest."""
        self.at_rest()
        file = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=file, full_page=True)
        return file

    def glimpse(self, name: str) -> None:
        """Keep what is on the screen at this very moment as a picture."""
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    def at_rest(self) -> None:
        """Wait until nothing moves and every number has run up to its value."""
        self.page.wait_for_function(
            """() => document.getAnimations().every((one) =>
                 one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity)
               && [...document.querySelectorAll('[data-testid^=total-]')].every((one) =>
                 one.textContent.replace(/[^0-9]/g, '') === one.dataset.value)"""
        )

    def _heard(self, answer: Response) -> None:
        self.answers.append(answer)

    def _printed(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.errors.append(line.text)
