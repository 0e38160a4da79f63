"""The turns of a running call, decided by another setting too: one hears the one, and sees the other."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from voicenb.analysis.answer import Answer
from voicenb.errors import RecordingError
from voicenb.recording.recording import Recording
from voicenb.session.events import Event
from voicenb.session.session import Session
from voicenb.tuning.beside import Beside, beside
from voicenb.tuning.evidence import TrackClock
from voicenb.tuning.evidence import Words as Said
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.detector import FRAME, SpeechDetector
from voicenb.turn_taking.segmenter import FRAME_SECONDS
from voicenb.widgets.errands import Errands

_log = logging.getLogger(__name__)

KEPT = 8
"""Turns that are decided anew when another setting is chosen."""

LEAD, AFTER = 1.5, 0.6
"""Seconds of sound that are heard before the service told of a turn, and behind its speech."""

EARLY = 0.5
"""Seconds before that in which the turn may have begun."""

AT_EXIT = 5.0
"""Seconds that the interpreter's exit waits for the one under way: its threads must not outlive it."""


class TunedBeside:
    """Decides the turns of one session by another setting, on a thread of its own, as they are answered.

    Args:
        session: the call.
        changed: called when there is something new to show, on that thread.
    """

    def __init__(self, session: Session, changed: Callable[[], object]) -> None:
        self._session = session
        self._changed = changed
        self._lock = threading.Lock()
        self._setting: TurnDetection | None = None
        self._words: deque[Said] = deque(maxlen=400)  # in the engine's seconds
        self._answers: deque[tuple[Answer, float]] = deque(
            maxlen=KEPT
        )  # with when the turn was told to begin
        self._found: dict[str, Beside | None] = {}  # by reply
        self._errands = Errands("voicenb-beside", patience=AT_EXIT)
        self._detector: SpeechDetector | None = None

    def choose(self, setting: TurnDetection | None) -> None:
        """Another setting from now on, for the last turns as well; None: none."""
        with self._lock:
            if setting == self._setting:
                return
            self._setting = setting
            self._found = {}
            answers = list(self._answers) if setting is not None else []
        for answer, told in answers:
            self._errands.ask(self._decide, answer, told)

    def take(self, event: Event) -> None:
        """Take the call's next event; returns at once."""
        if event["dir"] == "in" and event["type"] in ("transcript.user.delta", "transcript.user"):
            message = event["msg"]
            text = str(message.get("text") or message.get("delta") or "")
            with self._lock:
                self._words.append(Said(float(event["t"]), text, event["type"] == "transcript.user"))

    def answered(self, answer: Answer, told: float | None) -> None:
        """A turn was answered, and measured.

        Args:
            answer: as it was.
            told: when the service said that speech began, in the engine's seconds.
        """
        if told is None:
            return
        with self._lock:
            self._answers.append((answer, told))
            wanted = self._setting is not None
        if wanted:
            self._errands.ask(self._decide, answer, told)

    def of(self, reply_id: str) -> dict[str, Any] | None:
        """What would have become of the turn that a reply answered: ``delay``, ``silence`` and ``pause``.

        Seconds; ``pause`` is the one in which it would have been cut, else None. None where it is not known.
        """
        with self._lock:
            found = self._found.get(reply_id)
        if found is None:
            return None
        pause = None if found.pause is None else round(found.pause, 3)
        return {"delay": round(found.delay, 3), "silence": round(found.silence, 3), "pause": pause}

    def _decide(self, answer: Answer, told: float) -> None:
        with self._lock:
            setting, words = self._setting, list(self._words)
        if setting is None:
            return
        with suppress(RecordingError):  # deleted under the call
            found = self._find(answer, told, setting, words)
            with self._lock:
                if setting != self._setting:
                    return
                self._found[answer.reply_id] = found
            self._changed()

    def _find(self, answer: Answer, told: float, setting: TurnDetection, words: list[Said]) -> Beside | None:
        recording = self._session.recording
        if recording is None:
            return None
        own = Recording(recording.folder)  # whoever has the session's reads it on another thread
        clock = TrackClock(own.said_pieces())
        begin, end = clock.one(told), clock.one(answer.speech_end)
        # From a frame's beginning on, as it was heard live.
        first = max(0, int((begin - LEAD) / FRAME_SECONDS))
        track = own.caller[first * FRAME : round((end + AFTER) * own.rate)]
        if self._detector is None:
            self._detector = SpeechDetector()
        self._detector.reset()
        values = [frame.probability for frame in self._detector.push(np.ascontiguousarray(track).tobytes())]
        zero = first * FRAME_SECONDS
        said = [Said(clock.one(each.at) - zero, each.text, each.final) for each in words if each.at > told]
        return beside(values, setting, begin=begin - EARLY - zero, end=end - zero, words=said)
