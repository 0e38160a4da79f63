"""Emulator: from the decision that a turn is over to the first audible sample of the answer.

Beside it what the same voice needs to make the whole answer, as when nothing is sent before all is there. No
answer begins with words that the voice has said before; leading silence is off.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Iterator

from client import Client, frames
from figures import percentile, percentile_or_largest, show
from service import Service, program, serve
from speech import sound

from voicenb.audio.pcm import to_pcm
from voicenb.emulator.voices.clauses import clauses

RATE = 24_000
CALLER = "cards-001"
MIN_SILENCE = 600
PAUSE = 0.3
"""Seconds of quiet between two conversations."""

TRIES = 20_000
"""Answers that are made up at most; of so many, every one that there can be is among them."""

NAMES = "Anna Boris Clara David Emma Felix Greta Henry Irene Jonas Karla Leo Maria Nina Oscar Paula"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
NUMBERS = "two three four five six seven eight nine ten eleven twelve"


def answers(short: bool, seed: int) -> Iterator[str]:
    """Answers whose first clauses never come twice: sentences of three to six words, or of some twenty."""
    chance = random.Random(seed)
    begun: set[str] = set()
    for _ in range(TRIES):
        name, day = chance.choice(NAMES.split()), chance.choice(DAYS.split())
        one, other = chance.sample(NUMBERS.split(), 2)
        if short:
            answer = f"{name} at {one}, on {day}. We look forward to seeing all {other} of you then."
        else:
            answer = (
                f"For {name} and {one} friends on {day} evening at about {other} o'clock there would be room "
                f"at the long table by the window."
            )
        clause = clauses(answer)[0]
        if clause not in begun:
            begun.add(clause)
            yield answer
    raise SystemExit(f"After {len(begun)} answers nothing is left to say that was not said before.")


async def one(service: Service, spoken: list[str], answer: str) -> tuple[float, float]:
    """One turn: seconds from the decision to the first chunk, and to the first audible sample."""
    client = await Client(service).open(
        greeting="", system_prompt=answer, input={"turn_detection": {"min_silence": MIN_SILENCE}}
    )
    client.say(spoken)
    try:
        heard = await client.until(lambda: bool(client.turns) and client.turns[-1].audible_at is not None, 20)
    finally:
        await client.close()
    if not heard:
        raise SystemExit(f"no answer: {client.errors or client.texts}")
    turn = client.turns[-1]
    assert turn.audio_at is not None
    assert turn.audible_at is not None
    return turn.audio_at - turn.decided_at, turn.audible_at - turn.decided_at


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--turns", type=int, default=30, help="of each kind (default: 30)")
    options.add_argument("--seed", type=int, default=1, help="of the answers (default: 1)")
    chosen = options.parse_args()
    if chosen.serve:
        from voicenb.emulator.brain import Moment
        from voicenb.emulator.emulator import Emulator

        def say_the_prompt(moment: Moment) -> str:
            return moment.system_prompt

        serve(Emulator(brain=say_the_prompt, leading_silence=0.0))
        return

    from voicenb.emulator.voices.choose import mouth

    voice = mouth()
    voice.say("Yes.", "ivy")
    spoken = frames(to_pcm(sound(CALLER, RATE)))
    kinds = {True: "first clause of at most six words", False: "one sentence of some twenty words"}
    texts = {short: answers(short, chosen.seed) for short in kinds}
    found: dict[bool, list[tuple[float, float, float]]] = {short: [] for short in kinds}
    with program(__file__, "--serve") as service:
        asyncio.run(one(service, spoken, "Good morning."))  # the process has woken up
        for _ in range(chosen.turns):
            for short in kinds:
                answer = next(texts[short])
                chunk, audible = asyncio.run(one(service, spoken, answer))
                time.sleep(PAUSE)
                begun = time.perf_counter()
                voice.say(answer, "ivy")
                found[short].append((chunk, audible, time.perf_counter() - begun))
                time.sleep(PAUSE)
    rows = [(f"figure (n = {chosen.turns} each)", "emulator", "voice alone, whole answer", "aim")]
    for short, title in kinds.items():
        chunks, audibles, wholes = zip(*found[short], strict=True)
        rows.append((title, "", "", ""))
        rows += [
            (
                f"  decided → first audible sample, p{share * 100:.0f}",
                percentile_or_largest([1e3 * one for one in audibles], share, "{:.0f} ms"),
                percentile_or_largest([1e3 * one for one in wholes], share, "{:.0f} ms"),
                aim,
            )
            for share, aim in ((0.5, "≤ 150 ms" if short else "≤ 300 ms"), (0.9, "-"))
        ]
        rows.append(("  decided → first chunk, p50", f"{percentile(chunks, 0.5) * 1e3:.0f} ms", "-", "-"))
    show(f"Answers of the emulator, voice {voice.name}, leading silence off, nothing said twice", rows)


if __name__ == "__main__":
    main()
