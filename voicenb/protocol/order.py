"""In what order the contract has the events of a session come, and what came otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.protocol.settings import at_path
from voicenb.protocol.shapes import Told

_OF_A_REPLY = frozenset(
    {"reply.audio", "transcript.agent.delta", "transcript.agent", "tool.call", "reply.done"}
)


@dataclass(slots=True)
class _Reply:
    sound: bool = False
    text: str | None = None
    interrupted: bool | None = None
    done: bool = False


class Order:
    """Takes the events of a session one after the other and says what came out of order.

    Begin with a new one for each session.
    """

    def __init__(self) -> None:
        self._ready = False
        self._ending = self._ended = False
        self._replies: dict[str, _Reply] = {}
        self._running = ""
        self._speaking = False
        self._deltas = ""  # the item of the caller's turn
        self._final = ""  # the item whose transcript is final, until somebody speaks again
        self._replied = False  # a reply has begun since the caller last spoke, and before the transcript
        self._asked = False  # a reply is due that answers no speech: a greeting, a result, a reply.create
        self._tools: set[str] | None = set()
        self._calls: set[str] = set()
        self._waiting: list[Mapping[str, Any]] = []  # updates that were not answered yet

    def take(self, direction: str, kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
        """Take an event: ``"in"``, ``"out"`` or ``"local"``, its type, and what it says."""
        match direction:
            case "out":
                yield from self._sent(kind, message)
            case "in":
                yield from self._received(kind, message)
            case "local" if kind == "closed" and self._ended and (code := message.get("code")) != 1000:
                yield "13.3", f"the socket was closed with {code} after session.ended, not with 1000"
            case _:
                pass

    def end(self) -> Iterator[Told]:
        """The session is over: what never came."""
        if self._ending and not self._ended:
            yield "6.5", "session.end was not answered by session.ended"
        if self._waiting and not self._ending:
            yield "7", "session.update was answered by neither session.updated nor session.error"
        if self._running and not self._ending:
            yield "11.2", "a reply was never finished by reply.done"

    # --- to the service ---

    def _sent(self, kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
        match kind:
            case "session.update":
                session = message.get("session") or {}
                if "agent_id" in session:
                    self._tools = None  # they are stored there
                elif "tools" in session and self._tools is not None:
                    self._tools = {str(tool.get("name")) for tool in session["tools"] or ()}
                if self._ready:
                    self._waiting.append(session)
                else:
                    self._asked = bool(session.get("greeting") or "agent_id" in session)
            case "session.end":
                if self._waiting:
                    yield from self._unanswered()
                self._ending = True
            case "input.audio" if not self._ready:
                yield "5", "this client sent input.audio before session.ready"
            case "reply.create":
                self._asked = True
            case "tool.result":
                self._asked = True
                if message.get("call_id") not in self._calls:
                    yield "6.2", "this client sent a tool.result for a call that was never made"
            case _:
                pass

    def _unanswered(self) -> Iterator[Told]:
        self._waiting.clear()
        yield "7", "session.update was answered by neither session.updated nor session.error"

    # --- from the service ---

    def _received(self, kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
        if self._ended:
            yield "7", f"{kind} came after session.ended"
        if kind in ("session.error", "error"):
            if self._waiting:
                self._waiting.pop(0)
            return
        if not self._ready and kind not in ("session.ready", "session.ended"):
            yield "11.1", f"{kind} came before session.ready"
        match kind:
            case "session.ready":
                if self._ready:
                    yield "11.1", "session.ready came twice"
                self._ready = True
            case "session.updated":
                yield from self._updated(message)
            case "session.ended":
                self._ended = True
            case "reply.started":
                yield from self._reply_started(str(message.get("reply_id") or ""))
            case _ if kind in _OF_A_REPLY:
                yield from self._of_a_reply(kind, message)
            case _:
                yield from self._of_the_caller(kind, message)

    def _updated(self, message: Mapping[str, Any]) -> Iterator[Told]:
        if not self._waiting:
            if self._ready:
                yield "7", "session.updated came without a session.update"
            return
        sent = at_path(self._waiting.pop(0), "input.turn_detection") or {}
        echoed = at_path(message.get("config") or {}, "input.turn_detection") or {}
        if not isinstance(sent, dict) or not isinstance(message.get("config"), dict):
            return
        for name, value in sent.items():
            if echoed.get(name) != value:
                yield (
                    "7.1",
                    f"session.updated: {name} is {echoed.get(name)!r} in the configuration, "
                    "not what was sent",
                )

    def _reply_started(self, reply_id: str) -> Iterator[Told]:
        if self._running:
            yield "11.2", "reply.started came while another reply was not done"
        if not self._asked:
            if self._speaking:
                yield "11.2", "reply.started came before input.speech.stopped"
            self._replied = self._deltas != "" and self._final != self._deltas
        self._asked = False
        self._replies[reply_id] = _Reply()
        self._running = reply_id

    def _of_a_reply(self, kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
        if kind == "tool.call":
            yield from self._tool_call(message)
            return
        reply_id = str(message.get("reply_id") or self._running)
        reply = self._replies.get(reply_id)
        if reply is None:
            yield "11.2", f"{kind} came before the reply.started of its reply"
            reply = self._replies[reply_id] = _Reply()
            self._running = reply_id
        elif reply.done:
            yield "11.2", f"{kind} came after the reply.done of its reply"
            return
        match kind:
            case "reply.audio":
                if reply.text is not None:
                    yield "11.2", "reply.audio came after the transcript.agent of its reply"
                reply.sound = True
            case "transcript.agent":
                reply.text = str(message.get("text") or "")
                reply.interrupted = bool(message.get("interrupted"))
                if reply.text and not reply.sound and not reply.interrupted:
                    yield "11.5", "transcript.agent has words of which no sound came"
            case "reply.done":
                yield from self._reply_done(reply, reply_id, message)
            case _:
                pass

    def _reply_done(self, reply: _Reply, reply_id: str, message: Mapping[str, Any]) -> Iterator[Told]:
        reply.done = True
        if reply_id == self._running:
            self._running = ""
        status = message.get("status", "completed")
        if reply.sound and reply.text is None:
            yield "11.2", f"reply.done ({status}) came without a transcript.agent before it"
        elif reply.interrupted is not None and reply.interrupted != (status == "interrupted"):
            yield (
                "7",
                f"reply.done says {status}, and transcript.agent that interrupted is "
                f"{str(reply.interrupted).lower()}",
            )

    def _tool_call(self, message: Mapping[str, Any]) -> Iterator[Told]:
        call_id, name = str(message.get("call_id")), str(message.get("name"))
        if call_id in self._calls:
            yield "12", "tool.call repeats the call_id of an earlier one"
        self._calls.add(call_id)
        if self._tools is not None and name not in self._tools:
            yield "12.2", f"tool.call for a tool that was not offered: {name}"
        if not self._running:
            yield "11.3", "tool.call came outside of a reply"

    def _of_the_caller(self, kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
        item = str(message.get("item_id") or "")
        match kind:
            case "input.speech.started":
                if self._speaking:
                    yield "11.2", "input.speech.started came twice, without input.speech.stopped between"
                self._speaking, self._final, self._replied = True, "", False
            case "input.speech.stopped":
                if not self._speaking:
                    yield "11.2", "input.speech.stopped came without input.speech.started"
                self._speaking = False
            case "transcript.user.delta":
                if item and item == self._final:
                    yield "11.2", "transcript.user.delta came after the transcript.user of its item"
                self._deltas = item
            case "transcript.user":
                if self._speaking:
                    yield "11.2", "transcript.user came before input.speech.stopped"
                if self._deltas and item != self._deltas:
                    yield "7", "transcript.user has another item_id than the deltas before it"
                if self._replied:
                    yield "11.2", "transcript.user came after the reply.started that answers it"
                self._deltas, self._final, self._replied = "", item, False
            case _:
                pass
