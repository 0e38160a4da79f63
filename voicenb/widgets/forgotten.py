"""Forgotten calls: held without a browser by a Talk that nobody can name any more. An open one is billed.

ipywidgets keeps every widget for as long as the kernel lives, so a Talk is never dropped by itself; a cell
that runs again would leave one open call behind another.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from voicenb.errors import WaitTimeout
from voicenb.widgets.succession import variables

if TYPE_CHECKING:
    from voicenb.widgets.talk import Talk

_names: weakref.WeakKeyDictionary[Talk, set[str]] = weakref.WeakKeyDictionary()
"""Those that hold a call without a page, and the variables by which they could be reached so far."""

_HISTORY = ("In", "Out")
_DEEPEST, _LONGEST = 3, 10_000


def watch(talk: Talk) -> None:
    """End the call that ``talk`` has begun when no variable leads to it any more."""
    _names[talk] = set(_leading_to(talk, _variables()))
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython

        if (shell := get_ipython()) is not None:
            shell.events.register("post_run_cell", _look_behind_a_cell)  # which takes it once only


def look() -> None:
    """End what was forgotten; before another call begins, and behind each cell."""
    known = _variables()
    for talk, names in list(_names.items()):
        if not talk._runs or talk._with_page:
            _names.pop(talk, None)
        elif now := set(_leading_to(talk, known)):
            names |= now
        elif names and (why := _why(talk, names, known)) and _names.pop(talk, None) is not None:
            _end(talk, why)


def _look_behind_a_cell(*_: object) -> None:
    look()


def _why(talk: Talk, names: set[str], known: Mapping[str, Any]) -> str:
    """Why the call ends; nothing where it goes on: a page that shows the panel has a Stop."""
    from voicenb.widgets.talk import Talk

    heirs = sorted(name for name in names if isinstance(known.get(name), Talk))
    if heirs:
        return f"the variable {heirs[0]} is another Talk now"
    return "" if talk._page.shown.is_set() else f"the variable {min(names)} is gone"


def _end(talk: Talk, why: str) -> None:
    recording = talk.recording
    where = "" if recording is None else f"Its recording: {recording.folder}"
    message = f"A call without a browser was ended: {why}."
    talk._feed.fact(error={"message": message, "remedy": where})
    try:
        talk.end()
    except WaitTimeout as late:
        where = f"{late}"
    print(f"{message} {where}".strip())  # noqa: T201 - it belongs below the cell


def _variables() -> dict[str, Any]:
    # A copy, for a cell may be running. What begins with _ are the last outputs, and nobody's choice.
    known = dict(variables())
    return {name: value for name, value in known.items() if name[:1] != "_" and name not in _HISTORY}


def _leading_to(talk: Talk, known: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, value in known.items() if _leads_to(talk, value, _DEEPEST))


def _leads_to(talk: Talk, value: Any, depth: int) -> bool:
    """Whether a value is the Talk, or a list, dict or object of the notebook's own classes that has it."""
    if value is talk or depth == 0:
        return value is talk
    parts: Iterable[Any] = ()
    if isinstance(value, Mapping):
        parts = list(value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        parts = list(value)
    elif type(value).__module__ == "__main__":
        parts = list(getattr(value, "__dict__", {}).values())
    return any(_leads_to(talk, part, depth - 1) for part in islice(parts, _LONGEST))
