"""Turn detection is tuned while one talks, in a real JupyterLab."""

import re

import pytest
from playwright.sync_api import expect
from talking import until

import voicenb as vn

TUNING = "tuning = vn.TurnDetectionPanel(talk)\ntuning"

WHOLE = {
    "vad_threshold": 0.5,
    "min_silence": 1000,
    "max_silence": 4000,
    "interrupt_response": True,
    "interruption_delay": 500,
}
"""The recommendation, with its shorter silence eight steps of the keyboard shorter."""


@pytest.fixture
def emulator():
    with vn.Emulator(brain=lambda text: "Yes.", mouth="espeak") as running:
        running.warm_up()
        yield running


def stop(talk):
    """Press Stop where the panel is, which may be out of sight, and wait until the service has been told."""
    talk.page.get_by_role("feed").get_by_role("button", name="Stop", exact=True).click()
    until(talk.page, lambda: talk.emulator.sessions[-1].ended_by == "session.end")


def turns(page):
    """The rows of the last turns."""
    return page.locator(".voicenb-turn")


@pytest.mark.campaign
def test_a_dial_that_is_moved_shows_in_the_next_turn(conversation, emulator):
    # The same once and again: nobody knows how fast the machine is, and one of them finds the dial moved.
    talk = conversation(emulator, TUNING, says=[3.5, *["austen-0880", 7.0] * 4])
    talk.run()
    page = talk.page
    panel = page.locator(".voicenb-tuning")
    state = panel.locator(".voicenb-state")
    expect(state).to_have_text("in force · the service's adaptive default")
    expect(panel).to_contain_text("The first move ends that for the rest of this session")
    expect(turns(page)).to_contain_text([re.compile(r"\d\.\d\d s.*ended by the stand-in")], timeout=40_000)

    dial = page.get_by_role("slider", name="min_silence")
    dial.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    expect(state).to_have_text("in force · confirmed by the service")
    expect(dial).to_be_focused()
    expect(dial).to_have_attribute("aria-valuetext", "1000 ms")
    assert emulator.sessions[-1].config.turn_detection == WHOLE
    expect(panel).to_contain_text("adaptive → 0.5 · 1000 · 4000: from the next turn on")

    expect(turns(page).last).to_contain_text(
        re.compile(r"\d\.\d\d s.*ended by min_silence 1000 ms"), timeout=40_000
    )
    expect(turns(page).first).to_contain_text("stand-in")
    ended = [each.ended_by for each in emulator.sessions[-1].timeline if each.trigger == "user_speech"]
    assert ended == sorted(ended, key="min_silence".__eq__), "once it is moved, it is in force for good"
    assert "min_silence" in ended
    stop(talk)
    expect(state).to_have_text("set · the next call begins with it")


@pytest.mark.campaign
def test_a_restart_brings_the_default_back_and_keeps_the_microphone(conversation, emulator):
    talk = conversation(emulator, TUNING, "print(talk.recording.caller.size)", says=[60.0])
    talk.run()
    page = talk.page
    panel = page.locator(".voicenb-tuning")
    talk.expect("Good evening.")
    panel.get_by_role("button", name="patient").click()
    expect(panel.locator(".voicenb-state")).to_have_text("in force · confirmed by the service")
    panel.get_by_role("button", name="Restart").click()
    until(page, lambda: len(emulator.sessions) == 2)
    first, second = emulator.sessions
    until(page, lambda: first.ended_by)
    assert first.ended_by == "session.end"
    expect(panel.locator(".voicenb-state")).to_have_text("in force · the service's adaptive default")
    assert second.config.turn_detection is None
    expect(page.locator(".voicenb-talk .voicenb-turns")).to_have_text(re.compile("adaptive"))
    expect(page.get_by_role("alert")).to_have_count(0)
    # It is heard and is heard from, without another click.
    talk.until_audible()
    talk.until_silent(0.5)
    assert int(talk.run(2)) > 24_000
    assert "· 0 lost" in talk.foot
    stop(talk)
