"""How far a long task is: a bar in a notebook, a line in a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any


class Progress:
    """Shown while it is entered; a notebook keeps one line of text of it.

    Args:
        what: is being done, e.g. ``"Calls"``.
        total: steps.
    """

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._bar: Any = None
        self._place: Any = None  # of the bar in the notebook
        self._line = False

    def __enter__(self) -> Progress:
        if self._total and _in_notebook():
            self._bar, self._place = _bar(self._what, self._total)
        self._line = self._bar is None and bool(self._total) and sys.stderr.isatty()
        self._show()
        return self

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        self._show()

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.value = self._done
            self._bar.description = self._told
        elif self._line:
            sys.stderr.write(f"\r{self._told}")
            sys.stderr.flush()

    @property
    def _told(self) -> str:
        return f"{self._what} {self._done}/{self._total}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            # A saved notebook would say that the widget cannot be found.
            self._place.update({"text/plain": self._told}, raw=True)
            self._bar.close()
        elif self._line:
            sys.stderr.write("\n")


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


def _bar(what: str, total: int) -> tuple[Any, Any]:
    """The bar, and the handle of its place."""
    from IPython.display import display
    from ipywidgets import IntProgress, Layout

    bar = IntProgress(0, 0, total, description=what, layout=Layout(width="100%", max_width="420px"))
    bar.style.description_width = "max-content"
    return bar, display(bar, display_id=True)  # type: ignore[no-untyped-call]
