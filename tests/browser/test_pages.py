"""Pages come and go in a real JupyterLab: a reload, a tab that is closed."""

import json

import pytest
from lab import chromium, open_page
from playwright.sync_api import expect
from talking import AGENT, captions, start, stop, talk_cell

import voicenb as vn


@pytest.fixture
def emulator():
    with vn.Emulator(brain=lambda text: "I see.", mouth="espeak") as running:
        yield running


# Directly is what test_hosts.py does by default, too.
@pytest.mark.campaign
@pytest.mark.parametrize("audio", ["direct", "kernel"])
def test_a_reload_keeps_the_call_and_the_transcript_stays_in_the_notebook(
    playwright, lab, emulator, microphone, audio
):
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator, f", audio={audio!r}")])
    with chromium(playwright, microphone(1.0)) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "talk.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        # Heard to its end: what a reload cuts off would be struck through.
        expect(page.locator(".voicenb-state")).to_have_text("listening · go ahead", timeout=20_000)
        notebook.save()
        page.reload()
        expect(page.locator(".voicenb-state")).to_have_text("listening · go ahead", timeout=30_000)
        expect(captions(page)).to_contain_text("evening.")
        stop(page)
        expect(page.locator("[class^=voicenb-static]")).to_contain_text("evening.")
        notebook.save()
    assert len(emulator.sessions) == 1
    assert emulator.sessions[-1].ended_by == "session.end"
    _, kept = json.loads((lab.folder / "talk.ipynb").read_text("utf-8"))["cells"][1]["outputs"]
    assert "Lido: Good" in "".join(kept["data"]["text/plain"])


@pytest.mark.campaign
@pytest.mark.parametrize("audio", ["direct", "kernel"])
def test_a_tab_that_is_closed_does_not_leave_the_call_open(playwright, lab, emulator, microphone, audio):
    cell = talk_cell(emulator, f", audio={audio!r}", then="talk._patience = 3")
    lab.write("talk.ipynb", [AGENT, cell])
    with chromium(playwright, microphone(1.0)) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "talk.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        notebook.save()
        page.close()
        page = browser.contexts[0].new_page()
        page.goto(lab.address("talk.ipynb"))
        expect(captions(page)).to_contain_text("The page went away for 3 s", timeout=30_000)
        expect(page.locator(".voicenb-state")).to_have_text("ended · press Start for a new call")
    assert emulator.sessions[-1].ended_by == "session.end"
