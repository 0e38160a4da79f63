"""Word errors of the emulator's ears, end to end: a voice at real time through a socket, text back.

Beside them what the recogniser's own library makes of the whole clip, with the segments that it finds itself.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from client import Client, frames
from figures import show
from service import Service, program, serve
from speech import said, sound, word_errors, words

from voicenb.audio.noise import with_noise
from voicenb.audio.pcm import Samples, to_pcm

RATE = 24_000
SIDE_BY_SIDE = 4
"""Conversations at once, to save time."""

SILENCE = 1.0
"""Seconds of silence before the clip; behind it the microphone stays open until the turn is over."""

_CARDS = "ace two three four five six seven eight nine ten jack queen king clubs diamonds hearts spades"

_UNRELATED = (
    "Ainsworth AssemblyAI amoxicillin Bratislava cappuccino Chihuahua Copernicus croissant Dvořák "
    "eucalyptus Fitzgerald focaccia Galápagos gnocchi Grafana hydrangea ibuprofen Istanbul JupyterLab "
    "Kowalski Kubernetes Lido Ljubljana Lufthansa McAllister metformin Mississippi Montessori Nakamura "
    "Nietzsche Okonkwo oregano Papadopoulos Patagonia Pfizer Postgres quesadilla Reykjavík rosemary "
    "Saskatchewan Siobhan Stradivarius tagliatelle Tchaikovsky Terraform tiramisu Uzbekistan Volkswagen "
    "Wojciech zucchini"
)
CARDS, UNRELATED = _CARDS.split(), _UNRELATED.split()


@dataclass(frozen=True, slots=True)
class Group:
    """Clips that are heard under one condition, and what is hoped for."""

    title: str
    begins: str
    aim: str
    keyterms: Sequence[str] = ()
    snr: float | None = None


GROUPS = (
    Group("Austen, clean", "austen", "≤ 1"),
    Group("Austen, pink noise at 20 dB", "austen", "≤ 4", snr=20.0),
    Group("Austen, fifty unrelated keyterms", "austen", "no worse", keyterms=UNRELATED),
    Group("cards", "cards", "-"),
    Group("cards, ranks and suits as keyterms", "cards", "≤ 1", keyterms=CARDS),
    Group("all eleven", "", "≤ 5 %"),
    Group("all eleven, ranks and suits as keyterms", "", "≤ 5 %", keyterms=CARDS),
)


def samples_of(name: str, group: Group, rate: int, seed: int) -> Samples:
    """A clip as the group hears it."""
    clean = sound(name, RATE)
    heard = clean if group.snr is None else with_noise(clean, group.snr, seed)
    if rate == RATE:
        return heard
    from voicenb.audio.resample import resample

    return resample(heard, RATE, rate)


async def hear(service: Service, samples: Samples, keyterms: Sequence[str]) -> str:
    """What the emulator hears, over all turns that the clip falls into."""
    client = await Client(service).open(greeting="", input={"keyterms": list(keyterms)})
    try:
        client.say(frames(bytes(2 * round(SILENCE * RATE)) + to_pcm(samples)))
        length = SILENCE + samples.size / RATE
        await client.until(lambda: False, length)
        # The last turn's words, and then a silence in which nothing more comes.
        await client.until(lambda: bool(client.texts), 5)
        known = -1
        while known != len(client.turns) + len(client.texts):
            known = len(client.turns) + len(client.texts)
            await client.until(lambda before=known: len(client.turns) + len(client.texts) != before, 2)
    finally:
        await client.close()
    return " ".join(client.texts.values())


async def hear_all(service: Service, seed: int) -> dict[tuple[str, tuple[str, ...], float | None], str]:
    """What is heard in every clip under every condition; each once."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)
    wanted = {
        (name, tuple(group.keyterms), group.snr): group
        for group in GROUPS
        for name in said()
        if name.startswith(group.begins)
    }

    async def one(name: str, group: Group) -> str:
        async with places:
            return await hear(service, samples_of(name, group, RATE, seed), group.keyterms)

    texts = await asyncio.gather(*(one(key[0], group) for key, group in wanted.items()))
    return dict(zip(wanted, texts, strict=True))


class Whole:
    """The recogniser's own library on whole clips."""

    def __init__(self) -> None:
        from moonshine_voice import ModelArch, Transcriber

        from voicenb.emulator.ears.moonshine import model_folder

        self._library = Transcriber(str(model_folder()), ModelArch.TINY)

    def hear(self, samples: Samples) -> str:
        """The words of ``samples`` at 16 kHz, with room at its end."""
        padded = np.concatenate([samples, np.zeros(8_000, np.float32)])
        lines = self._library.transcribe_without_streaming(padded.tolist(), 16_000).lines
        return " ".join(line.text for line in lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--seed", type=int, default=1, help="of the noise (default: 1)")
    options.add_argument("--texts", action="store_true", help="print what was heard where it is wrong")
    chosen = options.parse_args()
    if chosen.serve:
        from voicenb.emulator.emulator import Emulator

        serve(Emulator(brain=lambda text: None))  # a listener: it answers nothing
        return
    with program(__file__, "--serve") as service:
        heard = asyncio.run(hear_all(service, chosen.seed))
    whole = Whole()
    rows = [("figure (words wrong of words said)", "over the socket", "own library, whole clip", "aim")]
    for group in GROUPS:
        names = [name for name in said() if name.startswith(group.begins)]
        total = sum(len(words(said()[name])) for name in names)
        wrong = wrong_whole = 0
        for name in names:
            text = heard[name, tuple(group.keyterms), group.snr]
            missed = word_errors(said()[name], text)
            wrong += missed
            wrong_whole += word_errors(said()[name], whole.hear(samples_of(name, group, 16_000, chosen.seed)))
            if chosen.texts and missed:
                print(f"  {group.title}, {name}: {said()[name]!r} heard as {text!r}")
        rows.append(
            (
                group.title,
                f"{wrong} of {total} ({wrong / total:.1%})",
                f"{wrong_whole} of {total} ({wrong_whole / total:.1%})",
                group.aim,
            )
        )
    side_by_side = f"{SIDE_BY_SIDE} conversations at once"
    show(f"Word errors, clips at real time, {side_by_side}, seed of the noise {chosen.seed}", rows)


if __name__ == "__main__":
    main()
