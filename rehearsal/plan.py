"""Which trouble comes when: one table, and a seed that moves it about. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from modupoint.issuers import ISSUERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Act(StrEnum):
    """What the troublemaker can do."""

    SPOIL = "spoil"
    KILL = "kill"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row of the table.

    ``begins`` and ``lasts`` are shares of the rehearsal's time; the seed moves the
    beginning by up to ``_SHIFT``. ``target`` is a partner, or "issuer" for one that the
    seed chooses, another one for each row. ``fault`` is the simulators' own fault spec.
    """

    name: str
    begins: float
    lasts: float
    target: str
    fault: dict[str, Any]


TROUBLES = (
    Trouble(
        "an issuer slows down",
        0.10,
        0.35,
        "issuer",
        {"latency": {"kind": "lognormal", "median_ms": 2500, "sigma": 0.6, "max_ms": 12_000}},
    ),
    Trouble("an issuer dies", 0.25, 0.55, "issuer", {"faults": [{"kind": "hang"}]}),
    Trouble(
        "an issuer takes points and keeps quiet about it",
        0.15,
        0.60,
        "issuer",
        {
            "faults": [
                {"kind": "cut_after_effect", "operation": "redemption", "probability": 0.5},
                {"kind": "error", "http_status": 502, "effect": "done", "operation": "redemption"},
            ]
        },
    ),
    Trouble(
        "the bank is unsure",
        0.20,
        0.60,
        "bank",
        {
            "faults": [
                {"kind": "cut_after_effect", "operation": "deposit", "probability": 0.15},
                {"kind": "cut_before_effect", "operation": "deposit", "probability": 0.15},
                {
                    "kind": "late",
                    "ms": 20_000,
                    "taken_in": True,
                    "operation": "deposit",
                    "probability": 0.1,
                },
            ]
        },
    ),
)

FUNCTIONS = (
    *("AskIssuer", "AskIssuer", "AskIssuer", "MoveLeg", "MoveLeg", "MoveLeg"),
    *("SubmitTransfer", "SubmitTransfer", "RequestLookup", "ReadLookup", "ReleaseDueLegs"),
)
"""Whose processes are killed; who is named more often dies more often."""

KILLS_PER_MINUTE = 6
_KILLS_BETWEEN = (0.08, 0.92)
RESTARTS_AT = (0.5,)
_SHIFT = 0.04


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, ``at_s`` after the beginning.

    ``target`` is a partner, a function, or empty. ``fault`` None makes a partner well.
    """

    at_s: float
    act: Act
    name: str
    target: str = ""
    fault: dict[str, Any] | None = None


def plan(seconds: float, seed: int, troubles: Sequence[Trouble] = TROUBLES) -> list[Step]:
    """Return what happens in a rehearsal, in order; the same for a seed, whoever asks."""
    dice = random.Random(f"troubles/{seed}")  # noqa: S311 - must be repeatable
    steps = [*_spoils(dice, seconds, troubles), *_kills(dice, seconds), *_restarts(dice, seconds)]
    return sorted(steps, key=lambda step: step.at_s)


def _spoils(dice: random.Random, seconds: float, troubles: Sequence[Trouble]) -> Iterator[Step]:
    issuers = dice.sample(sorted(ISSUERS), k=len(ISSUERS))
    for trouble in troubles:
        target = f"issuers/{issuers.pop()}" if trouble.target == "issuer" else trouble.target
        begins = trouble.begins + dice.uniform(-_SHIFT, _SHIFT)
        ends = begins + trouble.lasts
        yield Step(begins * seconds, Act.SPOIL, trouble.name, target, trouble.fault)
        yield Step(ends * seconds, Act.SPOIL, f"{trouble.name}: over", target)


def _kills(dice: random.Random, seconds: float) -> Iterator[Step]:
    for _ in range(round(seconds / 60 * KILLS_PER_MINUTE)):
        at_s = dice.uniform(*_KILLS_BETWEEN) * seconds
        yield Step(at_s, Act.KILL, "a worker is killed", dice.choice(FUNCTIONS))


def _restarts(dice: random.Random, seconds: float) -> Iterator[Step]:
    for share in RESTARTS_AT:
        at_s = (share + dice.uniform(-_SHIFT, _SHIFT)) * seconds
        yield Step(at_s, Act.RESTART, "the emulator is stopped in good order and restarted")
