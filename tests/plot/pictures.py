"""Draws the README's pictures of a call: ``python tests/plot/pictures.py .github``.

The call is one with the emulator on the virtual clock, so that everybody can draw it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl

import voicenb as vn

SCRIPT = [
    vn.Answer(),
    "A table for four on Friday, please.",
    vn.BargeIn("Half past eight, please.", after=2.0),
    vn.Answer(),
    vn.Say("My name is", vn.Pause(1.3), "Anna."),
    vn.Answer(),
    "Anna.",
    vn.Answer(),
    "Yes, please.",
    vn.Answer(),
]

SIZES = {"timeline": (11.0, 3.0), "latency": (8.0, 4.2), "endpointing": (11.0, 6.8)}
"""Inches of each picture."""


def call() -> vn.Recording:
    """A booking with an interruption, and a pause that is longer than the setting allows."""
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings for Lido. Short and warm.",
        greeting="Lido, good evening.",
        turn_detection=vn.TurnDetection(min_silence=900, max_silence=3000),
    )

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return ["19:00", "20:30"]

    @agent.tool
    def book_table(day: str, people: int, time: str, name: str) -> str:
        """Book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
            time: e.g. "20:30".
            name: in whose name, e.g. "Anna".
        """
        return f"A table for {people} on {day} at {time} for {name} is booked."

    return vn.run(agent, vn.Caller(SCRIPT), brain="rules")


def main(folder: Path) -> None:
    """Draw the pictures, light and dark."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    recording = call()
    print(vn.turns(recording))
    print(vn.report(recording))
    for name, ground in (("light", "#ffffff"), ("dark", "#15181d")):
        for kind, size in SIZES.items():
            figure, ax = plt.subplots(figsize=size, layout="constrained", facecolor=ground)
            ax.set_facecolor(ground)
            getattr(vn.plot, kind)(recording, ax=ax)
            figure.savefig(folder / f"{kind}-{name}.png", dpi=110, facecolor=ground, bbox_inches="tight")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
