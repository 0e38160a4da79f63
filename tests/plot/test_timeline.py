"""A call from left to right, as a picture."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.plot.timeline import WAITS, timeline


def test_both_voices_their_words_and_what_went_wrong(call: vn.Recording) -> None:
    ax = vn.plot.timeline(call)
    texts = [text.get_text() for text in ax.texts]
    said = " ".join(texts)
    for words in ("Two cards, please.", "An answer.", "interruption", "unanswered", "look_up 2.48 s"):
        assert words in said
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Caller", "Known", "waits"]
    assert ax.get_xlim() == (0, call.duration)
    assert "built" in ax.get_title(loc="left")
    found = vn.turns(call)
    waits = [bar for bar in ax.patches if abs(bar.get_y() + bar.get_height() / 2 - WAITS) < 1e-6]
    first = found.caller[0]
    begins = min(bar.get_x() for bar in waits)
    assert begins == pytest.approx(first.end, abs=1e-6)
    assert waits[0].get_hatch() == "/////"
    sizes = {text.get_text(): text.get_fontsize() for text in ax.texts}
    assert sizes["unanswered"] == sizes["Two cards, please."], "a wait is as legible as the words"


def test_a_part_of_it(call: vn.Recording) -> None:
    ax = timeline(call, start=10.0, end=20.0)
    assert ax.get_xlim() == (10, 20)
    said = " ".join(text.get_text() for text in ax.texts)
    assert "A tool, please." in said
    assert "Two cards" not in said
    assert "silence 0.80" in said, "the parts of a wait are named where there is room"


def test_words_stand_where_they_were_spoken(tmp_path: Path) -> None:
    """The agent's at the service's times, on the clock of what was heard; the caller's over his speech."""
    made = KnownCall(tmp_path / "call", 12.0, {"min_silence": 800})
    over = made.says(1.0, speech("cards-001.wav"))
    made.turn("one", "Go on.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    for word, at in (("Well, ", 0), ("then ", 900), ("so ", 2400)):
        times = {"start_ms": at, "end_ms": at + 300}
        made.put(over + 1.0, "in", "transcript.agent.delta", reply_id="r1", delta=word, **times)
    heard = over + 1.2
    sound = speech("austen-0890.wav")
    made.reply("r1", "Well, then so", sound, began=over + 0.95, received=over + 1.1, heard=heard)
    ax = timeline(made.build(), start=over + 0.5, end=over + 6.5)
    places = {text.get_text(): text.get_position() for text in ax.texts}
    for word, at in (("Well,", 0.0), ("then", 0.9), ("so", 2.4)):
        assert places[word][0] == pytest.approx(heard + at, abs=0.002)
        assert places[word][1] < 0, "below the agent's lane"
    before = timeline(vn.load(tmp_path / "call"), end=3.0)
    caller = {text.get_text(): text.get_position() for text in before.texts}
    first = next(text for text in caller if text.startswith("Go"))
    assert caller[first][0] == pytest.approx(1.0, abs=0.05)


def test_where_the_caller_was_cut_off(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0, {"min_silence": 600, "max_silence": 3000})
    over = made.says(1.0, speech("cards-001.wav"))
    made.turn("one", "I would like", told=1.1, decided=over + 0.63, transcribed=over + 0.63)
    again = over + 1.0
    end = made.says(again, speech("cards-002.wav"))
    made.turn("two", "two cards.", told=again + 0.1, decided=end + 0.65, transcribed=end + 0.66)
    ax = timeline(made.build())
    (mark,) = [text for text in ax.texts if text.get_text() == "cut off"]
    assert mark.get_position()[0] == pytest.approx(over + 0.63, abs=1e-5)
    assert any(text.get_text().startswith("unanswered") for text in ax.texts)


def test_tools_that_run_at_once_lie_side_by_side(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 18.0)
    over = made.says(1.0, speech("cards-001.wav"))
    made.turn("one", "Two things.", told=1.1, decided=over + 0.7, transcribed=over + 0.7)
    calls = (("c1", over + 0.9, over + 2.0), ("c2", over + 1.0, over + 6.0), ("c3", over + 11.0, over + 11.5))
    sound = speech("cards-002.wav")
    made.reply("r1", "So.", sound, began=over + 0.8, received=over + 12, heard=over + 12.1, calls=calls)
    ax = timeline(made.build())
    at = {round(call[1], 6): call[0] for call in calls}
    bars = {at[x]: bar for bar in ax.patches if (x := round(bar.get_x(), 6)) in at and bar.get_width() < 6}
    assert set(bars) == {"c1", "c2", "c3"}
    low, high = sorted((bars["c1"], bars["c2"]), key=lambda bar: bar.get_y())
    assert low.get_y() + low.get_height() < high.get_y(), "neither hides the other"
    assert bars["c3"].get_height() > low.get_height(), "one alone has the room of both"
    (told,) = [text for text in ax.texts if "look_up 1.10 s" in text.get_text()]
    assert told.get_text() == "look_up 1.10 s, look_up 5.00 s"
    assert told.get_position()[0] >= over + 6.0, "behind both"


@pytest.mark.parametrize("width", [3.0, 6.0, 11.0])
def test_no_word_runs_into_another(call: vn.Recording, width: float) -> None:
    figure, ax = plt.subplots(figsize=(width, 3.0), layout="constrained")
    timeline(call, ax=ax)
    figure.canvas.draw()
    for height in {text.get_position()[1] for text in ax.texts}:
        row = [text.get_window_extent() for text in ax.texts if text.get_position()[1] == height]
        row.sort(key=lambda box: box.x0)
        assert all(one.x1 <= other.x0 + 2 for one, other in pairwise(row))


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale"])
@pytest.mark.parametrize("size", [(4.0, 2.0), (14.0, 4.0)])
def test_it_is_drawn_on_axes_of_ones_own(call: vn.Recording, style: str, size: tuple[float, float]) -> None:
    with plt.style.context(style):
        figure, ax = plt.subplots(figsize=size, layout="constrained")
        assert timeline(call, ax=ax) is ax
        file = io.BytesIO()
        figure.savefig(file, format="png")
        assert len(file.getvalue()) > 5_000


@pytest.mark.parametrize(("start", "end"), [(5.0, 5.0), (9.0, 2.0), (999.0, None)])
def test_nothing_to_be_seen_is_refused(call: vn.Recording, start: float, end: float | None) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is empty"):
        timeline(call, start=start, end=end)


def test_a_call_in_which_one_side_or_nobody_speaks(tmp_path: Path) -> None:
    nobody = KnownCall(tmp_path / "nobody", 5.0)
    assert timeline(nobody.build()).get_xlim() == (0, 5)
    alone = KnownCall(tmp_path / "alone", 9.0)
    alone.reply("r1", "Hello?", speech("cards-001.wav"), began=1.0, received=1.1, heard=1.2)
    assert "Hello?" in [text.get_text() for text in timeline(alone.build()).texts]
