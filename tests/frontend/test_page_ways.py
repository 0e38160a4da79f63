"""The ways to the helper in a real Chromium: which is taken, and who has the call when pages come and go."""

from __future__ import annotations

import struct

import pytest
from harness import (
    TONE,
    TRACKS,
    Helper,
    answer,
    await_sent,
    kernel,
    live,
    mounted,
    sent,
    start,
    through_the_kernel,
)
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


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
    (hello,) = sent(page, "page")[0]["texts"]
    assert hello["type"] == "hello"
    page.evaluate("text => kernel.send({ type: 'page', text })", {"type": "welcome", "page": hello["page"]})
    page.evaluate("kernel.send({ type: 'page', text: { type: 'open' } })")
    page.wait_for_function("sent.filter((s) => s.frames[0] === 16 + 2 * 896).length > 3")
    header = struct.pack("<BBHIII", 2, 0, 0, 1, 0, 0)
    frame = list(header + TONE.tobytes()[:9600])
    page.evaluate("frame => kernel.send({ type: 'audio' }, [frame])", frame)
    page.evaluate("kernel.send({ type: 'page', text: { type: 'done', reply: 1 } })")
    page.wait_for_function("sent.some((s) => s.content.texts?.some((text) => text.type === 'played-out'))")
    assert max(page.evaluate("window.__output.map(([, level]) => level)")) > 0.2
    # What was heard is told in its order, but in no message of its own: each costs the kernel dear.
    messages = page.evaluate("sent.filter((s) => s.content.type === 'page')")
    kinds = [text["type"] for message in messages for text in message["content"]["texts"]]
    assert "heard" in kinds[: kinds.index("played-out")]
    alone = [message["content"]["texts"] for message in messages if not message["frames"]]
    assert not [texts for texts in alone if texts[-1]["type"] == "heard"]


def test_through_the_kernel_a_page_that_goes_takes_its_leave(page: Page) -> None:
    name = through_the_kernel(page)
    page.evaluate("sent.length = 0")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert {"type": "bye", "page": name} in [
        text for message in sent(page, "page") for text in message["texts"]
    ]


def test_through_the_kernel_all_that_a_page_says_carries_its_name(page: Page) -> None:
    name = through_the_kernel(page)
    mark = sent(page, "page")[0]["texts"][0]["mark"]
    assert 0 < mark < 1 << 16
    page.evaluate("kernel.send({ type: 'page', text: { type: 'open' } })")
    page.wait_for_function("sent.filter((s) => s.marks.length).length > 2")
    assert set(page.evaluate("sent.flatMap((s) => s.marks)")) == {mark}
    assert {text["page"] for message in sent(page, "page") for text in message["texts"]} == {name}


KEY = "sessionStorage.getItem('voicenb-call')"


def test_only_a_tab_that_goes_notes_its_call(page: Page) -> None:
    through_the_kernel(page)
    kernel(page, state="listening", started=1.0, call="x")
    assert page.evaluate(KEY) is None, "a copy of the tab would have it, too"
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate(KEY) == "x"


def test_a_tab_comes_back_into_its_call_once(page: Page) -> None:
    page.evaluate("sessionStorage.setItem('voicenb-call', 'x')")
    kernel(page, state="listening", started=1.0, call="x")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: 0 })")
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True
    assert page.evaluate(KEY) is None


def test_a_tab_without_a_panel_does_not_come_back(page: Page) -> None:
    # The notebook was not saved before the reload: the model is there, its output is not.
    page.evaluate("clear()")
    page.evaluate("sessionStorage.setItem('voicenb-call', 'x')")
    kernel(page, state="listening", started=1.0, call="x")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: 0 })")
    assert page.evaluate("wishes") == []
    page.evaluate("view(document.querySelector('#panel'))")
    await_sent(page, "start")


def test_another_widget_of_the_tab_leaves_the_note_alone(page: Page) -> None:
    page.evaluate("sessionStorage.setItem('voicenb-call', 'x')")
    page.evaluate("dispose()")
    assert page.evaluate(KEY) == "x"


def test_a_page_that_cannot_join_says_that_it_was_joining(page: Page) -> None:
    kernel(page, state="listening", started=1.0, call="x")
    gone = "async () => { throw new DOMException('', 'NotFoundError') }"
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {gone} }}")
    page.get_by_role("button", name="Talk here").click()
    await_sent(page, "failed")
    assert sent(page, "failed")[0]["joins"] is True
    # Its button says Stop.
    expect(page.get_by_role("alert")).to_contain_text("then press Talk here again")
    page.evaluate("sent.length = 0")
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True


def test_a_call_that_a_closed_panel_of_this_page_has_is_said_to_be_here(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    page.evaluate("clear()")
    page.evaluate("reopen(document.querySelector('#panel'))")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: Date.now() / 1000 })")
    state = page.locator(".voicenb-state")
    expect(state).to_have_text(
        "listening · the microphone is in this page: Talk here brings it into this panel"
    )


def test_a_tab_comes_back_into_a_call_whose_connection_is_lost(page: Page) -> None:
    page.evaluate("sessionStorage.setItem('voicenb-call', 'x')")
    kernel(page, state="reconnecting", started=1.0, call="x")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: 0 })")
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True


def test_a_page_that_was_kept_by_the_browser_comes_back(page: Page) -> None:
    through_the_kernel(page)
    page.evaluate("sent.length = 0")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True


@pytest.mark.parametrize("word", ["taken", "welcome"])
def test_through_the_kernel_another_page_takes_the_call_over(page: Page, word: str) -> None:
    name = through_the_kernel(page)
    kernel(page, state="listening", started=1.0, call="x")
    page.evaluate("sent.length = 0")
    # All pages of the kernel hear that a third one has lost the call.
    page.evaluate("text => kernel.send({ type: 'page', text })", {"type": "taken", "page": "a third"})
    assert page.evaluate(TRACKS) == ["live"]
    told = {"type": word, "page": name if word == "taken" else "another"}
    page.evaluate("text => kernel.send({ type: 'page', text })", told)
    expect(page.locator(".voicenb-state")).to_contain_text("the microphone is on another page")
    page.wait_for_function(TRACKS + ".every((state) => state === 'ended')")
    assert sent(page, "start") == []


def test_another_page_takes_the_call_over(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    assert helper.page is not None
    page.evaluate("sent.length = 0")
    helper.page.close(4000)
    expect(page.locator(".voicenb-state")).to_contain_text("the microphone is on another page")
    page.wait_for_function(TRACKS + ".every((state) => state === 'ended')")
    assert sent(page, "start") == []


def test_a_socket_that_breaks_is_replaced(page: Page, helper: Helper) -> None:
    live(page, helper)
    assert helper.page is not None
    page.evaluate("sent.length = 0")
    helper.page.close(1011)
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    before = len(helper.frames)
    helper.say(type="open")
    helper.wait(lambda: len(helper.frames) > before + 5)
    assert helper.frames[before][0] == 0, "a new channel counts its frames anew"


def test_disposing_of_the_model_closes_everything(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.evaluate("dispose()")
    expect(page.locator(".voicenb-talk")).to_have_count(0)
    helper.wait(lambda: helper.gone)
    assert page.evaluate(TRACKS) == ["ended"]


def test_two_calls_never_have_the_microphone_at_once(page: Page, address: str, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    other = page.context.new_page()
    other.goto(address)
    mounted(other)
    with Helper() as others:
        live(other, others)
        kernel(other, state="listening", started=1.0, call="y")
        expect(page.get_by_role("alert")).to_contain_text("this agent hears silence")
        helper.wait(lambda: helper.told("mute", muted=True))
        assert sent(page, "mute") == [{"type": "mute", "muted": True}]
        assert others.told("mute") == []
        kernel(page, state="listening", started=1.0, call="x", muted=True)
        # And back: who unmutes has it.
        page.get_by_role("button", name="Unmute", exact=True).click()
        others.wait(lambda: others.told("mute", muted=True))
        expect(other.get_by_role("alert")).to_contain_text("this agent hears silence")
        expect(page.get_by_role("alert")).to_be_hidden()
    other.close()


def test_a_page_that_takes_a_call_over_mutes_nobody(page: Page, address: str, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    other = page.context.new_page()
    other.goto(address)
    mounted(other)
    kernel(other, state="listening", started=1.0, call="x")
    other.get_by_role("button", name="Talk here").click()
    await_sent(other, "start")
    with Helper() as again:
        answer(other, "connect", ways=[again.way], insist=None)
        again.wait(lambda: again.told("echo"))
    count = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > count + 5)
    assert helper.told("mute") == sent(page, "mute") == []
    other.close()


def test_a_page_without_the_call_says_where_it_is_as_far_as_that_is_known(
    page: Page, address: str, helper: Helper
) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    other = page.context.new_page()
    other.goto(address)
    mounted(other)
    kernel(other, state="listening", started=1.0, call="x")
    state = other.locator(".voicenb-state")
    expect(state).to_have_text("listening · the microphone is in another tab of this browser")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(state).to_have_text(
        "listening · the microphone is on another page: another browser, or another address"
    )
    other.get_by_role("button", name="Talk here").click()
    await_sent(other, "start")
    with Helper() as again:
        answer(other, "connect", ways=[again.way], insist=None)
        await_sent(other, "chosen")
        assert helper.page is not None
        helper.page.close(4000)
        expect(page.locator(".voicenb-state")).to_have_text(
            "listening · the microphone is in another tab of this browser"
        )
    other.close()
