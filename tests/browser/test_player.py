"""A recorded call in a real JupyterLab: what its audio context plays, and what a person sees and does."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from lab import chromium
from playwright.sync_api import expect

from tests.analysis.known_call import KnownCall, speech

RATE = 24_000
TAP = (Path(__file__).parent / "player_tap.js").read_text(encoding="utf-8")

PLAYER = 'import voicenb as vn\nplayer = vn.Player("calls/known")\nplayer'
SECONDS = 40.0


def a_call(folder):
    """Two turns and their answers; under the caller's voice lies noise, so that no sample is silent."""
    made = KnownCall(folder, SECONDS, {"min_silence": 800, "max_silence": 3000})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=2.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    made.reply(
        "r1",
        "He was not an ill-disposed young man.",
        sound,
        began=over + 0.9,
        received=over + 1,
        heard=over + 1.1,
    )
    over = made.says(14.0, speech("cards-005.wav"))
    made.turn("two", "Ten of clubs.", told=14.1, decided=over + 0.85, transcribed=over + 0.9)
    made.reply(
        "r2", "Very well.", speech("cards-001.wav"), began=over + 0.9, received=over + 1, heard=over + 1.1
    )
    made.noise(35.0)
    return made.build()


@pytest.fixture
def call(lab):
    return a_call(lab.folder / "calls" / "known")


@pytest.fixture
def page(playwright):
    with chromium(playwright) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 2000})
        context.add_init_script(TAP)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


@pytest.fixture
def player(page, lab, call):
    """A notebook with a Player in it, once that has everything."""
    lab.write(
        "listen.ipynb", [PLAYER, "player.seek(30.0)", "player.play()", "print(round(player.position, 2))"]
    )
    notebook = lab.open(page, "listen.ipynb")
    notebook.run(0)
    expect(view(page)).to_be_visible()
    return notebook


def view(page):
    return page.locator(".voicenb-call")


def button(page, name):
    return view(page).get_by_role("button", name=name, exact=True)


def now(page):
    """The second at which the view says that it stands."""
    minutes, seconds = page.locator(".voicenb-call-now").inner_text().split(":")
    return 60 * int(minutes) + float(seconds)


def until(page, found, timeout=20.0):
    """Wait, with the page alive, until it is so."""
    for _ in range(round(timeout / 0.05)):
        if found():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It did not come about; it stands at {now(page)}.")


def played(page, context=0):
    """What an audio context of the page has played, ``(n, 2)``."""
    told = page.evaluate("number => __playedBy(number)", context)
    assert told["rate"] == RATE
    steps = np.diff(told["frames"])
    assert (steps == 64 * 128).all(), "the tap has all of it"
    return np.stack(
        [np.frombuffer(base64.b64decode(told[side]), "<i2") for side in ("left", "right")], axis=1
    )


def runs(sound):
    """The stretches that are not silent: where they begin and end."""
    loud = np.flatnonzero(sound.any(axis=1))
    breaks = np.flatnonzero(np.diff(loud) > 64)
    return list(zip(loud[np.r_[0, breaks + 1]], loud[np.r_[breaks, len(loud) - 1]] + 1, strict=True))


FADED = 480
"""Samples at the end of a stretch that was stopped: it fades."""


def where(whole, piece):
    """The place in the call at which a piece of it begins."""
    first = piece[:200]
    for place in np.flatnonzero((whole[: len(whole) - len(first)] == first[0]).all(axis=1)):
        if (whole[place : place + len(first)] == first).all():
            return int(place)
    raise AssertionError("what was played is nowhere in the call")


def assert_played(whole, piece):
    """That a stretch is the call, sample for sample; returns from where to where."""
    place = where(whole, piece)
    kept = piece[: len(piece) - FADED]
    np.testing.assert_array_equal(kept, whole[place : place + len(kept)])
    return place / RATE, (place + len(kept)) / RATE


def test_every_sample_of_both_sides_is_played_once_across_the_borders_of_slices_and_behind_a_seek(
    page, player, call
):
    whole = call.stereo()
    button(page, "Play").click()
    until(page, lambda: now(page) > 10)
    view(page).get_by_text("young", exact=False).first.click()
    until(page, lambda: 3 < now(page) < 8)
    until(page, lambda: now(page) > 9)
    button(page, "Pause").click()
    page.wait_for_timeout(1000)  # the tap's last block
    first, second = [whole_run for whole_run in runs(played(page)) if whole_run[1] - whole_run[0] > RATE]
    sound = played(page)
    begin, end = assert_played(whole, sound[slice(*first)])
    assert begin == 0
    assert end > 9.5, "two borders, at 4 s and at 8 s, lie in it"
    begin, end = assert_played(whole, sound[slice(*second)])
    assert 4 < begin < 8
    assert begin < 8 < end
    assert page.evaluate("__played.length") == 1


def test_cells_and_the_keyboard_move_it(page, player):
    player.run(1)
    until(page, lambda: now(page) == 30)
    player.run(2)
    expect(button(page, "Pause")).to_be_visible()
    until(page, lambda: now(page) > 30.5)
    button(page, "Pause").focus()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_focused()
    at = now(page)
    page.keyboard.press("ArrowLeft")
    assert now(page) < at
    page.keyboard.press("Home")
    assert now(page) == 0
    expect(player.cell(0)).to_be_visible()  # the arrows and letters stay in the view
    until(page, lambda: position(player) == 0)


def position(player):
    """Where the kernel knows that it stands."""
    player.run(3)
    return float(player.output(3))


COMPUTES = "import time\nuntil = time.time() + 8\nwhile time.time() < until: sum(range(1000))"


@pytest.mark.campaign
def test_it_plays_on_while_a_cell_computes(page, lab, call):
    lab.write("listen.ipynb", [PLAYER, COMPUTES])
    notebook = lab.open(page, "listen.ipynb")
    notebook.run(0)
    expect(view(page)).to_be_visible()
    button(page, "Play").click()
    until(page, lambda: now(page) > 0.2)
    notebook.run(1, wait=False)
    page.evaluate("document.querySelector('.voicenb-call').scrollIntoView()")
    view(page).get_by_text("clubs", exact=False).last.click()  # far from what has been fetched
    until(page, lambda: 17 < now(page) < 20, timeout=6)
    expect(notebook.prompt(1)).to_have_text("[*]:")
    notebook.await_run(1)


@pytest.mark.campaign
def test_a_page_that_is_loaded_anew_goes_on_where_it_stood(page, player):
    button(page, "Play").click()
    until(page, lambda: now(page) > 5)
    button(page, "Pause").click()
    at = now(page)
    until(page, lambda: abs(position(player) - at) < 0.2)
    player.save()
    page.reload()
    expect(view(page)).to_be_visible(timeout=60_000)
    until(page, lambda: abs(now(page) - at) < 0.2)
    button(page, "Play").click()
    until(page, lambda: now(page) > at + 1)


def test_what_stays_in_the_notebook_is_a_picture_and_the_words(page, lab, player):
    static = page.locator("[class^=voicenb-static]")
    expect(static.locator("img")).to_have_count(1)
    expect(static).to_be_hidden()  # the live one shows the same
    player.save()
    cell = json.loads((lab.folder / "listen.ipynb").read_text("utf-8"))["cells"][0]
    widget, kept = cell["outputs"]
    assert "application/vnd.jupyter.widget-view+json" in widget["data"]
    html = "".join(kept["data"]["text/html"])
    assert "data:image/png;base64," in html
    assert "Two cards, please." in html
    size = (lab.folder / "listen.ipynb").stat().st_size
    assert size < 500_000
    text = (lab.folder / "listen.ipynb").read_text("utf-8")
    assert str(lab.folder) not in text
    # Opened without its kernel it is seen.
    shut(lab)
    page.goto(lab.address("listen.ipynb"))
    expect(static.locator("img")).to_be_visible(timeout=60_000)
    expect(static).to_contain_text("He was not an ill-disposed young man.")


def shut(lab):
    """End the kernels."""
    for session in lab._ask("sessions"):
        lab._ask(f"sessions/{session['id']}", "DELETE")
