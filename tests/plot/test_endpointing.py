"""How turns ended, as a picture."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.plot.endpointing import MOST, endpointing

SETTINGS = {"vad_threshold": 0.6, "min_silence": 600, "max_silence": 3000}


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text().strip() for text in ax.texts]


def cut(folder: Path, settings: dict[str, float] | None) -> vn.Recording:
    """A turn that was cut off in a pause and resumed as the same item, one as another, and a long silence."""
    made = KnownCall(folder, 34.0, settings)
    made.service = "emulator · built"  # which tells of its decisions when they fall
    over = made.says(1.0, speech("cards-001.wav"))
    made.turn("one", "I would like", told=1.1, decided=over + 0.63, transcribed=over + 0.63)
    again = over + 1.0
    over = made.says(again, speech("cards-002.wav"))
    made.turn("one", "I would like two.", told=again + 0.1, decided=over + 0.65, transcribed=over + 0.66)
    sound = speech("cards-003.wav")
    made.reply("r1", "Yes.", sound, began=over + 0.7, received=over + 0.75, heard=over + 0.9)
    over = made.says(15.0, speech("cards-004.wav"))
    made.turn("two", "And then", told=15.1, decided=over + 0.64, transcribed=over + 0.65)
    again = over + 1.3
    over = made.says(again, speech("cards-002.wav"))
    made.turn("three", "more.", told=again + 0.1, decided=over + 3.02, transcribed=over + 3.02)
    made.reply("r2", "Fine.", sound, began=over + 3.05, received=over + 3.1, heard=over + 3.2)
    return made.build()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return cut(tmp_path_factory.mktemp("endpointing") / "call", SETTINGS)


def test_one_turn_has_its_ruler_its_decision_and_where_it_was_cut_off(known: vn.Recording) -> None:
    turn = vn.turns(known).caller[0]
    ax = vn.plot.endpointing(known, turn=turn.number)
    told = texts(ax)
    assert f"{turn.end_of_turn_delay:.2f} s · min_silence" in told
    assert {"min_silence 0.60", "max_silence 3.00", "threshold 0.6", "agent"} <= set(told)
    (pause,) = [float(text) for text in told if text.replace(".", "").isdigit()]
    assert pause == pytest.approx(1.0, abs=0.15), "as a detector counts it, in frames"
    assert sum(text.startswith("cut off after 0.") for text in told) == 1
    decided = [line for line in ax.lines if line.get_xdata()[0] == pytest.approx(turn.end_of_turn_delay)]
    assert decided
    hatched = [bar for bar in ax.patches if getattr(bar, "get_hatch", lambda: None)()]
    assert len(hatched) == 2, "the pause, and the silence that was decided on"
    silence = hatched[-1]
    assert silence.get_x() + silence.get_width() == pytest.approx(turn.end_of_turn_delay)
    assert silence.get_width() == pytest.approx(0.6, abs=0.1)
    assert ax.get_title(loc="left") == "How turn 1 ended · emulator · built"


def test_what_the_caller_resumed_was_ended_by_nothing(known: vn.Recording) -> None:
    turn = vn.turns(known).caller[1]
    told = texts(endpointing(known, turn=turn))
    assert any(text.startswith("cut off after") for text in told)
    assert not any("·" in text for text in told)


def test_all_turns_have_a_picture_each_on_the_same_seconds(known: vn.Recording) -> None:
    ax = endpointing(known)
    assert len(ax.child_axes) == 3
    assert len({panel.get_xlim() for panel in ax.child_axes}) == 1
    assert [panel.get_title(loc="left")[:1] for panel in ax.child_axes] == ["1", "3", "4"]
    assert any("max_silence" in text and "·" in text for text in texts(ax.child_axes[2]))
    assert ax.get_title(loc="left") == "How each turn ended · emulator · built"


def test_nobody_tells_how_long_the_adaptive_default_waits(tmp_path: Path) -> None:
    told = texts(endpointing(cut(tmp_path / "call", None), turn=1))
    assert "adaptive default: how long it waits is not told" in told
    assert "threshold 0.5, assumed" in told
    assert not any(text.startswith(("min_silence", "max_silence")) for text in told)
    assert any(text.endswith("· adaptive") for text in told)


def test_a_recording_that_does_not_tell_of_decisions(
    known: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(known), "absent", {"decisions": "When a turn was decided to be over."})
    told = texts(endpointing(known, turn=1))
    assert "decision: not captured" in told


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale"])
@pytest.mark.parametrize(("size", "count"), [((4.0, 2.0), 0), ((4.0, 4.0), 2), ((12.0, 6.0), 3)])
def test_it_is_drawn_on_axes_of_ones_own(
    known: vn.Recording, style: str, size: tuple[float, float], count: int
) -> None:
    with plt.style.context(style):
        figure, ax = plt.subplots(figsize=size, layout="constrained")
        assert endpointing(known, ax=ax) is ax
        assert len(ax.child_axes) == count, "as many as there is room for; one is drawn on the Axes itself"
        file = io.BytesIO()
        figure.savefig(file, format="png")
        assert len(file.getvalue()) > 5_000


def test_of_many_turns_those_that_were_cut_off_or_waited_longest(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 6.0 * (MOST + 2) + 4.0, SETTINGS)
    for number in range(MOST + 2):
        over = made.says(1.0 + 6.0 * number, speech("cards-001.wav"))
        late = over + (0.62 if number in (3, 7) else 0.7)
        made.turn(f"i{number}", f"Word {number}.", told=over, decided=late, transcribed=late)
        at = late + 0.2
        made.reply(f"r{number}", "Yes.", speech("cards-003.wav"), began=late, received=late, heard=at)
    ax = endpointing(made.build())
    shown = [panel.get_title(loc="left") for panel in ax.child_axes]
    assert len(shown) == MOST
    assert not any("Word 3." in title or "Word 7." in title for title in shown)
    assert f"{MOST} of {MOST + 2} turns" in ax.get_title(loc="left")


def test_nobody_spoke(tmp_path: Path) -> None:
    ax = endpointing(KnownCall(tmp_path / "call", 3.0).build())
    assert texts(ax) == ["no turn of the caller's was heard"]


@pytest.mark.parametrize("wrong", [2, 99, True, "one"])
def test_what_is_no_turn_of_the_callers_is_refused(known: vn.Recording, wrong: object) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="no turn"):
        endpointing(known, turn=wrong)  # type: ignore[arg-type]
    stranger = replace(vn.turns(known)[1], number=77)
    with pytest.raises(vn.InvalidConfiguration, match="none of this caller's"):
        endpointing(known, turn=stranger)


def test_a_call_from_elsewhere_has_neither_settings_nor_decisions(
    known: vn.Recording, tmp_path: Path
) -> None:
    vn.export(known, tmp_path / "both.wav")
    elsewhere = vn.import_wav(tmp_path / "both.wav", folder=tmp_path / "elsewhere")
    told = texts(endpointing(elsewhere, turn=vn.turns(elsewhere).caller[0]))
    assert {"decision: not captured", "settings: not captured", "threshold 0.5, assumed"} <= set(told)


@pytest.mark.parametrize("limit", [600, 700, 1000, 1300, 2000])
@pytest.mark.parametrize(("number", "size"), [(None, None), (0, None), (0, (3.4, 2.2)), (None, (3.6, 4.0))])
def test_no_mark_of_a_setting_is_written_over_another(
    tmp_path: Path, limit: int, number: int | None, size: tuple[float, float] | None
) -> None:
    made = KnownCall(tmp_path / "call", 24.0, {"min_silence": 500, "max_silence": limit})
    made.service = "emulator · built"
    for which, at in enumerate((1.0, 12.0)):
        over = made.says(at, speech("cards-001.wav"))
        made.turn(f"i{which}", "Hello.", told=at + 0.1, decided=over + 0.6, transcribed=over + 0.61)
        heard = over + 0.8
        times = {"began": over + 0.62, "received": over + 0.7, "heard": heard}
        made.reply(f"r{which}", "Yes.", speech("cards-003.wav"), **times)
    call = made.build()
    given = {} if size is None else {"ax": plt.subplots(figsize=size)[1]}
    turn = {} if number is None else {"turn": vn.turns(call).caller[number].number}
    ax = endpointing(call, **turn, **given)
    ax.figure.canvas.draw()
    for panel in ax.child_axes or [ax]:
        marks = [text for text in panel.texts if text.get_text().startswith(("min", "max"))]
        told = " ".join(text.get_text() for text in marks)
        assert "0.50" in told
        assert f"{limit / 1000:.2f}" in told
        boxes = sorted((text.get_window_extent() for text in marks), key=lambda box: box.x0)
        assert all(one.x1 <= other.x0 for one, other in pairwise(boxes)), told
        assert all(box.x1 <= panel.get_window_extent().x1 + 1 for box in boxes), told
