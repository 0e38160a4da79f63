"""Chips: where the time of an answer went, and what an interruption took, as lines of the transcript."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from voicenb.analysis.answer import Answer
from voicenb.analysis.boundaries import find_speech
from voicenb.analysis.interruption import Interruption
from voicenb.analysis.measure import Measure
from voicenb.analysis.summary import Summary
from voicenb.errors import RecordingError
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.lines import interruptions
from voicenb.recording.recording import Recording
from voicenb.session.events import Event
from voicenb.session.session import Session
from voicenb.widgets.errands import Errands

SILENCE = np.zeros(2400, np.int16)

TRIES = 8
"""How often an answer is looked at: its first audible sample may be in a later note of what was heard."""

BRIEF = 0.05
"""Seconds of a tool round trip that are told in milliseconds."""

AT_EXIT = 10.0
"""Seconds that the interpreter's exit waits for a measurement: the detector's threads must not outlive it."""


class Chips:
    """Measures a call while it runs, on a thread of its own, and makes lines of what it finds.

    Args:
        session: the call.
        put: takes each line.
        patient: whether to measure while nobody but the caller may be speaking: the agent's voice passes
            through this interpreter, and would be held up.
        found: takes what was measured, before its line.
    """

    def __init__(
        self,
        session: Session,
        put: Callable[[dict[str, Any]], object],
        patient: Callable[[], bool] = lambda: False,
        found: Callable[[Answer | Interruption], object] = lambda what: None,
    ) -> None:
        self._session = session
        self._put = put
        self._found = found
        self._patient = patient
        self._later: list[str] = []  # replies to look at when the agent is silent
        self._turned = False  # a turn has come that may have been an interruption
        self._errands = Errands("voicenb-chips", patience=AT_EXIT)
        self._errands.ask(find_speech, SILENCE)  # loads the model while nobody speaks yet
        self._measure: Measure | None = None
        self._tries: dict[str, int] = {}  # by reply, how often it was looked at; done ones are at TRIES
        self._answers: dict[str, Answer] = {}  # by reply, as measured
        self._told: set[str] = set()  # interruptions that were told of, by item

    def take(self, event: Event) -> None:
        """Take the call's next event; returns at once."""
        if event["type"] == "heard" and event["dir"] == "local":
            reply_id = str((event.get("msg") or event).get("reply_id") or "")
            if self._patient():
                if reply_id not in self._tries and reply_id not in self._later:
                    self._later.append(reply_id)
            elif self._tries.get(reply_id, 0) < TRIES:
                self._look_at(reply_id)
        elif event["type"] == "state" and event["msg"].get("state") == "listening":
            self._catch_up()
        elif event["type"] == "transcript.user":
            self._turned = True
            if not self._patient():
                self._catch_up()

    def _look_at(self, reply_id: str) -> None:
        self._tries[reply_id] = self._tries.get(reply_id, 0) + 1
        self._errands.ask(self._answer, reply_id)

    def _catch_up(self) -> None:
        """Look at what has waited."""
        if self._turned:
            self._turned = False
            self._errands.ask(self._interruption)
        later, self._later = self._later, []
        for reply_id in later:
            self._look_at(reply_id)

    def finish(self, timeout: float) -> str:
        """The call is over: wait for what is still being measured.

        Args:
            timeout: seconds to wait at most.

        Returns:
            The call on one line; empty where nothing was measured.
        """
        self._catch_up()
        done = threading.Event()
        self._errands.ask(self._look_again)
        self._errands.ask(done.set)
        if not done.wait(timeout) or self._measure is None:
            return ""
        conversation = self._measure.recording.conversation
        answers: list[Answer] = []
        announced: list[Answer] = []
        for exchange in self._measure.exchanges.all:
            found = [name for name in exchange.replies if name in self._answers]
            # Of a turn with several replies, the last is the one that answers it; but no answer is what only
            # says that a tool is about to be called.
            said = [name for name in found if not _announces(conversation, name)]
            if said:
                answers.append(self._answers[said[-1]])
            elif found:
                announced.append(self._answers[found[0]])
        cut = interruptions(conversation.lines)
        return str(Summary.of(len(self._measure.exchanges.all), answers, cut, announced))

    def _look_again(self) -> None:
        """Read what came behind the last that was measured."""
        with suppress(RecordingError):  # deleted under the call
            if self._measure is not None:
                self._measure.refresh()

    def _look(self) -> Measure | None:
        """The recording so far; None where the call is not recorded."""
        if self._measure is None:
            recording = self._session.recording
            if recording is None:
                return None
            # One of its own: whoever has the session's reads it on another thread.
            self._measure = Measure(Recording(recording.folder))
        self._measure.refresh()
        return self._measure

    def _answer(self, reply_id: str) -> None:
        if self._tries[reply_id] > TRIES:
            return  # done, by an errand before this one
        try:
            measure = self._look()
            answer = None if measure is None else measure.answer(reply_id)
        except RecordingError:
            return  # deleted under the call
        if measure is None or answer is None:
            return
        self._tries[reply_id] = TRIES + 1
        self._answers[reply_id] = answer
        self._found(answer)
        conversation = measure.recording.conversation
        reply = conversation.replies.get(reply_id)
        if reply is not None:
            announces = _announces(conversation, reply_id)
            self._put(cost_line(answer, reply.started_at, self._service, announces=announces))

    def _interruption(self) -> None:
        try:
            measure = self._look()
            exchange = None if measure is None else measure.exchanges.last
            if measure is None or exchange is None or exchange.item_id in self._told:
                return
            interruption = measure.interruption(exchange)
        except RecordingError:
            return
        if interruption is not None:
            self._told.add(exchange.item_id)
            self._found(interruption)
            self._put(yield_line(interruption, exchange.told or interruption.told))

    @property
    def _service(self) -> str:
        address = self._session.address
        return "" if address is None else address.kind


def _announces(conversation: Conversation, reply_id: str) -> bool:
    """Whether a tool was called in a reply."""
    reply = conversation.replies.get(reply_id)
    return reply is not None and bool(reply.calls)


def cost_line(answer: Answer, at: float, service: str, *, announces: bool) -> dict[str, Any]:
    """What an answer cost, as a line.

    Args:
        answer: as measured.
        at: when its reply began.
        service: ``"emulator"``, ``"hosted"`` or another.
        announces: whether the reply says that a tool is about to be called: then it is the first sound, and
            not yet the answer.
    """
    parts = _parts(answer, service)
    total = f"{answer.response_latency:.2f} s"
    what = "first sound after" if announces else "answered in"
    told = "" if announces else " · ".join(f"{_figure(part)} {part['label']}" for part in parts)
    return {
        "id": f"cost-{answer.reply_id}",
        "role": "cost",
        "at": round(at, 3),
        "partial": False,
        "text": f"{what} {total}" + (f" — {told}" if told else ""),
        "strong": total,
        "parts": [] if announces else [{"kind": p["kind"], "seconds": p["seconds"]} for p in parts],
    }


def _parts(answer: Answer, service: str) -> list[dict[str, Any]]:
    delay, rest = answer.end_of_turn_delay, answer.rest
    limit = {"adaptive": "adaptive", "unknown": "end of turn"}.get(answer.ended_by, answer.ended_by)
    if delay is None or rest is None:
        waits = [("reply", "silence and reply (not told apart)", answer.response_latency)]
    elif service == "emulator":
        limit = "stand-in" if limit == "adaptive" else limit
        waits = [("silence", f"silence ({limit})", delay), ("reply", "reply", rest)]
    elif (
        answer.silence is not None
    ):  # decision, model and voice come at once: what is not silence is all theirs
        demanded = "min_silence at least" if answer.ended_by == "unknown" else limit
        waits = [
            ("silence", f"silence ({demanded})", answer.silence),
            ("reply", "service", delay - answer.silence + rest),
        ]
    else:
        waits = [("reply", f"service ({limit})", delay + rest)]
    if answer.announcement:
        waits.insert(-1, ("announcement", "announcement", answer.announcement))
    if answer.tools is not None:
        waits.insert(-1, ("tool", "tool round trip", answer.tools))
    parts: list[dict[str, Any]] = [
        {"kind": kind, "label": label, "seconds": round(max(0.0, s), 3)} for kind, label, s in waits
    ]
    # As they are told they add up to the whole as it is told.
    last = round(answer.response_latency, 2) - sum(round(part["seconds"], 2) for part in parts[:-1])
    parts[-1]["seconds"] = round(max(0.0, last), 3)
    return parts


def _figure(part: dict[str, Any]) -> str:
    """Seconds, as they are told; of a tool that took next to none, milliseconds."""
    seconds = part["seconds"]
    if part["kind"] == "tool" and seconds < BRIEF:
        return f"{max(1, round(1000 * seconds))} ms"
    return f"{seconds:.2f}"


def yield_line(interruption: Interruption, at: float) -> dict[str, Any]:
    """What an interruption took, as a line; ``at`` is when the service told of it."""
    total = f"{interruption.latency:.2f} s"
    words = interruption.unheard
    unheard = f" · about {words} word{'' if words == 1 else 's'} not heard" if words else ""
    parts = f"{interruption.reaction:.2f} until the service said so, {interruption.flush:.2f} to stop"
    if interruption.quieter is not None:
        parts = f"quieter after {interruption.quieter:.2f}, {parts}"
    who, began = "you interrupted", "you began"
    if interruption.by_itself:
        who, began = "the agent heard itself", "its voice came back"
    return {
        "id": f"yield-{interruption.reply_id}",
        "role": "yield",
        "at": round(at + 0.001, 3),
        "partial": False,
        "text": f"{who} · silent {total} after {began} ({parts}){unheard}",
        "strong": total,
    }
