"""A page that connects to the service by itself, in a real Chromium: what it sends, plays and tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from harness import TONE, TRACKS, answer, await_sent, kernel, sent, start
from line_service import LineHelper, LineService
from playwright.sync_api import Page, expect

from voicenb.session.page_mirror import Over, Went

pytestmark = pytest.mark.browser


@pytest.fixture
def service() -> Iterator[LineService]:
    with LineService() as running:
        yield running


@pytest.fixture
def helper() -> Iterator[LineHelper]:
    with LineHelper() as running:
        yield running


def begin(page: Page, helper: LineHelper, service: LineService, token: str = "one") -> None:
    """A call whose session is ready."""
    start(page, helper.way)
    await_sent(page, "chosen")
    kernel(page, state="listening", started=1.0, call="x", audio="direct", transport="browser")
    helper.reach(service, token)
    helper.pass_on("session.update", session={})
    service.wait(lambda: service.types() == ["session.update"])
    service.say("session.ready", session_id="s", config={})
    service.wait(lambda: len(service.sound()) > 4800)


def test_the_microphone_goes_straight_to_the_service_and_all_of_it_is_told(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.reach(service, "secret")
    page.wait_for_timeout(200)  # in which the microphone is open
    helper.pass_on("session.update", session={})
    service.wait(lambda: service.types() == ["session.update"])
    assert service.tokens == ["token=secret"]
    assert helper.entries == [], "nothing is sent before the session is ready"
    service.say("session.ready", session_id="s", config={})
    service.wait(lambda: len(service.sound()) > 48_000)
    helper.pass_on("session.end")
    helper.wait(lambda: [entry for entry in helper.entries if isinstance(entry, Over)])
    assert service.types()[-1] == "session.end"
    assert helper.sent == service.sound(), "the same samples, each once and in order"
    assert max(helper.sent) > 0
    ready, ended = helper.came("session.ready")[0], helper.came("session.ended")[0]
    sound = [entry for entry in helper.entries if isinstance(entry, Went)]
    assert helper.entries.index(ready) < helper.entries.index(sound[0])
    times = [entry.at for entry in sound]
    assert times == sorted(times)
    assert ready.at <= times[0] <= times[-1] <= ended.at
    # A frame is sent when its last sample has been heard, or a little later.
    assert -20 < min(entry.at - entry.captured - len(entry.pcm) / 48 for entry in sound) < 500
    assert helper.lost == 0
    assert helper.frames == [], "and not by the other way as well"


def test_the_voice_is_heard_at_once_and_falls_silent_at_once(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    service.say("reply.started", reply_id="a")
    service.speak("a", 4 * TONE.tobytes())
    helper.wait(lambda: helper.told("heard"))
    page.wait_for_function("window.__output.at(-1)?.[1] > 0.1")
    # The kernel's side says nothing: the page knows by itself.
    service.say("input.speech.started")
    page.wait_for_function("window.__output.slice(-20).every(([, level]) => level < 0.001)")
    service.speak("a", TONE.tobytes()[:9600])
    service.say("reply.done", reply_id="a", status="interrupted")
    service.say("reply.started", reply_id="b")
    service.speak("b", TONE.tobytes()[:9600])
    service.say("reply.done", reply_id="b", status="completed")
    helper.wait(lambda: helper.told("played-out", reply=2))
    came = helper.came("reply.audio")
    assert [(entry.reply, entry.start) for entry in came[:3]] == [(1, 0), (1, 480), (1, 960)]
    assert [entry.reply for entry in came[-20:]] == 10 * [0] + 10 * [2], "what came too late is not played"
    heard = helper.told("heard")
    assert {note["reply"] for note in heard} == {1, 2}
    assert max(note["to"] for note in heard if note["reply"] == 1) < 4 * 24_000
    assert max(note["to"] for note in heard if note["reply"] == 2) == 4800
    page.wait_for_function("window.__output.slice(-20).every(([, level]) => level < 0.001)")


@pytest.mark.campaign
def test_what_was_heard_is_told_behind_what_came(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    told: list[int] = []
    take = helper._take

    def watch(message: str | bytes) -> None:
        take(message)
        if isinstance(message, str) and '"heard"' in message:
            told.append(480 * len(helper.came("reply.audio")) - helper.told("heard")[-1]["to"])

    helper._take = watch  # type: ignore[method-assign]
    for _ in range(20):
        service.speak("a", TONE.tobytes()[:2880])
        page.wait_for_timeout(30)
    helper.wait(lambda: len(told) > 5)
    assert min(told) >= 0


def test_stop_ends_the_session_at_the_service(page: Page, helper: LineHelper, service: LineService) -> None:
    begin(page, helper, service)
    page.get_by_role("button", name="Stop", exact=True).click()
    service.wait(lambda: service.codes[0] == 1000)
    assert service.types()[-1] == "session.end"
    assert service.types().count("session.end") == 1
    helper.wait(lambda: helper.gone)
    assert helper.came("session.ended")
    assert helper.sent == service.sound()
    page.wait_for_function(f"{TRACKS}.every((state) => state === 'ended')")


@pytest.mark.campaign
def test_a_page_that_goes_ends_the_session(page: Page, helper: LineHelper, service: LineService) -> None:
    begin(page, helper, service)
    page.reload()
    service.wait(lambda: service.codes[0] is not None)
    assert service.types()[-1] == "session.end"


def test_a_page_that_is_closed_ends_the_session(page: Page, helper: LineHelper, service: LineService) -> None:
    begin(page, helper, service)
    page.close()
    service.wait(lambda: service.codes[0] is not None)
    assert service.types()[-1] == "session.end"


@pytest.mark.campaign
def test_without_its_kernel_the_page_ends_the_session(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    assert helper.page is not None
    helper.page.close()  # and the kernel does not answer either
    await_sent(page, "start")
    page.evaluate("kernel.restart()")
    service.wait(lambda: service.codes[0] is not None, 15)
    assert service.types()[-1] == "session.end"
    expect(page.get_by_role("alert")).to_contain_text("The kernel is gone")


@pytest.mark.campaign
def test_muted_the_service_hears_silence_and_words_by_hand_are_said(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    foot = page.locator(".voicenb-way")
    expect(foot).to_have_text("audio straight to the service · recorded direct · 0 late · 0 lost")
    page.get_by_role("button", name="Mute", exact=True).click()
    helper.wait(lambda: helper.told("mute", muted=True))
    service.wait(lambda: service.sound().endswith(bytes(9600)))
    helper.speech(TONE.tobytes()[:4800])
    service.wait(lambda: service.sound().endswith(bytes(4800)) and TONE.tobytes()[2:4800] in service.sound())
    helper.wait(lambda: TONE.tobytes()[2:4800] in helper.sent)


KEEP_CONTEXT = """() => {
  const Context = AudioContext;
  window.AudioContext = class extends Context {
    constructor(...options) { super(...options); window.context = this; }
  };
}"""

# As the system does it for a call on the phone: no resume helps until somebody clicks.
FALL_ASLEEP = """() => {
  const resume = context.resume.bind(context);
  context.resume = async () => (window.event?.type === "pointerdown" ? resume() : undefined);
  return context.suspend();
}"""


@pytest.mark.campaign
def test_while_the_browser_holds_the_sound_back_the_service_hears_silence(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    page.evaluate(KEEP_CONTEXT)
    begin(page, helper, service)
    page.evaluate(FALL_ASLEEP)
    helper.wait(lambda: helper.told("asleep", asleep=True))
    service.wait(lambda: service.sound().endswith(bytes(24_000)))
    page.mouse.click(5, 5)
    helper.wait(lambda: helper.told("asleep", asleep=False))
    helper.pass_on("session.end")
    helper.wait(lambda: [entry for entry in helper.entries if isinstance(entry, Over)])
    assert helper.sent == service.sound()
    sound = [entry for entry in helper.entries if isinstance(entry, Went)]
    seconds = (sound[-1].captured - sound[0].captured) / 1000
    assert len(helper.sent) / 48_000 == pytest.approx(seconds, abs=0.4), "at the pace of speech"


def test_a_lost_connection_is_had_back_with_what_was_said_meanwhile(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    service.sockets[0].close(1011)
    (over,) = helper.wait(lambda: [entry for entry in helper.entries if isinstance(entry, Over)])
    assert (over.line, over.code) == (1, 1011)
    page.wait_for_timeout(300)
    helper.reach(service, "two", line=2)
    helper.pass_on("session.resume", line=2, session_id="s")
    service.wait(lambda: service.types() == ["session.resume"])
    service.say("session.ready", session_id="s", config={})
    (held,) = helper.wait(lambda: helper.told("held"))
    assert 0.25 < held["seconds"] < 9
    service.wait(lambda: len(service.sound()) > 48_000)
    helper.pass_on("session.end", line=2)
    helper.wait(lambda: len([entry for entry in helper.entries if isinstance(entry, Over)]) == 2)
    assert service.tokens == ["token=one", "token=two"]
    assert helper.sent == service.sound(0) + service.sound(1)
    sound = [entry for entry in helper.entries if isinstance(entry, Went)]
    again = next(place for place, entry in enumerate(sound) if entry.line == 2)
    assert [entry.held for entry in sound[again : again + 10]] == 10 * [True]
    # Not a sample is missing between what was sent before the gap and behind it.
    gap = sound[again].captured - sound[again - 1].captured
    assert abs(gap - len(sound[again - 1].pcm) / 48) < 5


@pytest.mark.campaign
def test_a_page_that_has_lost_the_call_to_another_lets_go_of_its_session(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    assert helper.page is not None
    helper.page.close(4000)
    service.wait(lambda: service.codes[0] is not None)
    assert "session.end" not in service.types(), "the other page goes on with it"
    page.wait_for_function(f"{TRACKS}.every((state) => state === 'ended')")


def test_a_page_whose_channel_is_lost_connects_anew_behind_another_one(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    begin(page, helper, service)
    assert helper.page is not None
    page.evaluate("sent.length = 0")
    helper.page.close(1011)
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True
    page.wait_for_timeout(200)
    before = len(service.sound())
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    helper.reach(service, "two", line=2)
    service.wait(lambda: service.codes[0] is not None)
    assert "session.end" not in service.types(0)
    helper.pass_on("session.resume", line=2, session_id="s")
    service.wait(lambda: service.types() == ["session.resume"])
    service.say("session.ready", session_id="s", config={})
    (held,) = helper.wait(lambda: helper.told("held"))
    assert held["seconds"] > 0.15, "what was said meanwhile"
    service.wait(lambda: len(service.sound()) > 24_000)
    assert len(service.sound(0)) == before, "the old connection was held, not used"
    page.get_by_role("button", name="Stop", exact=True).click()
    service.wait(lambda: service.codes[1] == 1000)
    helper.wait(lambda: helper.came("session.ended"))
    assert helper.sent.endswith(service.sound(1))


def test_a_service_that_nobody_answers_at_is_told(page: Page, helper: LineHelper) -> None:
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.say(type="reach", line=1, url="ws://127.0.0.1:9/v1/ws?token=secret")
    (told,) = helper.wait(lambda: helper.told("unreached"))
    assert told["line"] == 1
    assert "secret" not in told["reason"]
    helper.say(type="reach", line=2, url="ftp://nowhere/?token=secret")
    told = helper.wait(lambda: helper.told("unreached", line=2))[0]
    assert told["reason"] == "the page may not connect there (SyntaxError)"


@pytest.mark.campaign
def test_sound_that_the_page_does_not_speak_ends_the_call(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.reach(service, "one")
    helper.pass_on("session.update", session={"agent_id": "a"})
    service.wait(lambda: service.types() == ["session.update"])
    service.say("session.ready", session_id="s", config={"output": {"format": {"encoding": "audio/pcmu"}}})
    expect(page.get_by_role("alert")).to_contain_text("The agent's sound is audio/pcmu")
    assert sent(page, "failed")
    service.wait(lambda: service.types()[-1] == "session.end")
    assert service.sound() == b""


FORBID = """() => {
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = "connect-src ws://127.0.0.1:*";
  document.head.append(meta);
}"""


def test_a_policy_of_the_site_that_forbids_it_is_told(
    page: Page, helper: LineHelper, service: LineService
) -> None:
    page.evaluate(FORBID)
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.say(type="reach", line=1, url=service.url("secret").replace("127.0.0.1", "localhost"))
    (told,) = helper.wait(lambda: helper.told("unreached"))
    assert told["reason"] == "nobody answers, or the connection is refused"
    assert service.talks == []
