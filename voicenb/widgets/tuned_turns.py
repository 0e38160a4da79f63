"""The caller's turns of one call, each with the settings that it was decided by and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.analysis.answer import Answer, ended_by, is_separable
from voicenb.analysis.exchange import Exchange, Exchanges
from voicenb.analysis.interruption import Interruption
from voicenb.protocol.configuration import REFUSALS, Configuration
from voicenb.protocol.settings import DEFAULT_SILENCES, at_path
from voicenb.session.events import Event

REACTION = 0.2
"""Seconds: who speaks sooner after the agent's first sound did not react to it, but was not done yet."""

NO_WORDS = 1.0
"""Seconds behind a stop without words after which speech is another turn, and not the same one going on."""

TOLD = 60
"""Characters of the caller's words that a row holds."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What turn taking went by.

    Attributes:
        turn_detection: the service's object; None while its adaptive default holds.
        mode: the ``transcription_mode``; None where it was never set.
    """

    turn_detection: Mapping[str, Any] | None = None
    mode: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any] | None) -> InForce:
        """That of a ``session`` object."""
        turns, mode = at_path(settings, "input.turn_detection"), at_path(settings, "input.transcription_mode")
        return cls(turns if isinstance(turns, Mapping) else None, str(mode) if mode else None)


class TunedTurns:
    """Takes a call's events, and what was measured of it; gives rows. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges = Exchanges()
        self._configuration = Configuration()
        self._at_stop = InForce()
        self._decided: dict[str, InForce] = {}  # by item
        self._stopped: float | None = None  # when a turn ended whose words have not come yet
        self._resumed = False
        self._cut: set[str] = set()  # items whose turn went on after its end
        self._interrupted: set[str] = set()  # replies
        self._begun = ""  # the reply that is not done yet
        self._announcing: set[str] = set()  # replies in which a tool was called: they answer nothing yet
        self._answers: dict[str, Answer] = {}  # by reply
        self._yields: dict[str, Interruption] = {}  # likewise
        self._lines: dict[str, dict[str, Any]] = {}  # likewise, as the transcript has them
        self._over = False

    @property
    def in_force(self) -> InForce:
        """What the service has confirmed last."""
        with self._lock:
            return InForce.of(self._configuration.settings)

    # --- from the call ---

    def take(self, event: Event | None) -> bool:
        """Take the next event, None at the end; returns whether a row may have changed."""
        with self._lock:
            if event is None:
                self._over = True
                return True
            return self._take(event)

    def _take(self, event: Event) -> bool:
        new = self._note(event["msg"], float(event["t"]), event["dir"], event["type"])
        self._exchanges.take(event)
        return new

    def _note(self, message: Mapping[str, Any], at: float, direction: str, kind: str) -> bool:
        match direction, kind:
            case "out", "session.update":
                self._configuration.sent(message.get("session") or {})
            case "in", "session.ready" | "session.updated":
                self._configuration.acknowledged(message.get("config"))
            case "in", "session.error" | "error" if str(message.get("code", "")).lower() in REFUSALS:
                self._configuration.refused(str(message["code"]))
            case "local", "closed":
                self._configuration.lost()
            case "in", "input.speech.started":
                self._resumed |= self._stopped is not None and at - self._stopped < NO_WORDS
                self._stopped = None
            case "in", "input.speech.stopped":
                self._stopped, self._at_stop = at, InForce.of(self._configuration.settings)
            case "in", "transcript.user" if str(message.get("text") or "").strip():
                self._turn(str(message.get("item_id") or ""))
            case "in", "reply.started":
                self._begun = str(message.get("reply_id") or "")
            case "in", "reply.done":
                self._begun = ""
                if message.get("status") != "interrupted":
                    return False
                self._interrupted.add(str(message.get("reply_id") or ""))
            case "in", "tool.call":
                if self._begun:
                    self._announcing.add(self._begun)
            case _:
                return False
        return True

    def _turn(self, item_id: str) -> None:
        if self._resumed or item_id in self._decided:  # the same item once more: its turn had gone on
            self._cut.add(item_id)
        stopped, self._stopped, self._resumed = self._stopped, None, False
        in_force = InForce.of(self._configuration.settings) if stopped is None else self._at_stop
        self._decided[item_id] = in_force

    def told_of(self, reply_id: str) -> float | None:
        """When the service said that the turn began which a reply answered; None where it did not."""
        with self._lock:
            exchange = next((each for each in self._exchanges.all if reply_id in each.replies), None)
            return None if exchange is None else exchange.told

    def measured(self, what: Answer | Interruption) -> None:
        """Take what was measured."""
        with self._lock:
            if isinstance(what, Answer):
                self._answers[what.reply_id] = what
            else:
                self._yields[what.reply_id] = what

    def told(self, line: dict[str, Any]) -> None:
        """Take the line that the transcript has for it."""
        with self._lock:
            self._lines[str(line["id"])] = line

    # --- what there is to show ---

    def rows(self, number: int, service: str) -> list[dict[str, Any]]:
        """The last turns.

        Args:
            number: how many at most.
            service: ``"emulator"``, ``"hosted"`` or another.

        Returns:
            One dict per turn, oldest first: ``n``, ``text``, ``latency`` and ``delay`` in seconds (None where
            not known), ``parts`` of the wait, ``ended_by``, ``limit`` in ms, ``outcome`` (``"cut"``,
            ``"interrupted"`` or empty), ``tool``, ``note``, and ``in_force`` (see :class:`InForce`).
        """
        with self._lock:
            turns = self._exchanges.all
            first = max(0, len(turns) - number)
            return [self._row(n + 1, turns[n], service) for n in range(first, len(turns))]

    def _row(self, n: int, exchange: Exchange, service: str) -> dict[str, Any]:
        in_force = self._decided.get(exchange.item_id) or InForce(exchange.turn_detection)
        heard = [each for each in exchange.replies if each in self._answers]
        reply = next((each for each in reversed(heard) if each not in self._announcing), None)
        row: dict[str, Any] = {
            "n": n,
            "text": exchange.text if len(exchange.text) <= TOLD else f"{exchange.text[: TOLD - 1].rstrip()}…",
            "latency": None,
            "delay": None,
            "parts": [],
            "ended_by": "",
            "limit": None,
            "outcome": self._outcome(exchange),
            "tool": bool(exchange.calls),
            "note": "",
            "in_force": in_force,
            "reply": "",
        }
        waits = exchange is self._exchanges.last and not self._over
        if not heard:
            return row | {"note": "measuring" if waits else "not captured"}
        answer = self._answers[heard[0] if reply is None else reply]
        limit, asked = limit_of(answer, in_force.turn_detection, service)
        delay = answer.end_of_turn_delay
        row |= {"delay": None if delay is None else round(delay, 3), "ended_by": limit, "limit": asked}
        row["reply"] = answer.reply_id
        if reply is None:  # how it ended is known from the announcement, but that is no answer
            return row | {"note": "measuring" if waits else "not answered"}
        return row | {
            "latency": round(answer.response_latency, 3),
            "parts": self._lines.get(f"cost-{reply}", {}).get("parts", []),
        }

    def _outcome(self, exchange: Exchange) -> str:
        if exchange.item_id in self._cut:
            return "cut"
        for reply in exchange.replies:
            answer, gave_way = self._answers.get(reply), self._yields.get(reply)
            if gave_way is None or answer is None:
                continue
            # A silence that the agent broke too early: the caller was not done, and did not hear it in time.
            return "cut" if gave_way.onset < answer.audible + REACTION else "interrupted"
        return "interrupted" if self._interrupted.intersection(exchange.replies) else ""


def limit_of(
    answer: Answer, turn_detection: Mapping[str, Any] | None, service: str
) -> tuple[str, int | None]:
    """Which limit ended a turn, and what it was set to in ms; empty and None where that cannot be known."""
    delay = answer.end_of_turn_delay
    if delay is None:
        return "", None
    if turn_detection is None:
        return ("stand-in" if service == "emulator" else "adaptive"), None
    names = ("min_silence", "max_silence")
    given = zip(names, (turn_detection.get(name) for name in names), DEFAULT_SILENCES, strict=True)
    whole = {name: default if value is None else value for name, value, default in given}
    limit, _ = ended_by(delay, whole, separable=is_separable(service))
    if limit == "unknown":
        return "", None
    return limit, whole[limit]
