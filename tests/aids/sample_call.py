"""Makes the call that ships with the notebooks: ``python tests/aids/sample_call.py notebooks/sample-call``.

Somebody dictates a page of *Sense and Sensibility* to an agent that takes it down. The caller is a human
reader (LibriVox, public domain; see ``tests/data/audio``) in a quiet room, the agent the emulator with a
brain of its own, and all of it takes place on the virtual clock, so that everybody can make it anew.
"""

from __future__ import annotations

import asyncio
import csv
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import voicenb as vn
from voicenb.audio.noise import pink
from voicenb.audio.pcm import to_pcm
from voicenb.audio.wav import read_wav
from voicenb.emulator.brain import Call, Moment, Say
from voicenb.session.microphones import Spoken

AUDIO = Path(__file__).parents[1] / "data" / "audio"

ROOM = 10 ** (-64 / 20) * 2**15
"""How loud the room is behind the reader: -64 dBFS, root mean square, in steps of 16 bits."""

FADE = 0.02
"""Seconds before and behind the speech of a clip that are kept."""

AT_FIRST = vn.TurnDetection(min_silence=1000, max_silence=3000)
"""What the call begins with: the reader is cut off in a pause."""

LATER = vn.TurnDetection.dictation()
"""What it goes on with: 2 s of silence end a turn."""


def labels() -> dict[str, tuple[float, float]]:
    """By file, where speech begins and ends in it, in seconds: set by hand."""
    with (AUDIO / "labels.csv").open(newline="") as file:
        return {row["file"]: (float(row["onset"]), float(row["offset"])) for row in csv.DictReader(file)}


def clip(number: str) -> Spoken:
    """A sentence of the reading, cut where its speech begins and ends; it fades in and out beside that."""
    name = f"austen-{number}.wav"
    samples, rate = read_wav(AUDIO / name)
    fade = round(FADE * rate)
    onset, offset = (round(seconds * rate) for seconds in labels()[name])
    part = samples[onset - fade : offset + fade].copy()
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    part[:fade] *= ramp
    part[-fade:] *= ramp[::-1]
    return Spoken(to_pcm(part), name)


SCRIPT = [
    vn.Answer(),  # the greeting
    *(vn.Pause(0.4), clip("0870"), vn.Answer()),
    # In this pause the agent takes the turn: it is longer than the setting allows.
    *(vn.Pause(0.3), vn.Say(clip("0880"), vn.Pause(1.2), clip("0890")), vn.Answer()),
    *(vn.Pause(0.5), clip("0920"), vn.BargeIn(clip("0930"), after=1.8), vn.Answer()),
    *(vn.Pause(0.6), clip("0880"), vn.Answer()),
    *(vn.Pause(0.2), clip("0930"), vn.Answer()),
    vn.Pause(0.5),
]


class Reader(vn.Caller):
    """The reader, in a room that is not silent."""

    async def frames(self, room: Any) -> AsyncIterator[bytes]:
        """The reader's frames, with the noise of the room."""
        noise = ROOM * pink(90 * 24_000, seed=1)
        place = 0
        async for frame in super().frames(room):
            samples = np.frombuffer(frame, "<i2")
            behind = noise[place : place + len(samples)]
            place += len(samples)
            yield np.clip(np.round(samples + behind), -(2**15), 2**15 - 1).astype("<i2").tobytes()


class Margin:
    """The agent's wits: answers by what was dictated."""

    name = "script"

    async def answer(self, moment: Moment) -> AsyncIterator[Say | Call]:
        """The reply, by the caller's last words."""
        heard = [line.text for line in moment.history if line.role == "user"]
        written = sum(line.role == "tool" for line in moment.history)
        last = heard[-1]
        if moment.trigger == "tool_result":
            more = "Go on." if written == 1 else "Now read me two of the sentences again, and I compare."
            yield Say(f"I have that. {more}")
        elif written == 2:
            yield Say(
                "Thank you, that is all. Goodbye." if "amiable" in last else "Thank you. And the last one?"
            )
        elif "rather selfish" in last:
            yield Call("write_down", {"text": last})
        elif "amiable himself" in last:
            yield Say("Oh, there is more. One moment.")
            yield Call("write_down", {"text": " ".join(heard[-2:])})
        elif "Had he" in last:
            yield Say(f"Let me read that back to you. {last}")
        else:
            yield Say("Go on, I am listening.")


class MoreTime:
    """Somebody who changes the settings once the first line is written down: longer silences."""

    def __init__(self) -> None:
        self.done = False

    def decide(self, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The longer silences, once."""
        if self.done or event["type"] != "tool.result":
            return None
        self.done = True
        return {"turn_detection": LATER}


def make(folder: Path) -> vn.Recording:
    """Hold the call; its recording is put into ``folder``, with its tracks as FLAC."""
    agent = vn.Agent(
        name="Margin",
        system_prompt="You take down what is dictated to you, line by line. Short and friendly.",
        greeting="Margin here. Read to me, and I write it down.",
        voice="ivy",
        keyterms=["Dashwood", "ill-disposed"],
        turn_detection=AT_FIRST,
    )

    @agent.tool
    async def write_down(text: str) -> str:
        """Write a line down. Use when a sentence is complete.

        Args:
            text: the line, word for word, e.g. "He was not an ill-disposed young man."
        """
        await asyncio.sleep(0.6)
        return f"Written: {text}"

    caller = Reader(SCRIPT, label="a reader (LibriVox)")
    call = vn.run(agent, caller, brain=Margin, policy=MoreTime())
    with tempfile.TemporaryDirectory() as aside:  # a README beside the recording stays
        copy = call.save(Path(aside) / "call", flac=True)
        shutil.copytree(copy.folder, folder, dirs_exist_ok=True)
    return vn.load(folder)


if __name__ == "__main__":
    made = make(Path(sys.argv[1]))
    print(made, vn.turns(made), vn.report(made), sep="\n")
