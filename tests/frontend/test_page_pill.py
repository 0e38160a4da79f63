"""The pill: a call in progress is never out of sight."""

from __future__ import annotations

import pytest
from harness import TRACKS, Helper, kernel, live, sent
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PILL = ".voicenb-pill"


def scroll_away(page: Page) -> None:
    page.evaluate("document.body.style.paddingBottom = '4000px'; window.scrollTo(0, 3000)")


def test_it_stands_there_while_no_panel_is_in_view(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x", cost_rate=4.5)
    pill = page.locator(PILL)
    expect(pill).to_have_count(0)
    scroll_away(page)
    expect(pill).to_be_visible()
    expect(pill).to_contain_text("Lido")
    expect(pill.locator(".voicenb-cost")).to_have_text(
        page.locator(".voicenb-counts .voicenb-cost").inner_text()
    )
    pill.get_by_role("button", name="Mute").click()
    expect(pill.get_by_role("button", name="Unmute")).to_be_visible()
    assert sent(page, "mute") == [{"type": "mute", "muted": True}]
    pill.get_by_role("button", name="Show").click()
    expect(pill).to_have_count(0)
    expect(page.locator(".voicenb-talk")).to_be_in_viewport()


@pytest.mark.parametrize("width", [420, 1280])
def test_it_is_clear_of_the_notebooks_scrollbar(page: Page, helper: Helper, width: int) -> None:
    live(page, helper)
    scroll_away(page)
    page.set_viewport_size({"width": width, "height": 900})
    # As JupyterLab has it: beside the scrollbar are the tabs of its right sidebar.
    page.evaluate("document.documentElement.style.setProperty('--jp-private-sidebar-tab-width', '32px')")
    box = page.locator(PILL).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width - 32 - 15


def test_it_ends_the_call(page: Page, helper: Helper) -> None:
    live(page, helper)
    scroll_away(page)
    page.locator(PILL).get_by_role("button", name="Stop", exact=True).click()
    assert sent(page, "stop") == [{"type": "stop"}]
    assert page.evaluate(TRACKS) == ["ended"]
    expect(page.locator(PILL)).to_have_count(0)


def test_a_cleared_output_leaves_the_call_in_sight(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.evaluate("clear()")
    expect(page.locator(PILL)).to_be_visible()
    expect(page.locator(PILL).get_by_role("button", name="Show")).to_be_hidden()
    page.evaluate("view(document.querySelector('#panel'))")
    expect(page.locator(PILL)).to_have_count(0)
    page.evaluate("clear()")
    page.evaluate("dispose()")
    expect(page.locator(PILL)).to_have_count(0)


def test_without_a_call_of_this_page_there_is_none(page: Page) -> None:
    scroll_away(page)
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.locator(".voicenb-state")).to_contain_text("the microphone is on another page")
    expect(page.locator(PILL)).to_have_count(0)
