"""A brain that follows a script: for tests, demos and CI."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicenb.emulator.argument_checks import plain, unfit
from voicenb.emulator.brain import BrainMismatch, Call, Moment, Say
from voicenb.emulator.brains.instructions import followed
from voicenb.errors import InvalidConfiguration
from voicenb.names import did_you_mean

Item = str | Mapping[str, Any] | Sequence[Any]
_KEYS = frozenset({"on", "after", "say", "call", "arguments", "once"})
OVER = "My script has no more lines."
"""What is said when it is over: silence would look like a fault of the service."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a script, read.

    Attributes:
        parts: what is said and called, in order.
        on: answers whenever this is found in what the caller said; None takes its turn in the order of the
            script.
        after: answers the result of this tool.
        once: a cue with ``on`` or ``after`` that is used up by its first use.
        place: where it stands, for the error.
    """

    parts: tuple[Say | Call, ...]
    on: re.Pattern[str] | None = None
    after: str = ""
    once: bool = False
    place: str = ""

    def fits(self, moment: Moment) -> bool:
        """Whether it has a condition and the moment meets it."""
        last = moment.history[-1] if moment.history else None
        if self.after:
            return moment.trigger == "tool_result" and last is not None and last.name == self.after
        if self.on is None or moment.trigger == "tool_result":
            return False
        said = moment.instructions or "" if moment.trigger == "reply_create" else last.text if last else ""
        return self.on.search(said) is not None

    def check(self, tools: Sequence[Mapping[str, Any]]) -> None:
        """Hold its calls against the tools that the agent has at this moment.

        Raises:
            BrainMismatch: there is no such tool, or its arguments are not as the tool wants them.
        """
        known = {str(tool["name"]): tool.get("parameters") or {} for tool in tools}
        for call in self.parts:
            if not isinstance(call, Call):
                continue
            if call.name not in known:
                has = f"The agent has {', '.join(known)}." if known else "The agent has no tools."
                raise BrainMismatch(
                    f"{self.place} of the script calls {call.name!r}, which is no tool of the agent.",
                    remedy=f"{did_you_mean(call.name, known)}{has}",
                    tool=call.name,
                )
            arguments = plain(call.arguments)
            wrong = "They are no JSON." if arguments is None else unfit(known[call.name], arguments)
            if wrong:
                raise BrainMismatch(
                    f"{self.place} of the script calls {call.name!r} with arguments that do not fit: {wrong}",
                    remedy="Write them as the parameters of the tool ask for them.",
                    tool=call.name,
                )


class Scripted:
    """Answers with the lines of a script, in order; lines with a condition answer whenever it holds.

    A line is a text (said), ``{"say": …, "call": tool, "arguments": {…}}``, or a list of these in one reply.
    With ``"on": regex`` it answers whenever the regex is found in what the caller said (case does not
    matter), with ``"after": tool`` whenever that tool's result came in; with ``"once": true`` only the first
    time. ``{result}`` in a text is the latest tool result. A turn that was reopened, because the caller went
    on, is answered by the same line again. Each session starts at the beginning.

    A line that calls a tool which the agent does not have, or with arguments that do not fit, ends the
    session with an error that names the line.

    Args:
        items: the lines, or a mapping from regexes to replies.

    Raises:
        InvalidConfiguration: a line that means nothing; ``facts`` hold ``line``, counted from 1.
    """

    def __init__(self, items: Sequence[Item] | Mapping[str, Item]) -> None:
        if isinstance(items, Mapping):
            items = [{"on": pattern, **_as_object(reply)} for pattern, reply in items.items()]
        elif isinstance(items, str):
            items = [items]
        self.cues = tuple(read(item, f"line {number}", number) for number, item in enumerate(items, start=1))
        self._asked: dict[int, int | None] = {}

    @property
    def name(self) -> str:
        """What the panel calls it."""
        return "script"

    @classmethod
    def from_file(cls, path: str | Path) -> Scripted:
        """Read a script: one JSON value a line; empty lines and comments (``#``, ``//``) are skipped.

        Raises:
            InvalidConfiguration: the file or one of its lines cannot be read; the message names the line.
        """
        brain = cls([])
        brain.cues = cues_of(Path(path))
        return brain

    def fresh(self) -> Scripted:
        """The same script from its beginning, for the next session."""
        brain = Scripted([])
        brain.cues = self.cues
        return brain

    async def answer(self, moment: Moment) -> AsyncIterator[Say | Call]:
        """The reply; see :class:`voicenb.emulator.brain.Brain`."""
        cue = self._cue(moment)
        if cue is None:
            said = followed(moment.instructions or "") if moment.trigger == "reply_create" else ""
            yield Say(said or moment.instructions or OVER)
            return
        cue.check(moment.tools)
        result = next((line.text for line in reversed(moment.history) if line.role == "tool"), "")
        for part in cue.parts:
            yield Say(part.text.replace("{result}", result)) if isinstance(part, Say) else part

    def _cue(self, moment: Moment) -> Cue | None:
        # A turn is known by how much had been said before it, so that asking again is not a new turn.
        turn = sum(line.role in ("user", "tool") for line in moment.history)
        for later in [
            number for number in self._asked if number >= turn and moment.trigger != "reply_create"
        ]:
            del self._asked[later]
        used = set(self._asked.values())
        for number, cue in enumerate(self.cues):
            if not (cue.once and number in used) and cue.fits(moment):
                if moment.trigger != "reply_create":
                    self._asked[turn] = number
                return cue
        if moment.trigger == "reply_create":
            return None
        ordered = (number for number, cue in enumerate(self.cues) if cue.on is None and not cue.after)
        following = next((number for number in ordered if number not in used), None)
        self._asked[turn] = following
        return None if following is None else self.cues[following]


def cues_of(path: Path) -> tuple[Cue, ...]:
    """The lines of a script file, read; raises as :meth:`Scripted.from_file` does."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(
            f"The script {path} cannot be read: {error}.",
            remedy="A script is a UTF-8 file with one JSON value a line.",
            path=str(path),
        ) from error
    return tuple(_cues(text, path))


def _cues(text: str, path: Path) -> Iterator[Cue]:
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip().lstrip("\ufeff")
        if not stripped or stripped.startswith(("#", "//")):
            continue
        place = f"{path}, line {number}"
        try:
            item = json.loads(stripped)
        except ValueError as error:
            raise InvalidConfiguration(
                f"{place}: no JSON value ({error}).",
                remedy='Write one a line, e.g. "Good evening." or {"on": "friday", "call": '
                '"free_tables", "arguments": {"day": "Friday"}}.',
                path=str(path),
                line=number,
            ) from error
        yield read(item, place, number)


def read(item: object, place: str, number: int = 0) -> Cue:
    """Read one line of a script.

    Args:
        item: the line, as JSON gives it.
        place: where it stands, for the error.
        number: its number, from 1.

    Raises:
        InvalidConfiguration: it means nothing.
    """

    def wrong(what: str) -> InvalidConfiguration:
        return InvalidConfiguration(
            f"{place}: {what}.",
            remedy='A line is a text, or an object with "say", "call" and "arguments", "on" or '
            '"after", "once".',
            line=number,
        )

    if isinstance(item, str):
        return Cue((Say(item),), place=place)
    if isinstance(item, Sequence):
        cues = [read(inner, place, number) for inner in item]
        if any(cue.on or cue.after for cue in cues):
            raise wrong("a condition inside a list")
        return Cue(tuple(part for cue in cues for part in cue.parts), place=place)
    if not isinstance(item, Mapping):
        raise wrong(f"neither a text nor an object but {item!r}")
    unknown = sorted(set(item) - _KEYS)
    if unknown:
        raise wrong(f"unknown key {unknown[0]!r}")
    parts: list[Say | Call] = []
    say, call, arguments = item.get("say"), item.get("call"), item.get("arguments", {})
    if (
        say is not None
        and not isinstance(say, str)
        and not (isinstance(say, list) and all(isinstance(text, str) for text in say))
    ):
        raise wrong('"say" is not a text')
    parts.extend(Say(text) for text in ([say] if isinstance(say, str) else say or []))
    if call is not None:
        if not isinstance(call, str) or not call:
            raise wrong('"call" is not the name of a tool')
        if not isinstance(arguments, Mapping):
            raise wrong('"arguments" is not an object')
        parts.append(Call(call, dict(arguments)))
    elif "arguments" in item:
        raise wrong('"arguments" without "call"')
    if not parts:
        raise wrong('nothing to say or call ("say" and "call" are missing)')
    on, after = item.get("on"), item.get("after", "")
    if on is not None and after:
        raise wrong('"on" and "after" exclude each other')
    if not isinstance(after, str) or not isinstance(on, str | None):
        raise wrong('"on" and "after" are texts')
    try:
        pattern = re.compile(on, re.IGNORECASE) if on is not None else None
    except re.error as error:
        raise wrong(f'"on" is no regular expression: {error}') from error
    return Cue(tuple(parts), pattern, after, bool(item.get("once", False)), place)


def _as_object(reply: Item) -> Mapping[str, Any]:
    if isinstance(reply, str):
        return {"say": reply}
    if isinstance(reply, Mapping):
        return reply
    raise InvalidConfiguration(
        f"A reply of a script that maps patterns is a text or an object, not {reply!r}.",
        remedy='For instance {"hello": "Good evening.", "friday": {"call": "free_tables", '
        '"arguments": {"day": "Friday"}}}.',
    )
