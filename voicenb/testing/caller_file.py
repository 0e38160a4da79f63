"""A scripted caller in a file, YAML or JSON: what `voicenb.Caller` is made with, by name.

label: hesitant
voice: james
conditions: {snr: 12, noise: babble, telephone: true}
script:
  - A table for four, please.
  - wait: answer
  - say: ["On", {pause: 0.8}, "Friday."]
  - barge_in: At nine, I said.
    at: half past
  - back_channel: Mm-hm.
    after: 1.5
  - cough:
  - wav: caller.wav
  - wait: first word
    timeout: 5
  - pause: 2
  - hang_up:
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from voicenb.errors import AudioError, InvalidConfiguration, UnspeakableText
from voicenb.names import did_you_mean
from voicenb.session.microphones import WavFile
from voicenb.testing.conditions import KINDS, Conditions
from voicenb.testing.moves import (
    Answer,
    BackChannel,
    BargeIn,
    Cough,
    FirstWord,
    Greeting,
    HangUp,
    Move,
    Part,
    Pause,
    Say,
    moves,
)
from voicenb.testing.placed import Placed, read_placed, wrong

T = TypeVar("T")

_WAITS: Mapping[str, Callable[..., Move]] = {"answer": Answer, "first word": FirstWord, "greeting": Greeting}

_OVER = ("after", "at", "timeout")

_MOVES: Mapping[str, tuple[str, ...]] = {
    "say": ("voice",),
    "wav": (),
    "pause": (),
    "wait": ("timeout",),
    "barge_in": ("voice", *_OVER),
    "back_channel": ("voice", *_OVER),
    "cough": ("seed", *_OVER),
    "hang_up": (),
}
"""The name of each move, and what else may be said of it."""

_CALLER = ("script", "voice", "label", "conditions")

_NOT_WORDS = frozenset({*_WAITS, *_MOVES, *(name.replace("_", " ") for name in _MOVES), "first_word"})
"""Texts that are no words to say, but a move that was written without its name or its colon."""


def read_caller(path: Path) -> dict[str, Any]:
    """What a caller in a file is made with: the arguments of `voicenb.Caller`.

    Files of sound are named from the file's folder on.

    Raises:
        InvalidConfiguration: it cannot be read, or holds no caller; the message names the line.
        MissingExtra: it is YAML, and PyYAML is not installed.
    """
    return _Reader(path).caller(read_placed(path))


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def caller(self, found: Placed) -> dict[str, Any]:
        if isinstance(found.value, list):
            found = Placed({"script": found}, found.line)
        if not isinstance(found.value, dict) or "script" not in found.value:
            raise self._wrong(
                found, "a caller has a script.", "Write script: and the moves below it, a dash each."
            )
        self._known(found, _CALLER, "A caller")
        script = found.value["script"]
        if not isinstance(script.value, list):
            raise self._wrong(script, "a script is a list of moves.", "Begin each with a dash.")
        done = [self._made(each, partial(self._move, each)) for each in script.value]
        told: dict[str, Any] = {"script": self._made(script, lambda: moves(done)), "label": self._path.name}
        for name in ("voice", "label"):
            if name in found.value:
                told[name] = self._text(found.value[name], name)
        if "conditions" in found.value:
            given = found.value["conditions"]
            told["conditions"] = self._made(given, lambda: self._conditions(given))
        return told

    def _conditions(self, given: Placed) -> Conditions:
        self._known(given, tuple(Conditions.__dataclass_fields__), "Conditions")
        settings = {name: each.value for name, each in given.value.items()}
        noise = settings.get("noise")
        if isinstance(noise, str) and noise not in KINDS and noise.lower().endswith(".wav"):
            settings["noise"] = self._path.parent / noise
        return Conditions(**settings)

    def _move(self, given: Placed) -> Move:
        if isinstance(given.value, str):
            return Say(self._words(given))
        if not isinstance(given.value, dict):
            what = f"{given.value!r} is no move."
            raise self._wrong(given, what, "Words that YAML takes for something else are put in quotes.")
        name = next((each for each in given.value if each in _MOVES), None)
        if name is None:
            first = next(iter(given.value), "")
            raise self._wrong(
                given,
                f"no move is called {first!r}.",
                f"{did_you_mean(first, _MOVES)}There are {', '.join(_MOVES)}.",
            )
        self._known(given, (name, *_MOVES[name]), name)
        rest = {key: each.value for key, each in given.value.items() if key != name}
        return self._named(name, given.value[name], rest)

    def _named(self, name: str, main: Placed, rest: dict[str, Any]) -> Move:
        match name:
            case "say":
                return Say(*self._parts(main), **rest)
            case "barge_in":
                return BargeIn(*self._parts(main), **rest)
            case "back_channel":
                return BackChannel(*([] if main.value is None else self._parts(main)), **rest)
            case "wav":
                return Say(self._file(main))
            case "pause":
                return Pause(main.value)
            case "wait":
                return self._wait(main)(**rest)
            case "cough":
                self._nothing(name, main)
                return Cough(**rest)
            case _:
                self._nothing(name, main)
                return HangUp()

    def _wait(self, main: Placed) -> Callable[..., Move]:
        name = main.value.replace("_", " ") if isinstance(main.value, str) else ""
        if name not in _WAITS:
            raise self._wrong(
                main, f"nobody waits for {name!r}.", f"One waits for {', '.join(_WAITS)}; a time is pause: 2."
            )
        return _WAITS[name]

    def _parts(self, main: Placed) -> list[Part]:
        items = main.value if isinstance(main.value, list) else [main]
        return [self._made(each, partial(self._part, each)) for each in items]

    def _part(self, given: Placed) -> Part:
        match given.value:
            case str():
                return self._words(given, said=True)
            case {"pause": Placed() as seconds, **rest} if not rest:
                return Pause(seconds.value)
            case {"wav": Placed() as file, **rest} if not rest:
                return self._file(file)
            case _:
                raise self._wrong(
                    given,
                    "this cannot be said.",
                    "Parts are texts (in quotes), {pause: 0.8} and {wav: a.wav}.",
                )

    def _words(self, given: Placed, *, said: bool = False) -> str:
        text: str = given.value
        if not said and text.strip() in _NOT_WORDS:
            wait = f"wait: {text.strip().replace('_', ' ')}"
            move = wait if text.strip().replace("_", " ") in _WAITS else f"{text.strip().replace(' ', '_')}:"
            raise self._wrong(
                given, f"{text!r} would be read aloud.", f"The move is `{move}`; the words are `say: {text}`."
            )
        if text.strip().lower().endswith(".wav"):
            raise self._wrong(given, f"{text!r} is the name of a file.", f"Write wav: {text}")
        return text

    def _file(self, given: Placed) -> WavFile:
        return WavFile(self._path.parent / self._text(given, "wav"))

    def _text(self, given: Placed, name: str) -> str:
        if not isinstance(given.value, str):
            raise self._wrong(given, f"{name} is text, not {given.value!r}.", "Put it in quotes.")
        return given.value

    def _nothing(self, name: str, main: Placed) -> None:
        if main.value not in (None, True):
            raise self._wrong(
                main, f"nothing stands behind {name}:", "What else there is has a name of its own."
            )

    def _known(self, given: Placed, names: tuple[str, ...], owner: str) -> None:
        if not isinstance(given.value, dict):
            raise self._wrong(given, f"{owner} has settings by name.", f"There are {', '.join(names)}.")
        for name, each in given.value.items():
            if name not in names:
                told = f"{did_you_mean(name, names)}It has {', '.join(names)}."
                raise self._wrong(each, f"{owner} has no {name}.", told)

    def _made(self, given: Placed, make: Callable[[], T]) -> T:
        try:
            return make()
        except (InvalidConfiguration, AudioError, UnspeakableText) as error:
            if "line" in error.facts:
                raise
            at = given.value.get(error.facts.get("param")) if isinstance(given.value, dict) else None
            line = given.line if at is None else at.line
            raise wrong(self._path, line, error.message, error.remedy, error.facts) from None

    def _wrong(self, given: Placed, what: str, remedy: str) -> InvalidConfiguration:
        return wrong(self._path, given.line, what, remedy)
