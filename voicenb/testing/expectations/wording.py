"""A wording: what somebody said, as words, as a pattern or nearly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import told
from voicenb.testing.expectations.limit import fraction

_WORD = re.compile("[^\\W_]+(?:['\u2019][^\\W_]+)*")
"""A word, without the marks around it."""

_SLACK = 2
"""Words that a near match may be longer or shorter."""


def words(text: str) -> list[str]:
    """The words of a text, without case and marks.

    Args:
        text: any.
    """
    return [word.casefold().replace("\u2019", "'") for word in _WORD.findall(text)]


@dataclass(frozen=True, slots=True)
class Wording:
    """What is looked for.

    Attributes:
        what: words, in order and with nothing between; or a pattern, searched for in the text as it is.
        near: how like words have to be, 0 to 1; None for the same words.
    """

    what: str | re.Pattern[str]
    near: float | None = None

    @classmethod
    def given(cls, what: object, near: object = None) -> Wording:
        """What somebody gave to look for.

        Args:
            what: words or a compiled pattern.
            near: how like.

        Raises:
            InvalidConfiguration: neither, or no words in it, or ``near`` is no share, or beside a pattern.
        """
        if isinstance(what, str) and words(what):
            return cls(what, None if near is None else fraction(near, "near"))
        if not isinstance(what, re.Pattern) or not isinstance(what.pattern, str):
            raise InvalidConfiguration(
                f"{told(what)} is nothing that can be said.",
                remedy='Give words, "half past eight", or a pattern: re.compile(r"half past (seven|eight)").',
                param="what",
            )
        if near is not None:
            raise InvalidConfiguration("A pattern matches or not: near= is for words.", param="near")
        return cls(what)

    def __str__(self) -> str:
        shown = f'"{self.what}"' if isinstance(self.what, str) else f"/{self.what.pattern}/"
        return shown if self.near is None else f"{shown} (alike by {self.near:.0%})"

    def found(self, text: str) -> bool:
        """Whether a text has it.

        Args:
            text: any.
        """
        if isinstance(self.what, re.Pattern):
            return self.what.search(text) is not None
        wanted, said = words(self.what), words(text)
        if self.near is not None:
            return self.likeness(text) >= self.near
        return any(said[at : at + len(wanted)] == wanted for at in range(len(said) - len(wanted) + 1))

    def likeness(self, text: str) -> float:
        """How like the likest stretch of a text is, 0 to 1; of a pattern 0.

        Args:
            text: any.
        """
        if isinstance(self.what, re.Pattern):
            return 0.0
        wanted, said = words(self.what), words(text)
        joined = " ".join(wanted)
        best = 0.0
        for length in range(max(1, len(wanted) - _SLACK), len(wanted) + _SLACK + 1):
            for at in range(max(1, len(said) - length + 1)):
                matcher = SequenceMatcher(None, joined, " ".join(said[at : at + length]), autojunk=False)
                if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                    best = max(best, matcher.ratio())
        return best

    def said(self, turn: Turn) -> bool | None:
        """Whether it was said, and heard, in a turn; None where nobody knows.

        Where the agent was cut off, which words were heard is known to about one.

        Args:
            turn: of ``vn.turns``.
        """
        if turn.role == "user":
            return self.found(turn.text)
        if turn.start is None:
            return False  # nothing of it was heard
        if not (turn.text or turn.unheard):
            return None  # the call was over before its words came
        if not turn.unheard:
            return self.found(turn.text)
        surely = " ".join(turn.text.split()[:-1])
        if self.found(surely):
            return True
        perhaps = " ".join([turn.text, *turn.unheard.split()[:1]])
        return None if self.found(perhaps) else False
