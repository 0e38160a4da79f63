"""The panel in a real Chromium: real worklets, a real socket, a kernel and a helper in the test's hands."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from itertools import pairwise
from math import pi, sin
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "browser")]

from harness import Helper, await_sent, kernel, sent, site  # noqa: E402
from lab import chromium, open_page  # noqa: E402

pytestmark = pytest.mark.browser

WAV = HERE.parent / "data" / "audio" / "austen-0880.wav"
TONE = array("h", (round(12000 * sin(2 * pi * 440 * i / 24000)) for i in range(24000)))


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright, WAV) as running:
        yield running


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with site() as running:
        yield running


# Keeps what the page asks of the microphone, and what it got.
MICROPHONE = """
  window.wishes = [];
  window.streams = [];
  const media = navigator.mediaDevices, real = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    wishes.push(wish);
    const stream = await real(wish);
    streams.push(stream);
    return stream;
  };
"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = open_page(browser)
    page.add_init_script(MICROPHONE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    mounted(page)
    yield page
    page.context.close()
    assert errors == []


@pytest.fixture
def helper() -> Iterator[Helper]:
    with Helper() as running:
        yield running


def mounted(page: Page) -> None:
    """Wait until the panel is there, and tell it that it has a kernel."""
    page.wait_for_function("window.mounted")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: Date.now() / 1000 })")
    kernel(page)


TRACKS = "streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState))"


def start(page: Page, *ways: dict[str, str], insist: str | None = None) -> None:
    """Press Start; the kernel answers with these ways."""
    page.get_by_role("button", name="Start", exact=True).first.click()
    await_sent(page, "start")
    page.evaluate("message => kernel.send(message)", {"type": "connect", "ways": ways, "insist": insist})


def live(page: Page, helper: Helper) -> None:
    """A call that is running."""
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.say(type="open")
    helper.wait(lambda: helper.frames)


def speak(helper: Helper, reply: int = 1, seconds: float = 1.0) -> None:
    """The agent says a tone, in messages of 20 ms."""
    helper.say(type="reply", reply=reply, reply_id=f"r{reply}")
    pcm = TONE.tobytes()
    for place in range(0, int(24000 * seconds), 480):
        at = place % 24000
        helper.sound(reply, place, pcm[2 * at : 2 * at + 960])


def loudness(page: Page) -> float:
    """Root mean square at the page's output, of the last 5 ms that were looked at."""
    return float(page.evaluate("window.__output.at(-1)?.[1] ?? 0"))


def test_nothing_is_opened_before_the_click(page: Page) -> None:
    assert [message["type"] for message in page.evaluate("sent.map((s) => s.content)")] == ["attach", "shown"]
    assert page.evaluate("wishes") == []
    expect(page.get_by_text("I would like a table on Friday for four people.")).to_be_visible()


def test_the_microphone_is_asked_for_with_exactly_these_constraints(page: Page, helper: Helper) -> None:
    live(page, helper)
    wish = {"echoCancellation": True, "noiseSuppression": False, "autoGainControl": True, "channelCount": 1}
    assert page.evaluate("wishes") == [{"audio": wish}]


def test_audio_arrives_in_frames_with_number_and_time(page: Page, helper: Helper) -> None:
    live(page, helper)
    helper.wait(lambda: len(helper.frames) >= 100)
    frames = helper.frames[:100]
    assert [seq for seq, _, _ in frames] == list(range(100))
    assert {len(pcm) for _, _, pcm in frames} == {768}, "16 ms: three quanta"
    steps = [b - a for (_, a, _), (_, b, _) in pairwise(frames[50:])]
    assert all(abs(step - 16) < 15 for step in steps), steps
    assert abs(sum(steps) / len(steps) - 16) < 1
    loudest = max(max(struct.unpack(f"<{len(pcm) // 2}h", pcm)) for _, _, pcm in frames)
    assert loudest > 1000


def test_nothing_is_sent_before_the_helper_opens(page: Page, helper: Helper) -> None:
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.wait(lambda: len(helper.told("echo")) >= 4)
    assert helper.frames == []


def test_the_reply_is_heard_and_told_of(page: Page, helper: Helper) -> None:
    live(page, helper)
    speak(helper)
    helper.say(type="done", reply=1)
    helper.wait(lambda: helper.told("played-out", reply=1))
    heard = helper.told("heard", reply=1)
    assert heard[0]["from"] == 0
    assert heard[-1]["to"] == 24000
    assert all(a["to"] == b["from"] for a, b in pairwise(heard))
    # A second of sound takes a second of the page's clock, wherever the output stands.
    assert heard[-1]["at"] - heard[0]["at"] == pytest.approx(heard[-1]["from"] / 24, abs=60)
    levels = page.evaluate("window.__output.map(([, level]) => level)")
    # 12000 / 32768 / √2
    assert max(levels) == pytest.approx(0.26, abs=0.03)


def test_flush_silences_the_output(page: Page, helper: Helper) -> None:
    live(page, helper)
    speak(helper, seconds=20)
    page.wait_for_function("window.__output.at(-1)[1] > 0.2")
    page.evaluate("window.__output.length = 0")
    helper.say(type="flush")
    page.wait_for_function("window.__output.at(-1)?.[1] === 0")
    levels = page.evaluate("window.__output.map(([, level]) => level)")
    silent = levels.index(0)
    assert all(level == 0 for level in levels[silent:])
    told = helper.wait(lambda: helper.told("heard"))
    assert told[-1]["to"] < 15 * 24000
    # What comes behind the flush is heard again.
    speak(helper, reply=2)
    helper.say(type="done", reply=2)
    helper.wait(lambda: helper.told("played-out", reply=2))


def test_mute_sends_silence_and_says_so(page: Page, helper: Helper) -> None:
    live(page, helper)
    button = page.get_by_role("button", name="Mute")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    helper.wait(lambda: helper.told("mute", muted=True))
    assert sent(page, "mute") == [{"type": "mute", "muted": True}]
    count = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > count + 10)
    assert not any(helper.frames[-1][2])
    kernel(page, muted=True)
    kernel(page, muted=False)
    expect(button).to_have_attribute("aria-pressed", "false")


def test_stop_gives_the_microphone_back(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.get_by_role("button", name="Stop", exact=True).click()
    assert sent(page, "stop") == [{"type": "stop"}]
    assert page.evaluate(TRACKS) == ["ended"]
    kernel(page, state="ended")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    expect(page.locator(".voicenb-state")).to_contain_text("ended")


def test_the_end_of_the_call_gives_it_back_too(page: Page, helper: Helper) -> None:
    live(page, helper)
    helper.say(type="end")
    kernel(page, state="ended")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert page.evaluate(TRACKS) == ["ended"]


def test_a_stranger_at_the_port_gets_no_sample(page: Page) -> None:
    with Helper(proof="wrong") as stranger:
        start(page, stranger.way, insist="direct")
        expect(page.get_by_role("alert")).to_contain_text("somebody else answers there")
        assert stranger.frames == []
    assert sent(page, "failed")[0]["code"] == "page"


def test_without_a_direct_way_the_kernel_carries_the_sound(page: Page) -> None:
    closed = {"kind": "direct", "url": "ws://127.0.0.1:9/page", "secret": "", "nonce": "", "proof": ""}
    start(page, closed, {"kind": "kernel"})
    await_sent(page, "chosen")
    assert sent(page, "chosen") == [{"type": "chosen", "kind": "kernel"}]
    hello = sent(page, "page")[0]["text"]
    assert hello["type"] == "hello"
    page.evaluate("text => kernel.send({ type: 'page', text })", {"type": "welcome", "page": hello["page"]})
    page.evaluate("kernel.send({ type: 'page', text: { type: 'open' } })")
    page.wait_for_function("sent.filter((s) => s.frames[0] === 16 + 1920).length > 3")
    header = struct.pack("<BBHIII", 2, 0, 0, 1, 0, 0)
    frame = list(header + TONE.tobytes()[:9600])
    page.evaluate("frame => kernel.send({ type: 'audio' }, [frame])", frame)
    page.evaluate("kernel.send({ type: 'page', text: { type: 'done', reply: 1 } })")
    page.wait_for_function("sent.some((s) => s.content.text?.type === 'played-out')")
    assert max(page.evaluate("window.__output.map(([, level]) => level)")) > 0.2


def through_the_kernel(page: Page) -> str:
    """A call on the way through the kernel; returns the page's name there."""
    start(page, {"kind": "kernel"})
    await_sent(page, "chosen")
    name = sent(page, "page")[0]["text"]["page"]
    page.evaluate("name => kernel.send({ type: 'page', text: { type: 'welcome', page: name } })", name)
    return str(name)


def test_what_waited_behind_a_busy_page_is_not_sent(page: Page) -> None:
    through_the_kernel(page)
    opened = page.evaluate(
        """() => {
            const until = performance.now() + 400;
            while (performance.now() < until);
            kernel.send({ type: "page", text: { type: "open" } });
            return performance.now();
        }"""
    )
    page.wait_for_function("sent.filter((s) => s.captured[0]).length > 20")
    captured = page.evaluate("sent.flatMap((s) => s.captured)")
    assert captured[0] > opened - 80, "the first frame is of now, give or take its length"


def test_through_the_kernel_a_page_that_goes_takes_its_leave(page: Page) -> None:
    name = through_the_kernel(page)
    page.evaluate("sent.length = 0")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert {"type": "bye", "page": name} in [message["text"] for message in sent(page, "page")]


def test_a_page_that_was_kept_by_the_browser_comes_back(page: Page) -> None:
    through_the_kernel(page)
    page.evaluate("sent.length = 0")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True


@pytest.mark.parametrize("word", [{"type": "taken"}, {"type": "welcome", "page": "another"}])
def test_through_the_kernel_another_page_takes_the_call_over(page: Page, word: dict[str, str]) -> None:
    through_the_kernel(page)
    kernel(page, state="listening", started=1.0, call="x")
    page.evaluate("sent.length = 0")
    page.evaluate("text => kernel.send({ type: 'page', text })", word)
    expect(page.locator(".voicenb-state")).to_have_text("listening · the microphone is on another page")
    page.wait_for_function(TRACKS + ".every((state) => state === 'ended')")
    assert sent(page, "start") == []


def test_another_page_takes_the_call_over(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    assert helper.page is not None
    page.evaluate("sent.length = 0")
    helper.page.close(4000)
    expect(page.locator(".voicenb-state")).to_have_text("listening · the microphone is on another page")
    page.wait_for_function(TRACKS + ".every((state) => state === 'ended')")
    assert sent(page, "start") == []


def test_a_socket_that_breaks_is_replaced(page: Page, helper: Helper) -> None:
    live(page, helper)
    assert helper.page is not None
    page.evaluate("sent.length = 0")
    helper.page.close(1011)
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True
    page.evaluate(
        "message => kernel.send(message)", {"type": "connect", "ways": [helper.way], "insist": None}
    )
    await_sent(page, "chosen")
    before = len(helper.frames)
    helper.say(type="open")
    helper.wait(lambda: len(helper.frames) > before + 5)
    assert helper.frames[before][0] == 0, "a new channel counts its frames anew"


@pytest.mark.parametrize(
    ("name", "words", "remedy"),
    [
        ("NotAllowedError", "did not allow the microphone", "Allow it for this site"),
        ("NotFoundError", "No microphone was found", "Plug one in"),
        ("NotReadableError", "could not be opened", "Close other programs"),
    ],
)
def test_a_microphone_that_fails_says_what_to_do(page: Page, name: str, words: str, remedy: str) -> None:
    page.evaluate(
        "name => (navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); })",
        name,
    )
    page.get_by_role("button", name="Start", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(words)
    expect(alert).to_contain_text(remedy)
    assert sent(page, "start") == []
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()


def test_an_error_of_the_kernel_stands_in_the_panel(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    await_sent(page, "start")
    page.evaluate("kernel.send({ type: 'error', message: 'No emulator.', remedy: 'pip install it.' })")
    expect(page.get_by_role("alert")).to_have_text("No emulator. pip install it.")


def test_captions(page: Page) -> None:
    def line(**facts: object) -> None:
        page.evaluate("line => kernel.send({ type: 'line', line })", {"tail": "", "unheard": "", **facts})

    line(id="a", role="agent", at=1, text="Good", tail="evening.", partial=True)
    expect(page.locator(".voicenb-agent .voicenb-tail")).to_have_text("evening.")
    line(id="a", role="agent", at=1, text="Good evening. How", unheard="can I help?", interrupted=True)
    expect(page.locator(".voicenb-agent s")).to_have_text("can I help?")
    line(id="u", role="user", at=3, text="<b>Hi</b>, a table.")
    tool = {"name": "free", "arguments": "day=1", "result": None, "ms": None, "error": False}
    line(id="t", role="tool", at=2, text="", tool=tool)
    expect(page.locator(".voicenb-tool")).to_have_text("free(day=1) running")
    line(id="t", role="tool", at=2, text="", tool={**tool, "result": "[1]", "ms": 38})
    expect(page.locator(".voicenb-line")).to_have_text(
        [
            "LidointerruptedGood evening. How can I help?",
            "free(day=1) → [1] · 38 ms",
            "You<b>Hi</b>, a table.",
        ],
    )
    # Spoken to screen readers once they are final; the hints go when the caller has spoken.
    expect(page.locator("[aria-live=polite] p")).to_have_text(
        ["Lido: Good evening. How", "You: <b>Hi</b>, a table."]
    )
    expect(page.locator(".voicenb-hints")).to_be_hidden()


def test_the_reply_that_announces_a_call_stands_above_it(page: Page) -> None:
    tool = {"name": "free", "arguments": "", "result": None, "ms": None, "error": False}
    lines = [
        {"id": "u", "role": "user", "at": 1, "text": "A table?"},
        {"id": "t", "role": "tool", "at": 2, "text": "", "tool": tool},
        # Its first word comes behind the call, but it began in the same moment.
        {"id": "a", "role": "agent", "at": 2, "text": "Let me look."},
    ]
    for line in lines:
        page.evaluate("line => kernel.send({ type: 'line', line })", line)
    expect(page.locator(".voicenb-line")).to_have_text(["YouA table?", "LidoLet me look.", "free() running"])


def test_time_cost_and_turn_detection(page: Page) -> None:
    detection = {"name": "recommended", "detail": "0.5 · 1400 · 4000"}
    kernel(
        page,
        state="ended",
        started=1000.0,
        ended=4660.0,
        cost_rate=4.5,
        turn_detection=detection,
        lost=2,
        audio="direct",
    )
    expect(page.locator(".voicenb-time")).to_have_text("1:01:00")
    expect(page.locator(".voicenb-cost")).to_have_text("$4.58")
    expect(page.locator(".voicenb-turns")).to_have_text("Turn detection recommended 0.5 · 1400 · 4000")
    expect(page.locator(".voicenb-way")).to_have_text("audio direct · 0 late · 2 lost")


# A browser whose contexts run at a rate of their own, and one that connects microphones of that rate only.
OWN_RATE = """
  const Context = AudioContext;
  window.AudioContext = class extends Context {
    constructor(options) { super({ ...options, sampleRate: 44100 }); }
  };
"""
NO_OTHER_RATE = """
  const Context = AudioContext;
  window.AudioContext = class extends Context {
    constructor(options) { super({ sampleRate: 48000, ...options }); }
    createMediaStreamSource(stream) {
      if (this.sampleRate !== 48000) throw new DOMException("rates differ", "NotSupportedError");
      return super.createMediaStreamSource(stream);
    }
  };
"""


@pytest.mark.parametrize("kind", [OWN_RATE, NO_OTHER_RATE], ids=["own rate", "no other rate"])
def test_other_rates_are_resampled(page: Page, address: str, helper: Helper, kind: str) -> None:
    page.add_init_script(kind)
    page.goto(address)
    mounted(page)
    live(page, helper)
    speak(helper)
    helper.say(type="done", reply=1)
    helper.wait(lambda: helper.told("played-out", reply=1))
    assert helper.told("heard")[-1]["to"] == 24000
    assert max(page.evaluate("window.__output.map(([, level]) => level)")) == pytest.approx(0.26, abs=0.03)
    helper.wait(lambda: len(helper.frames) >= 100)
    frames = helper.frames[20:100]
    assert (frames[-1][1] - frames[0][1]) / (len(frames) - 1) == pytest.approx(16, abs=0.5)


def test_a_saved_panel_without_a_kernel_says_so(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("window.mounted")
    kernel(page, state="ended", started=1.0, ended=9.0)
    lines = [{"id": "a", "role": "agent", "at": 1, "text": "Good evening."}]
    page.evaluate("lines => kernel.set('_lines', lines)", lines)
    expect(page.locator(".voicenb-state")).to_have_text(
        "not connected · run the cell to talk", timeout=10_000
    )
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    expect(page.locator(".voicenb-agent .voicenb-words")).to_have_text("Good evening.")


def test_two_views_are_one_call(page: Page, helper: Helper) -> None:
    page.evaluate("view(document.body.appendChild(document.createElement('div')))")
    live(page, helper)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(2)
    assert len(sent(page, "start")) == len(page.evaluate("wishes")) == 1


def test_another_page_holds_the_call(page: Page) -> None:
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.locator(".voicenb-state")).to_have_text("listening · the microphone is on another page")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.get_by_role("button", name="Talk here").click()
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True


def test_disposing_of_the_model_closes_everything(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.evaluate("dispose()")
    expect(page.locator(".voicenb-talk")).to_have_count(0)
    helper.wait(lambda: helper.gone)
    assert page.evaluate(TRACKS) == ["ended"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [340, 1000])
def test_nothing_overflows(browser: Browser, theme: str, width: int) -> None:
    with site(theme) as where:
        page = open_page(browser, width=width, dark=theme == "dark")
        page.goto(where)
        page.wait_for_function("window.mounted")
        kernel(
            page,
            state="speaking",
            started=1.0,
            ended=9e3,
            error={"message": "word " * 30, "remedy": "x" * 200},
        )
        line = {"id": "a", "role": "agent", "at": 1, "text": "long" * 100}
        page.evaluate("line => kernel.send({ type: 'line', line })", line)
        expect(page.locator(".voicenb-line")).to_have_count(1)
        wide = page.evaluate(
            """() => [...document.querySelectorAll('.voicenb-talk, .voicenb-talk *')]
              .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
                && getComputedStyle(e).display !== 'inline').map((e) => e.className)"""
        )
        assert wide == []
        page.context.close()
