"""Debian's Chromium in front of the deployed stack: a tab of its own for every test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tests.stack.bring_up import Stack
    from tests.stack.partners import Partners

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

# A bound for broken runs; nothing takes this long when all is well.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser; ``CHROMIUM`` names another than Debian's.

    It ends with its module: its event loop runs on this thread for as long as it
    is open, and no later test could have one of its own.
    """
    chromium = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not chromium.exists():
        pytest.skip(f"no browser at {chromium}: install chromium, or set CHROMIUM to one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_site(browser: Browser, stack: Stack, partners: Partners) -> Iterator[Callable[..., Site]]:
    """Give a way to open the page in a fresh profile, on a screen of some size.

    At the end no script may have failed, and no other host been called than the
    page's own and the identity provider's.
    """
    sites: list[Site] = []

    def open_one(
        screen: dict[str, int] = PHONE, *, scale: float = 1, at: datetime | None = None
    ) -> Site:
        context = browser.new_context(
            viewport={"width": screen["width"], "height": screen["height"]},
            device_scale_factor=scale,
            has_touch=screen == PHONE,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
        )
        if at is not None:
            # People's own clocks go with business time.
            partners.set_clock(at)
            context.clock.install(time=at)
        site = Site(context.new_page(), stack.web_url)
        sites.append(site)
        return site.open()

    yield open_one
    for site in sites:
        called = {answer.url for answer in site.answers}
        site.page.context.close()
        assert site.errors == []
        homes = (stack.web_url + "/", partners.url + "/identity/", "data:")
        assert not [url for url in called if not url.startswith(homes)]
