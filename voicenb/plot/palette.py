"""The colours of the two sides, of waits, tools and faults: on a light ground and on a dark one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by role. In grey the two sides differ in lightness, and always in place."""

    caller: str
    caller_wash: str
    agent: str
    agent_wash: str
    agent_soft: str
    tool: str
    wrong: str
    wait: str
    ink: str
    faint: str
    edge: str
    ground: str
    band: str


LIGHT = Palette(
    caller="#2461c4",
    caller_wash="#e7effc",
    agent="#c2630a",
    agent_wash="#fdf0e1",
    agent_soft="#eab483",
    tool="#7a5bb0",
    wrong="#b3261e",
    wait="#6b7280",
    ink="#1f2328",
    faint="#5f6672",
    edge="#e3e5ea",
    ground="#ffffff",
    band="#e9f3ef",
)
DARK = Palette(
    caller="#7fb2f8",
    caller_wash="#1b2b45",
    agent="#f2a65f",
    agent_wash="#392a1b",
    agent_soft="#9a6a3e",
    tool="#b8a2f0",
    wrong="#ff8a80",
    wait="#a0a7b4",
    ink="#e6e8eb",
    faint="#a0a7b4",
    edge="#353a44",
    ground="#15181d",
    band="#1b2b27",
)


def palette(ax: Axes) -> Palette:
    """The colours for an Axes: by how light the ground is that it stands on."""
    from matplotlib.colors import to_rgba

    *rgb, opaque = to_rgba(ax.get_facecolor())
    figure = ax.get_figure()
    if opaque < 0.5 and figure is not None:
        *rgb, opaque = to_rgba(figure.get_facecolor())
    if opaque < 0.5:
        return LIGHT
    red, green, blue = rgb
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.4 else LIGHT
