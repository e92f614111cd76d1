"""What became of the people of one part of a day, on the stack or in the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Outcome:
    """One place for each person, in the order of their coming; seconds since the part began.

    ``first_s`` and ``all_s`` are when a page showed a first card, and all of them.
    """

    comes_s: Sequence[float]
    first_s: Sequence[float]
    all_s: Sequence[float]
    refused: int = 0
    """Requests that the stack did not answer as it should; the page came back."""

    @property
    def completions_s(self) -> list[float]:
        """How long each waited for all cards."""
        return [seen - came for came, seen in zip(self.comes_s, self.all_s, strict=True)]

    @property
    def first_cards_s(self) -> list[float]:
        """How long each waited for a first card."""
        return [seen - came for came, seen in zip(self.comes_s, self.first_s, strict=True)]

    @property
    def most_s(self) -> float:
        """When nine in ten had all cards; the last one hangs on one page's next poll."""
        return float(np.quantile(self.all_s, _MOST)) - min(self.comes_s)


def per_s(outcomes: Sequence[Outcome]) -> float:
    """Return how many people a second had all cards, until nine in ten had them."""
    people = sum(len(one.comes_s) for one in outcomes)
    return _MOST * people / sum(one.most_s for one in outcomes)


def median_completion_s(outcomes: Sequence[Outcome]) -> float:
    """Return the median time to all cards, over everybody."""
    return float(np.median([took for one in outcomes for took in one.completions_s]))


def median_first_card_s(outcomes: Sequence[Outcome]) -> float:
    """Return the median time to a first card, over everybody."""
    return float(np.median([took for one in outcomes for took in one.first_cards_s]))
