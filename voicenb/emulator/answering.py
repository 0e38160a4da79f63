"""The agent's side of a session: its history, its replies one after the other, its tool calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from voicenb.emulator.brain import Brain, Call, Line, Moment, Say
from voicenb.emulator.configuration import Configuration
from voicenb.emulator.dispatch import Dispatch, Spawn
from voicenb.emulator.outlet import Outlet
from voicenb.emulator.reply import SLIP, Manner, Reply, Thoughts
from voicenb.emulator.resources import Resources
from voicenb.emulator.timeline import ToolRecord, TurnRecord
from voicenb.emulator.wire import Wire

log = logging.getLogger(__name__)

ROUNDS = 8
"""Rounds of tool calls without a word of the user's. A brain that goes on goes in circles: it is not asked
again, and the user is told that something went wrong.
"""


class Floor(Protocol):
    """What the agent's side asks and tells the user's side."""

    @property
    def taken(self) -> bool:
        """Whether the user is speaking, or has spoken and the words are not known yet."""
        ...

    def reply_over(self, *, audible: bool) -> None:
        """A reply is over; whether any of it was audible."""
        ...


@dataclass(slots=True)
class _Owed:
    """A reply that must wait until the floor is free."""

    trigger: Literal["user_speech", "tool_result", "reply_create"]
    record: TurnRecord
    instructions: str | None = None

    def request(self, instructions: str | None) -> None:
        """Have it given as somebody asks for it."""
        self.instructions = self.record.requested_instructions = instructions


class Answering:
    """Gives the replies.

    Args:
        resources: brain, mouth, identifiers, clock.
        wire: where the replies go.
        outlet: held while a tool in hold mode runs.
        config: in force; set `config` when it changes.
        spawn: starts a task of the session.
        floor: the user's side.
    """

    def __init__(
        self,
        resources: Resources,
        wire: Wire,
        outlet: Outlet,
        config: Configuration,
        spawn: Spawn,
        floor: Floor,
    ) -> None:
        self.config = config
        self.history: list[Line] = []
        self.timeline: list[TurnRecord] = []
        self.reply: Reply | None = None
        self._dispatch = Dispatch(resources, wire, outlet, spawn, self._answered)
        self._calls = self._dispatch.calls
        self._resources = resources
        self._wire = wire
        self._outlet = outlet
        self._spawn = spawn
        self._floor = floor
        self._brain = _own_brain(config, local=resources.http_tools.local) or resources.make_brain()
        self._task: asyncio.Task[None] | None = None
        self._owed: _Owed | None = None
        self._requested: _Owed | None = None  # asked for in a hold; what the hold keeps waits beside it
        self._meanwhile: list[Line] = []  # results and messages, kept until the reply is over
        self._rounds = 0
        self._barged_in = False
        self._away = False

    # --- what starts a reply ---

    def greet(self) -> None:
        """Speak the greeting, word for word."""
        text = self.config.greeting
        if text and text.strip():
            self._start(TurnRecord("greeting"), _as_it_stands(text))

    def user_said(self, text: str, record: TurnRecord) -> Line:
        """A turn of the user's is over; answers it as soon as the agent has finished. Returns its line."""
        line = Line(role="user", text=text)
        self.history.append(line)
        self._rounds = 0
        if self._outlet.held:
            self.go_on()
            return line  # in a hold nobody answers speech; the tool's result will be answered
        requested = self._owed.instructions if self._owed else None
        self._owed = _Owed("user_speech", record)
        self._owed.request(requested)
        self.go_on()
        return line

    def add(self, line: Line) -> None:
        """A line for the history that nobody answers unasked; one during a reply comes behind the reply."""
        if line.role == "user":
            self._rounds = 0
        if self.reply is None:
            self.history.append(line)
        else:
            self._meanwhile.append(line)

    def create(self, instructions: str | None) -> None:
        """Speak without user speech: ends a greeting or reply under way, merges with one being thought of.

        In a hold it is a reply of its own, beside the one that waits for the tool.
        """
        reply = self.reply
        if reply is not None and not reply.announced and reply.record.trigger == "user_speech":
            self._owed = self._owed or _Owed("user_speech", self._again(reply))
        self.cut()
        fresh = _Owed("reply_create", TurnRecord("reply_create"))
        if self._outlet.held or self._requested is not None:
            self._requested = owed = fresh
        else:
            self._owed = owed = self._owed or fresh
        owed.request(instructions)
        self.go_on()

    def tool_result(self, call_id: str, result: str, *, is_error: bool) -> None:
        """A tool answered."""
        self._dispatch.take(call_id, result, is_error=is_error)

    def go_on(self) -> None:
        """Give the reply that is owed, if the floor is free for it."""
        if self.reply is not None or self._floor.taken or self._away:
            return
        owed = self._next()
        if owed is None:
            return
        if owed.trigger == "tool_result" and self._rounds > ROUNDS:
            self._start(owed.record, _as_it_stands(SLIP))
            return
        bare = owed.trigger == "reply_create" and not owed.instructions
        typed = bare and self._user_was_last and not self._outlet.held
        moment = Moment(
            trigger="user_speech" if typed else owed.trigger,
            history=tuple(self.history),
            system_prompt=self.config.system_prompt or "",
            tools=self.config.told_tools,
            instructions=owed.instructions,
        )
        self._start(owed.record, self._asked(moment))

    def _next(self) -> _Owed | None:
        """Take the reply that may be given now."""
        owed, self._requested = self._requested, None
        if owed is not None:
            return owed
        owed = self._owed
        if owed is None or (owed.trigger == "tool_result" and self._calls.open):
            return None
        if self._outlet.held and owed.trigger != "reply_create":
            return None
        self._owed = None
        return owed

    async def _asked(self, moment: Moment) -> AsyncGenerator[Say | Call, None]:
        """The brain's thoughts; an error in it is the reply's, also before there are any."""
        thoughts = self._brain.answer(moment)
        try:
            async for piece in thoughts:
                yield piece
        finally:
            close = getattr(thoughts, "aclose", None)
            if close is not None:
                await close()

    @property
    def _user_was_last(self) -> bool:
        """Whether the user's words stand unanswered at the end of the history."""
        return bool(self.history) and self.history[-1].role == "user"

    @property
    def last_words(self) -> str:
        """What the agent said last, and behind it what it is about to say as far as that is known."""
        before = next((line.text for line in reversed(self.history) if line.role == "agent"), "")
        return before if self.reply is None else f"{before} {self.reply.thought}".strip()

    # --- what ends one ---

    def cut(self) -> None:
        """End the reply now: what was heard of it stays, and if nothing was said of it nothing is."""
        reply, task = self.reply, self._task
        if reply is None:
            return
        self.reply = self._task = None
        reply.cut(self._now())
        if task is not None:
            task.cancel()
        self._note(reply.record.agent_text, interrupted=True)

    def interrupt(self) -> None:
        """The user takes the floor."""
        self._barged_in = self.reply is not None
        self.cut()

    def take_back(self, line: Line | None) -> None:
        """The user goes on: the answer that was being prepared, and the line it answers, are taken back.

        What somebody asked for beside that is still to be said.
        """
        reply, requested = self.reply, None
        if reply is not None and reply.record.trigger == "user_speech":
            requested = reply.record.requested_instructions
            self.cut()
            reply.record.status = "reopened"
        elif self._owed is not None and self._owed.trigger == "user_speech":
            requested, self._owed = self._owed.instructions, None
        if requested is not None:
            self._owed = _Owed("reply_create", TurnRecord("reply_create"))
            self._owed.request(requested)
        self.history = [entry for entry in self.history if entry is not line]

    def give_way(self, *, interrupts: bool) -> None:
        """The user begins to speak while nothing of a reply is heard.

        One that answers no speech and has not begun is given later. One that has, and pauses, ends there.

        Args:
            interrupts: whether the user's speech may cut a reply off.
        """
        reply = self.reply
        if reply is None or reply.calls:
            return
        if reply.has_sounded(self._now()):
            if interrupts:
                self.interrupt()
            return
        if reply.record.trigger not in ("tool_result", "reply_create"):
            return
        record = self._again(reply)
        self.cut()
        self._give_later(_Owed(reply.record.trigger, record, record.requested_instructions))

    def _again(self, reply: Reply) -> TurnRecord:
        """What a reply was to answer, for another one; if nobody has heard of it there was none."""
        if not reply.announced:
            self.timeline[:] = [record for record in self.timeline if record is not reply.record]
        return reply.record.again()

    def leave(self, away: bool) -> None:
        """The client is away, or back.

        A reply under way ends where it is, and is not said again; what is still to be answered waits.
        """
        self._away = away
        if away:
            self._put_off()
        else:
            self.go_on()

    def _put_off(self) -> None:
        """End the reply; one of which the client has heard nothing yet is given later."""
        reply = self.reply
        if reply is not None and not reply.calls and not reply.has_sounded(self._now()):
            record = self._again(reply)
            if record.trigger != "greeting":
                self._give_later(_Owed(record.trigger, record, record.requested_instructions))
        self.cut()

    def _give_later(self, owed: _Owed) -> None:
        """A reply that was begun, and of which nothing was heard, is owed again."""
        if owed.trigger == "reply_create" and (self._outlet.held or self._owed is not None):
            self._requested = owed
        else:
            self._owed = self._owed or owed

    def stop(self) -> None:
        """The session is over."""
        self._calls.drop()
        if self._task is not None:
            self._task.cancel()
        if self.reply is not None:
            self.reply.leave(self._now())

    # --- its course ---

    def _start(self, record: TurnRecord, thoughts: Thoughts) -> None:
        profile, trigger = self._resources.profile, record.trigger
        self.timeline.append(record)
        manner = Manner(
            voice=self.config.voice,
            encoding=self.config.output_format["encoding"],
            volume=self.config.volume,
            leading=self._resources.silence.before(trigger, barged_in=self._barged_in),
            lead=profile.greeting_lead if trigger == "greeting" else profile.lead,
            delay=profile.greeting_delay if trigger == "greeting" else self._slowness(),
        )
        self._barged_in = False
        self.reply = Reply(self._resources, self._wire, record, manner, self._call)
        self._task = self._spawn(self._give(self.reply, thoughts))

    def _slowness(self) -> float:
        """Seconds by which this reply is slow on purpose."""
        slow = self._resources.faults.take("slow-reply")
        return 0.0 if slow is None else slow.seconds

    async def _give(self, reply: Reply, thoughts: Thoughts) -> None:
        await reply.run(thoughts)
        if self.reply is not reply:
            return
        self.reply = self._task = None
        self._note(reply.record.agent_text)
        self._floor.reply_over(audible=reply.audible_at is not None)
        self.go_on()

    def _note(self, text: str, *, interrupted: bool = False) -> None:
        """A reply is over: its words go into the history, and behind them what came meanwhile."""
        if text:
            self.history.append(Line(role="agent", text=text, interrupted=interrupted))
        self.history += self._meanwhile
        self._meanwhile = []

    def _call(self, reply: Reply, call: Call) -> None:
        record = ToolRecord(self._resources.ids.call(), call.name, call.arguments, self._now())
        reply.record.tool_calls.append(record)
        self._floor.reply_over(audible=False)
        self._dispatch.send(record, self.config.tool(call.name))

    def _now(self) -> float:
        return self._resources.stamps.loop_time()

    def _answered(self, line: Line) -> None:
        self._meanwhile.append(line)
        if self.reply is None or not self.reply.calls:
            self._note("")
        if self._outlet.held and not self._calls.holding:
            self._outlet.hold(False)
        if self._calls.open:
            self.go_on()  # what the hold kept waiting; the results are answered together
            return
        self._rounds += 1
        if self._rounds > ROUNDS:
            log.warning(
                "The brain has called tools more than %d times in a row; it is not asked again", ROUNDS
            )
        if self._owed is None:
            self._owed = _Owed("tool_result", TurnRecord("tool_result"))
        else:
            self._owed.trigger = "tool_result"
        self.go_on()


async def _as_it_stands(text: str) -> AsyncIterator[Say]:
    """Thoughts that are known beforehand."""
    yield Say(text)


def _own_brain(config: Configuration, *, local: bool) -> Brain | None:
    """The language model that a stored agent brings, or None."""
    if not config.llm:
        return None
    from voicenb.emulator.brains.openai import OpenAIBrain

    own = config.llm[0]
    return OpenAIBrain(
        own["model"], base_url=own["base_url"], api_key=own.get("api_key"), as_service=True, local=local
    )
