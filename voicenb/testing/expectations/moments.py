"""Moments that something may come before or after: words that were said, a tool that was called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from voicenb.analysis.report import CallFacts
from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.protocol.calls import ToolCallState
from voicenb.recording.given import told
from voicenb.testing.expectations.wording import Wording

Side = Literal["agent", "caller"]


@dataclass(frozen=True, slots=True)
class Happened:
    """One time that something happened in a call.

    Attributes:
        begin: seconds on the engine's clock.
        end: of it.
        turn: of ``vn.turns`` that it belongs to; None where none does.
    """

    begin: float
    end: float
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Words that the caller or the agent said, as a moment for ``before=`` and ``after=``.

        vn.expect(call).calls("book", after=Said("yes", by="caller"))

    Of the agent's words those that were heard. The moment is the whole turn that they were said in.

    Args:
        what: words, or a compiled pattern.
        by: ``"agent"`` or ``"caller"``.
        near: how like words have to be, 0 to 1; None for the same words.

    Raises:
        InvalidConfiguration: nothing that can be said, or by nobody.
    """

    what: str | re.Pattern[str]
    by: Side = "agent"
    near: float | None = None

    def __post_init__(self) -> None:
        Wording.given(self.what, self.near)
        side(self.by)

    def __str__(self) -> str:
        return f"the {self.by} said {Wording(self.what, self.near)}"

    def times(self, call: CallFacts) -> Iterator[Happened]:
        """When that was, for sure.

        Args:
            call: of a report.
        """
        wording = Wording(self.what, self.near)
        for turn in spoken(call, self.by):
            if wording.said(turn) and turn.start is not None and turn.end is not None:
                yield Happened(turn.start, turn.end, turn)

    def unknown(self, call: CallFacts) -> bool:
        """Whether it may have been said at another time, for all that is known.

        Args:
            call: of a report.
        """
        wording = Wording(self.what, self.near)
        return "words" in call.absent or any(
            wording.said(turn) is None or (wording.said(turn) and turn.start is None)
            for turn in spoken(call, self.by)
        )


@dataclass(frozen=True, slots=True, init=False)
class Called:
    """A tool that was called, as a moment for ``before=`` and ``after=``.

        vn.expect(call).says("booked", after=Called("book", day="Friday"))

    The moment lasts from the call to its result; of one without a result it is the call. Arguments that are
    not named may be anything.

    Args:
        name: of the tool.
        **arguments: values; compiled patterns that match a string; or functions that are true of the value.

    Raises:
        InvalidConfiguration: that is no name.
    """

    name: str
    arguments: Mapping[str, Any]

    def __init__(self, name: str, /, **arguments: Any) -> None:
        if not isinstance(name, str) or not name:
            raise InvalidConfiguration(f"{told(name)} is no name of a tool.", param="name")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "arguments", arguments)

    def __str__(self) -> str:
        return written(self.name, self.arguments)

    def fits(self, call: ToolCallState) -> bool:
        """Whether a call of a tool is one.

        Args:
            call: of :attr:`voicenb.Recording.tool_calls`.
        """
        given = call.arguments if isinstance(call.arguments, Mapping) else {}
        return call.name == self.name and all(
            name in given and _fits(wanted, given[name]) for name, wanted in self.arguments.items()
        )

    def times(self, call: CallFacts) -> Iterator[Happened]:
        """When that was.

        Args:
            call: of a report.
        """
        for each in tool_calls(call):
            if self.fits(each):
                yield Happened(
                    each.at, each.at if each.result_at is None else each.result_at, turn_of(call, each)
                )

    def unknown(self, call: CallFacts) -> bool:
        """Whether the recording does not tell of tools.

        Args:
            call: of a report.
        """
        return not call.tells("tool_turns")


Moment = Said | Called


def moment(given: object, name: str) -> Moment | None:
    """A moment that somebody gave; a string is the name of a tool.

    Args:
        given: what.
        name: of the argument.

    Raises:
        InvalidConfiguration: it is none.
    """
    if given is None or isinstance(given, Said | Called):
        return given
    if isinstance(given, str) and given:
        return Called(given)
    raise InvalidConfiguration(
        f"{name}={told(given)} is no moment.",
        remedy=f'Name a tool, {name}="free_tables", or take Said("yes", by="caller") or Called("book") from '
        "voicenb.testing.",
        param=name,
    )


def side(given: object) -> Side:
    """Who is meant.

    Args:
        given: ``"agent"`` or ``"caller"``.

    Raises:
        InvalidConfiguration: neither.
    """
    if given == "agent":
        return "agent"
    if given == "caller":
        return "caller"
    raise InvalidConfiguration(
        f"Nobody is called {told(given)}.", remedy='Take by="agent" or by="caller".', param="by"
    )


def spoken(call: CallFacts, by: Side) -> list[Turn]:
    """One side's turns.

    Args:
        call: of a report.
        by: whose.
    """
    return list(call.turns.agent if by == "agent" else call.turns.caller)


def tool_calls(call: CallFacts) -> list[ToolCallState]:
    """The agent's calls of tools.

    Args:
        call: of a report.
    """
    return [] if call.recording is None else call.recording.tool_calls


def turn_of(call: CallFacts, tool: ToolCallState) -> Turn | None:
    """The caller's turn that a tool was called in.

    Args:
        call: of a report.
        tool: one of its calls of tools.
    """
    return next((turn for turn in call.turns if any(use.call_id == tool.call_id for use in turn.tools)), None)


def lies(happened: Happened, call: CallFacts, before: Moment | None, after: Moment | None) -> bool:
    """Whether something lies before a time of one moment, and after a time of another.

    Args:
        happened: one time of something.
        call: the call.
        before: ends before a time of this begins.
        after: begins when a time of this has ended.
    """
    if before is not None and not any(happened.end <= each.begin for each in before.times(call)):
        return False
    return after is None or any(happened.begin >= each.end for each in after.times(call))


def written(name: str, arguments: Mapping[str, Any]) -> str:
    """A call of a tool as it would be written.

    Args:
        name: of the tool.
        arguments: by name.
    """
    shown = (f"{each}={_shown(value)}" for each, value in arguments.items())
    return f"{name}({', '.join(shown)})"


def _shown(value: object) -> str:
    if isinstance(value, re.Pattern):
        return f"/{value.pattern}/"
    if callable(value):
        return f"<{getattr(value, '__name__', type(value).__name__)}>"
    return repr(value)


def _fits(wanted: object, given: object) -> bool:
    if isinstance(wanted, re.Pattern):
        return isinstance(given, str) and wanted.search(given) is not None
    if callable(wanted):
        return bool(wanted(given))
    if isinstance(wanted, bool) or isinstance(given, bool):
        return wanted is given
    if isinstance(wanted, tuple) and isinstance(given, list):
        wanted = list(wanted)  # JSON has no tuples
    return bool(wanted == given)
