"""The panel of turn detection on a recorded call, in a real JupyterLab."""

import re
import shutil
from pathlib import Path

import pytest
from lab import chromium
from playwright.sync_api import expect

import voicenb
from voicenb.tuning.by_ear import labels_by_ear
from voicenb.tuning.truth import Truth

SAMPLE = Path(__file__).parents[2] / "notebooks" / "sample-call"

MAKE = (
    "import voicenb as vn\nagent = vn.Agent(name='Lido')\n"
    "panel = vn.TurnDetectionPanel('call', agent=agent)\npanel"
)
LOOK = "print(panel.agent.turn_detection)"


@pytest.fixture
def page(playwright):
    with chromium(playwright) as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


def test_sliders_labels_and_apply(page, lab):
    shutil.copytree(SAMPLE, lab.folder / "call")
    lab.write("tune.ipynb", [MAKE, LOOK])
    notebook = lab.open(page, "tune.ipynb")
    notebook.run(0)
    panel = page.get_by_role("group", name="Turn detection on recordings")
    expect(panel).to_contain_text("1 call · 6 turns · 1 pause", ignore_case=True, timeout=60_000)
    rows = panel.get_by_role("listitem")
    expect(rows).to_have_count(6)
    figure = panel.locator(".voicenb-recorded-figure")
    expect(figure.first).to_have_text("0 of 1")

    # A shorter silence: a ghost falls into the pause, and that turn comes first.
    slider = panel.get_by_role("slider", name="min_silence")
    slider.focus()
    for _ in range(22):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "900 ms")
    expect(figure.first).to_have_text("1 of 1")
    expect(rows.first.get_by_role("button").first).to_have_accessible_name(
        re.compile(r"Hear 0:13: would be cut off after 9\d\d milliseconds")
    )
    expect(panel).to_contain_text(re.compile(r"redrawn in \d+ ms"))
    page.keyboard.press("ArrowRight")
    expect(rows.first.get_by_role("button").first).to_have_accessible_name(
        re.compile("cut off after (9[5-9]|10)")
    )

    # It is heard, and labelled by its key: the caller was done there, so two turns are there instead of one.
    button = rows.first.get_by_role("button").first
    button.click()
    expect(button).to_have_text("■")
    page.keyboard.press("2")
    expect(panel).to_contain_text("7 turns · 0 pauses", ignore_case=True)
    (label,) = labels_by_ear(voicenb.load(lab.folder / "call"))
    assert label.truth is Truth.END
    assert 15.9 < label.start < 16.2

    panel.get_by_role("button", name="Apply to Lido").click()
    expect(panel).to_contain_text("panel.agent has these settings now")
    notebook.run(1)
    assert "min_silence=950" in notebook.output(1)
