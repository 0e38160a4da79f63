"""Which microphone and which loudspeaker: the menus in the panel's foot, and a default that is unplugged."""

from __future__ import annotations

import pytest
from harness import TRACKS, Helper, answer, await_sent, kernel, live, no_microphone
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# As Chromium lists them: its name for the system's choice has the group of the device behind it.
DEVICES = """() => {
  const device = ([deviceId, kind, label, groupId]) => ({ deviceId, kind, label, groupId });
  window.devices = [
    ["default", "audioinput", "Default - Built-in Audio Digital Microphone (Internal)", "built-in"],
    ["one", "audioinput", "Built-in Audio Digital Microphone (Internal)", "built-in"],
    ["two", "audioinput", "Headset", "headset"],
    ["three", "audioinput", "Docked", "docked"],
    ["default", "audiooutput", "Default - Built-in Audio Digital Speakers (Internal)", "built-in"],
    ["x", "audiooutput", "Headset", "headset"],
  ].map(device);
  navigator.mediaDevices.enumerateDevices = async () => devices;
  const settings = MediaStreamTrack.prototype.getSettings;
  MediaStreamTrack.prototype.getSettings = function () {
    const { deviceId } = settings.call(this);
    return { deviceId, groupId: devices.find((device) => device.deviceId === deviceId)?.groupId ?? "" };
  };
}"""

MENUS = """() => [...document.querySelectorAll(".voicenb-foot .voicenb-choice")].map((menu) => {
  const { left, right, top, bottom } = menu.getBoundingClientRect();
  return { left, right, top, bottom, edge: menu.parentElement.getBoundingClientRect().right };
})"""


def test_the_menus_keep_apart_at_every_width(page: Page, helper: Helper) -> None:
    page.evaluate(DEVICES)
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x", audio="direct")
    expect(page.get_by_label("Speaker", exact=True)).to_be_visible()
    for width in (320, 480, 560, 620, 700, 800, 1200):
        page.set_viewport_size({"width": width + 36, "height": 900})
        first, second = page.evaluate(MENUS)
        assert second["right"] <= second["edge"], width
        assert second["top"] >= first["bottom"] or second["left"] - first["right"] >= 16, width


def test_while_one_types_the_only_menu_stands_at_the_edge(page: Page, helper: Helper) -> None:
    page.evaluate(DEVICES)
    no_microphone(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    detection = {
        "name": "custom",
        "detail": "0.35 · 750 · 1250 · no interruption · adaptive off until restart",
    }
    kernel(page, state="listening", started=1.0, call="x", audio="direct", turn_detection=detection)
    menu = page.locator(".voicenb-choice:not([hidden])")
    expect(menu).to_have_count(1)
    foot = page.locator(".voicenb-foot").bounding_box()
    assert menu.bounding_box()["x"] == pytest.approx(foot["x"] + 18, abs=1)


def unplug(page: Page, device: str, *, behind_the_default: str) -> None:
    """As systems do it that end no track: the device is not there any more."""
    page.evaluate(
        """([gone, group]) => {
          window.devices = devices.filter(({ deviceId }) => deviceId !== gone);
          for (const device of devices) if (device.deviceId === "default") device.groupId = group;
          navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
        }""",
        [device, behind_the_default],
    )


@pytest.mark.parametrize("chosen", [False, True], ids=["by nobody", "by the user"])
def test_the_device_behind_the_default_is_unplugged(page: Page, helper: Helper, chosen: bool) -> None:
    page.evaluate(DEVICES)
    live(page, helper)
    if chosen:
        menu = page.get_by_label("Microphone", exact=True)
        expect(menu).to_have_value("default")
        page.evaluate("menu => menu.dispatchEvent(new Event('change'))", menu.element_handle())
        page.wait_for_function(TRACKS + ".join() === 'ended,live'")
    count = page.evaluate("streams.length")
    unplug(page, "two", behind_the_default="built-in")
    page.wait_for_function("document.querySelectorAll('.voicenb-device option').length === 5")
    assert page.evaluate("streams.length") == count, "another one went"
    unplug(page, "one", behind_the_default="docked")
    page.wait_for_function("count => streams.length > count", arg=count)
    page.wait_for_function(TRACKS + ".at(-1) === 'live'")
    assert page.evaluate(TRACKS)[:-1] == ["ended"] * count
    frames = len(helper.frames)
    helper.wait(lambda: len(helper.frames) > frames + 10)


def without_a_microphone(page: Page, *left: str) -> None:
    """The one in use goes, and no other can take its place; these are still there."""
    no_microphone(page)
    page.evaluate(
        """left => {
          const stays = ({ kind, deviceId }) => kind !== "audioinput" || left.includes(deviceId);
          window.devices = devices.filter(stays);
          streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event("ended"));
        }""",
        list(left),
    )


def test_only_the_remedy_that_there_is_is_named(page: Page, helper: Helper) -> None:
    page.evaluate(DEVICES)
    live(page, helper)
    alert, menu = page.get_by_role("alert"), page.get_by_label("Microphone", exact=True)
    without_a_microphone(page, "two")
    expect(alert).to_contain_text("Plug it in again, and the call goes on.")
    expect(menu).to_be_hidden()
    # Two others are plugged in, and neither can be opened.
    page.evaluate(
        """() => {
          for (const id of ["three", "four"])
            devices.push({ deviceId: id, kind: "audioinput", label: id, groupId: id });
          navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
        }"""
    )
    expect(menu).to_be_visible()
    expect(alert).to_contain_text("Plug it in again, or choose another one below, and the call goes on.")


def test_who_is_not_heard_is_not_told_to_go_ahead(page: Page, helper: Helper) -> None:
    page.evaluate(DEVICES)
    live(page, helper)
    state = page.locator(".voicenb-state")
    kernel(page, state="listening", started=1.0, call="x")
    expect(state).to_have_text("listening · go ahead")
    without_a_microphone(page)
    expect(state).to_have_text("listening · you are not heard")
    page.get_by_role("button", name="Mute", exact=True).click()
    expect(state).to_have_text("listening · you are not heard")
    kernel(page, state="speaking", started=1.0, call="x", muted=True)
    expect(state).to_have_text("speaking · you are not heard")


def test_what_is_typed_is_heard_without_the_microphone_that_went(page: Page, helper: Helper) -> None:
    page.evaluate(DEVICES)
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    without_a_microphone(page)
    alert, state = page.get_by_role("alert"), page.locator(".voicenb-state")
    expect(alert).to_contain_text("the agent hears silence")
    page.get_by_role("button", name="Type instead").click()
    expect(page.get_by_label("What the caller says")).to_be_visible()
    expect(alert).to_be_hidden()
    expect(state).to_have_text("listening · no microphone: type what the caller says")
    # Whoever wants to talk is told why not, until it is there again.
    page.get_by_role("button", name="Talk instead").click()
    expect(alert).to_have_text(
        "No microphone was found. "
        "Plug one in or choose one in the system's settings, then press Talk instead again."
    )
    page.evaluate("delete navigator.mediaDevices.getUserMedia")
    page.get_by_role("button", name="Talk instead").click()
    expect(alert).to_be_hidden()
    expect(state).to_have_text("listening · go ahead")


def test_what_is_typed_is_heard_though_another_call_has_the_microphone(page: Page, helper: Helper) -> None:
    page.evaluate(DEVICES)
    live(page, helper)
    alert, state = page.get_by_role("alert"), page.locator(".voicenb-state")
    page.evaluate("new BroadcastChannel('voicenb-microphone').postMessage('another call')")
    expect(alert).to_contain_text("Another call was begun in this browser")
    without_a_microphone(page)
    page.get_by_role("button", name="Type instead").click()
    expect(page.get_by_label("What the caller says")).to_be_visible()
    expect(alert).to_be_hidden()
    kernel(page, state="speaking", started=1.0, call="x", muted=True)
    expect(state).to_have_text("speaking · interrupt any time")
