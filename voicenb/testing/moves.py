"""What a scripted caller does: says something, waits for a known time, for the agent, or interrupts it."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True, init=False)
class BargeIn:
    """Wait until the agent speaks, and a little longer, and speak over it.

        BargeIn("Stop, please.", after=0.5)

    It is the answer that is spoken over: a reply that calls a tool before ``after`` is over ("Let me look.")
    is let pass, and the seconds count from the next one. Of a tool that the service runs by itself no message
    tells: where the session has some, a reply that is over before its time is let pass if another follows
    within three seconds.

    Attributes:
        parts: what is said, as in ``Say``.
        after: seconds from the moment at which sound of the answer plays (its leading silence is sound, too).
        voice: as in ``Say``.
        timeout: seconds to wait for the agent.

    Raises:
        InvalidConfiguration: nothing to say, or a time that is less than nothing or more than an hour.
    """

    parts: tuple[Part, ...]
    after: float
    voice: str | None
    timeout: float

    def __init__(
        self, *parts: Part, after: float = 1.0, voice: str | None = None, timeout: float = PATIENCE
    ) -> None:
        _at_most_an_hour("BargeIn", after)
        _not_negative("BargeIn", timeout)
        check_voice(voice)
        object.__setattr__(self, "parts", _checked(parts, "BargeIn"))
        object.__setattr__(self, "after", after)
        object.__setattr__(self, "voice", voice)
        object.__setattr__(self, "timeout", timeout)


Move = Say | Pause | Answer | Greeting | BargeIn


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
    return tuple(item if isinstance(item, Move) else Say(item) for item in items)


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
