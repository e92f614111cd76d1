"""The day's charts: the first minutes on the left, the whole day on the right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bench.opening_day.arrays import Floats
from bench.opening_day.day import Lived
from bench.opening_day.fixed_fleet import FleetDay
from bench.opening_day.ledger import MINUTE_S, Ledger
from bench.opening_day.money import Money
from bench.opening_day.people import Fate

OURS, FLEET, GREY = "#0b6e4f", "#c0392b", "#b8bec6"
_SHADES = {50: "#7bc8a4", 95: "#0b6e4f", 99: "#06352a"}
_PARTS = ("#0b6e4f", "#3fa37c", "#8fd0b1", "#e0a526", "#5b7db1", "#9aa3ad")
_OPENING_HOUR = 11
_FIRST_S = 15 * MINUTE_S
_FINE_S = 10.0
_LEAST_USD = 0.005
"""What is less rounds to nothing: the last moments of the day."""

type Draw = Callable[[Axes, float], None]
"""Draws on one panel, by bins of so many seconds."""


def draw_charts(
    place: Path, lived: Lived, fleet: FleetDay, spent: Money, concurrency: int
) -> list[tuple[str, str, Path]]:
    """Draw every chart; returns name, caption and file of each, in the report's order."""
    mpl.use("Agg")
    looked_at_s = [*lived.ledger.looked_at_s[-1:], *fleet.ledger.looked_at_s[-1:]]
    ends_s = max(float(lived.people.comes_s[-1]), *looked_at_s)
    panels = _Panels(lived, fleet, concurrency, ends_s)
    made = [
        (name, title, _two_panels(place / f"{name}.png", title, draw, scale, ends_s))
        for name, title, draw, scale in (
            ("came", "People who come, a second", panels.came, "linear"),
            ("waiting", "People waiting", panels.waiting, "symlog"),
            ("queue-age", "Age of each lane's oldest message, seconds", panels.ages, "linear"),
            ("first-card", "Seconds to the first card, by when people came", panels.first, "log"),
            ("all-cards", "Seconds to all cards, by when people came", panels.complete, "log"),
            (
                "refused",
                "Requests refused or worked off for nobody, a second",
                panels.shed,
                "symlog",
            ),
            ("lost", "People lost, a minute, by when they came", panels.lost, "symlog"),
            ("concurrency", "Lambda environments at work", panels.busy, "linear"),
        )
    ]
    title = "Money spent, USD an hour"
    return [*made, ("money", title, _money(place / "money.png", title, spent))]


@dataclass(frozen=True, slots=True)
class _Panels:
    """What each chart draws on a panel."""

    lived: Lived
    fleet: FleetDay
    concurrency: int
    ends_s: float

    def came(self, axes: Axes, bin_s: float) -> None:
        edges = np.arange(0, self.ends_s + bin_s, bin_s)
        per_s = np.histogram(self.lived.people.comes_s, edges)[0] / bin_s
        axes.stairs(per_s, edges, color=OURS, fill=True)

    def waiting(self, axes: Axes, _bin_s: float) -> None:
        levels = self.fleet.ledger
        axes.plot(levels.looked_at_s, levels.levels["waiting"], color=FLEET, label="fixed fleet")
        levels = self.lived.ledger
        axes.plot(levels.looked_at_s, levels.levels["waiting"], color=OURS, label="this system")

    def ages(self, axes: Axes, _bin_s: float) -> None:
        issuers, ledger = self.lived.issuers, self.lived.ledger
        worst = max(issuers, key=lambda code: ledger.highest(f"age {code}"))
        others = [code for code in issuers if code != worst]
        labels = {worst: worst, others[0]: "the other ten"}
        for code in (*others, worst):
            colour = OURS if code == worst else GREY
            line = ledger.levels[f"age {code}"]
            axes.plot(ledger.looked_at_s, line, color=colour, label=labels.get(code))

    def first(self, axes: Axes, bin_s: float) -> None:
        people = self.lived.people
        _percentiles(axes, people.comes_s, people.first_seen_s - people.comes_s, bin_s)

    def complete(self, axes: Axes, bin_s: float) -> None:
        people, fleet = self.lived.people, self.fleet
        _percentiles(axes, people.comes_s, people.all_seen_s - people.comes_s, bin_s)
        fleet_s = fleet.answered_s - fleet.comes_s
        at_s, [p95] = _by_bin(fleet.comes_s, fleet_s, bin_s, [95])
        axes.plot(at_s, p95, color=FLEET, label="fixed fleet: p95\nof those answered")

    def shed(self, axes: Axes, _bin_s: float) -> None:
        fleet = self.fleet.ledger
        _rate(axes, fleet, "refused", FLEET, "fixed fleet: refused")
        _rate(axes, fleet, "for nobody", "#e59a8f", "fixed fleet: worked\nfor a gone page")
        _rate(
            axes, self.lived.ledger, "refused", OURS, "this system: refused,\nasks again by itself"
        )

    def lost(self, axes: Axes, bin_s: float) -> None:
        edges = np.arange(0, self.ends_s + bin_s, bin_s)
        for label, fate, comes_s, colour in (
            ("fixed fleet: never\ngot an answer", self.fleet.fate, self.fleet.comes_s, FLEET),
            ("this system", self.lived.people.fate, self.lived.people.comes_s, OURS),
        ):
            gone = np.histogram(comes_s[fate == Fate.LOST], edges)[0] / bin_s * MINUTE_S
            axes.stairs(gone, edges, color=colour, label=label, linewidth=1.4)

    def busy(self, axes: Axes, _bin_s: float) -> None:
        ledger = self.lived.ledger
        lanes = np.array(ledger.levels["lane concurrency"])
        both = lanes + np.array(ledger.levels["API concurrency"])
        axes.fill_between(ledger.looked_at_s, both, color="#8fd0b1", label="API functions")
        axes.fill_between(ledger.looked_at_s, lanes, color=OURS, label="lanes' workers")
        axes.axhline(self.concurrency, color=FLEET, linestyle="--", label="the account's quota")


def _two_panels(file: Path, title: str, draw: Draw, scale: str, ends_s: float) -> Path:
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(12, 3.6), width_ratios=[1, 1.6], sharey=True, layout="constrained"
    )
    for axes, until_s, bin_s, step_s in (
        (left, _FIRST_S, _FINE_S, 5 * MINUTE_S),
        (right, ends_s, MINUTE_S, 60 * MINUTE_S),
    ):
        draw(axes, bin_s)
        axes.set_xlim(0, until_s)
        axes.set_xticks(np.arange(0, until_s + 1, step_s))
        axes.xaxis.set_major_formatter(FuncFormatter(_clock))
        _plain(axes, scale)
    left.set_title("first fifteen minutes", fontsize=9, color="#555")
    right.set_title("whole day", fontsize=9, color="#555")
    lines, labels = right.get_legend_handles_labels()
    if lines:
        figure.legend(lines, labels, loc="outside right upper", frameon=False, fontsize=9)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left", fontweight="bold")
    figure.savefig(file, dpi=110)
    plt.close(figure)
    return file


def _money(file: Path, title: str, spent: Money) -> Path:
    figure, axes = plt.subplots(figsize=(12, 3.6), layout="constrained")
    totals = np.sum(list(spent.by_hour.values()), axis=0)
    hours = int(np.count_nonzero(totals >= _LEAST_USD))
    bottom = np.zeros(hours)
    names = [_clock(hour * 3600.0) for hour in range(hours)]
    for (part, usd), colour in zip(spent.by_hour.items(), _PARTS, strict=True):
        axes.bar(names, usd[:hours], bottom=bottom, color=colour, label=part, width=0.6)
        bottom += np.array(usd[:hours])
    for name, total in zip(names, bottom.tolist(), strict=True):
        axes.annotate(f"{total:,.2f}", (name, total), ha="center", va="bottom", fontsize=9)
    _plain(axes, "linear")
    axes.margins(y=0.15)
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.suptitle(title, fontsize=12, x=0.01, ha="left", fontweight="bold")
    figure.savefig(file, dpi=110)
    plt.close(figure)
    return file


def _plain(axes: Axes, scale: str) -> None:
    if scale == "symlog":
        axes.set_yscale("symlog", linthresh=10)
    else:
        axes.set_yscale(scale)
    if scale == "linear":
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.set_ylim(bottom=0)
    if scale == "symlog":
        axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e8eb", linewidth=0.7)
    axes.set_axisbelow(True)


def _percentiles(axes: Axes, comes_s: Floats, waited_s: Floats, bin_s: float) -> None:
    at_s, lines = _by_bin(comes_s, waited_s, bin_s, list(_SHADES))
    for line, (which, colour) in zip(lines, _SHADES.items(), strict=True):
        axes.plot(at_s, line, color=colour, label=f"p{which}")


def _by_bin(
    comes_s: Floats, waited_s: Floats, bin_s: float, which: Iterable[float]
) -> tuple[list[float], list[list[float]]]:
    """Return percentiles of what those waited who came in each bin and were answered."""
    wanted = list(which)
    answered = np.isfinite(waited_s)
    comes_s, waited_s = comes_s[answered], waited_s[answered]
    edges = np.arange(0, (comes_s[-1] if len(comes_s) else 0.0) + bin_s, bin_s)
    places = np.searchsorted(comes_s, edges)
    at_s: list[float] = []
    lines: list[list[float]] = [[] for _ in wanted]
    for begin, end, edge in zip(places, places[1:], edges, strict=False):
        at_s.append(float(edge + bin_s / 2))
        found = (
            np.percentile(waited_s[begin:end], wanted) if end > begin else [np.nan] * len(wanted)
        )
        for line, value in zip(lines, found, strict=True):
            line.append(float(value))
    return at_s, lines


def _rate(axes: Axes, ledger: Ledger, name: str, colour: str, label: str) -> None:
    per_s = ledger.by_minute(name) / MINUTE_S
    edges = np.arange(len(per_s) + 1) * MINUTE_S
    axes.stairs(per_s, edges, color=colour, label=label, linewidth=1.4)


def _clock(since_opening_s: float, _place: object = None) -> str:
    hours, seconds = divmod(int(since_opening_s), 3600)
    return f"{_OPENING_HOUR + hours}:{seconds // 60:02d}"
