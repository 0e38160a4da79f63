"""Smart Turn against silence alone: how soon complete sentences are answered, how many pauses in one are cut.

Callers are built from recorded clips: each sentence whole, and once more for each of its deepest dips, with a
pause of known length put in there. They are played to the emulator on the virtual clock, with its own ears;
what happened is judged by what was built. Silence alone is given the same median latency, the same mean
latency, and as few cuts. The latencies are the model's: an answer takes the seconds that are stated for it.

Needs the model: ``pip install --no-deps pipecat-ai==1.14``, or ``--model FILE.onnx``.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import numpy as np
from figures import machine
from speech import AUDIO, sound

import voicenb as vn
from voicenb.audio.level import levels
from voicenb.audio.pcm import Samples
from voicenb.audio.processor import InPlaceProcessor
from voicenb.audio.wav import write_wav
from voicenb.tuning.evidence import Evidence, read
from voicenb.tuning.kept import probabilities
from voicenb.turn_taking.completeness import Completeness, Utterance
from voicenb.turn_taking.segmenter import FRAME_SECONDS, stretches

RATE = 24_000
SHORTEST, LONGEST = 300, 3000
"""Milliseconds: ``min_silence`` and ``max_silence`` of the judges."""

WAIT = 6.0
"""Seconds between two sentences: longer than the longest silence and the answer together."""

PAUSES = (0.5, 0.7, 0.9, 1.1, 1.4)
"""Seconds of the pauses, by turns."""

DIPS, APART = 4, 0.5
"""Pauses in one sentence at most, and the seconds from one to the next and to the sentence's ends."""

SENTENCES = ("austen-0870", "austen-0880", "austen-0890", "austen-0920", "austen-0930", "cards-005")
"""Those that are long enough for a pause in them; all clips are said whole."""


class Silence:
    """Silence alone: all that is said looks complete, whether its words are known or not."""

    cost = 0.0

    def looks_complete(self, utterance: Utterance) -> bool:
        return True


@dataclass(frozen=True)
class Track:
    """What a caller says, and what is known of it: pauses and ends of sentences in seconds."""

    samples: Samples
    pauses: list[tuple[float, float]]
    ends: list[float]


@dataclass(frozen=True)
class Result:
    """What came of all tracks, in seconds.

    Attributes:
        cut: whether each pause was cut.
        latency: from each end to the decision.
        response: from each end to the answer.
        silent: how long the detector heard each pause.
    """

    cut: list[bool]
    latency: list[float]
    response: list[float]
    silent: list[float]

    @property
    def ended(self) -> list[float]:
        return [each for each in self.latency if math.isfinite(each)]


def labels() -> dict[str, tuple[float, float]]:
    with (AUDIO / "labels.csv").open(encoding="utf-8") as rows:
        return {
            row["file"].removesuffix(".wav"): (float(row["onset"]), float(row["offset"]))
            for row in csv.DictReader(rows)
        }


def dips(clip: Samples) -> list[int]:
    """Where a clip is quietest, in samples: there words mostly part."""
    level = np.convolve(levels(clip, RATE, 0.01), np.ones(5) / 5, "same")
    far = round(APART / 0.01)
    found: list[int] = []
    for at in np.argsort(level):
        near_an_end = not far <= at < len(level) - far
        if not near_an_end and all(abs(at - other) >= far for other in found):
            found.append(int(at))
        if len(found) == DIPS:
            break
    return [round(at * 0.01 * RATE) for at in sorted(found)]


def track(name: str, lengths: itertools.cycle[float]) -> Track:
    """One clip whole, and once for each pause in it; between all of it noise as loud as the clip's own."""
    onset, offset = labels()[name]
    whole = sound(name, RATE)
    clip = whole[round(onset * RATE) : round(offset * RATE)]
    room = float(np.std(whole[: round((onset - 0.05) * RATE)]))
    noise = np.random.default_rng(1)
    pieces: list[Samples] = []
    pauses: list[tuple[float, float]] = []
    ends: list[float] = []

    def add(samples: Samples) -> float:
        pieces.append(samples.astype(np.float32))
        return sum(map(len, pieces)) / RATE

    def rest(seconds: float) -> float:
        return add(noise.normal(0.0, room, round(seconds * RATE)))

    rest(1.0)
    for dip in [None, *(dips(clip) if name in SENTENCES else [])]:
        if dip is not None:
            begin = add(clip[:dip])
            pauses.append((begin, rest(next(lengths))))
        ends.append(add(clip if dip is None else clip[dip:]))
        rest(WAIT)
    return Track(np.concatenate(pieces), pauses, ends)


def hold(each: Track, judge: Completeness | None, shortest: int) -> Evidence:
    """Play a track to the emulator."""
    settings = vn.TurnDetection(min_silence=shortest, max_silence=max(LONGEST, shortest + 100))
    agent = vn.Agent(name="Lido", turn_detection=settings)
    service = vn.Emulator(
        brain=lambda text: "I see.", completeness=judge, processor=InPlaceProcessor(), leading_silence=0
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "caller.wav"
        write_wav(file, each.samples, RATE)
        call = vn.run(agent, vn.WavFile(file), service=service)
        (values,) = probabilities([call])
        return read(call, values)


def judged(each: Track, evidence: Evidence) -> Result:
    """What was decided in each pause, and first behind each end."""
    at = [decision.at for decision in evidence.decisions]
    cut = [any(begin < when <= end + FRAME_SECONDS for when in at) for begin, end in each.pauses]
    latency, response = [], []
    for end in each.ends:
        until = end + WAIT
        latency.append(min((when - end for when in at if end <= when < until), default=math.inf))
        answers = [reply.start - end for reply in evidence.replies if end <= reply.start < until]
        response.append(min(answers, default=math.inf))
    spoken = stretches(evidence.values.tolist(), 0.5)
    heard = [(one.end, other.start) for one, other in itertools.pairwise(spoken)]
    silent = [
        max((stop - start for start, stop in heard if start < end and stop > begin), default=0.0)
        for begin, end in each.pauses
    ]
    return Result(cut, latency, response, silent)


def arm(tracks: list[Track], judge: Completeness | None, shortest: int) -> Result:
    """All tracks under one judge."""
    parts = [judged(each, hold(each, judge, shortest)) for each in tracks]
    return Result(
        [cut for part in parts for cut in part.cut],
        [seconds for part in parts for seconds in part.latency],
        [seconds for part in parts for seconds in part.response],
        [seconds for part in parts for seconds in part.silent],
    )


def matched(tracks: list[Track], wanted: float, of: str) -> tuple[int, Result]:
    """Silence alone at the ``min_silence`` with which its median or mean latency is nearest to one."""
    figure = median if of == "median" else fmean
    shortest = SHORTEST
    for _ in range(
        2
    ):  # the silence counts from where the detector lets go: the first try tells how much later
        result = arm(tracks, Silence(), shortest)
        shortest, last = max(SHORTEST, round(shortest + (wanted - figure(result.ended)) * 1000)), shortest
        if abs(shortest - last) < FRAME_SECONDS * 1000:
            return last, result
    return shortest, arm(tracks, Silence(), shortest)


def row(name: str, result: Result) -> tuple[str, ...]:
    n, k = len(result.cut), sum(result.cut)
    ended, answered = result.ended, [each for each in result.response if math.isfinite(each)]
    return (
        name,
        f"{median(answered):.2f} s",
        f"{median(ended):.2f} s",
        f"{fmean(ended):.2f} s",
        f"{k} of {n}",
        str(len(result.latency) - len(ended)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="the ONNX file, where pipecat-ai is not installed")
    parser.add_argument("--clips", type=int, help="so many clips only, for a quick look")
    options = parser.parse_args()
    began = time.monotonic()
    lengths = itertools.cycle(PAUSES)
    tracks = [track(name, lengths) for name in list(labels())[: options.clips]]
    judge = vn.SmartTurn(model=options.model)
    smart = arm(tracks, judge, SHORTEST)
    rows = [row(f"Smart Turn, {SHORTEST} / {LONGEST} ms", smart)]
    words = arm(tracks, None, SHORTEST)
    rows.append(row(f"the words (default), {SHORTEST} / {LONGEST} ms", words))
    for of, wanted in (("median", median(smart.ended)), ("mean", fmean(smart.ended))):
        shortest, result = matched(tracks, wanted, of)
        rows.append(row(f"silence alone, same {of} latency: {shortest} ms", result))
    # Silence alone cuts what lasts as long as it, as the detector hears it.
    longest = sorted(smart.silent, reverse=True)
    shortest = round(1000 * (longest[min(sum(smart.cut), len(longest) - 1)] + 2 * FRAME_SECONDS))
    rows.append(row(f"silence alone, no more cuts: {shortest} ms", arm(tracks, Silence(), shortest)))
    head = ("", "response p50", "decision p50", "mean", "pauses cut", "ends missed")
    print(f"\nSmart Turn and silence alone ({machine()}, virtual clock, {time.monotonic() - began:.0f} s)")
    print(
        f"  {len(smart.latency)} sentences' ends, {len(smart.cut)} pauses in sentences, {len(tracks)} calls"
    )
    widths = [max(len(each[at]) for each in (head, *rows)) for at in range(len(head))]
    for each in (head, *rows):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(each, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
