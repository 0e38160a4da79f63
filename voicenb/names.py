"""Names that people type, of settings, events and voices: which there are, and which was meant."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from voicenb.errors import InvalidConfiguration

C = TypeVar("C", bound=type)

_ALIKE = 0.7
"""How like a name must be to be the one that was meant."""
_BESIDE = 0.15
"""How much less like than the nearest another may be to be named beside it."""

_HERE = f"{Path(__file__).parent}{os.sep}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``"Did you mean 'ivy'? "``: the names nearest to one that does not exist; empty if none is near.

    A space stands at the end, so that it can be put before another sentence.
    """
    alike = sorted(((_likeness(name, other), other) for other in known), reverse=True)[:3]
    near = [other for likeness, other in alike if likeness >= max(_ALIKE, alike[0][0] - _BESIDE)]
    return f"Did you mean {' or '.join(map(repr, near))}? " if near else ""


def _likeness(name: str, other: str) -> float:
    """From 0 to 1; a word out of a longer name is like it."""
    one, two = name.casefold(), other.casefold()
    part = len(one) > 3 and one in two
    return max(difflib.SequenceMatcher(None, one, two).ratio(), _ALIKE if part else 0.0)


def refuse_unknown(
    owner: str,
    given: Iterable[str],
    known: Sequence[str],
    *,
    told: str = "",
    elsewhere: Mapping[str, str] | None = None,
    prefix: str = "",
) -> None:
    """Refuse settings that do not exist.

    Args:
        owner: what would have them, as a sentence begins.
        given: names of settings.
        known: those that exist.
        told: what is said of those that exist; by default they are listed.
        elsewhere: remedies for names that belong to something else.
        prefix: of ``facts["param"]``, with its dot.

    Raises:
        InvalidConfiguration: one of them is not known; the nearest are named.
    """
    unknown = sorted(name for name in given if name not in known)
    if unknown:
        remedy = (elsewhere or {}).get(unknown[0]) or (
            did_you_mean(unknown[0], known) + (told or f"It has {', '.join(known)}.")
        )
        raise InvalidConfiguration(
            f"{owner} has no {', '.join(unknown)}.", remedy=remedy, param=f"{prefix}{unknown[0]}"
        )


def strict(owner: str, **words: Any) -> Callable[[C], C]:
    """Make a dataclass refuse settings that it does not have with :func:`refuse_unknown`'s error.

    Not with Python's own TypeError, which names neither those it has nor the one that was meant: a misspelt
    setting is the same error wherever it stands, in a call, in ``replace`` or in a dict. Signature,
    completion and types stay those of the dataclass.

    Args:
        owner: how the dataclass is called, as a sentence begins.
        **words: as for :func:`refuse_unknown`.
    """

    def decorate(cls: C) -> C:
        init = cls.__init__  # type: ignore[misc]
        names = [field.name for field in dataclasses.fields(cls) if field.init]

        @functools.wraps(init)
        def checked(self: Any, *unnamed: Any, **settings: Any) -> None:
            if unnamed:
                raise InvalidConfiguration(
                    f"{cls.__name__} takes its settings by name, not {unnamed[0]!r} alone.",
                    remedy=f"Write {cls.__name__}({names[0]}=…).",
                    param=names[0],
                )
            refuse_unknown(owner, settings, names, **words)
            init(self, **settings)

        cls.__init__ = checked  # type: ignore[misc]
        return cls

    return decorate


def warn(text: str, kind: type[Warning] = UserWarning) -> None:
    """Warn of something that may be a mistake, at the line that called voicenb."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and _ours(frame.f_code.co_filename):
        frame, level = frame.f_back, level + 1
    warnings.warn(text.strip(), kind, stacklevel=level)


def _ours(file: str) -> bool:
    # What dataclasses makes is compiled from text, and so has no file.
    return file.startswith(_HERE) or file in (dataclasses.__file__, "<string>")
