"""The partners' lists of a day over HTTP: every page, within a time and a number of pages."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from modupoint.issuer_api import IssuerApi
from modupoint.partner import Outcome, PartnerAnswer
from transfer.bank_api import BankApi
from transfer.bank_codes import SUCCESS
from transfer.listed_entries import ListError, deposits_listed, redemptions_listed
from transfer.postings import BANK
from transfer.reconciliation import Entry

PAGES_AT_MOST = 50_000
"""A list that goes on longer is one that never ends."""

_LIST_PATH = "/v1/points/redemptions"
_PAGE_TIMEOUT_S = 10.0
_ISSUER_SUCCESS = "00000"


class PartnerLists:
    """What each partner says of a day."""

    def __init__(
        self,
        issuers: IssuerApi,
        bank: BankApi,
        monotonic: Callable[[], float] = time.monotonic,
        pages_at_most: int = PAGES_AT_MOST,
    ) -> None:
        self._issuers = issuers
        self._bank = bank
        self._monotonic = monotonic
        self._pages_at_most = pages_at_most

    def entries(self, partner: str, day: date, ends_s: float) -> Iterator[Entry]:
        """Give a partner's list of a day, whole, page by page.

        Parameters
        ----------
        partner
            An issuer code or ``bank``.
        ends_s
            Until when pages are asked for, in seconds of the monotonic clock.

        Raises
        ------
        ListError
            If a page does not come, is not the contract's, or there is no end to them.
        """
        if partner == BANK:
            pages = self._items(lambda cursor: self._bank.settlement(day, cursor), SUCCESS, ends_s)
            return deposits_listed(pages, day)
        pages = self._items(
            lambda cursor: self._issuer_page(partner, day, cursor), _ISSUER_SUCCESS, ends_s
        )
        return redemptions_listed(pages, day)

    def _issuer_page(self, issuer: str, day: date, cursor: str | None) -> PartnerAnswer:
        query = {"date": f"{day:%Y%m%d}", **({"cursor": cursor} if cursor else {})}
        path = f"{_LIST_PATH}?{urlencode(query)}"
        try:
            return self._issuers.get(issuer, path, timeout_s=_PAGE_TIMEOUT_S)
        except LookupError:
            raise ListError("no credential") from None

    def _items(
        self, page: Callable[[str | None], PartnerAnswer], success: str, ends_s: float
    ) -> Iterator[Any]:
        cursor: str | None = None
        seen: set[str] = set()
        for _ in range(self._pages_at_most):
            if self._monotonic() > ends_s:
                raise ListError("too slow")
            answer = page(cursor)
            items, cursor = _page_of(answer, success)
            yield from items
            if cursor is None:
                return
            if cursor in seen:
                raise ListError("endless")
            seen.add(cursor)
        raise ListError("endless")


def _page_of(answer: PartnerAnswer, success: str) -> tuple[list[Any], str | None]:
    """Return a page's items and the cursor of the next one, None on the last."""
    if answer.outcome is not Outcome.ANSWERED:
        raise ListError(f"{answer.outcome.name.lower()}: {answer.cause}")
    if answer.status != 200 or answer.body.get("rsp_code") != success:  # noqa: PLR2004 - HTTP's own
        raise ListError(f"refused: {answer.cause}")
    items, cursor = answer.body.get("items"), answer.body.get("next_cursor") or None
    if not isinstance(items, list) or not isinstance(cursor, str | None):
        raise ListError("malformed: page")
    return items, cursor
