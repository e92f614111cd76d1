"""A partner's list is read to its end, or not at all (R-T8)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from modupoint.partner import Outcome, PartnerAnswer
from transfer.listed_entries import ListError
from transfer.partner_lists import PartnerLists

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 23)
NEVER_S = float("inf")


def answered(body: dict[str, Any], status: int = 200) -> PartnerAnswer:
    return PartnerAnswer(Outcome.ANSWERED, status, body, None, f"http {status}", 1)


def redemption(number: int) -> dict[str, Any]:
    return {
        "redemption_id": f"r{number}",
        "status": "APPROVED",
        "redeemed_amt": number,
        "approved_at": "20261123101500",
        "reversed_at": None,
    }


def deposit(number: int) -> dict[str, Any]:
    return {
        "bank_tran_id": f"U{number}",
        "bank_tran_date": "20261123",
        "tran_amt": number,
        "bank_rsp_code": "000",
    }


class Pages:
    """An issuer and the bank that answer with what a function of the cursor gives."""

    def __init__(self, page: Callable[[str | None], PartnerAnswer]) -> None:
        self._page = page
        self.asked: list[tuple[str, str | None]] = []

    def get(self, issuer: str, path: str, *, timeout_s: float) -> PartnerAnswer:
        """Answer as an issuer."""
        assert timeout_s > 0
        query = parse_qs(urlsplit(path).query)
        assert urlsplit(path).path == "/v1/points/redemptions"
        assert query["date"] == ["20261123"]
        return self._answer(issuer, query.get("cursor", [None])[0])

    def settlement(self, day: date, cursor: str | None) -> PartnerAnswer:
        """Answer as the bank."""
        assert day == DAY
        return self._answer("bank", cursor)

    def _answer(self, partner: str, cursor: str | None) -> PartnerAnswer:
        self.asked.append((partner, cursor))
        return self._page(cursor)


def read(
    pages: Pages,
    partner: str = "kb",
    monotonic: Callable[[], float] = lambda: 0.0,
    ends_s: float = NEVER_S,
) -> list[str]:
    fake: Any = pages
    lists = PartnerLists(fake, fake, monotonic, pages_at_most=50)
    return [entry.reference for entry in lists.entries(partner, DAY, ends_s)]


def of_three(success: str, line: Callable[[int], dict[str, Any]]) -> Pages:
    def page(cursor: str | None) -> PartnerAnswer:
        number = int(cursor or 0)
        following = str(number + 1) if number < 2 else None
        return answered({"rsp_code": success, "items": [line(number)], "next_cursor": following})

    return Pages(page)


def test_every_page_of_an_issuer_is_read() -> None:
    pages = of_three("00000", redemption)
    assert read(pages) == ["r0", "r1", "r2"]
    assert pages.asked == [("kb", None), ("kb", "1"), ("kb", "2")]


def test_every_page_of_the_bank_is_read() -> None:
    pages = of_three("A0000", deposit)
    assert read(pages, "bank") == ["U0", "U1", "U2"]
    assert pages.asked == [("bank", None), ("bank", "1"), ("bank", "2")]


@pytest.mark.parametrize("end", [{"next_cursor": None}, {"next_cursor": ""}, {}])
def test_a_page_without_a_cursor_is_the_last(end: dict[str, Any]) -> None:
    pages = Pages(lambda _: answered({"rsp_code": "00000", "items": [], **end}))
    assert read(pages) == []
    assert len(pages.asked) == 1


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (PartnerAnswer(Outcome.TIMED_OUT, None, {}, None, "ReadTimeoutError", 1), "timed_out"),
        (PartnerAnswer(Outcome.BROKEN, 500, {}, None, "http 500", 1), "broken: http 500"),
        (PartnerAnswer(Outcome.TRY_LATER, 503, {}, 2, "http 503", 1), "try_later: http 503"),
        (answered({"rsp_code": "50001"}), "refused"),
        (answered({"rsp_code": "00000", "items": []}, 422), "refused"),
        (answered({"rsp_code": "00000"}), "malformed: page"),
        (answered({"rsp_code": "00000", "items": {}}), "malformed: page"),
        (answered({"rsp_code": "00000", "items": [], "next_cursor": 7}), "malformed: page"),
        (answered({"rsp_code": "00000", "items": [{}]}), "malformed: redemption_id"),
    ],
)
def test_a_page_that_is_not_the_contracts_fails_the_list(answer: PartnerAnswer, cause: str) -> None:
    with pytest.raises(ListError) as failed:
        read(Pages(lambda _: answer))
    assert failed.value.cause.startswith(cause)


def test_a_page_lost_in_the_middle_fails_the_list() -> None:
    first = answered({"rsp_code": "00000", "items": [redemption(1)], "next_cursor": "1"})
    cut = PartnerAnswer(Outcome.CUT, None, {}, None, "ProtocolError", 1)
    with pytest.raises(ListError, match="cut"):
        read(Pages(lambda cursor: cut if cursor else first))


def test_cursors_that_go_in_a_circle_are_no_list() -> None:
    pages = Pages(lambda _: answered({"rsp_code": "00000", "items": [], "next_cursor": "x"}))
    with pytest.raises(ListError, match="endless"):
        read(pages)
    assert len(pages.asked) == 2


def test_cursors_that_never_end_are_no_list() -> None:
    def page(cursor: str | None) -> PartnerAnswer:
        body = {"rsp_code": "00000", "items": [], "next_cursor": str(int(cursor or 0) + 1)}
        return answered(body)

    pages = Pages(page)
    with pytest.raises(ListError, match="endless"):
        read(pages)
    assert len(pages.asked) == 50


def test_a_list_that_drips_is_given_up_in_time() -> None:
    ticks = iter(range(100))
    pages = of_three("00000", redemption)
    with pytest.raises(ListError, match="too slow"):
        read(pages, monotonic=lambda: float(next(ticks)), ends_s=1.0)
    assert len(pages.asked) == 2
