"""The panel in a real Firefox, whose audio context runs at the device's rate and not at 24 kHz."""

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from firefox import CONTROL, ENTER, TONE, Firefox
from harness import TONE as HARNESS_TONE
from harness import TRACKS, Helper, answer, await_sent, kernel, mounted, sent, site, speak
from lab import HOST, TAP
from line_service import LineHelper, LineService
from loudspeaker import RATE, SoundServer, find_tone, read_recorded
from talking import AGENT, LEVEL, talk_cell

import voicenb as vn
from voicenb.audio.wav import write_wav

pytestmark = pytest.mark.campaign

CLIPS = Path(__file__).parents[1] / "data" / "audio"

# Keeps what the page opened, and what went wrong in it.
WATCH = """() => {
  window.streams = [];
  window.contexts = [];
  window.errors = [];
  const media = navigator.mediaDevices, real = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    const stream = await real(wish);
    streams.push(stream);
    return stream;
  };
  const Context = AudioContext;
  window.AudioContext = class extends Context {
    constructor(...options) {
      super(...options);
      contexts.push(this);
    }
  };
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
}"""

TEN_SECONDS = 10 * HARNESS_TONE.tobytes()

START, STOP, MUTE = ".voicenb-button[aria-label=Start]", ".voicenb-button[aria-label=Stop]", ".voicenb-mute"


def watch(page):
    page.evaluate(WATCH)
    page.evaluate(f"() => {{ {TAP} }}")


@pytest.fixture(scope="module")
def sound():
    with SoundServer() as running:
        yield running


@pytest.fixture(scope="module")
def firefox(tmp_path_factory, sound):
    with Firefox(tmp_path_factory.mktemp("firefox"), sound.environment, tone=True) as running:
        yield running


@pytest.fixture(scope="module")
def address():
    with site() as running:
        yield running


@pytest.fixture
def page(firefox, address):
    """A page with the panel on it, whose microphone hears a tone."""
    firefox.goto(address)
    watch(firefox)
    mounted(firefox)
    yield firefox
    assert firefox.evaluate("errors") == []


@pytest.fixture
def helper():
    with Helper() as running:
        yield running


def start(page, *ways):
    page.click(START)
    await_sent(page, "start")
    answer(page, "connect", ways=ways, insist=None)
    await_sent(page, "chosen")


def live(page, helper):
    start(page, helper.way)
    helper.say(type="open")
    helper.wait(lambda: helper.frames)


def samples(frames):
    return np.frombuffer(b"".join(pcm for _, _, pcm in frames), "<i2")


def test_the_microphone_arrives_resampled_in_frames_with_number_and_time(page, helper):
    live(page, helper)
    helper.wait(lambda: len(helper.frames) >= 150)
    assert page.evaluate("contexts.at(-1).sampleRate") == RATE, "else nothing is resampled"
    frames = helper.frames[:150]
    assert [seq for seq, _, _ in frames] == list(range(150))
    assert {len(pcm) for _, _, pcm in frames} == {768}, "16 ms"
    steps = [b - a for (_, a, _), (_, b, _) in pairwise(frames[50:])]
    assert all(abs(step - 16) < 25 for step in steps), steps
    assert sum(steps) / len(steps) == pytest.approx(16, abs=1)
    frequency, share = find_tone(samples(frames[50:]), 24_000)
    assert frequency == pytest.approx(TONE, abs=1)
    assert share > 0.99, "nothing but the tone: no sample is missing, and nothing folds back"


def test_the_reply_is_heard_and_told_of(page, helper, sound, tmp_path):
    live(page, helper)
    with sound.recorded(tmp_path / "heard.raw"):
        speak(helper, seconds=2)
        helper.say(type="done", reply=1)
        helper.wait(lambda: helper.told("played-out", reply=1))
        page.wait_for_function(f"__output.length && __output.slice(-100).every(([, rms]) => rms < {LEVEL})")
    heard = helper.told("heard", reply=1)
    assert heard[0]["from"] == 0
    assert heard[-1]["to"] == 48000
    assert all(a["to"] == b["from"] for a, b in pairwise(heard))
    assert heard[-1]["at"] - heard[0]["at"] == pytest.approx(heard[-1]["from"] / 24, abs=100)
    levels = page.evaluate("__output.map(([, level]) => level)")
    assert max(levels) == pytest.approx(0.26, abs=0.03)
    # What the loudspeaker was given; where the machine does not keep up with it, it crackles now and then.
    played = read_recorded(tmp_path / "heard.raw")
    loud = np.flatnonzero(abs(played) > 1000)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(2, abs=0.1)
    pieces = np.split(played[loud[0] :][: 8 * RATE // 5], 8)
    tones = [find_tone(piece, RATE) for piece in pieces]
    assert np.median([frequency for frequency, _ in tones]) == pytest.approx(440, abs=5)
    assert np.median([share for _, share in tones]) > 0.99


def test_flush_silences_the_output(page, helper):
    live(page, helper)
    speak(helper, seconds=20)
    page.wait_for_function("__output.at(-1)?.[1] > 0.2")
    page.evaluate("__output.length = 0")
    helper.say(type="flush")
    page.wait_for_function("__output.at(-1)?.[1] === 0")
    levels = page.evaluate("__output.map(([, level]) => level)")
    assert not any(levels[levels.index(0) :])
    assert helper.wait(lambda: helper.told("heard"))[-1]["to"] < 15 * 24000
    # What comes behind the flush is heard again.
    speak(helper, reply=2)
    helper.say(type="done", reply=2)
    helper.wait(lambda: helper.told("played-out", reply=2))


BUSY = """milliseconds => {
  const begun = performance.now();
  while (performance.now() - begun < milliseconds);
  return [begun, performance.now()];
}"""


def test_behind_a_busy_page_sound_waits_and_none_is_lost(page, helper):
    # Firefox leads the socket of a worker over the page's own thread.
    live(page, helper)
    speak(helper, seconds=5)
    page.wait_for_function("__output.at(-1)?.[1] > 0.2")
    helper.wait(lambda: len(helper.frames) >= 50)
    begun, ended = page.evaluate(BUSY, 2500)
    helper.wait(lambda: helper.frames[-1][1] > ended + 500)
    helper.say(type="flush")
    page.wait_for_function("__output.at(-1)?.[1] === 0")
    frames = list(helper.frames)
    assert [seq for seq, _, _ in frames] == list(range(len(frames)))
    assert sum(begun < at < ended for _, at, _ in frames) == pytest.approx(2500 / 16, abs=5)
    steps = [b - a for (_, a, _), (_, b, _) in pairwise(frames[50:])]
    assert all(abs(step - 16) < 25 for step in steps), "they have the time at which they were taken in"
    frequency, share = find_tone(samples(frames[50:]), 24_000)
    assert frequency == pytest.approx(TONE, abs=1)
    assert share > 0.99
    assert not [stats for stats in helper.told("stats") if stats["lost"] or stats["gaps"]]
    # What the service had sent ahead is heard meanwhile.
    levels = np.array(page.evaluate("__output.map(([, level]) => level)"))
    loud = np.flatnonzero(levels > 0.2)
    assert len(loud) * 128 / RATE > 2.5
    assert np.diff(loud).max() == 1, "no gap in the voice"


def test_what_waits_longer_than_the_backlog_is_lost_and_counted(page, helper):
    live(page, helper)
    helper.wait(lambda: len(helper.frames) >= 50)
    begun, ended = page.evaluate(BUSY, 8000)
    helper.wait(lambda: helper.frames[-1][1] > ended)
    came = sum(begun < at < ended for _, at, _ in list(helper.frames))
    assert came == pytest.approx(5000 / 16, abs=20)

    def missing():
        return helper.frames[-1][0] + 1 - len(helper.frames)

    assert missing() > 100
    helper.wait(lambda: helper.told("stats")[-1]["lost"] == missing())


def test_mute_sends_silence_and_says_so(page, helper):
    live(page, helper)
    helper.wait(lambda: any(helper.frames[-1][2]))
    page.click(MUTE)
    page.await_text(".voicenb-state", "muted: the agent hears silence")
    helper.wait(lambda: helper.told("mute", muted=True))
    assert sent(page, "mute") == [{"type": "mute", "muted": True}]
    count = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > count + 40)
    assert not any(helper.frames[-1][2])
    page.click(MUTE)
    helper.wait(lambda: helper.told("mute", muted=False))
    helper.wait(lambda: any(helper.frames[-1][2]))


def test_stop_gives_the_microphone_back(page, helper):
    live(page, helper)
    assert page.evaluate(TRACKS) == ["live"]
    page.click(STOP)
    assert sent(page, "stop") == [{"type": "stop"}]
    assert page.evaluate(TRACKS) == ["ended"]
    page.wait_for_function("contexts.every((context) => context.state === 'closed')")
    kernel(page, state="ended")
    page.await_text(".voicenb-state", "ended")
    # And once more.
    page.evaluate("sent.length = 0")
    with Helper() as second:
        live(page, second)


def test_a_call_through_the_kernel(page):
    start(page, {"kind": "kernel"})
    name = sent(page, "page")[0]["texts"][0]["page"]
    page.evaluate("name => kernel.send({ type: 'page', text: { type: 'welcome', page: name } })", name)
    page.evaluate("kernel.send({ type: 'page', text: { type: 'open' } })")
    page.wait_for_function("sent.filter((s) => s.captured[0]).length > 30")
    assert set(page.evaluate("sent.flatMap((s) => s.frames)")) == {16 + 2 * 7 * 128}
    captured = page.evaluate("sent.flatMap((s) => s.captured)")
    steps = [b - a for a, b in pairwise(captured[5:])]
    assert sum(steps) / len(steps) == pytest.approx(1000 * 7 * 128 / 24_000, abs=2)


def test_another_microphone_takes_the_place_of_the_one_in_use(address, sound, helper, tmp_path):
    tone = np.sin(2 * np.pi * TONE * np.arange(30 * RATE) / RATE)
    write_wav(tmp_path / "tone.wav", (0.3 * tone).astype(np.float32), RATE)
    with Firefox(tmp_path / "firefox", sound.environment) as page, sound.says(tmp_path / "tone.wav"):
        page.goto(address)
        watch(page)
        mounted(page)
        live(page, helper)
        helper.wait(lambda: len(helper.frames) > 100)
        frequency, _ = find_tone(samples(helper.frames[50:100]), 24_000)
        assert frequency == pytest.approx(TONE, abs=24_000 / (50 * 384))
        page.wait_for_function(
            """() => {
              const menu = document.querySelector("[aria-label=Microphone]");
              const silent = [...menu.options].find(({ text }) => text === "Silent");
              if (silent) {
                menu.value = silent.value;
                menu.dispatchEvent(new Event("change"));
              }
              return Boolean(silent);
            }"""
        )
        page.wait_for_function(f"{TRACKS}.join() === 'ended,live'")
        count = len(helper.frames)
        helper.wait(lambda: len(helper.frames) > count + 100)
        assert abs(samples(helper.frames[-20:])).max() < 100, "it is the silent one"
        assert [seq for seq, _, _ in helper.frames] == list(range(len(helper.frames)))
        assert page.evaluate("errors") == []


DENIED = {"media.navigator.permission.disabled": False, "permissions.default.microphone": 2}
NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent"}


@pytest.mark.parametrize(
    ("preferences", "environment", "words"),
    [
        (DENIED, {}, "The browser did not allow the microphone."),
        ({}, NO_SOUND, "No microphone was found."),
    ],
)
def test_why_there_is_no_microphone_is_told(address, sound, tmp_path, preferences, environment, words):
    surroundings = {**sound.environment, **environment}
    with Firefox(tmp_path / "firefox", surroundings, preferences=preferences) as page:
        page.goto(address)
        watch(page)
        mounted(page)
        page.click(START)
        page.await_text(".voicenb-problem", words)
        assert page.evaluate("contexts.every((context) => context.state === 'closed')")
        assert page.evaluate("errors") == []


# --- in a real JupyterLab, with the system's microphone ---


class Notebook:
    """The notebook that the page is opening."""

    def __init__(self, page):
        self.page = page
        self.await_idle()

    def await_idle(self):
        self.page.await_text("#jp-main-statusbar", "| Idle", seconds=60)

    def run(self, index):
        """Press Control+Enter in a cell, and wait until it has run."""
        cell = f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']"
        self.page.press(f"{cell} .cm-content", CONTROL + ENTER)
        has_run = "prompt => /\\[\\d+\\]:/.test(document.querySelector(prompt).innerText)"
        self.page.wait_for_function(has_run, arg=f"{cell} .jp-InputArea-prompt", seconds=60)


@pytest.fixture
def emulator():
    with vn.Emulator(brain=lambda text: "I see.", mouth="espeak") as running:
        running.warm_up()
        yield running


@pytest.fixture
def notebook(request, lab, emulator, sound, tmp_path):
    host = getattr(request, "param", "127.0.0.1")
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator), "talk.recording.save('call')"])
    with Firefox(tmp_path / "firefox", sound.environment) as page:
        page.goto(lab.address("talk.ipynb", host))
        notebook = Notebook(page)
        watch(page)
        notebook.run(0)
        notebook.run(1)
        page.click(START)
        yield notebook
        assert page.evaluate("errors") == []


@pytest.mark.parametrize(
    ("notebook", "way"), [("127.0.0.1", "direct"), (HOST, "proxy")], indirect=["notebook"]
)
def test_a_whole_call(notebook, way, lab, emulator, sound, tmp_path):
    page = notebook.page
    page.wait_for_function(f"__output.some(([, rms]) => rms > {LEVEL})", seconds=60)
    page.await_text(".voicenb-captions", "Good evening.")
    page.await_text(".voicenb-state", "listening · go ahead")
    with sound.says(CLIPS / "austen-0880.wav"):
        page.await_text(".voicenb-captions", "young man", seconds=60)
        page.await_text(".voicenb-captions", "I see.")
    page.await_text(".voicenb-state", "listening · go ahead")
    page.screenshot(tmp_path / "talk.png")
    page.click(STOP)
    page.await_text(".voicenb-after", "1 turn")
    assert emulator.sessions[-1].ended_by == "session.end"
    assert page.evaluate(TRACKS) == ["ended"]
    foot = page.text(".voicenb-way")
    assert foot.startswith(f"audio {way}")
    assert "· 0 lost" in foot
    # The sound of the call, in the panel.
    page.click(".voicenb-after button")
    page.wait_for_function("document.querySelector('.voicenb-after audio').duration > 5")
    page.wait_for_function("document.querySelector('.voicenb-after audio').currentTime > 0.5")
    page.screenshot(tmp_path / "after.png")
    notebook.run(2)
    call = vn.load(lab.folder / "call")
    assert call.finished
    greeting, answer = (line for line in call.transcript if line.role == "agent")
    assert (greeting.heard, answer.heard) == ("Good evening.", "I see.")
    heard = [event for event in call.events if event["type"] == "heard"]
    assert len(heard) > 10
    assert abs(call.heard()).max() > 1000
    assert abs(call.said()).max() > 1000


def test_a_reload_keeps_the_call(notebook, emulator):
    page = notebook.page
    page.await_text(".voicenb-captions", "Good evening.", seconds=60)
    page.await_text(".voicenb-state", "listening · go ahead")
    page.press("body", CONTROL + "s")
    page.wait_for_function("!document.querySelector('.jp-mod-current.jp-mod-dirty')")
    page.reload()
    notebook.await_idle()
    page.await_text(".voicenb-captions", "Good evening.", seconds=60)
    watch(page)
    # Firefox asks anew each time, unless it is told to remember; so the page waits for a click.
    page.click(".voicenb-side button[title^='Bring']")
    page.wait_for_function(f"{TRACKS}.join() === 'live'")
    before = emulator.sessions[-1].received_audio
    until = time.monotonic() + 20
    while emulator.sessions[-1].received_audio < before + 1 and time.monotonic() < until:
        page.wait_for_function("new Promise((done) => setTimeout(done, 100, true))")
    assert emulator.sessions[-1].received_audio > before + 1
    page.click(STOP)
    page.await_text(".voicenb-state", "ended")
    assert [session.ended_by for session in emulator.sessions] == ["session.end"]


def test_a_page_that_connects_by_itself(page):
    with LineHelper() as helper, LineService() as service:
        start(page, helper.way)
        helper.reach(service, "one")
        helper.pass_on("session.update", session={})
        service.wait(lambda: service.types() == ["session.update"])
        service.say("session.ready", session_id="s", config={})
        service.wait(lambda: len(service.sound()) > 96_000)
        service.speak("a", TEN_SECONDS)
        helper.wait(lambda: helper.told("heard"))
        page.wait_for_function("() => window.__output.at(-1)?.[1] > 0.05")
        service.say("input.speech.started")
        page.wait_for_function("() => window.__output.slice(-20).every(([, level]) => level < 0.001)")
        page.click(STOP)
        service.wait(lambda: service.codes[0] == 1000)
        helper.wait(lambda: helper.came("session.ended"))
        assert service.types()[-1] == "session.end"
        assert helper.sent == service.sound()
        heard = np.frombuffer(service.sound()[24_000:72_000], "<i2").astype(float)
        spectrum = abs(np.fft.rfft(heard * np.hanning(len(heard))))
        assert spectrum.argmax() == pytest.approx(TONE, abs=5), "hertz: a second was looked at"
