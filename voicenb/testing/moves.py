"""What a scripted caller does: says something, waits, for a while or for the agent, speaks over it, goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicenb.agent import Agent
from voicenb.audio.speech import check_text, check_voice
from voicenb.errors import InvalidConfiguration
from voicenb.session.microphones import LONGEST, Spoken

PATIENCE = 10.0
"""Seconds without a sound of the agent after which a caller gives up."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence of a known length.

    Attributes:
        seconds: how long.

    Raises:
        InvalidConfiguration: less than nothing, or more than an hour.
    """

    seconds: float

    def __post_init__(self) -> None:
        _at_most_an_hour("Pause", self.seconds)


Part = str | Path | Spoken | Pause


@dataclass(frozen=True, slots=True, init=False)
class Say:
    """Something said in one go: words, sounds, and pauses of a known length between them.

        Say("I would like", Pause(0.8), "a table.")

    Attributes:
        parts: strings are texts (spoken by a synthetic voice); files are ``WavFile`` or `pathlib.Path`;
            ``Pause``.
        voice: one of the API's voice names; the caller's own when None.

    Raises:
        InvalidConfiguration: nothing to say, something that cannot be said, or a string that names a
            ``.wav`` file.
    """

    parts: tuple[Part, ...]
    voice: str | None

    def __init__(self, *parts: Part, voice: str | None = None) -> None:
        check_voice(voice)
        object.__setattr__(self, "parts", _checked(parts, "Say"))
        object.__setattr__(self, "voice", voice)


@dataclass(frozen=True, slots=True)
class Answer:
    """Wait until the agent has answered what was said: a reply to it was heard to its end.

    Before anything was said it waits for the agent's first words, which are its greeting. An agent without
    one says none, and the caller gives up: ``Greeting`` waits only for an agent that has one.

    What the agent says before it calls a tool is no answer. Of tools that the service runs by itself
    (``HttpTool``) no message tells: where the session has some, a reply is the answer when no other has
    followed it within three seconds; for a tool that takes longer, put a ``Pause`` before the ``Answer``.
    Without such tools nothing is waited for behind the answer.

    Attributes:
        timeout: seconds without a sound of the agent after which the caller gives up: the call ends with
            `WaitTimeout`. One below six shortens those three seconds to the half of it.
    """

    timeout: float = PATIENCE

    def __post_init__(self) -> None:
        _not_negative("Answer", self.timeout)


@dataclass(frozen=True, slots=True)
class Greeting:
    """Wait until the greeting was heard to its end; nothing when the agent has none.

    Attributes:
        timeout: seconds without a sound of the agent after which the caller gives up.
    """

    timeout: float = PATIENCE

    def __post_init__(self) -> None:
        _not_negative("Greeting", self.timeout)


@dataclass(frozen=True, slots=True)
class FirstWord:
    """Wait until the agent begins to answer what was said: the first audible sample of a reply is heard.

    Before anything was said it waits for the greeting's. What the agent says before it calls a tool ("Let me
    look.") counts, unlike for ``Answer``, for it is what a caller hears. What is said next is said over the
    agent; an ``Answer`` waits for the rest. Where the speaker of a session is not the caller's own ear
    (:attr:`voicenb.testing.caller.Caller.ear`), the leading silence of a reply counts as its sound.

    Attributes:
        timeout: seconds without a sound of the agent after which the caller gives up.
    """

    timeout: float = PATIENCE

    def __post_init__(self) -> None:
        _not_negative("FirstWord", self.timeout)


@dataclass(frozen=True, slots=True, init=False)
class _Over:
    """Something that is said over the agent."""

    parts: tuple[Part, ...]
    after: float
    at: str | None
    voice: str | None
    timeout: float

    def __init__(
        self,
        *parts: Part,
        after: float | None = None,
        at: str | None = None,
        voice: str | None = None,
        timeout: float = PATIENCE,
    ) -> None:
        move = type(self).__name__
        after = _begin(move, after, at)
        _not_negative(move, timeout)
        check_voice(voice)
        object.__setattr__(self, "parts", _checked(parts, move))
        object.__setattr__(self, "after", after)
        object.__setattr__(self, "at", at)
        object.__setattr__(self, "voice", voice)
        object.__setattr__(self, "timeout", timeout)


class BargeIn(_Over):
    """Wait until the agent speaks, and a little longer or for a word of it, and speak over it.

        BargeIn("Stop, please.", after=0.5)
        BargeIn("Saturday, I said.", at="Friday")

    It is the answer that is spoken over: a reply that calls a tool before ``after`` is over ("Let me look.")
    is let pass, and the seconds count from the next one. Of a tool that the service runs by itself no message
    tells: where the session has some, a reply that is over before its time is let pass if another follows
    within three seconds.

    A word is any word of what the agent says from now on, whichever reply it is in; its moment is the one
    that the service tells (`start_ms` of its `transcript.agent.delta`), and met to a frame of 20 ms.

    Attributes:
        parts: what is said, as in ``Say``.
        after: seconds from the moment at which sound of the answer plays (its leading silence is sound, too);
            with ``at`` from the beginning of that word. 1.0 by default, with ``at`` 0.
        at: a word of the agent's, or a few in a row; capitals and punctuation do not count.
        voice: as in ``Say``.
        timeout: seconds to wait for the agent.

    Raises:
        InvalidConfiguration: nothing to say, a time that is less than nothing or more than an hour, or a word
            without a letter.
    """


class BackChannel(_Over):
    """Say "Mm-hm." while the agent speaks, as a listener does; no answer to it is waited for.

        BackChannel("Mm-hm.", after=1.5)

    When it comes is told as for ``BargeIn``; without any words it is "Mm-hm.".

    Attributes:
        parts: what is said, as in ``Say``.
        after: as in ``BargeIn``.
        at: as in ``BargeIn``.
        voice: as in ``Say``.
        timeout: seconds to wait for the agent.

    Raises:
        InvalidConfiguration: as in ``BargeIn``.
    """

    def __init__(
        self,
        *parts: Part,
        after: float | None = None,
        at: str | None = None,
        voice: str | None = None,
        timeout: float = PATIENCE,
    ) -> None:
        super().__init__(*(parts or ("Mm-hm.",)), after=after, at=at, voice=voice, timeout=timeout)


@dataclass(frozen=True, slots=True)
class Cough:
    """Cough: loud, and no word. At once; or over the agent, where ``after`` or ``at`` is given.

    Attributes:
        after: as in ``BargeIn``; None and no ``at``: at once.
        at: as in ``BargeIn``.
        seed: which cough.
        timeout: seconds to wait for the agent.

    Raises:
        InvalidConfiguration: a time that is less than nothing or more than an hour, or another seed than a
            whole number from 0 up.
    """

    after: float | None = None
    at: str | None = None
    seed: int = 0
    timeout: float = PATIENCE

    def __post_init__(self) -> None:
        if self.over:
            _begin("Cough", self.after, self.at)
        _not_negative("Cough", self.timeout)
        check_seed("Cough", self.seed)

    @property
    def over(self) -> bool:
        """Whether it waits for the agent."""
        return self.after is not None or self.at is not None


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang up without a word: the line is cut, and no ``session.end`` is sent.

    As when a phone is put down or its battery dies: the service waits for the caller to come back, 30 s that
    are billed. Without it a caller hangs up behind the last move too, but the session is ended properly.
    Nothing may stand behind it.
    """


Move = Say | Pause | Answer | Greeting | FirstWord | BargeIn | BackChannel | Cough | HangUp


def moves(items: Sequence[Move | str | Path | Spoken]) -> tuple[Move, ...]:
    """The moves of a script; a text, a `pathlib.Path` or a ``WavFile`` stands for saying it.

    Raises:
        InvalidConfiguration: something else.
    """
    if isinstance(items, str):
        check_text(items)
    if isinstance(items, Agent):
        raise InvalidConfiguration(
            "An agent is no caller.", remedy="The agent comes first: vn.run(agent, caller)."
        )
    if isinstance(items, str | bytes | Path | Spoken | Move):
        raise InvalidConfiguration(
            f"A caller's script is a list, not {items!r}.", remedy=f"Write vn.Caller([{items!r}])."
        )
    if not isinstance(items, Iterable):
        raise InvalidConfiguration(
            f"{items!r} is no caller.", remedy='Pass vn.Caller([…]) or its script, as in ["Hello."].'
        )
    script = tuple(item if isinstance(item, Move) else Say(item) for item in items)
    if any(isinstance(move, HangUp) for move in script[:-1]):
        raise InvalidConfiguration(
            "Something stands behind a HangUp; the caller has gone by then.",
            remedy="Let it be the last move.",
        )
    return script


def check_seed(owner: str, seed: object) -> None:
    """See to it that a seed is one.

    Raises:
        InvalidConfiguration: it is no whole number from 0 up.
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise InvalidConfiguration(
            f"{owner}: a seed is a whole number from 0 up, not {seed!r}.", param="seed"
        )


def words(text: str) -> list[str]:
    """The words of a text, as they are compared with one another: small, without punctuation."""
    return re.findall(r"\w+(?:'\w+)*", text.casefold().replace("\u2019", "'"))


def _begin(move: str, after: float | None, at: object) -> float:
    """The seconds that somebody waits who speaks over the agent."""
    if at is not None and (not isinstance(at, str) or not words(at)):
        raise InvalidConfiguration(
            f"{move}: at= is a word of the agent's, not {at!r}.",
            remedy="A time is after=, in seconds." if isinstance(at, int | float) else "",
            param="at",
        )
    seconds = (1.0 if at is None else 0.0) if after is None else after
    _at_most_an_hour(move, seconds)
    return seconds


def _checked(parts: tuple[Any, ...], move: str) -> tuple[Part, ...]:
    for part in parts:
        if not isinstance(part, Part):
            raise InvalidConfiguration(
                f"{move} cannot say {part!r}.",
                remedy="It takes texts, vn.WavFile, pathlib.Path (of a WAV file) and vn.Pause.",
            )
        if isinstance(part, str):
            if not part.strip():
                raise InvalidConfiguration(f"{move} has an empty text; there is nothing to say in it.")
            check_text(part)
    if all(isinstance(part, Pause) for part in parts):
        raise InvalidConfiguration(
            f"{move} has nothing to say.", remedy='Give it a text, as in vn.Say("Hello.").'
        )
    return parts


def _at_most_an_hour(move: str, seconds: float) -> None:
    _not_negative(move, seconds)
    if seconds > LONGEST:
        raise InvalidConfiguration(f"{move}: {seconds:g} seconds are more than an hour.")


def _not_negative(move: str, seconds: float) -> None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise InvalidConfiguration(f"{move} takes a number of seconds, not {seconds!r}.")
    if not seconds >= 0:
        raise InvalidConfiguration(f"{move}: {seconds!r} seconds are less than nothing.")
