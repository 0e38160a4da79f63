"""What it costs to open a recording of one hour, and to analyse it, both sides.

The caller speaks for about a third of the time, in real speech, the agent for another third; a microphone's
noise lies under the caller's track unless ``--silent`` is given, which leaves digital silence between the
words. The baseline is Silero alone over as much sound. Processor seconds in brackets; each of three runs in
an interpreter of its own, the median is told.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from figures import show
from speech import said, sound

RATE = 24_000
FRAME = RATE // 50
HOUR = 3600
TURN = 14.0
"""Seconds from one turn of the caller's to the next."""

RUNS = 3


def build(folder: Path, *, noise: bool) -> None:
    """An hour's recording: a turn, and its answer, every 14 s."""
    from voicenb.recording.recorder import Recorder

    clips = [sound(name, RATE) for name in said()]
    recorder = Recorder(folder, about={"agent": {"name": "Hour"}, "service": "built"})
    caller = np.zeros(HOUR * RATE, np.float32)
    events: list[tuple[float, str, str, dict[str, object]]] = [
        (0.0, "out", "session.update", {"msg": {"type": "session.update", "session": {}}}),
        (0.0, "in", "session.ready", {"msg": {"type": "session.ready", "session_id": "s", "config": {}}}),
    ]
    placed = 0
    for turn in range(int((HOUR - 20) / TURN)):
        begin = 2.0 + turn * TURN
        words, answer = clips[turn % len(clips)], clips[(turn + 4) % len(clips)]
        caller[round(begin * RATE) : round(begin * RATE) + len(words)] = words
        over = begin + len(words) / RATE
        events.append((begin + 0.3, "in", "input.speech.started", {"msg": {"type": "input.speech.started"}}))
        events.append((over + 0.7, "in", "input.speech.stopped", {"msg": {"type": "input.speech.stopped"}}))
        told = {"type": "transcript.user", "item_id": f"i{turn}", "text": "Words."}
        events.append((over + 0.7, "in", "transcript.user", {"msg": told}))
        name = {"reply_id": f"r{turn}"}
        events.append((over + 0.8, "in", "reply.started", {"msg": {"type": "reply.started", **name}}))
        recorder.agent((answer * 32767).astype("<i2").tobytes())
        for at in range(0, len(answer), FRAME):
            place = {"track": "agent", "start": placed + at, "samples": min(FRAME, len(answer) - at)}
            events.append(
                (over + 0.8, "in", "reply.audio", {"msg": {"type": "reply.audio", **name}, **place})
            )
        for at in range(0, len(answer), FRAME):
            stop, when = min(len(answer), at + FRAME), over + 0.9 + at / RATE
            note = {**name, "from": at, "to": stop, "t": when, "uncertainty": 0.001}
            events.append((when + 0.03, "local", "heard", {"msg": note}))
        done = {"type": "reply.done", "status": "completed", **name}
        events.append((over + 0.9, "in", "reply.done", {"msg": done}))
        placed += len(answer)
    if noise:
        caller += np.random.default_rng(1).normal(0, 10 ** (-60 / 20), len(caller)).astype(np.float32)
    recorder.caller((np.clip(caller, -1, 1) * 32767).astype("<i2").tobytes())
    for start in range(0, len(caller) - FRAME + 1, FRAME):
        place = {"msg": {"type": "input.audio"}, "track": "caller", "start": start, "samples": FRAME}
        events.append(((start + FRAME) / RATE, "out", "input.audio", place))
    events.sort(key=lambda event: event[0])
    for number, (at, way, kind, rest) in enumerate(events):
        recorder.event({"n": number, "t": round(at, 6), "dir": way, "type": kind, **rest})
    recorder.close({"t": float(HOUR), "reason": "ended"})


def once(folder: str) -> None:
    """One process: open, turns, report; prints seconds as JSON."""
    import voicenb as vn
    from voicenb.turn_taking.detector import SpeechDetector

    vn.turns(
        vn.run(vn.Agent(name="Warm", greeting=""), [vn.Pause(1.0)], brain="rules")
    )  # everything is loaded
    figures: dict[str, float] = {}

    def timed(name: str, work: object) -> object:
        wall, used = time.perf_counter(), time.process_time()
        result = work()  # type: ignore[operator]
        figures[name] = time.perf_counter() - wall
        figures[f"{name} cpu"] = time.process_time() - used
        return result

    call = timed("open", lambda: vn.load(folder))
    timed("transcript", lambda: call.transcript)  # type: ignore[attr-defined]
    found = timed("turns", lambda: vn.turns(call))  # type: ignore[arg-type]
    peak = highest_memory()
    track = call.caller  # type: ignore[attr-defined]

    def silero() -> None:
        detector = SpeechDetector()
        for at in range(0, len(track), 30 * RATE):
            detector.push(track[at : at + 30 * RATE].tobytes())

    timed("silero", silero)
    figures["rows"] = len(found)  # type: ignore[arg-type]
    figures["peak"] = peak
    print(json.dumps(figures))


def highest_memory() -> float:
    """Megabytes that this process has held at most (Linux); NaN elsewhere.

    ``getrusage`` counts what the parent held when it forked.
    """
    try:
        text = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return float("nan")
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--silent", action="store_true", help="digital silence between the words")
    options.add_argument("--once", metavar="FOLDER", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.once:
        once(chosen.once)
        return
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "hour", noise=not chosen.silent)
        command = [sys.executable, __file__, "--once", str(Path(folder) / "hour")]
        runs = [json.loads(subprocess.check_output(command)) for _ in range(RUNS)]

    def middle(name: str) -> float:
        return statistics.median(run[name] for run in runs)

    base = f"Silero alone, one side: {middle('silero'):.1f} s"
    rows = [("figure", "seconds", "baseline", "aim")]
    for name, what, aim in (
        ("open", "open", "≤ 0.5 s"),
        ("transcript", "events read, transcript", "-"),
        ("turns", "vn.turns", "≤ 25 s"),
    ):
        told = f"{middle(name):.2f} ({middle(f'{name} cpu'):.2f})"
        rows.append((what, told, base if name == "turns" else "-", aim))
    rows.append(("peak memory", f"{middle('peak'):.0f} MB, {middle('rows'):.0f} rows", "-", "-"))
    kind = "digital silence between words" if chosen.silent else "noise at -60 dBFS"
    show(f"An hour's recording, {kind}", rows)


if __name__ == "__main__":
    main()
