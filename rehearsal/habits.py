"""How people use the page: who reloads, who leaves, who presses twice. Data, and one draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody does on one visit.

    ``reloads`` starts the lookup over while it runs, ``insists`` on fresh answers,
    ``impatient`` cuts the first attempt of what matters and asks again under the same key,
    ``presses_twice`` submits a second time with the same key, ``mistypes`` submits
    another body under the same key. ``leaves`` is the moment in which the tab is closed.
    """

    name: str
    weight: int
    reloads: int = 0
    insists: bool = False
    impatient: bool = False
    presses_twice: bool = False
    mistypes: bool = False
    leaves: str = ""


HABITS = (
    Habit("patient", 30),
    Habit("reloads", 14, reloads=2),
    Habit("insists", 8, insists=True),
    Habit("impatient", 16, impatient=True),
    Habit("presses twice", 12, presses_twice=True, impatient=True),
    Habit("mistypes", 4, mistypes=True),
    Habit("leaves while looking up", 8, leaves="lookup"),
    Habit("leaves while money moves", 8, leaves="transfer"),
)


def habit(dice: Random) -> Habit:
    """Draw what somebody is like today."""
    return dice.choices(HABITS, [one.weight for one in HABITS])[0]
