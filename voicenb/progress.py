"""How far a long task is: a bar of tqdm's in a notebook or on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sized
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

LONG = 300.0
"""Seconds of sound from which on listening to it is worth a bar."""

_SHAPE = "{desc} {n:.0f}/{total:.0f}{unit} |{bar}| {remaining} left"
"""What tqdm makes of it, in its own terms."""


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
        self._unit = f" {unit}" if unit else ""
        self._per_unit = per_unit
        self._done = 0.0
        self._bar: Any = None
        self._place: Any = None  # of the bar in the notebook

    def __enter__(self) -> Progress:
        awaited = threading.current_thread() is threading.main_thread()
        in_notebook = _in_notebook()
        if self._total <= 0 or Progress._shown is not None or not awaited:
            return self
        if not (in_notebook or sys.stderr.isatty()):
            return self
        Progress._shown = self
        self._bar = self._made(in_notebook)
        return self

    def _made(self, in_notebook: bool) -> Any:
        from tqdm.auto import tqdm

        shape = {"desc": self._what, "unit": self._unit, "bar_format": _SHAPE}
        total = self._total / self._per_unit
        if not in_notebook:
            return tqdm(total=total, file=sys.stderr, **shape)
        from IPython.display import display

        bar = tqdm(total=total, display=False, **shape)
        self._place = display(bar.container, display_id=True)  # type: ignore[no-untyped-call]
        return bar

    def step(self, many: float = 1) -> None:
        """One more is done, or so many."""
        many = min(many, self._total - self._done)
        self._done += many
        if self._bar is not None:
            self._bar.update(many / self._per_unit)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is None:
            return
        Progress._shown = None
        self._bar.close()
        if self._place is not None:
            self._bar.container.close()
            # A saved notebook would say that the widget cannot be found.
            self._place.update({"text/plain": self._told}, raw=True)

    @property
    def _told(self) -> str:
        done, total = self._done / self._per_unit, self._total / self._per_unit
        return f"{self._what} {done:.0f}/{total:.0f}{self._unit}"


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None
