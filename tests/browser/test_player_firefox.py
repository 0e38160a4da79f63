"""The Player in a real Firefox: its audio context plays the call, sample for sample."""

import base64
from pathlib import Path

import numpy as np
import pytest
from firefox import Firefox
from harness import site
from loudspeaker import SoundServer

from voicenb.sharing.document import document

pytestmark = pytest.mark.campaign

RATE = 24_000
SECONDS = 20.0
TAP = (Path(__file__).parent / "player_tap.js").read_text(encoding="utf-8")

STATE = {
    "agent": "Lido",
    "at": 1.23456,
    "sound": 1,
    "length": round(SECONDS * RATE),
    "rate": RATE,
    "running": False,
    "version": 1,
    "reading": False,
    "error": None,
}

# Answers what the page asks for; every sample is another number.
KERNEL = """told => {
  const shown = { type: "document", version: 1, measured: true, document: told };
  const answer = ({ sound, start, count }) => {
    const samples = new Int16Array(2 * count);
    for (let i = 0; i < count; i++) {
      samples[2 * i] = (((start + i) * 7919) % 32000) + 1;
      samples[2 * i + 1] = -samples[2 * i];
    }
    kernel.send({ type: "slice", sound, start }, [new Uint8Array(samples.buffer)]);
  };
  let answered = 0;
  setInterval(() => {
    const asked = sent.slice(answered); // an answer may lead to another question
    answered += asked.length;
    for (const { content } of asked) {
      if (content.type === "document") kernel.send(shown);
      if (content.type === "slice") answer(content);
    }
  }, 20);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with (
        SoundServer() as sound,
        site("light", "player.js", "call_view.css", "player.css") as address,
        Firefox(tmp_path_factory.mktemp("firefox"), sound.environment) as firefox,
    ):
        firefox.goto(address)
        firefox.wait_for_function("window.mounted")
        firefox.evaluate(f"() => {{ {TAP} }}")
        yield firefox


def seconds(page):
    minutes, rest = page.text(".voicenb-call-now").split(":")
    return 60 * int(minutes) + float(rest)


def test_every_sample_is_played_once_across_the_borders_of_slices(page, tmp_path):
    from test_player import a_call

    page.evaluate(KERNEL, {**document(a_call(tmp_path / "call")), "duration": SECONDS})
    page.evaluate("kernel.send({ type: 'hello' })")
    page.evaluate("state => kernel.set('_state', state)", STATE)
    page.wait_for_function("document.querySelector('.voicenb-call-play')")
    page.click(".voicenb-call-play")
    page.wait_for_function("document.querySelector('.voicenb-call-now').textContent > '0:09.5'", seconds=60)
    page.click(".voicenb-call-play")
    page.wait_for_function("document.querySelector('.voicenb-call-play').ariaLabel === 'Play'")
    told = page.evaluate("__playedBy(0)")
    assert told["rate"] == RATE
    assert (np.diff(told["frames"]) == 64 * 128).all()
    left, right = (
        np.frombuffer(base64.b64decode(told[side]), "<i2").astype(int) for side in ("left", "right")
    )
    loud = np.flatnonzero(left)
    first, kept = loud[0], loud[-1] - loud[0] - 480  # a sound that is stopped fades
    assert kept > 8 * RATE
    wanted = ((round(STATE["at"] * RATE) + np.arange(kept)) * 7919) % 32000 + 1
    np.testing.assert_array_equal(left[first : first + kept], wanted)
    np.testing.assert_array_equal(right[first : first + kept], -wanted)
    assert seconds(page) > 9.5
