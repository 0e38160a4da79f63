"""What the recorder costs a call: the processor for each second of it, and the memory for an hour.

A lively hour: the caller's frames of 20 ms all the time, the agent's pieces of 10 ms half of it, with a heard
note for every 100 ms, a word every 0.4 s and a turn every ten seconds. Time runs on a virtual clock, so that
what waits for half a second waits for as long as it would. The baseline writes the same bytes to plain files
in the same pieces, and nothing else. Processor seconds, which depend little on what else the machine does.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from bench_analysis import highest_memory
from figures import show

RATE = 24_000
FRAME = RATE // 50
PIECE = RATE // 100


async def call(seconds: int, take: Callable[[str, dict[str, Any], bytes], None]) -> None:
    """One call: each event with its sound, when it is time."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    noise = np.random.default_rng(1).integers(-3000, 3000, FRAME).astype("<i2").tobytes()
    number = heard = 0

    def put(way: str, kind: str, pcm: bytes = b"", **msg: Any) -> None:
        nonlocal number
        event = {"n": number, "t": round(loop.time() - began, 6), "dir": way, "type": kind, "msg": msg}
        number += 1
        take("caller" if way == "out" else "agent", event, pcm)

    for frame in range(seconds * 50):
        await asyncio.sleep(began + frame / 50 - loop.time())
        put("out", "input.audio", noise, type="input.audio")
        if frame % 500 == 0:
            put("in", "input.speech.started", type="input.speech.started")
            put(
                "in", "transcript.user", type="transcript.user", item_id=f"i{frame}", text="A table for four."
            )
            put("in", "reply.started", type="reply.started", reply_id=f"r{frame}")
            heard = 0
        if frame % 500 < 250:
            reply = f"r{frame - frame % 500}"
            for _ in range(2):
                put("in", "reply.audio", noise[: 2 * PIECE], type="reply.audio", reply_id=reply)
            if frame % 5 == 0:
                note = {"reply_id": reply, "from": heard, "to": heard + 2400, "t": 1.0, "uncertainty": 0.001}
                put("local", "heard", **note)
                heard += 2400
            if frame % 20 == 0:
                delta = {"reply_id": reply, "item_id": "i", "delta": "word ", "start_ms": 1, "end_ms": 200}
                put("in", "transcript.agent.delta", type="transcript.agent.delta", **delta)


def spent(seconds: int, take: Callable[[str, dict[str, Any], bytes], None]) -> float:
    """Processor seconds of such a call."""
    from voicenb.testing.virtual_clock import VirtualLoop

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(limit=2.0 * seconds + 60)) as runner:
        used = time.process_time()
        runner.run(call(seconds, take))
        return time.process_time() - used


def recorded(folder: Path, seconds: int) -> float:
    """The same with a recorder."""
    from voicenb.recording.recorder import Recorder

    recorder = Recorder(folder, about={"agent": {"name": "Hour"}, "service": "built"})

    def take(track: str, event: dict[str, Any], pcm: bytes) -> None:
        if pcm:
            start = (recorder.caller if track == "caller" else recorder.agent)(pcm)
            event |= {"track": track, "samples": len(pcm) // 2, "start": start}
        recorder.event(event)

    used = spent(seconds, take)
    recorder.close({"t": float(seconds), "reason": "ended"})
    return used


def plain(folder: Path, seconds: int) -> float:
    """The same bytes to plain files."""
    folder.mkdir()
    line = b'{"n":100000,"t":1000.123456,"dir":"in","type":"reply.audio","msg":{"type":"reply.audio"}}\n'
    with (
        (folder / "events").open("wb") as events,
        (folder / "caller").open("wb") as caller,
        (folder / "agent").open("wb") as agent,
    ):

        def take(track: str, event: dict[str, Any], pcm: bytes) -> None:
            (caller if track == "caller" else agent).write(pcm)
            events.write(line)

        return spent(seconds, take)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seconds", type=int, default=3600)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recorded(folder / "warm", 60)
        nothing = spent(seconds, lambda *_: None)
        files = plain(folder / "plain", seconds) - nothing
        before = highest_memory()
        cost = recorded(folder / "call", seconds) - nothing
        grown = highest_memory() - before
        size = sum(path.stat().st_size for path in (folder / "call").iterdir()) / 1e6
    show(
        f"The recorder, {seconds} s of a call, {size:.0f} MB on disk",
        [
            ("figure", "value", "baseline", "ratio or aim"),
            (
                "processor for a second of call",
                f"{100 * cost / seconds:.2f} % of a core",
                f"plain files: {100 * files / seconds:.2f} %",
                f"{cost / files:.1f}; ≤ 1 %",
            ),
            ("memory grown", f"{grown:.1f} MB", "-", "-"),
        ],
    )


if __name__ == "__main__":
    main()
