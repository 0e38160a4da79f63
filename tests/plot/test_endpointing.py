"""How turns ended, as a picture."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.plot.cut_call import SETTINGS, cut, texts
from voicenb.plot.endpointing import MOST, endpointing


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return cut(tmp_path_factory.mktemp("endpointing") / "call", SETTINGS)


def test_all_turns_have_a_picture_each_on_the_same_seconds(known: vn.Recording) -> None:
    ax = endpointing(known)
    assert len(ax.child_axes) == 3
    assert len({panel.get_xlim() for panel in ax.child_axes}) == 1
    assert [panel.get_title(loc="left")[:1] for panel in ax.child_axes] == ["1", "3", "4"]
    assert any("max_silence" in text and "·" in text for text in texts(ax.child_axes[2]))
    assert ax.get_title(loc="left") == "How each turn ended · emulator · built"


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
    assert ax.get_title(loc="left").startswith(f"How {MOST} of {MOST + 2} turns ended")


def test_where_nothing_tells_which_to_choose_it_is_the_last(
    known: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(known), "absent", {"decisions": "When a turn was decided to be over."})
    ax = endpointing(known, ax=plt.subplots(figsize=(4.0, 4.0))[1])
    assert ax.get_title(loc="left").startswith("How the last 2 of 3 turns ended")


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
    turn = vn.turns(elsewhere).caller[0]
    ax = endpointing(elsewhere, turn=turn)
    told = texts(ax)
    hatched = [bar for bar in ax.patches if getattr(bar, "get_hatch", lambda: None)()]
    over = hatched[-1].get_x() + hatched[-1].get_width()
    assert over == pytest.approx(turn.response_latency, abs=0.02), "a silence ends where the agent is heard"
    assert {"decision: not captured", "settings: not captured", "threshold 0.5, assumed"} <= set(told)
