"""Whether an utterance looks complete: what ends a turn at ``min_silence`` instead of ``max_silence``.

A judge of words is asked when the silence has reached ``min_silence``, and again whenever the words change. A
judge of the sound takes time, and the sound of a silence is always the same: it is asked once in each, when
`LISTENED` seconds of it have been heard, so that most answers are there when ``min_silence`` is over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeGuard

from voicenb.audio.pcm import Samples
from voicenb.errors import InvalidConfiguration
from voicenb.turn_taking.segmenter import FRAME_SECONDS

LISTENED = 7 * FRAME_SECONDS
"""Seconds of silence behind the speech that a judge of the sound hears, 0.224: seven frames."""

BEFORE = 0.5
"""Seconds of sound in front of the utterance that it hears."""

LONGEST = 30.0
"""Seconds of sound that it hears at most, the last ones."""

_HAIR = 1e-6

Said = tuple[float, str]
"""All the words of an utterance as they were known at a moment, in seconds from the end of its speech."""


def _unheard() -> Samples:
    raise InvalidConfiguration(
        "The sound is for a judge of the sound only.",
        remedy="Give it a cost: the seconds that an answer takes. It is asked once in each silence then.",
    )


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is known of an utterance at the moment of asking.

    Attributes:
        text: the words so far, all of them; empty where none are known.
        said: how they grew: moments below 0 lie before the end of the speech, the last one is `text`.
        sound: gives the sound so far, 16 kHz, mono, float32, -1…1, shape ``(n,)``: from `BEFORE` seconds in
            front of the utterance to `LISTENED` seconds behind it, `LONGEST` at most. Only a judge with a
            ``cost`` may ask for it: others raise `InvalidConfiguration`.
    """

    text: str
    said: tuple[Said, ...] = ()
    sound: Callable[[], Samples] = _unheard


class Completeness(Protocol):
    """Says whether what was said so far could be all that the caller wants to say."""

    def looks_complete(self, utterance: Utterance) -> bool:
        """True when a reply would not cut into a sentence. Called on the loop: must not block."""
        ...


class SoundCompleteness(Completeness, Protocol):
    """The same from the sound: asked on the processor, once in each silence.

    Attributes:
        cost: stated seconds that an answer takes, used on the virtual clock and in what-if. To have it is
            what makes a judge one of the sound.
    """

    cost: float


CompletenessLike = Completeness | Callable[[str], bool]
"""A judge, or a plain function of the words so far."""


def hears(judge: Completeness) -> TypeGuard[SoundCompleteness]:
    """Whether a judge is one of the sound."""
    return getattr(judge, "cost", None) is not None


def known_after(judge: SoundCompleteness) -> float:
    """Seconds into a silence, a frame's end, from which on the answer of a judge of the sound is known."""
    return math.ceil((LISTENED + judge.cost) / FRAME_SECONDS - _HAIR) * FRAME_SECONDS


def stretch_of(onset: float, speech_end: float) -> tuple[float, float]:
    """Where the sound begins and ends that a judge of it hears, in seconds of the track.

    Args:
        onset: where the utterance began.
        speech_end: where its speech ended so far.
    """
    end = speech_end + LISTENED
    return max(onset - BEFORE, end - LONGEST, 0.0), end


class FromWords:
    """A judge made of a plain function.

    Args:
        function: takes the words so far, and says whether they could be all.
    """

    def __init__(self, function: Callable[[str], bool]) -> None:
        self._function = function

    def looks_complete(self, utterance: Utterance) -> bool:
        """What the function says of the words; without any they never look complete."""
        return bool(utterance.text.strip() and self._function(utterance.text))


def judge_of(given: CompletenessLike | None) -> Completeness:
    """The judge that is meant: itself, one made of a function of the words, or the default.

    Raises:
        InvalidConfiguration: it is none of these, or its ``cost`` is no length of time.
    """
    if given is None:
        return Words()
    if isinstance(given, type) or not (callable(getattr(given, "looks_complete", None)) or callable(given)):
        raise InvalidConfiguration(
            f"completeness={given!r} judges nothing.",
            remedy="Give a function of the words so far, an object with looks_complete(utterance), "
            "vn.SmartTurn(), or None for the default.",
            param="completeness",
        )
    cost = getattr(given, "cost", None)
    number = isinstance(cost, int | float) and not isinstance(cost, bool)
    if cost is not None and not (number and math.isfinite(cost) and cost >= 0):
        raise InvalidConfiguration(
            f"cost={cost!r} of {given!r} is no length of time.",
            remedy="It is the seconds that an answer takes, 0.05 say.",
            param="completeness",
        )
    return FromWords(given) if not hasattr(given, "looks_complete") else given


_ARTICLES = "a an the my your our their its"
_CONJUNCTIONS = "and or but nor because if unless whether although whereas while than"
# Not those that end sentences as adverbs ("I have been there before").
_PREPOSITIONS = (
    "about against among at beside between beyond by during for from in into of on onto per regarding to "
    "toward towards under until upon via with within without"
)
_FILLERS = "um umm uh uhh uhm er erm ehm eh hmm hm mm"
_NEVER_LAST = frozenset(f"{_ARTICLES} {_CONJUNCTIONS} {_FILLERS}".split())
_SELDOM_LAST = frozenset(_PREPOSITIONS.split())
_DIGIT_WORDS = "zero oh o one two three four five six seven eight nine double triple"
_DIGITS = frozenset(_DIGIT_WORDS.split())
_WHOLE_NUMBERS = frozenset({7, 10, 11, 16})
"""How many digits telephone and card numbers have; a dictation may be over there."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*")


class Words:
    """The default, without a model: complete unless the last words cannot end a sentence. English.

    Those are articles and possessives, conjunctions, prepositions (but "what is it for?" is a question),
    fillers, a comma or a dash, and digits that are still being dictated.
    """

    def looks_complete(self, utterance: Utterance) -> bool:
        """See :func:`looks_complete`."""
        return looks_complete(utterance.text)


def looks_complete(text: str) -> bool:
    """Whether the words could be all; no words never are.

    >>> looks_complete("A table for four on"), looks_complete("A table for four on Friday.")
    (False, True)
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return False
    ending = text.rstrip("\"')\u201d\u2019 ")
    if ending.endswith((",", ";", ":", "-", "\u2013", "\u2014", "\u2026", "...")):
        return False
    if words[-1] in _NEVER_LAST:
        return False
    if words[-1] in _SELDOM_LAST and not ending.endswith("?"):
        return False
    return not _still_dictating(words)


def _still_dictating(words: list[str]) -> bool:
    """Three or more digits said one by one or in groups, and not as many as a whole number has."""
    digits = parts = 0
    for word in reversed(words):
        plain = word.replace("-", "")
        if plain.isdigit():
            digits += len(plain)
        elif word in _DIGITS:
            digits += 1
        else:
            break
        parts += 1
    said_singly = parts >= 3 and digits >= 3
    in_groups = parts == 2 and digits >= 5
    return (said_singly or in_groups) and digits not in _WHOLE_NUMBERS
