"""Labels along a line of time that do not run into each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voicenb.plot.axes import fitting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Size = Literal["small", "x-small"]

LETTERS: dict[Size, float] = {"small": 16.0, "x-small": 18.0}
"""Letters of a text that go into an inch."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a moment.

    Attributes:
        at: where it begins, in seconds.
        texts: what may be written, the longest first; the last is cut short where it does not fit either.
        colour: of the letters.
    """

    at: float
    texts: tuple[str, ...]
    colour: str


class Writing:
    """Writes labels on an Axes, in rows.

    Args:
        ax: to write on.
        start: the first second that is shown.
        until: the last.
    """

    def __init__(self, ax: Axes, start: float, until: float) -> None:
        self._ax = ax
        self.start, self.until = start, until
        self._inches = ax.get_window_extent().width / ax.figure.dpi

    def letters(self, seconds: float, size: Size = "small") -> float:
        """How many letters go into so many seconds."""
        return seconds / (self.until - self.start) * self._inches * LETTERS[size]

    def seconds(self, text: str, size: Size = "small") -> float:
        """How many seconds a text and a blank behind it take."""
        return (len(text) + 1) / self.letters(1.0, size)

    def row(self, height: float, labels: Iterable[Label], size: Size = "small") -> None:
        """Write labels at one height: each has room up to the next, and is left out where that is too little.

        Args:
            height: on the Axes.
            labels: in any order; those outside of what is shown are left out.
            size: of the letters.
        """
        shown = [label for label in labels if self.start <= label.at < self.until]
        shown.sort(key=lambda label: label.at)
        for number, label in enumerate(shown, 1):
            end = shown[number].at if number < len(shown) else self.until
            room = self.letters(end - label.at, size) - 1
            text = _that_fits(label.texts, room)
            if text:
                self.write(label.at, height, text, label.colour, size)

    def beside(self, height: float, labels: Iterable[Label], size: Size = "small") -> None:
        """Write the names of marks: behind each, else before it, else together with the next mark's.

        Args:
            height: on the Axes.
            labels: in any order; those outside of what is shown are left out.
            size: of the letters.
        """
        shown = [label for label in labels if self.start <= label.at < self.until]
        shown.sort(key=lambda label: label.at)
        taken, waiting = self.start, ""  # until where something is written; what had no room
        for number, label in enumerate(shown, 1):
            end = shown[number].at if number < len(shown) else self.until
            behind, before = (self.letters(room, size) - 1 for room in (end - label.at, label.at - taken))
            together = tuple(f"{waiting}, {text}" for text in label.texts) if waiting else ()
            for text in (*together, *label.texts):
                if len(text) <= behind:
                    self.write(label.at, height, text, label.colour, size)
                    taken, waiting = label.at + self.seconds(text, size), ""
                    break
                if len(text) <= before:
                    self.write(label.at, height, f"{text} ", label.colour, size, before=True)
                    taken, waiting = label.at, ""
                    break
            else:
                taken, waiting = max(taken, label.at), (together or label.texts)[-1]

    def write(
        self, at: float, height: float, text: str, colour: str, size: Size = "small", *, before: bool = False
    ) -> None:
        """Write one text, whatever else is there; it begins at a moment, or ends there (``before``)."""
        self._ax.text(
            at,
            height,
            text,
            ha="right" if before else "left",
            color=colour,
            fontsize=size,
            va="center",
            zorder=6,
            clip_on=True,
            parse_math=False,
        )


def _that_fits(texts: Sequence[str], room: float) -> str:
    whole = next((text for text in texts if len(text) <= room), None)
    return whole if whole is not None else fitting(texts[-1], room)


def grouped(
    words: Iterable[tuple[str, float]], writing: Writing, colour: str, size: Size = "small"
) -> list[Label]:
    """Words where they were spoken: each at its own place where there is room, else behind the one before.

    Args:
        words: in order, each with the second at which it began.
        writing: knows how wide letters are.
        colour: of the letters.
        size: of the letters.
    """
    found: list[Label] = []
    text, begin = "", 0.0
    for word, at in words:
        if text and at < begin + writing.seconds(text, size):
            text = f"{text} {word}"
            continue
        if text:
            found.append(Label(begin, (text,), colour))
        text, begin = word, at
    return [*found, Label(begin, (text,), colour)] if text else found
