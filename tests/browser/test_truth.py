"""Figures of a call through a real browser, against what its microphone heard and its loudspeaker played.

Both are kept sample by sample in the page's own audio thread, beside the recorder and not by it. The caller's
speech is found there by what was said: real clips, cut at their labels, whose ends are not soft (while the
agent is heard, the browser's echo canceller takes a soft end from the microphone). The agent hums, audible
from the first sample to the last.
"""

import csv
from pathlib import Path

import numpy as np
import pytest
from humming import LOUD, HummingEmulator, hum
from talking import until

import voicenb as vn
from voicenb.audio.wav import load_wav, write_wav

HERE = Path(__file__).parent
CLIPS = HERE.parent / "data" / "audio"
RATE = 24_000

WITHIN = 0.040
"""Seconds that a figure may be off where a browser is in the path."""

FIRST, OVER = "austen-0880.wav", "cards-002.wav"


class Hummer(HummingEmulator):
    """Hums for ten seconds at each turn, and notes when it told what.

    Attributes:
        times: of each event that it sent: its type, and when it had gone out, in epoch seconds.
    """

    def __init__(self):
        self.times = []
        super().__init__(brain=lambda text: hum(8))

    def told(self, event, at):
        self.times.append((event["type"], at))
        super().told(event, at)

    def after(self, kind, moment):
        """When it first sent such an event behind a moment."""
        return next(at for told, at in self.times if told == kind and at >= moment)


@pytest.fixture
def emulator():
    with Hummer() as running:
        running.warm_up()
        yield running


@pytest.fixture(scope="module")
def labels():
    with (CLIPS / "labels.csv").open() as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def cut(name, labels):
    """A clip from its onset to its end."""
    label = labels[name]
    return load_wav(CLIPS / name).samples[
        round(float(label["onset"]) * RATE) : round(float(label["offset"]) * RATE)
    ]


class Heard:
    """What one side of the page's sound was.

    Attributes:
        samples: float32 at the context's rate, from its first frame on.
    """

    def __init__(self, page, side):
        told = page.evaluate("side => __heard(side)", side)
        blocks = told["blocks"]
        self._first = blocks[0]["frame"]
        self.rate = blocks[0]["rate"]
        assert self.rate == RATE, "else clips are to be looked for at another rate"
        self.samples = np.zeros(blocks[-1]["end"] - self._first, np.float32)
        for block, pcm in zip(blocks, told["pcm"], strict=True):
            begin = block["frame"] - self._first
            self.samples[begin : begin + len(pcm)] = np.array(pcm, np.float32) / 32767
        # Epoch seconds of frame 0: the quickest look at the clock is the best.
        self._zero = min(block["at"] / 1e3 - block["end"] / self.rate for block in blocks) + 0.0005
        self.latency = float(np.median([block["latency"] for block in blocks]))

    def epoch(self, sample):
        """Epoch seconds of a sample."""
        return self._zero + (self._first + sample) / self.rate

    def find(self, clip):
        """Where the clip begins and ends, in epoch seconds."""
        size = 1 << (len(self.samples) + len(clip)).bit_length()
        product = np.fft.rfft(self.samples, size) * np.conj(np.fft.rfft(clip, size))
        begin = int(np.argmax(np.fft.irfft(product, size)[: len(self.samples)]))
        return self.epoch(begin), self.epoch(begin + len(clip))

    def loud(self):
        """Stretches of humming, as it left the loudspeaker: epoch seconds of first and last sample."""
        at = np.flatnonzero(np.abs(self.samples) > LOUD / 2)
        edges = np.flatnonzero(np.diff(at) > self.rate // 10)
        first, last = [at[0], *at[edges + 1]], [*at[edges], at[-1]]
        return [
            (self.epoch(one) + self.latency, self.epoch(other) + self.latency)
            for one, other in zip(first, last, strict=True)
        ]


def test_figures_are_those_that_microphone_and_loudspeaker_tell(
    playwright, lab, emulator, labels, tmp_path, capsys
):
    from lab import chromium, listening, open_page
    from talking import AGENT, Conversation, start, talk_cell

    first, over = cut(FIRST, labels), cut(OVER, labels)
    wav = tmp_path / "caller.wav"
    silence = np.zeros(RATE, np.float32)
    write_wav(wav, np.concatenate([*[silence] * 4, first, *[silence] * 4, over, *[silence] * 20]), RATE)
    lab.write(
        "talk.ipynb",
        [AGENT.replace("Good evening.", hum(1)), talk_cell(emulator), "talk.recording.save('call')"],
    )
    with chromium(playwright, wav) as browser:
        page = open_page(browser)
        page.add_init_script(listening("ears.js"))
        notebook = lab.open(page, "talk.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        talk = Conversation(page, notebook, emulator)
        until(page, lambda: sum(kind == "reply.started" for kind, _ in emulator.times) == 3, timeout=40)
        last = emulator.times[-1][1]
        assert talk.is_audible(last, last + 1.5), "the second answer"
        talk.stop()
        microphone, loudspeaker = Heard(page, "caller"), Heard(page, "agent")
        talk.run()

    turns = vn.turns(vn.load(lab.folder / "call"))
    plain, interrupting = turns.caller
    hummed = loudspeaker.loud()
    rows = []
    for turn, clip in ((plain, first), (interrupting, over)):
        onset, end = microphone.find(clip)
        answer = next(begin for begin, _ in hummed if begin > end)
        decided = emulator.after("input.speech.stopped", end)
        rows += [
            ("length of the turn (acoustic)", turn.end - turn.start, end - onset),
            ("end-of-turn delay (acoustic to wire)", turn.end_of_turn_delay, decided - end),
            ("response latency (acoustic to heard)", turn.response_latency, answer - end),
        ]
    onset, _ = microphone.find(over)
    told = emulator.after("input.speech.started", onset)
    silent = next(last for begin, last in hummed if begin < onset < last)
    rows += [
        ("reaction (acoustic to wire)", interrupting.reaction, told - onset),
        ("flush (wire to heard)", interrupting.flush, silent - told),
        ("yield latency (acoustic to heard)", interrupting.yield_latency, silent - onset),
    ]
    uncertain = max(
        float(labels[name][f"{edge}_uncertainty"]) for name in (FIRST, OVER) for edge in ("onset", "offset")
    )
    with capsys.disabled():
        print(f"\n\n{'through the browser':38} {'told':>7} {'truth':>7} {'error':>9}")
        for name, figure, truth in rows:
            print(f"{name:38} {figure:7.3f} {truth:7.3f} {1e3 * (figure - truth):+6.1f} ms")
    for name, figure, truth in rows:
        assert abs(figure - truth) <= WITHIN + uncertain, name
