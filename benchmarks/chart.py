"""An SVG chart of the ratios: a bar for each, and a mark at its goal."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from benchmarks.verdicts import BARE, PLAIN, Measured, Verdict, judge, number

WIDTH = 900
LABELS = 400  # the width of the texts on the left
FIGURES = 110  # of those on the right
LINE = 24
# Bars and text are readable on white and on black; a browser says which one there is.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.heading { font-weight: 600 }
.met { fill: #2da44e } .missed { fill: #cf5a3c } .goal { stroke: #24292f; stroke-width: 2 }
.track { fill: #8c959f; opacity: .18 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .goal { stroke: #e6edf3 }
}
"""


def svg(table: Mapping[str, Measured]) -> str:
    """The chart: the ratios to plain DRF, to bare psycopg, and between rows."""
    groups: dict[str, list[tuple[str, Verdict]]] = {
        f"Times the requests per second of {PLAIN}": [],
        f"Share of the requests per second of one {BARE} process": [],
        "Share of another row's requests per second": [],
        "At most": [],
    }
    times, shares, others, limits = groups.values()
    for measured in table.values():
        for verdict in judge(measured, table):
            title = measured.row.title
            if verdict.of == PLAIN:
                times.append((title, verdict))
            elif verdict.of == BARE:
                shares.append((title, verdict))
            elif verdict.at_most:
                limits.append((f"{title}: {verdict.of}", verdict))
            else:
                others.append((f"{title} ÷ {verdict.of}", verdict))
    parts: list[str] = []
    y = LINE
    for heading, bars in groups.items():
        if bars:
            parts.append(_text(0, y, heading, "heading"))
            for title, verdict in bars:
                y += LINE
                parts.append(_bar(y, title, verdict))
            y += LINE * 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - LINE}" role="img"'
        f' aria-label="Ratios of the benchmark beside their goals"><style>{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _bar(y: int, title: str, verdict: Verdict) -> str:
    """One line. The goal is at two thirds of the track, so that all goals are in one line."""
    room = WIDTH - LABELS - FIGURES
    goal = LABELS + room * 2 / 3
    length = min(verdict.figure / verdict.goal * room * 2 / 3, room)
    sign = "≤" if verdict.at_most else "≥"
    kind = "met" if verdict.is_met else "missed"
    return "".join(
        (
            _text(0, y, title),
            f'<rect class="track" x="{LABELS}" y="{y - 12}" width="{room}" height="15"/>',
            f'<rect class="{kind}" x="{LABELS}" y="{y - 12}" width="{length:.1f}" height="15"/>',
            f'<line class="goal" x1="{goal:.1f}" x2="{goal:.1f}" y1="{y - 15}" y2="{y + 6}"/>',
            _text(WIDTH - FIGURES + 8, y, f"{number(verdict.figure)}  ({sign} {verdict.goal:g})"),
        )
    )


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    plain = escape(text.replace("`", ""))
    return f'<text{attribute} x="{x}" y="{y}">{plain}</text>'
