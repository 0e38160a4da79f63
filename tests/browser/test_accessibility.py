"""axe-core finds nothing to complain of in the panels, where JupyterLab's own styles reach them."""

import pytest
from axe import judged
from playwright.sync_api import expect
from talking import until

import voicenb as vn

pytestmark = pytest.mark.campaign

TUNING = "tuning = vn.TurnDetectionPanel(talk)\ntuning"
PANELS = (".voicenb-talk:not(.voicenb-tuning)", ".voicenb-tuning")


@pytest.fixture
def emulator():
    with vn.Emulator(brain=lambda text: "Yes.", mouth="espeak") as running:
        running.warm_up()
        yield running


def wear(page, theme):
    """Choose a theme in the menu, as people do."""
    page.locator(".lm-MenuBar-item").get_by_text("Settings", exact=True).click()
    page.locator(".lm-Menu-item").get_by_text("Theme", exact=True).hover()
    page.locator(".lm-Menu-item").get_by_text(f"JupyterLab {theme}", exact=True).click()
    expect(page.locator(".lm-Menu")).to_have_count(0)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "Light").lower())


def assert_usable(page):
    """Nothing is wrong with the panels in either theme."""
    found = {}
    for theme in ("Dark", "Light"):
        wear(page, theme)
        for panel in PANELS:
            # Of what is out of view no colours are known.
            page.locator(panel).evaluate("(panel) => panel.scrollIntoView({ block: 'center' })")
            expect(page.locator(panel)).to_be_in_viewport(ratio=0.9)
            told = judged(page, panel)
            assert "color-contrast" in told["passed"]
            # Among JupyterLab's panes, which lie over each other, axe-core cannot always tell what is behind
            # a text; on a page of our own it can (tests/frontend/test_page_accessibility.py). Of the dot
            # between two parts of a text it says that it may be none: it has the text's own colour.
            told_of = ("overlapped by another element", "too short to determine")
            unsure = [each for each in told["open"] if not any(words in each for words in told_of)]
            found[theme, panel] = told["wrong"] + unsure
    assert found == {each: [] for each in found}


def test_during_a_call_and_after_it(conversation, emulator):
    talk = conversation(emulator, TUNING, says=[4.0, "austen-0880", 120.0])
    page = talk.page
    page.set_viewport_size({"width": 1280, "height": 1200})
    # JupyterLab's body has no height, and hides what is beyond it: to axe-core hardly anything is to be seen.
    page.evaluate("document.body.style.height = '100vh'")
    talk.run()
    expect(page.locator(".voicenb-turn-bar")).to_be_visible(timeout=60_000)
    assert_usable(page)
    page.locator(PANELS[0]).get_by_role("button", name="Stop", exact=True).click()
    until(page, lambda: emulator.sessions[-1].ended_by)
    expect(page.locator(".voicenb-after")).to_be_visible(timeout=20_000)
    assert_usable(page)
