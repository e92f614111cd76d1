"""``report.html``: the verdict, the limits and the charts on one page that needs no other."""

import base64
import html
from pathlib import Path

from bench.opening_day.growth import Month
from bench.opening_day.limits import Limit
from bench.opening_day.verdict import Objective, Verdict

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;
margin:2rem auto;padding:0 1rem;color:#1d232a}
table{border-collapse:collapse;margin:1rem 0;width:100%}
th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #e3e6ea}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.yes{color:#0b6e4f;font-weight:600}.no{color:#c0392b;font-weight:600}
img{width:100%;margin:1rem 0}p.note{color:#59636e}
"""

_STANDING = (
    "USD a month. Compute that nobody uses costs nothing; alarms, keys and the asking of "
    "empty queues stand still."
)


def write_report(
    file: Path,
    figures: Verdict,
    found: list[Objective],
    limits: list[Limit],
    charts: list[tuple[str, str, Path]],
    months: list[Month],
    facts: dict[str, str],
) -> None:
    """Write the page."""
    title = f"Opening day, {figures['people']:,} people (scale {figures['scale']:g})"
    body = [
        f"<h1>{title}</h1>",
        _table(
            ["objective", "found", ""],
            [[one.wanted, one.found, _mark(holds=one.holds)] for one in found],
        ),
        "<h2>The same day, with the original's fixed fleet</h2>",
        f"<p>{_fleet(figures)}</p>",
        "<h2>What binds first</h2>",
        f"<p>{html.escape(binding_sentence(limits))}</p>",
        _limits(figures["scale"], limits),
        "<p class=note>Needed: to serve the busiest minute at once. Asked for: a quarter more.</p>",
        "<h2>The day</h2>",
        *(f'<img alt="{html.escape(alt)}" src="{_inlined(png)}">' for _, alt, png in charts),
        "<h2>How the cost grows</h2>",
        _months(months),
        f"<p class=note>{_STANDING}</p>",
        "<h2>Figures</h2>",
        _table(["", ""], [[name, html.escape(value)] for name, value in facts.items()]),
        "<p class=note>Method and what the model leaves out: docs/opening-day.md.</p>",
    ]
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style>{''.join(body)}</html>\n"
    )
    file.write_text(page, encoding="utf-8")


def binding_sentence(limits: list[Limit]) -> str:
    """Say which limit binds first, and what is to be asked for."""
    first = limits[0]
    ends = "people wait for it" if first.load > 1 else "nothing else is nearer its limit"
    asks = [
        f"{one.name} {one.to_ask_for:,} ({one.remedy})"
        for one in limits
        if one.to_ask_for is not None
    ]
    wanted = "; ".join(asks) or "nothing beyond the defaults"
    return (
        f"{first.name}: {first.needed:,.0f} {first.unit} of {first.available:,.0f} "
        f"({first.load:.0%}), {ends}. To ask AWS for: {wanted}."
    )


def _fleet(figures: Verdict) -> str:
    fleet = figures["fixed_fleet"]
    answered_s = fleet["all_cards_p95_s"]
    rest = "nobody was answered" if answered_s is None else f"p95 of the others {answered_s:.1f} s"
    return (
        f"Sized for ten times the day's average, waiting for all issuers in the request: "
        f"{fleet['lost']:,} people left without an answer, {rest}."
    )


def _limits(scale: float, limits: list[Limit]) -> str:
    heads = [
        "limit",
        "needed",
        "available",
        "load",
        "default",
        "binds by default at scale",
        "ask for",
    ]
    rows = [
        [
            f"{one.name} <span class=note>({html.escape(one.unit)})</span>",
            f"{one.needed:,.0f}",
            f"{one.available:,.0f}",
            f"{one.load:.0%}",
            "assumed" if one.default is None else f"{one.default:,.0f}",
            f"{one.binds_at(scale):,.1f}",
            f"{one.to_ask_for:,}" if one.to_ask_for else "",
        ]
        for one in limits
    ]
    return _table(heads, rows, numbers_from=1)


def _months(months: list[Month]) -> str:
    parts, standing = list(months[0].by_part), list(months[0].standing)
    heads = ["lookups a month", "messages together", *parts, *standing, "total", "per lookup"]
    rows = [
        [
            f"{one.lookups:,}",
            f"{one.batch_size:.1f}",
            *(f"{one.by_part[part]:,.2f}" for part in parts),
            *(f"{one.standing[part]:,.2f}" for part in standing),
            f"{one.total_usd:,.2f}",
            f"{one.per_lookup_usd:.7f}",
        ]
        for one in months
    ]
    return _table(heads, rows, numbers_from=1)


def _table(heads: list[str], rows: list[list[str]], numbers_from: int = 99) -> str:
    def cell(tag: str, place: int, text: str) -> str:
        kind = " class=n" if place >= numbers_from else ""
        return f"<{tag}{kind}>{text}</{tag}>"

    def line(tag: str, cells: list[str]) -> str:
        return (
            "<tr>" + "".join(cell(tag, place, text) for place, text in enumerate(cells)) + "</tr>"
        )

    return "<table>" + line("th", heads) + "".join(line("td", row) for row in rows) + "</table>"


def _mark(*, holds: bool) -> str:
    return '<span class="yes">holds</span>' if holds else '<span class="no">does not hold</span>'


def _inlined(png: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(png.read_bytes()).decode()
