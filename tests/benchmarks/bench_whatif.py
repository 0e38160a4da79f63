"""What-if: policies beside a loop over policies; hearing side by side and alone, in one process and two."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from figures import show
from speech import said, sound

from voicenb.analysis.boundaries import Speech
from voicenb.audio.pcm import to_pcm
from voicenb.recording.recorder import Recorder
from voicenb.recording.recording import Recording
from voicenb.tuning.evidence import Evidence, Recorded, Reply, Words
from voicenb.tuning.grid import Grid
from voicenb.tuning.hearing import SIDE_BY_SIDE, hear
from voicenb.tuning.processes import Processes
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.silences import Row
from voicenb.tuning.source import recordings_of
from voicenb.tuning.survey import look_through, survey
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.truth import gaps, turns
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.turn_taking.decide import Pauses, Policies, decide
from voicenb.turn_taking.detector import probabilities
from voicenb.turn_taking.segmenter import FRAME_SECONDS

RATE = 24_000
TURNS_PER_CALL = 20


def call(number: int, chance: np.random.Generator) -> Heard:
    """A call of known turns, each with two pauses, answered 1.2 s behind its end."""
    values: list[float] = []
    speech, replies, decisions, words = [], [], [], []
    for _ in range(TURNS_PER_CALL):
        for piece in range(3):
            spoken, silent = int(chance.integers(20, 60)), int(chance.integers(8, 30))
            begin = len(values) * FRAME_SECONDS
            speech.append(Speech(begin, begin + spoken * FRAME_SECONDS))
            silent = silent if piece < 2 else 150
            values += [0.9] * spoken + [0.0] * silent
        end = speech[-1].end
        words.append(Words(end - 0.1, "A table for four."))
        decisions.append(Recorded(end + 1.0, {"min_silence": 1000, "max_silence": 3000}))
        replies.append(Reply(end + 1.2, end + 3.0))
    evidence = Evidence(
        f"call {number}",
        "built",
        np.array(values, np.float32),
        tuple(speech),
        tuple(replies),
        tuple(decisions),
        tuple(words),
        len(values) * FRAME_SECONDS,
    )
    return Heard(evidence, turns(evidence, gaps(evidence)))


def one_by_one(ground: Ground, policies: Grid, count: int) -> float:
    """Seconds for the first policies, one after the other; the silences of each at once."""
    rows, _, _ = ground.silences(0.5)
    kind = np.array([row.kind for row in rows])
    offset = np.array([row.offset for row in rows])
    length = np.array([row.length for row in rows])
    resumed = np.array([row.resumed for row in rows])
    complete = np.array([row.spans[0][0] for row in rows])
    began = time.process_time()
    for at in range(count):
        limits = Policies(policies.min_silence[at], policies.max_silence[at])
        decided = decide(Pauses(length, complete, resumed), limits).at
        np.isfinite(decided[kind == Row.MID]).sum()
        latency = (decided + offset)[kind == Row.END]
        latency.mean()
        np.percentile(latency, [50, 90])
    return time.process_time() - began


def decisions(policies: int, count: int) -> list[tuple[str, str, str, str]]:
    """Many policies on many turns."""
    chance = np.random.default_rng(1)
    calls = [call(number, chance) for number in range(count // TURNS_PER_CALL)]
    low = chance.integers(50, 3000, policies)
    grid = Grid(np.full(policies, 0.5), low, low + chance.integers(1, 4000, policies))
    judge = Judge()
    ground = Ground(calls, judge)
    ground.silences(0.5)
    began = time.process_time()
    Sweep(grid, ground, judge, [])
    took = time.process_time() - began
    few = min(1_000, policies)
    alone = one_by_one(ground, grid, few) / few * policies
    title = f"{policies:.0e} policies x {count} turns, time of one core"
    rows = len(ground.silences(0.5)[0])
    return [
        (title, f"{took:.1f} s", f"{alone:.0f} s, one by one", f"{alone / took:.0f} x; aim ≤ 10 s"),
        ("decisions per second", f"{policies * rows / took:.2e}", f"{policies * rows / alone:.2e}", ""),
    ]


def hearing(minutes: float) -> list[tuple[str, str, str, str]]:
    """Probabilities of speech for as many minutes, in tracks side by side."""
    clips = [np.frombuffer(to_pcm(sound(name, RATE)), "<i2") for name in said()]
    quiet = np.random.default_rng(1).normal(0, 30, 2 * RATE).astype(np.int16)
    talk = np.concatenate([piece for clip in clips for piece in (clip, quiet)])
    each = round(minutes * 60 * RATE / SIDE_BY_SIDE)
    tracks = [np.resize(np.roll(talk, 9_000 * number), each) for number in range(SIDE_BY_SIDE)]
    began = time.process_time()
    hear(tracks)
    together = time.process_time() - began
    began = time.process_time()
    probabilities(tracks[0].tobytes())
    alone = (time.process_time() - began) * SIDE_BY_SIDE
    real = minutes * 60
    return [
        (
            f"probabilities of {minutes:g} minutes, {SIDE_BY_SIDE} tracks side by side",
            f"{real / together:.0f} x real time",
            f"{real / alone:.0f} x, each alone",
            f"{alone / together:.2f} x; aim ≥ 150 x",
        )
    ]


def recorded(home: Path, calls: int, minutes: float) -> list[Recording]:
    """So many recordings of which nobody has heard the sound."""
    clips = [np.frombuffer(to_pcm(sound(name, RATE)), "<i2") for name in said()]
    quiet = np.random.default_rng(1).normal(0, 30, 2 * RATE).astype(np.int16)
    talk = np.concatenate([piece for clip in clips for piece in (clip, quiet)])
    length = round(minutes * 60 * RATE / calls)
    for number in range(calls):
        recorder = Recorder(home / f"call-{number:03d}", about={"service": "built"})
        recorder.caller(np.resize(np.roll(talk, 9_000 * number), length).tobytes())
        ready = {"type": "session.ready", "session_id": "s", "config": {}}
        recorder.event({"n": 0, "t": 0.0, "dir": "in", "type": "session.ready", "msg": ready})
        place = {"track": "caller", "start": 0, "samples": length}
        sent = {"n": 1, "t": length / RATE, "dir": "out", "type": "input.audio", "msg": {}, **place}
        recorder.event(sent)
        recorder.close({"t": length / RATE, "reason": "ended"})
    return recordings_of(home, "bench")


def spreading(calls: int, minutes: float) -> list[tuple[str, str, str, str]]:
    """Recordings that nobody has heard, on one core and on two; the processes start within the time."""
    with TemporaryDirectory() as folder:
        given = recorded(Path(folder) / "alone", calls, minutes)
        began = time.perf_counter()
        alone = [look_through([each.folder for each in given[at : at + 8]]) for at in range(0, calls, 8)]
        in_place = time.perf_counter() - began
        given = recorded(Path(folder) / "spread", calls, minutes)
        began = time.perf_counter()
        with Processes(2) as two:
            shared = survey(given, two)
        in_two = time.perf_counter() - began
        pairs = zip([one for some in alone for one in some], shared, strict=True)
        same = all(np.array_equal(one.evidence.values, other.evidence.values) for one, other in pairs)
    return [
        (
            f"{calls} recordings of {minutes:g} minutes together, heard and read in two processes",
            f"{in_two:.1f} s",
            f"{in_place:.1f} s, in place",
            f"{in_place / in_two:.2f} x; aim ≥ 1.7 x; {'the same' if same else 'NOT the same'} results",
        )
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--policies", type=int, default=100_000)
    options.add_argument("--turns", type=int, default=1_000)
    options.add_argument("--minutes", type=float, default=60.0)
    options.add_argument("--calls", type=int, default=16)
    chosen = options.parse_args()
    rows = [("figure", "what-if", "baseline", "ratio, aim")]
    rows += decisions(chosen.policies, chosen.turns)
    rows += hearing(chosen.minutes)
    rows += spreading(chosen.calls, chosen.minutes)
    show("What-if", rows)


if __name__ == "__main__":
    main()
