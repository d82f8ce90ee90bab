"""The shapes of bar charts, which the templates draw in SVG. Each bar is a link."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT = 960, 160
_BASE = 18  # room below the bars for their names
_TOP = 16  # room above them for their values


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, and the clickable area around it (`ground`)."""

    name: str
    label: str
    """The text for screen readers."""
    address: str
    left: float
    top: float
    width: float
    height: float
    ground_left: float
    ground_width: float
    middle: float
    value: str
    """The value in few letters; empty for zero."""
    value_base: float


def columns(values: list[tuple[str, str, int, str]]) -> list[Bar]:
    """Return vertical bars for tuples of (name, label, value, address)."""
    highest = max((value for *_, value, _ in values), default=0) or 1
    step = WIDTH / max(len(values), 1)
    room = HEIGHT - _BASE - _TOP
    bars = []
    for index, (name, label, value, address) in enumerate(values):
        height = round(room * value / highest, 1)
        left = round(index * step, 1)
        bars.append(
            Bar(
                name=name,
                label=label,
                address=address,
                left=left + 4,
                top=HEIGHT - _BASE - height,
                width=round(step - 8, 1),
                height=height,
                ground_left=left,
                ground_width=round(step, 1),
                middle=round(left + step / 2, 1),
                value=short(value) if value else "",
                value_base=HEIGHT - _BASE - height - 4,
            )
        )
    return bars


def short(value: int) -> str:
    """Return a number in at most four letters, for example 999, 1.2k, 45k and 3.4M."""
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= 0.9995 * unit:
            times = value / unit
            return f"{times:.1f}{letter}" if times < 10 else f"{times:.0f}{letter}"
    return str(value)
