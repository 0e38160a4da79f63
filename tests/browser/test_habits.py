"""What people do in a notebook without thinking, while a call runs."""

import json
import re

import pytest
from lab import chromium, open_page
from playwright.sync_api import expect
from talking import AGENT, captions, start, stop, talk_cell, until

import voicenb as vn


@pytest.fixture
def emulator():
    with vn.Emulator(brain=lambda text: "I see.", mouth="espeak") as running:
        yield running


@pytest.fixture
def says():
    """What the microphone hears."""
    return [1.0]


@pytest.fixture
def page(playwright, microphone, says):
    with chromium(playwright, microphone(*says)) as browser:
        yield open_page(browser)


@pytest.mark.campaign
def test_shift_enter_after_start_goes_on_with_the_notebook(page, lab, emulator):
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator), "print('went', 'on')"])
    notebook = lab.open(page, "talk.ipynb")
    notebook.run(0)
    notebook.run(1)
    page.get_by_role("button", name="Start", exact=True).dblclick()
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    page.get_by_role("button", name="Stop", exact=True).focus()
    page.keyboard.press("Shift+Enter")  # leaves the panel
    expect(notebook.cell(2)).to_have_class(re.compile("jp-mod-active"))
    page.keyboard.press("Shift+Enter")  # runs the next cell
    notebook.await_run(2)
    assert "went on" in notebook.output(2)
    assert not emulator.sessions[-1].ended_by, "the call goes on"
    stop(page)
    until(page, lambda: [session.ended_by for session in emulator.sessions] == ["session.end"])


@pytest.mark.campaign
def test_running_the_cell_again_ends_the_call_that_lost_its_panel(page, lab, emulator):
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator)])
    notebook = lab.open(page, "talk.ipynb")
    notebook.run(0)
    notebook.run(1)
    start(page)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    notebook.run(1)
    start(page)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    stop(page)
    until(page, lambda: [session.ended_by for session in emulator.sessions] == ["session.end"] * 2)


@pytest.mark.campaign
@pytest.mark.parametrize("says", [[2.0, "austen-0880", 30.0]])
def test_run_all_knows_of_the_page_and_one_can_talk(page, lab, emulator):
    # The next cell is asked before the page can have said anything; what it says then does not wait for it.
    asks = "assert talk.in_browser\nassert talk.wait_for_page(30)\nprint('a page', 'shows it')"
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator), asks])
    notebook = lab.open(page, "talk.ipynb")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    notebook.await_run(2)
    assert "a page shows it" in notebook.output(2)
    # And one can talk.
    start(page)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    expect(captions(page)).to_contain_text(re.compile("young man", re.IGNORECASE), timeout=30_000)
    expect(captions(page)).to_contain_text("I see.", timeout=20_000)
    page.wait_for_function("window.__output.some(([, rms]) => rms > 0.005)")
    stop(page)
    until(page, lambda: emulator.sessions[-1].ended_by == "session.end")


def is_in_view(page):
    """Whether the panel is in view as a whole."""
    return page.locator(".voicenb-talk").evaluate(
        """(panel) => {
            const view = document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect();
            const { top, bottom } = panel.getBoundingClientRect();
            return top >= view.top && bottom <= view.bottom;
        }"""
    )


# Fills the window up to the panel.
LONG = "\n".join(f"# {line}" for line in range(1, 26))


@pytest.mark.campaign
def test_the_panel_comes_into_view_and_stays_there_while_it_grows(page, lab, emulator):
    page.set_viewport_size({"width": 1280, "height": 800})
    lab.write("talk.ipynb", [f"{AGENT}\n{LONG}", talk_cell(emulator), "print('next')"])
    notebook = lab.open(page, "talk.ipynb")
    notebook.run(0)
    notebook.run(1)
    until(page, lambda: is_in_view(page))
    start(page)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    until(page, lambda: is_in_view(page))
    stop(page)


@pytest.mark.campaign
def test_whoever_looks_at_something_else_is_left_alone(page, lab, emulator):
    page.set_viewport_size({"width": 1280, "height": 800})
    lab.write(
        "talk.ipynb", [f"{AGENT}\n{LONG}\n{LONG}", f"import time\ntime.sleep(2)\n{talk_cell(emulator)}"]
    )
    notebook = lab.open(page, "talk.ipynb")
    notebook.run(0)
    notebook.run(1, wait=False)
    page.locator(".jp-WindowedPanel-outer").evaluate("(pane) => pane.scrollTo(0, 0)")
    # Said behind the word that the panel is shown for the first time.
    expect(page.locator(".voicenb-badge")).to_contain_text("emulator", timeout=20_000)
    assert page.locator(".jp-WindowedPanel-outer").evaluate("(pane) => pane.scrollTop") == 0


def test_a_kernel_restart_ends_the_call_and_the_panel_says_so(page, lab, emulator):
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator)])
    notebook = lab.open(page, "talk.ipynb")
    notebook.run(0)
    notebook.run(1)
    start(page)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("button", name="Restart the kernel", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".voicenb-state")).to_have_text(
        "not connected · run the cell to talk", timeout=15_000
    )
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    (folder,) = lab.recordings.iterdir()
    until(page, lambda: vn.load(folder).finished)
    recording = vn.load(folder)
    assert "evening" in recording.transcript[0].text
    assert json.loads((folder / "session.json").read_text("utf-8"))["format"] == 1
    until(page, lambda: emulator.sessions[-1].ended_by == "session.end")
    notebook.await_idle()  # a server that is stopped while a kernel restarts never ends


@pytest.mark.campaign
def test_a_call_that_a_reload_has_hidden_is_named_in_the_panel_that_comes_back(page, lab, emulator):
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator), "talk"])
    notebook = lab.open(page, "talk.ipynb")
    notebook.run(0)
    notebook.run(1)
    expect(page.locator(".voicenb-badge")).to_contain_text("emulator", timeout=20_000)
    notebook.save()
    notebook.run(1)  # another Talk, whose panel is not saved
    start(page)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    notebook.await_idle()
    expect(page.locator(".voicenb-state")).to_have_text("replaced · by a later Talk", timeout=20_000)
    expect(page.get_by_role("alert")).to_have_text(
        "Another Talk was made after this panel; the variable talk is that one now. "
        "Its call is running: write talk into an empty cell and run it, within 20 s."
    )
    notebook.run(2)
    expect(captions(page).last).to_contain_text("Good evening.")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    assert [session.ended_by for session in emulator.sessions] == [""], "it goes on"
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Run this cell again.")
