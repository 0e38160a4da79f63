"""Succession: whether the variable of a notebook that named a Talk names a later one by now."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any


def variables() -> Mapping[str, Any]:
    """Those of the notebook, or of IPython; none elsewhere."""
    if "IPython" not in sys.modules:
        return {}
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return {} if shell is None else shell.user_ns


class Succession:
    """What became of the names of a Talk.

    A cell that runs again gives its variable another Talk, and the earlier one is followed by that. Two that
    are used side by side have a variable each, and so has neither followed the other.

    Args:
        first: the Talk.
        kind: what follows it is one of these; a widget's own type is its alone.
        variables: gives the variables by name.
    """

    def __init__(
        self, first: object, kind: type, variables: Callable[[], Mapping[str, Any]] = variables
    ) -> None:
        self._first, self._kind = first, kind
        self._variables = variables
        self._names: set[str] = set()

    def note(self) -> None:
        """Another one is being made: remember the names that this one had until then."""
        self._names |= {name for name, value in self._named().items() if value is self._first}

    def heir(self) -> tuple[str, Any] | None:
        """The later one and its name; None where this one still has a name, never had one, or lost it."""
        named = self._named()
        if any(value is self._first for value in named.values()):
            return None
        later = (name for name in sorted(self._names) if isinstance(named.get(name), self._kind))
        return next(((name, named[name]) for name in later), None)

    def _named(self) -> dict[str, Any]:
        # A copy, for a cell may be running. What begins with _ are the last outputs, and nobody's choice.
        known = dict(self._variables())
        return {name: value for name, value in known.items() if not name.startswith("_")}
