"""How many conversations at once, at real time, one machine holds: emulator and clients each in one process.

A place is held when 95 of 100 answers are heard within half a second of the decision and no chunk of any
answer comes after its play time, for a player that begins with the first chunk and keeps nothing in reserve.
Both sides share the processors, as a notebook and its emulator do; leading silence is off; the baseline is
one conversation. While they listen, callers send digital silence, in which the detector rests after a second;
with ``--room`` they send the noise of a quiet room.

``ears``: everything is real, no answer begins with words that were said before. ``scripted``: answers from a
script whose speech is remembered, words known without ears; voice activity, turn taking, pacing and the wire
are real.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench_reply import answers
from client import FRAME, RATE, Client, Turn, frames, room
from figures import percentile, percentile_or_largest, show
from service import Service, machine_seconds, program, serve
from speech import said, until_the_last_word

from voicenb.audio.pcm import to_pcm

WITHIN = 0.5
"""Seconds from the decision to the answer, at the 95th percentile."""

MIN_SILENCE = 700
"""Milliseconds, as the stand-in begins with."""

VOICE = "ivy"

REST = (0.3, 1.5)
"""Seconds that a caller listens after an answer, before the next words."""

LINES = (
    "Yes, certainly. We are open from noon until eleven in the evening.",
    "One moment, please. There is still a table by the window.",
    "Half past eight it is, then. May I have your name?",
    "Thank you very much. Is there anything else that I can do?",
)
"""What a scripted agent says."""

CLIPS = {
    "ears": [name for name in said() if name.startswith("austen")],
    "scripted": ["cards-005", "austen-0880", "austen-0930"],
}


QUIET: list[list[str]] = []
"""What callers send while they listen, where it is not digital silence."""


class Known:
    """Ears that know what is said: words without work."""

    name = "known"
    cost = 0.0

    def transcribe(self, samples: object, keyterms: object = (), expected: object = ()) -> str:
        """Always the same."""
        del samples, keyterms
        return "A table for four on Friday, please."


@dataclass(slots=True)
class Outcome:
    """What some conversations at once were like.

    Attributes:
        turns: answered ones, of all callers.
        unanswered: turns whose answer did not come within ten seconds.
        errors: ``session.error`` events.
        lateness: of the clients' own frames.
        busy: processors that the emulator, the clients and everything else used.
    """

    turns: list[Turn] = field(default_factory=list)
    unanswered: int = 0
    errors: int = 0
    lateness: list[float] = field(default_factory=list)
    busy: tuple[float, ...] = (0.0, 0.0, 0.0)

    @property
    def waits(self) -> list[float]:
        """Seconds from the decision to the first audible sample."""
        return [turn.audible_at - turn.decided_at for turn in self.turns if turn.audible_at is not None]

    @property
    def underruns(self) -> list[float]:
        """By how much chunks missed their play time."""
        return [late for turn in self.turns for late in turn.late]

    @property
    def held(self) -> bool:
        """Whether it was good enough."""
        return (
            bool(self.waits)
            and percentile(self.waits, 0.95) <= WITHIN
            and not self.underruns
            and not self.unanswered
            and not self.errors
        )


async def caller(
    service: Service, clips: list[list[str]], number: int, start: float, end: float, outcome: Outcome
) -> None:
    """One caller: says something, waits for the answer, rests a little, until it is time."""
    chance = random.Random(number)
    await asyncio.sleep(max(0.0, start + chance.random() * 4 - time.perf_counter()))
    client = await Client(service, *QUIET).open(
        greeting="", input={"turn_detection": {"min_silence": MIN_SILENCE}}, output={"voice": VOICE}
    )
    try:
        for turn in itertools.count():
            await client.until(lambda: False, chance.uniform(*REST))
            if time.perf_counter() > end:
                break
            before = len(client.turns)
            clip = clips[(number + turn) % len(clips)]
            client.say(clip)

            def answered(before: int = before) -> bool:
                return len(client.turns) > before and bool(client.turns[-1].status)

            # Ten seconds for the answer, and as many for it to be heard.
            if not await client.until(answered, len(clip) * FRAME + 20):
                outcome.unanswered += 1
    finally:
        await client.close()
    outcome.turns += [turn for turn in client.turns if turn.status == "completed"]
    outcome.errors += len(client.errors)
    outcome.lateness += client.lateness


async def conversations(service: Service, count: int, seconds: float, clips: list[list[str]]) -> Outcome:
    """``count`` callers for ``seconds``."""
    outcome = Outcome()
    # The collector of this side must not look like a stutter of the other.
    gc.collect()
    gc.freeze()
    begun, used = time.perf_counter(), _used(service)
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(caller(service, clips, number, begun, begun + seconds, outcome))
    took = time.perf_counter() - begun
    emulator, clients, machine = (
        (now - before) / took for now, before in zip(_used(service), used, strict=True)
    )
    outcome.busy = emulator, clients, max(0.0, machine - emulator - clients)
    return outcome


def _used(service: Service) -> tuple[float, float, float]:
    """Seconds of processor time so far: of the emulator, of the clients, of the machine."""
    return service.processor_seconds(), time.process_time(), machine_seconds()


def emulate(kind: str) -> None:
    """The emulator's process."""
    from voicenb.emulator.brain import Moment
    from voicenb.emulator.emulator import Emulator
    from voicenb.emulator.voices.cache import CachedMouth
    from voicenb.emulator.voices.choose import mouth
    from voicenb.emulator.voices.clauses import clauses

    if kind == "scripted":
        voice = CachedMouth(mouth())
        for clause in (clause for line in LINES for clause in clauses(line)):
            voice.say(clause, VOICE)
        serve(Emulator(brain=LINES * 30, recognizer=Known(), mouth=voice, leading_silence=0.0))
        return
    texts, turn = answers(short=True, seed=1), threading.Lock()

    def never_twice(moment: Moment) -> str:
        del moment
        with turn:
            return next(texts)

    serve(Emulator(brain=never_twice, leading_silence=0.0))


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("kind", choices=CLIPS, nargs="?", help="default: both")
    options.add_argument("counts", type=int, nargs="*", help="conversations at once (default: 1, aim)")
    options.add_argument("--seconds", type=float, default=90.0, help="of each run (default: 90)")
    options.add_argument("--room", action="store_true", help="callers who listen send noise, not zeros")
    options.add_argument("--serve", metavar="KIND", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        emulate(chosen.serve)
        return
    if chosen.room:
        QUIET.append(room())
    for kind, aim in (("ears", 8), ("scripted", 60)):
        if chosen.kind in (None, kind):
            measure(kind, aim, chosen.counts or [1, aim], chosen.seconds)


def measure(kind: str, aim: int, counts: list[int], seconds: float) -> None:
    """Run each number of conversations and print what they were like, the first one beside the others."""
    clips = [frames(to_pcm(until_the_last_word(name, RATE))) for name in CLIPS[kind]]
    outcomes = {}
    with program(__file__, "--serve", kind) as service:
        asyncio.run(conversations(service, 1, 5, clips))  # the process has woken up, the speech is remembered
        for count in counts:
            outcomes[count] = asyncio.run(conversations(service, count, seconds, clips))
    base = outcomes[counts[0]]
    for count in counts[1:] or counts:
        rows = [("figure", f"{count} at once", f"{counts[0]} at once", "aim")]
        for name, aimed, value in (
            ("turns answered, of them too late or never", "0", _answered),
            ("decided → first audible sample, p50", "-", _wait(0.5)),
            ("decided → first audible sample, p95", f"≤ {WITHIN * 1e3:.0f} ms", _wait(0.95)),
            ("of them decided → words known, p95", "-", _known),
            ("end of words → decided, beyond the silence, p95", "-", _decided),
            ("underruns, the longest", "0", _underruns),
            ("frames of the clients late, p99", "-", _lateness),
            ("processors used by emulator, clients, others", "-", _busy),
            ("held", f"≥ {aim} at once", lambda outcome: "yes" if outcome.held else "no"),
        ):
            rows.append((name, value(outcomes[count]), value(base), aimed))
        show(f"Conversations at once, {kind}, {seconds:.0f} s", rows)


def _answered(outcome: Outcome) -> str:
    return f"{len(outcome.turns)}, {outcome.unanswered}" + (
        f", {outcome.errors} errors" if outcome.errors else ""
    )


def _in_ms(seconds: Sequence[float], share: float) -> str:
    return percentile_or_largest([1e3 * one for one in seconds], share, "{:.0f} ms")


def _wait(share: float) -> object:
    return lambda outcome: _in_ms(outcome.waits, share) if outcome.waits else "-"


def _known(outcome: Outcome) -> str:
    waits = [turn.known_at - turn.decided_at for turn in outcome.turns if turn.known_at is not None]
    return _in_ms(waits, 0.95) if waits else "-"


def _decided(outcome: Outcome) -> str:
    beyond = [turn.decided_at - turn.spoken_at - MIN_SILENCE / 1e3 for turn in outcome.turns]
    return _in_ms(beyond, 0.95) if beyond else "-"


def _underruns(outcome: Outcome) -> str:
    late = outcome.underruns
    return f"{len(late)}, {max(late, default=0) * 1e3:.0f} ms"


def _lateness(outcome: Outcome) -> str:
    return _in_ms(outcome.lateness, 0.99)


def _busy(outcome: Outcome) -> str:
    return ", ".join(f"{used:.2f}" for used in outcome.busy)


if __name__ == "__main__":
    main()
