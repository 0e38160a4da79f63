"""Calls of which everything is known: built from real speech that was cut at its labels, sample by sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import voicenb as vn
from voicenb.audio.wav import read_wav
from voicenb.recording.recorder import Recorder

from .conftest import CLIPS, LABELS

RATE = 24_000
FRAME = RATE // 50

TOLD = 5
"""Frames of the caller's that one event tells of; where a sound lies does not rest on how many."""

Sound = npt.NDArray[np.float32]


@lru_cache
def speech(name: str) -> Sound:
    """A clip from its onset to its end, as they were set by hand."""
    samples, rate = read_wav(CLIPS / name)
    assert rate == RATE
    label = LABELS[name]
    return samples[round(label.onset * RATE) : round(label.offset * RATE)]


def uncertainty(name: str) -> tuple[float, float]:
    """Seconds that the label of the onset, and of the end, may be off."""
    label = LABELS[name]
    return label.onset_uncertainty, label.offset_uncertainty


@dataclass
class _Event:
    t: float
    order: int
    fields: dict[str, Any]


class KnownCall:
    """Builds a recording; what is put into it is the truth.

    Args:
        folder: where the recording goes.
        seconds: how long the call is.
        turn_detection: in force from the beginning; None for the adaptive default.
    """

    def __init__(self, folder: Path, seconds: float, turn_detection: dict[str, Any] | None = None) -> None:
        self.folder = folder
        self.service = "built"
        self.seconds = seconds
        self.caller = np.zeros(round(seconds * RATE), np.float32)
        self.agent: list[Sound] = []
        self.events: list[_Event] = []
        config = {} if turn_detection is None else {"input": {"turn_detection": turn_detection}}
        self.put(0.0, "out", "session.update", session=config)
        self.put(0.0, "in", "session.ready", session_id="s", config=config)

    def put(self, at: float, way: str, kind: str, **msg: Any) -> None:
        """An event."""
        extra = {key: msg.pop(key) for key in ("track", "start", "samples") if key in msg}
        body = {"type": kind, **msg} if way != "local" else msg
        fields = {"t": round(at, 6), "dir": way, "type": kind, "msg": body, **extra}
        self.events.append(_Event(at, len(self.events), fields))

    def says(self, at: float, sound: Sound) -> float:
        """The caller says something; returns when it is over."""
        begin = round(at * RATE)
        self.caller[begin : begin + len(sound)] += sound
        return at + len(sound) / RATE

    def noise(self, snr: float, seed: int = 1) -> None:
        """White noise under all of the caller's track, ``snr`` dB below the speech that is in it by now."""
        spoken = self.caller[np.abs(self.caller) > 1e-4]
        power = float(np.mean(spoken**2)) / 10 ** (snr / 10)
        chance = np.random.default_rng(seed)
        self.caller += np.float32(np.sqrt(power)) * chance.standard_normal(len(self.caller)).astype(
            np.float32
        )

    def turn(self, item: str, text: str, *, told: float | None, decided: float, transcribed: float) -> None:
        """What the service says of a turn."""
        if told is not None:
            self.put(told, "in", "input.speech.started")
        self.put(decided, "in", "input.speech.stopped")
        self.put(transcribed, "in", "transcript.user", item_id=item, text=text)

    def reply(
        self,
        name: str,
        text: str,
        sound: Sound,
        *,
        began: float,
        received: float,
        heard: float,
        cut: float | None = None,
        gap: tuple[float, float] | None = None,
        calls: tuple[tuple[str, float, float], ...] = (),
    ) -> None:
        """A reply that comes in one burst and is heard from a known moment on.

        Args:
            name: its id.
            text: its words.
            sound: its samples.
            began: when ``reply.started`` came.
            received: when its sound came.
            heard: when its first sample was heard.
            cut: when it fell silent; at its end where it is not given.
            gap: how many seconds of it were heard when it broke off, and for how many.
            calls: tools called in it: the id, when the call came, when the result was sent.
        """
        self.put(began, "in", "reply.started", reply_id=name, item_id=f"item-{name}")
        first = sum(len(each) for each in self.agent)
        self.agent.append(sound)
        for at in range(0, len(sound), FRAME):
            count = min(FRAME, len(sound) - at)
            place = {"track": "agent", "start": first + at, "samples": count}
            self.put(received, "in", "reply.audio", reply_id=name, **place)
        until = heard + len(sound) / RATE if cut is None else cut
        played = min(len(sound), round((until - heard) * RATE))
        broken = played if gap is None else round(gap[0] * RATE)
        starts = sorted({*range(0, played, 896), *([] if gap is None else [broken])})
        for at, stop in pairwise([*starts, played]):
            when = heard + at / RATE + (gap[1] if gap is not None and at >= broken else 0.0)
            note = {"reply_id": name, "from": at, "to": stop, "t": round(when, 6), "uncertainty": 0.001}
            self.put(when + (stop - at) / RATE + 0.01, "local", "heard", **note)
        for call, came, sent in calls:
            self.put(came, "in", "tool.call", call_id=call, name="look_up", arguments={}, timeout_seconds=120)
            self.put(sent, "out", "tool.result", call_id=call, result="ok")
            self.put(sent, "local", "tool", call_id=call, own_time=round((sent - came) / 2, 6))
        said = {"reply_id": name, "item_id": f"item-{name}", "text": text, "interrupted": cut is not None}
        # What is sent ahead of time is over at the service before it is heard.
        over = received + 0.02 if cut is None else until
        self.put(over, "in", "transcript.agent", **said)
        status = "completed" if cut is None else "interrupted"
        self.put(over, "in", "reply.done", reply_id=name, status=status)

    def build(self, shuffled: Any = None) -> vn.Recording:
        """Write it.

        Args:
            shuffled: takes the events by time and gives another order in which they may come.
        """
        recorder = Recorder(self.folder, about={"agent": {"name": "Known"}, "service": self.service})
        recorder.caller((np.clip(self.caller, -1, 1) * 32767).astype("<i2").tobytes())
        if self.agent:
            recorder.agent((np.clip(np.concatenate(self.agent), -1, 1) * 32767).astype("<i2").tobytes())
        whole = len(self.caller) // FRAME * FRAME
        for start in range(0, whole, TOLD * FRAME):
            samples = min(TOLD * FRAME, whole - start)
            place = {"track": "caller", "start": start, "samples": samples}
            self.put((start + samples) / RATE, "out", "input.audio", **place)
        events = sorted(self.events, key=lambda event: (event.t, event.order))
        for number, event in enumerate(events if shuffled is None else shuffled(events)):
            recorder.event({"n": number, **event.fields})
        recorder.close({"t": self.seconds, "reason": "ended"})
        return vn.load(self.folder)
