"""Which categories are open and which billers say no: by the terms, and as told since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.partners.autopay.terms import Rejection
from local.partners.bodies import Day, Strict

if TYPE_CHECKING:
    from local.partners.autopay.terms import Terms
    from local.partners.documents import Documents


class Opening(Strict):
    """The body of ``PUT /control/autopay/categories/{category}``; ``null`` never opens."""

    opens_on: Day | None


class Rulings:
    """What the switch and the billers decide, besides what stands on the books.

    Parameters
    ----------
    terms
        What they decide if nothing else is said.
    openings
        Where other opening days are kept, by category.
    rejections
        Where it is kept which billers reject everything.
    """

    def __init__(self, terms: Terms, openings: Documents, rejections: Documents) -> None:
        self._terms = terms
        self._kept_openings = openings
        self._kept_rejections = rejections
        self._openings = {
            code: Opening.model_validate_json(body) for code, body in openings.load().items()
        }
        self._rejections = {
            code: Rejection.model_validate_json(body) for code, body in rejections.load().items()
        }

    def is_open(self, category: str, day: str) -> bool:
        """Say whether a category takes orders on a day, ``YYYYMMDD`` (R-A1)."""
        opens_on = self._opens_on(category)
        return opens_on is not None and opens_on <= day

    def verdict(self, biller_code: str, customer_ref: str) -> Rejection | None:
        """Return why a biller rejects an order about a customer, if it does."""
        return self._rejections.get(biller_code) or next(
            (one for one in self._terms.rejected_customers if customer_ref.endswith(one.ref_ends)),
            None,
        )

    async def open_on(self, category: str, opening: Opening) -> None:
        """Open a category on another day, or never."""
        self._openings[category] = opening
        await self._kept_openings.put(category, opening.model_dump_json())

    async def reject(self, biller_code: str, rejection: Rejection) -> None:
        """Let a biller reject every order whose result comes from now on."""
        self._rejections[biller_code] = rejection
        await self._kept_rejections.put(biller_code, rejection.model_dump_json())

    async def accept(self, biller_code: str) -> None:
        """Let a biller be as usual."""
        if self._rejections.pop(biller_code, None) is not None:
            await self._kept_rejections.delete(biller_code)

    async def forget(self) -> None:
        """Let everything be as the terms have it."""
        self._openings.clear()
        self._rejections.clear()
        await self._kept_openings.clear()
        await self._kept_rejections.clear()

    def public(self) -> dict[str, Any]:
        """Write what holds now for the control interface."""
        return {
            "categories": [
                {**one.model_dump(), "opens_on": self._opens_on(one.code)}
                for one in self._terms.categories
            ],
            "rejecting": {code: one.model_dump() for code, one in self._rejections.items()},
        }

    def _opens_on(self, category: str) -> str | None:
        if category in self._openings:
            return self._openings[category].opens_on
        usual = self._terms.category(category)
        return None if usual is None else usual.opens_on
