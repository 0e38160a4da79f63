"""A call that is begun anew: on the same page, with a microphone that stays open."""

from __future__ import annotations

import pytest
from harness import TRACKS, Helper, answer, await_sent, kernel, live, sent
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def restart(page: Page) -> None:
    page.evaluate("kernel.send({ type: 'restart' })")


# Tracks that are clones are no streams of getUserMedia's: they are counted where they are made.
CLONES = """() => {
  window.clones = [];
  const real = MediaStream.prototype.clone;
  MediaStream.prototype.clone = function () {
    const stream = real.call(this);
    clones.push(...stream.getTracks());
    return stream;
  };
}"""


def test_the_page_that_has_the_call_ends_it_and_begins_another(page: Page, helper: Helper) -> None:
    page.evaluate(CLONES)
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="c1")
    restart(page)
    await_sent(page, "stop")
    assert sent(page, "restarting") == [{"type": "restarting", "able": True}]
    assert len(sent(page, "start")) == 1, "the first has not ended"
    # Between the two calls the page has the microphone still.
    assert page.evaluate(TRACKS) == ["ended"]
    assert page.evaluate("clones.map((track) => track.readyState)") == ["live"]
    kernel(page, state="ended", started=1.0, ended=2.0, call="c1")
    page.wait_for_function("sent.filter((s) => s.content.type === 'start').length === 2")
    first, second = sent(page, "start")
    assert second["rejoin"] is False
    assert first["ask"] != second["ask"]
    helper.frames.clear()
    with Helper() as other:
        answer(page, "connect", ways=[other.way], insist=None)
        page.wait_for_function("sent.filter((s) => s.content.type === 'chosen').length === 2")
        other.say(type="open")
        other.wait(lambda: other.frames)
        expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
        assert page.evaluate(TRACKS) == ["ended", "live"]
        page.wait_for_function("clones.every((track) => track.readyState === 'ended')")


def test_who_is_muted_stays_so(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="c1")
    page.get_by_role("button", name="Mute", exact=True).click()
    kernel(page, state="listening", started=1.0, call="c1", muted=True)
    restart(page)
    await_sent(page, "stop")
    kernel(page, state="ended", started=1.0, ended=2.0, call="c1", muted=True)
    page.wait_for_function("sent.filter((s) => s.content.type === 'start').length === 2")
    assert [start["muted"] for start in sent(page, "start")] == [False, True]
    kernel(page, state="connecting", started=None, call="c2", muted=True)
    with Helper() as other:
        answer(page, "connect", ways=[other.way], insist=None)
        page.wait_for_function("sent.filter((s) => s.content.type === 'chosen').length === 2")
        other.wait(lambda: other.told("mute", muted=True))
        other.say(type="open")
        other.wait(lambda: len(other.frames) > 10)
        assert not any(any(pcm) for _, _, pcm in other.frames), "nothing was heard meanwhile"


def test_a_page_that_has_no_call_does_nothing(page: Page) -> None:
    kernel(page, state="listening", started=1.0, call="c1")
    restart(page)
    expect(page.locator(".voicenb-state")).to_contain_text("the microphone is on another page")
    assert sent(page, "stop") == sent(page, "start") == sent(page, "restarting") == []


def test_a_page_that_is_connecting_says_that_it_cannot(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="c1")
    assert helper.page is not None
    helper.page.close(1011)
    page.wait_for_function("sent.filter((s) => s.content.type === 'start').length === 2")
    restart(page)
    await_sent(page, "restarting")
    assert sent(page, "restarting") == [{"type": "restarting", "able": False}]
    assert sent(page, "stop") == []


def test_who_types_goes_on_typing(page: Page, helper: Helper) -> None:
    page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') };
        }"""
    )
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    kernel(page, state="listening", started=1.0, call="c1")
    restart(page)
    await_sent(page, "stop")
    kernel(page, state="ended", started=1.0, ended=2.0, call="c1")
    page.wait_for_function("sent.filter((s) => s.content.type === 'start').length === 2")
    expect(page.get_by_role("alert")).to_be_hidden()
