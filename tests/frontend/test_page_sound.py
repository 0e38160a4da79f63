"""Microphone and voice in a real Chromium: real worklets, a real socket, a helper in the test's hands."""

from __future__ import annotations

import struct
import threading
import time
from itertools import pairwise

import pytest
from harness import (
    TRACKS,
    Helper,
    answer,
    await_sent,
    kernel,
    live,
    loudness,
    mounted,
    no_microphone,
    sent,
    speak,
    start,
    through_the_kernel,
)
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


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


def test_a_voice_is_made_quieter_then_silent(page: Page, helper: Helper) -> None:
    live(page, helper)
    speak(helper, seconds=20)
    page.wait_for_function("window.__output.at(-1)[1] > 0.2")
    loud = page.evaluate("window.__output.at(-1)[1]")
    helper.say(type="duck", gain=0.2)
    page.wait_for_function("loud => window.__output.at(-1)[1] < 0.3 * loud", arg=loud)
    page.wait_for_function("window.__output.length > (window.__mark ??= window.__output.length) + 40")
    quiet = page.evaluate("window.__output.slice(-20).map(([, level]) => level)")
    assert quiet == pytest.approx([0.2 * loud] * 20, rel=0.1)
    (told,) = helper.wait(lambda: helper.told("ducked"))
    assert told["gain"] == 0.2
    assert abs(told["at"] - page.evaluate("performance.now()")) < 10_000
    helper.say(type="flush")
    helper.say(type="duck", gain=1)
    page.wait_for_function("window.__output.at(-1)[1] === 0")
    speak(helper, reply=2)
    page.wait_for_function("loud => window.__output.at(-1)[1] > 0.9 * loud", arg=loud)
    assert [told["gain"] for told in helper.told("ducked")] == [0.2, 1]


def test_a_voice_that_comes_through_the_kernel_is_made_quieter_as_well(page: Page) -> None:
    through_the_kernel(page)
    tone = b"".join(struct.pack("<h", 8000 if n // 30 % 2 else -8000) for n in range(5 * 24000))
    frame = struct.pack("<BBHIII", 2, 0, 0, 1, 0, 0) + tone
    page.evaluate("frame => kernel.send({ type: 'audio' }, [frame])", list(frame))
    page.wait_for_function("window.__output.at(-1)[1] > 0.2")
    loud = loudness(page)
    page.evaluate("kernel.send({ type: 'page', text: { type: 'duck', gain: 0.2 } })")
    page.wait_for_function("loud => window.__output.at(-1)[1] < 0.25 * loud", arg=loud)
    page.wait_for_function("sent.some((s) => s.content.texts?.some((text) => text.type === 'ducked'))")
    page.evaluate("kernel.send({ type: 'page', text: { type: 'flush' } })")
    page.wait_for_function("window.__output.at(-1)[1] === 0")


BUSY = """milliseconds => {
  const begun = performance.now();
  while (performance.now() - begun < milliseconds);
  return [begun, performance.now()];
}"""


def test_a_busy_page_stops_neither_microphone_nor_voice(page: Page, helper: Helper) -> None:
    live(page, helper)
    speak(helper, seconds=3)
    page.wait_for_function("window.__output.at(-1)[1] > 0.2")
    done = threading.Event()
    came: list[int] = []

    def listen() -> None:
        before = len(helper.frames)
        helper.wait(lambda: len(helper.frames) > before + 40)
        came.append(len(helper.frames) - before)
        helper.say(type="flush")
        done.set()

    # 40 frames are two thirds of a second; the page is back after one and a half.
    listener = threading.Thread(target=listen)
    listener.start()
    begun, ended = page.evaluate(BUSY, 1500)
    assert done.is_set()
    listener.join()
    page.wait_for_function(
        "at => window.__output.at(-1)[0] > at", arg=ended + page.evaluate("performance.timeOrigin")
    )
    at, levels = zip(
        *page.evaluate("window.__output.map(([at, level]) => [at - performance.timeOrigin, level])"),
        strict=True,
    )
    while_busy = [level for moment, level in zip(at, levels, strict=True) if begun + 50 < moment < ended]
    silent = next(n for n, level in enumerate(while_busy) if level == 0)
    assert silent > 50, "the voice went on"
    assert all(level == 0 for level in while_busy[silent:]), "and was flushed without the page"
    seqs = [seq for seq, _, _ in helper.frames]
    assert seqs == list(range(len(seqs)))


def test_a_voice_that_the_browser_holds_back_is_told_of_and_waits_for_a_click(
    page: Page, helper: Helper
) -> None:
    page.evaluate(
        """() => {
          const Context = AudioContext;
          window.AudioContext = class extends Context {
            constructor(...options) { super(...options); window.context = this; }
          };
        }"""
    )
    live(page, helper)
    alert = page.get_by_role("alert")
    expect(alert).to_be_hidden()
    # As the system does it for a call on the phone: no resume helps until somebody clicks.
    page.evaluate(
        """() => {
          const resume = context.resume.bind(context);
          context.resume = async () => (window.event?.type === "pointerdown" ? resume() : undefined);
          return context.suspend();
        }"""
    )
    expect(alert).to_contain_text("The browser holds the sound back")
    helper.wait(lambda: helper.told("asleep", asleep=True))
    since, slept = helper.frames[-1][1], time.monotonic()
    page.wait_for_timeout(500)
    slept = 1000 * (time.monotonic() - slept)
    page.mouse.click(5, 5)
    expect(alert).to_be_hidden()
    helper.wait(lambda: helper.told("asleep", asleep=False))
    count = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > count + 10)
    # The context's own time stood still meanwhile.
    assert helper.frames[-1][1] - since >= slept
    page.get_by_role("button", name="Stop", exact=True).click()
    kernel(page, state="ended")
    expect(alert).to_be_hidden()


def test_mute_sends_silence_and_says_so(page: Page, helper: Helper) -> None:
    live(page, helper)
    button = page.locator(".voicenb-mute")
    expect(button).to_have_accessible_name("Mute")
    button.click()
    expect(button).to_have_accessible_name("Unmute")
    expect(page.locator(".voicenb-state")).to_contain_text("muted: the agent hears silence")
    helper.wait(lambda: helper.told("mute", muted=True))
    assert sent(page, "mute") == [{"type": "mute", "muted": True}]
    count = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > count + 10)
    assert not any(helper.frames[-1][2])
    kernel(page, muted=True)
    kernel(page, muted=False)
    expect(button).to_have_accessible_name("Mute")


ASKING = """() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const wait = (wish) => new Promise((give) => (window.allow = () => open(wish).then(give)));
  navigator.mediaDevices.getUserMedia = wait;
}"""


def test_stop_while_the_browser_asks_can_be_followed_by_start(page: Page) -> None:
    page.evaluate(ASKING)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".voicenb-state")).to_contain_text("microphone")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".voicenb-state")).to_contain_text("ready")
    page.evaluate("allow()")
    page.wait_for_function(TRACKS + ".every((state) => state === 'ended')")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".voicenb-state")).to_contain_text("microphone")
    page.evaluate("allow()")
    await_sent(page, "start")
    assert len(sent(page, "start")) == 1


def test_a_cell_that_runs_again_while_the_browser_asks_takes_the_call_with_it(page: Page) -> None:
    page.evaluate(ASKING)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".voicenb-state")).to_contain_text("microphone")
    page.evaluate("clear()")
    page.evaluate("allow()")
    page.wait_for_function(TRACKS + ".length && " + TRACKS + ".every((state) => state === 'ended')")
    assert sent(page, "start") == []


def test_another_microphone_is_heard_where_the_one_before_was_muted_by_the_system(
    page: Page, helper: Helper
) -> None:
    live(page, helper)
    tell = "kind => streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event(kind))"
    alert = page.get_by_role("alert")
    page.evaluate(tell, "mute")
    expect(alert).to_contain_text("The system has muted the microphone")
    page.evaluate(tell, "ended")  # it is unplugged, and the default takes its place
    page.wait_for_function(TRACKS + ".join() === 'ended,live'")
    expect(alert).to_be_hidden()


def test_a_device_that_cannot_be_taken_hides_nothing_else(page: Page, helper: Helper) -> None:
    live(page, helper)
    menu, alert = page.get_by_label("Microphone", exact=True), page.get_by_role("alert")
    expect(menu).to_be_visible()
    page.evaluate("streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event('mute'))")
    page.evaluate("() => { window.ask = navigator.mediaDevices.getUserMedia }")
    busy = "async () => { throw new DOMException('', 'NotReadableError') }"
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {busy} }}")
    menu.select_option(menu.locator("option").all_inner_texts()[-1])
    expect(alert).to_contain_text("Close other programs that use it, then choose it again.")
    # The system gives the first one back; that the other is busy is still so.
    page.evaluate("streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event('unmute'))")
    expect(alert).to_contain_text("could not be opened")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = ask }")
    menu.select_option(menu.locator("option").all_inner_texts()[-1])
    expect(alert).to_be_hidden()


def test_a_microphone_that_cannot_take_the_place_of_one_that_went_is_told(page: Page, helper: Helper) -> None:
    live(page, helper)
    broken = (
        "() => { AudioContext.prototype.createMediaStreamSource = () => { throw new Error('other rate') } }"
    )
    page.evaluate(broken)
    page.evaluate("streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.get_by_role("alert")).to_contain_text("The microphone is gone; the agent hears silence.")
    assert sent(page, "failed")[0]["code"] == "microphone-lost"


def test_another_microphone_can_be_chosen_and_is_remembered(page: Page, helper: Helper) -> None:
    live(page, helper)
    menu = page.get_by_label("Microphone", exact=True)
    expect(menu).to_be_visible()
    names = menu.locator("option").all_inner_texts()
    assert len(names) > 1
    menu.select_option(names[-1])
    page.wait_for_function("streams.length === 2")
    chosen = menu.input_value()
    page.wait_for_function(TRACKS + ".join() === 'ended,live'")
    assert page.evaluate("wishes.at(-1).audio.deviceId") == {"exact": chosen}
    count = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > count + 10)
    page.get_by_role("button", name="Stop", exact=True).click()
    kernel(page, state="ended")
    expect(menu).to_be_hidden()
    page.evaluate("sent.length = 0")
    start(page, helper.way)
    page.wait_for_function("streams.length === 3")
    assert page.evaluate("streams.at(-1).getAudioTracks()[0].getSettings().deviceId") == chosen


def test_a_chosen_microphone_that_is_gone_gives_way_to_the_default(page: Page, helper: Helper) -> None:
    page.evaluate("localStorage.setItem('voicenb-microphone', 'of-yesterday')")
    live(page, helper)
    assert page.evaluate("wishes.map((wish) => wish.audio.deviceId ?? null)") == [
        {"exact": "of-yesterday"},
        None,
    ]


def test_a_microphone_that_cannot_be_taken_leaves_the_one_in_use(page: Page, helper: Helper) -> None:
    live(page, helper)
    menu = page.get_by_label("Microphone", exact=True)
    expect(menu).to_be_visible()
    before = menu.input_value()
    busy = "async () => { throw new DOMException('', 'NotReadableError') }"
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {busy} }}")
    menu.select_option(menu.locator("option").all_inner_texts()[-1])
    expect(page.get_by_role("alert")).to_contain_text("could not be opened")
    expect(menu).to_have_value(before)
    assert page.evaluate(TRACKS) == ["live"]
    assert page.evaluate("localStorage.getItem('voicenb-microphone')") is None


def test_another_loudspeaker_can_be_chosen(page: Page, helper: Helper) -> None:
    page.evaluate(
        """() => {
          const device = (deviceId, kind, label) => ({ deviceId, kind, label });
          navigator.mediaDevices.enumerateDevices = async () =>
            [device("default", "audiooutput", "Default"), device("x", "audiooutput", "Headset")];
          window.sinks = [];
          AudioContext.prototype.setSinkId = async (id) => sinks.push(id);
        }"""
    )
    live(page, helper)
    menu = page.get_by_label("Speaker", exact=True)
    menu.select_option("Headset")
    page.wait_for_function("sinks.length === 1")
    assert page.evaluate("sinks") == ["x"]
    menu.select_option("Default")
    page.wait_for_function("sinks.length === 2")
    assert page.evaluate("sinks") == ["x", ""]


TYPING = "listening · no microphone: type what the caller says"


def test_without_a_microphone_one_can_type(page: Page, helper: Helper) -> None:
    denied = "async () => { throw new DOMException('', 'NotAllowedError') }"
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {denied} }}")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The browser did not allow the microphone.")
    page.evaluate("sent.length = 0")
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    helper.say(type="open")
    helper.wait(lambda: len(helper.frames) > 10)
    assert not any(helper.frames[-1][2]), "the microphone's place is taken by silence"
    line = page.get_by_label("What the caller says")
    expect(line).to_be_focused()
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.locator(".voicenb-state")).to_have_text(TYPING)
    line.fill("A table for four.")
    line.press("Enter")
    assert [said["text"] for said in sent(page, "say")] == ["A table for four."]
    expect(line).to_have_value("")
    line.press("Enter")
    assert len(sent(page, "say")) == 1, "nothing is nothing to say"
    speak(helper)
    page.wait_for_function("window.__output.at(-1)[1] > 0.2")
    page.get_by_role("button", name="Stop", exact=True).click()
    kernel(page, state="ended")
    expect(line).to_be_hidden()


def type_instead(page: Page, helper: Helper) -> None:
    """Begin a call without a microphone."""
    page.evaluate(
        """() => {
          window.ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          const refuse = async () => { throw new DOMException('', 'NotFoundError') };
          navigator.mediaDevices.getUserMedia = refuse;
        }"""
    )
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    helper.say(type="open")
    kernel(page, state="listening", started=1.0, call="x")


def test_who_writes_in_a_cell_when_one_can_type_keeps_the_keyboard(page: Page, helper: Helper) -> None:
    page.evaluate("document.body.append(document.createElement('textarea'))")
    no_microphone(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Type instead").click()
    page.locator("textarea").focus()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    expect(page.get_by_label("What the caller says")).to_be_visible()
    expect(page.locator("textarea")).to_be_focused()


def test_what_could_not_be_said_can_be_changed(page: Page, helper: Helper) -> None:
    type_instead(page, helper)
    line = page.get_by_label("What the caller says")
    line.fill("Привет")
    line.press("Enter")
    said = sent(page, "say")[-1]
    page.evaluate("said => kernel.send({ ...said, type: 'unsaid', ask: 'of another page', text: 'x' })", said)
    expect(line).to_have_value("")
    page.evaluate("said => kernel.send({ ...said, type: 'unsaid' })", said)
    expect(line).to_have_value("Привет")


def test_no_mute_is_offered_for_what_is_typed(page: Page, helper: Helper) -> None:
    type_instead(page, helper)
    expect(page.get_by_label("What the caller says")).to_be_visible()
    expect(page.get_by_role("button", name="Mute", exact=True)).to_be_hidden()


def test_a_typed_call_goes_on_after_the_page_was_loaded_anew(page: Page, helper: Helper) -> None:
    type_instead(page, helper)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.evaluate("sessionStorage.setItem('note', sessionStorage.getItem('voicenb-call'))")
    page.reload()
    page.evaluate("sessionStorage.setItem('voicenb-call', sessionStorage.getItem('note'))")
    page.wait_for_function("window.mounted")
    # The connection to the service was lost meanwhile, which is nothing to the page.
    kernel(page, state="reconnecting", started=1.0, call="x")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: Date.now() / 1000 })")
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True
    assert page.evaluate("wishes") == [], "no microphone is asked for"
    answer(page, "connect", ways=[helper.way], insist=None)
    expect(page.get_by_label("What the caller says")).to_be_visible()


def test_what_is_typed_is_drawn_as_it_is_spoken(page: Page, helper: Helper) -> None:
    type_instead(page, helper)
    page.locator(".voicenb-lanes-picture").wait_for()
    answer(page, "said", levels=[0.2] * 20)
    arc = "Number(document.querySelector('.voicenb-arc').getAttribute('stroke-dasharray').split(' ')[0])"
    page.wait_for_function(f"{arc} > 20")
    page.wait_for_function(f"{arc} < 1")


def test_who_types_can_go_on_with_a_microphone(page: Page, helper: Helper) -> None:
    type_instead(page, helper)
    line, talk = page.get_by_label("What the caller says"), page.get_by_role("button", name="Talk instead")
    talk.click()
    expect(page.get_by_role("alert")).to_contain_text("No microphone was found")
    expect(page.get_by_role("alert")).to_contain_text("then press Talk instead again")
    expect(line).to_be_visible()
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = ask }")
    talk.click()
    expect(line).to_be_hidden()
    expect(page.get_by_role("alert")).to_be_hidden()
    helper.wait(lambda: any(any(frame[2]) for frame in helper.frames[-5:]))


def test_who_types_for_want_of_one_is_not_told_that_it_is_gone(page: Page, helper: Helper) -> None:
    page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') };
          window.looks = 0;
          navigator.mediaDevices.enumerateDevices = async () => (looks += 1, []);
        }"""
    )
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    kernel(page, state="listening", started=1.0, call="x")
    helper.say(type="open")
    # After so long a silence a microphone is looked for, and whenever something is plugged in or out.
    helper.wait(lambda: len(helper.frames) > 80)
    page.evaluate("looks = 0; navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    page.wait_for_function("looks > 0")
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert sent(page, "failed")[1:] == [], "the first says why there is none"
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator(".voicenb-state")).to_have_text(TYPING)


def test_with_a_microphone_nobody_has_to_type(page: Page, helper: Helper) -> None:
    live(page, helper)
    expect(page.get_by_label("What the caller says")).to_be_hidden()


def test_the_ring_comes_to_rest_when_the_call_ends_in_mid_word(page: Page, helper: Helper) -> None:
    live(page, helper)
    speak(helper, seconds=5)
    arc = "Number(document.querySelector('.voicenb-arc').getAttribute('stroke-dasharray').split(' ')[0])"
    page.wait_for_function(f"{arc} > 20")
    page.get_by_role("button", name="Stop", exact=True).click()
    kernel(page, state="ended")
    page.wait_for_function(f"{arc} < 1")


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


@pytest.mark.parametrize(
    ("name", "words", "remedy"),
    [
        ("NotAllowedError", "did not allow the microphone", "Allow it for this site"),
        ("NotFoundError", "No microphone was found", "Plug one in"),
        ("NotReadableError", "could not be opened", "Close other programs"),
        ("UnknownError", "The microphone failed: UnknownError.", "Press Start again."),
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
