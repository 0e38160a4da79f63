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
