"""What the caller's turn is at each moment: an answer, something after a tool's result, digits read out.

Told by the messages of a session alone, so that a policy that follows one live and an analysis of its
recording say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, get_args

State = Literal["question", "tool", "digits", "other"]
"""``question``: the agent has asked, and no words of the caller's are final since. ``tool``: the same, behind
a tool's result. ``digits``: the caller's words so far end in digits, read out. ``other``: the rest."""

STATES: tuple[State, ...] = get_args(State)

TELLING = (
    ("in", "transcript.agent"),
    ("out", "tool.result"),
    ("in", "transcript.user.delta"),
    ("in", "transcript.user"),
)
"""Directions and types of the messages that it rests on."""

_QUESTION = re.compile(r"\?[\"'\u201d\u2019)\]]*\s*$")
_WORD = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*")
_DIGIT_WORDS = "zero oh o one two three four five six seven eight nine double triple"
_DIGITS = frozenset(_DIGIT_WORDS.split())


class CallerState:
    """Follows one session.

    Attributes:
        awaited: the state without the words that the caller is saying: never ``digits``.
    """

    def __init__(self) -> None:
        self.awaited: State = "other"
        self._reads = False

    @property
    def now(self) -> State:
        """After the messages so far."""
        return "digits" if self._reads else self.awaited

    def take(self, direction: str, kind: str, message: Mapping[str, Any]) -> State:
        """Take the next message; the state after it.

        Args:
            direction: ``"in"`` or ``"out"``.
            kind: its type.
            message: the message.
        """
        text = str(message.get("text") or "")
        match direction, kind:
            case "in", "transcript.agent" if not message.get("interrupted") and asks(text):
                self.awaited = "question"
            case "out", "tool.result":
                self.awaited = "tool"
            case "in", "transcript.user.delta":
                self._reads = reads_digits(text or str(message.get("delta") or ""))
            case "in", "transcript.user" if text.strip():
                self.awaited, self._reads = "other", False
            case _:
                pass
        return self.now


def asks(text: str) -> bool:
    """Whether words end in a question mark.

    >>> asks('For how many, "two"?'), asks("When? At eight.")
    (True, False)
    """
    return _QUESTION.search(text) is not None


def reads_digits(text: str) -> bool:
    """Whether words end in digits that are read out: two in a row at least, or three written as one number.

    >>> [reads_digits(words) for words in ("It is four one", "It's 4155", "A table for two", "At 10.")]
    [True, True, False, False]
    """
    digits = parts = 0
    for word in reversed(_WORD.findall(text.lower())):
        plain = word.replace("-", "")
        if plain.isdigit():
            digits += len(plain)
        elif word in _DIGITS:
            digits += 1
        else:
            break
        parts += 1
    return parts >= 2 or digits >= 3
