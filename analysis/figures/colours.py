"""Colours that are read in grey and by colour-blind people too.

Orange for low, blue for high, light between: orange and blue are told apart by all but the fewest,
and their ends differ in darkness. Traffic light colours are for official bands only, each with the
shape and the hatching that say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

INK = "#1b1b1f"
SOFT_INK = "#5f6368"
PAPER = "#ffffff"
GROUND = "#efeff1"
LINE = "#c4c6ca"

BLUE = "#0f3f75"
ORANGE = "#b9540a"
GREY = "#8a8d93"

RAMP = LinearSegmentedColormap.from_list(
    "orange-blue",
    [ORANGE, "#f0a254", "#ece9e3", "#aed0ec", BLUE],
)


NEAR_BLACK = 0.04045
"""Up to here the curve of sRGB is a straight line."""


@dataclass(frozen=True, slots=True)
class Band:
    """How an official colour looks: also as a shape and a hatching, as on pages."""

    colour: str
    shape: str
    marker: str
    hatch: str = ""
    hatch_colour: str = PAPER


BANDS = {
    "red": Band("#b3261e", "■", "s", "////", "#e08a84"),
    "yellow": Band("#ffca28", "▲", "^"),
    "green": Band("#1d7a3f", "●", "o", "...", "#8cc7a2"),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """How one of several series looks: told apart by dash and marker where colour is missing."""

    colour: str
    marker: str
    dash: str | tuple[float, tuple[float, ...]] = "-"
    filled: bool = True


TRACES = (
    Trace(BLUE, "o"),
    Trace(ORANGE, "D", (0, (5, 2))),
    Trace(SOFT_INK, "s", (0, (1, 1.5)), filled=False),
    Trace("#5a9bd4", "^", (0, (6, 2, 1, 2)), filled=False),
    Trace("#7a3a08", "v", (0, (3, 1))),
    Trace(GREY, "P", "-", filled=False),
)


def trace(place: int) -> Trace:
    """The look of a series by its place; after the last the first again."""
    return TRACES[place % len(TRACES)]


def shade(number: float, lowest: float, highest: float) -> str:
    """The ramp's colour of a number on a scale; a scale without length is its middle."""
    span = highest - lowest
    place = (number - lowest) / span if span > 0 else 0.5
    return to_hex(RAMP(min(max(place, 0.0), 1.0)))


def shades(steps: int) -> tuple[str, ...]:
    """Colours from refusal to agreement, light in the middle."""
    if steps == 1:
        return (BLUE,)
    return tuple(shade(step, 0, steps - 1) for step in range(steps))


def luminance(colour: str) -> float:
    """How bright a colour is, 0 to 1, as WCAG counts it."""
    red, green, blue = (_linear(part) for part in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= NEAR_BLACK else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink(behind: str) -> str:
    """The more legible of black and white on a ground; one of them always has enough contrast."""
    return max(("#000000", PAPER), key=lambda each: contrast(each, behind))
