"""How far a long task is: a bar in a notebook, a line on a terminal, nothing elsewhere.

A bar of our own, and not tqdm's: a notebook that is saved keeps a line of text of it, where a widget would
say that it cannot be found, and it asks for no package more.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

LONG = 300.0
"""Seconds of sound from which on listening to it is worth a bar."""

FORESEEN = 2.0
"""Seconds that a task must have taken before it is told how long it will take."""


def progress(items: Iterable[T], what: str, unit: str = "", *, total: float | None = None) -> Iterator[T]:
    """The items, one after the other, with a bar that tells how many are done.

    Args:
        items: of the task.
        what: is being done to them, e.g. ``"Settings"``.
        unit: of the steps, where they are no items: ``"min"``.
        total: how many there are; by default their length, and without one there is no bar.
    """
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    with Progress(what, total, unit) as shown:
        for item in items:
            yield item
            shown.step()


def of_sound(what: str, seconds: float) -> Progress:
    """A bar for work on sound, told in minutes; none where it is shorter than :data:`LONG`.

    Args:
        what: is being done, e.g. ``"Listening"``.
        seconds: of sound; the steps are seconds, too.
    """
    return Progress(what, seconds if seconds >= LONG else 0.0, "min", per_unit=60.0)


class Progress:
    """Shown while it is entered; a notebook keeps one line of text of it.

    It is shown to who waits: a notebook's cell or a terminal (on stderr), not to a thread behind them. Inside
    another one it says nothing: the outer one tells how far all of it is.

    Args:
        what: is being done, e.g. ``"Calls"``.
        total: steps; with none there is no bar.
        unit: that steps are told in, where they are no items: ``"min"``.
        per_unit: steps that make one.

    Example:
        >>> with Progress("Listening", 60, "min") as shown:
        ...     for minute in range(60):
        ...         shown.step()
    """

    _shown: Progress | None = None  # of the process

    def __init__(self, what: str, total: float, unit: str = "", *, per_unit: float = 1.0) -> None:
        self._what = what
        self._total = total
        self._unit = unit
        self._per_unit = per_unit
        self._done = 0.0
        self._since = 0.0
        self._bar: Any = None
        self._place: Any = None  # of the bar in the notebook
        self._written: int | None = None  # characters of the line on the terminal

    def __enter__(self) -> Progress:
        awaited = threading.current_thread() is threading.main_thread()
        if self._total <= 0 or Progress._shown is not None or not awaited:
            return self
        if _in_notebook():
            self._bar, self._place = _bar(self._what, self._total)
        elif sys.stderr.isatty():
            self._written = 0
        else:
            return self
        Progress._shown = self
        self._since = monotonic()
        self._show(self._told)
        return self

    def step(self, many: float = 1) -> None:
        """One more is done, or so many."""
        self._done = min(self._done + many, self._total)
        if Progress._shown is self:
            self._show(self._told + self._left())

    def _show(self, text: str) -> None:
        if self._bar is not None:
            self._bar.value = self._done
            self._bar.description = text
        elif self._written is not None:
            sys.stderr.write(f"\r{text.ljust(self._written)}")
            sys.stderr.flush()
            self._written = len(text)

    @property
    def _told(self) -> str:
        done, total = self._done / self._per_unit, self._total / self._per_unit
        return f"{self._what} {done:.0f}/{total:.0f} {self._unit}".rstrip()

    def _left(self) -> str:
        taken = monotonic() - self._since
        if taken < FORESEEN or not 0 < self._done < self._total:
            return ""
        seconds = taken * (self._total - self._done) / self._done
        return f" · about {seconds:.0f} s left" if seconds < 90 else f" · about {seconds / 60:.0f} min left"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if Progress._shown is not self:
            return
        Progress._shown = None
        self._show(self._told)
        if self._bar is not None:
            # A saved notebook would say that the widget cannot be found.
            self._place.update({"text/plain": self._told}, raw=True)
            self._bar.close()
        else:
            sys.stderr.write("\n")


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


def _bar(what: str, total: float) -> tuple[Any, Any]:
    """The bar, and the handle of its place."""
    from IPython.display import display
    from ipywidgets import FloatProgress, Layout

    bar = FloatProgress(0, max=total, description=what, layout=Layout(width="100%", max_width="420px"))
    bar.style.description_width = "max-content"
    return bar, display(bar, display_id=True)  # type: ignore[no-untyped-call]
