"""Words that the model spells as they were spelled a century ago, as it learned from old books."""

from __future__ import annotations

import re

_OLD = re.compile(r"\b(to)[- ](morrow)\b|\b(to)-(day|night)\b|\b(good)-(bye)\b", re.IGNORECASE)


def modern(text: str) -> str:
    """``text`` in today's spelling.

    >>> modern("To-morrow at seven. Good-bye.")
    'Tomorrow at seven. Goodbye.'
    """
    return _OLD.sub(lambda found: "".join(part for part in found.groups() if part), text)
