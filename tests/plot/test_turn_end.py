"""One turn's end: what is known of it, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.plot.cut_call import SETTINGS, cut, texts
from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.plot.endpointing import endpointing
from voicenb.plot.turn_end import PEAKS, VOICE, VOICE_HIGH, TurnEnd
from voicenb.turn_taking.segmenter import Stretch


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
    assert pause == round(turn.pauses[0].length, 2), "as the table has it"
    early = turn.taken_back[0] - turn.pauses[0].start
    assert early == pytest.approx(0.63, abs=0.03)
    assert f"cut off after {early:.2f} s" in told
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
    assert f"cut off after {turn.end_of_turn_delay:.2f} s" in told, "as the table has it"
    assert not any("·" in text for text in told)


def test_nothing_is_written_over_a_curve_or_a_voice(known: vn.Recording, tmp_path: Path) -> None:
    vn.export(known, tmp_path / "both.wav")
    for call in (known, vn.import_wav(tmp_path / "both.wav", folder=tmp_path / "elsewhere")):
        for turn in vn.turns(call).caller:
            ax = endpointing(call, turn=turn)
            ax.figure.canvas.draw()
            inside = ax.transData.inverted()
            for text in ax.texts:
                if text.get_text().startswith("threshold"):
                    continue  # it stands at its line's end
                box = text.get_window_extent()
                low, high = (inside.transform((0, y))[1] for y in (box.y0, box.y1))
                assert high < 0.0 or low > 1.0, f"{text.get_text()!r} over the probability"
                assert high < VOICE - VOICE_HIGH + 0.05 or low > VOICE + VOICE_HIGH - 0.05, text.get_text()
            plt.close(ax.figure)


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


@pytest.fixture(scope="module")
def close(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], vn.Recording]:
    """Two short turns, with 500 ms and another limit that may stand close to it."""

    @lru_cache
    def made(limit: int) -> vn.Recording:
        folder = tmp_path_factory.mktemp("close") / "call"
        known = KnownCall(folder, 24.0, {"min_silence": 500, "max_silence": limit})
        known.service = "emulator · built"
        for which, at in enumerate((1.0, 12.0)):
            over = known.says(at, speech("cards-001.wav"))
            known.turn(f"i{which}", "Hello.", told=at + 0.1, decided=over + 0.6, transcribed=over + 0.61)
            times = {"began": over + 0.62, "received": over + 0.7, "heard": over + 0.8}
            known.reply(f"r{which}", "Yes.", speech("cards-003.wav"), **times)
        return known.build()

    return made


@pytest.mark.parametrize("limit", [600, 700, 1000, 1300, 2000])
@pytest.mark.parametrize(("number", "size"), [(None, None), (0, None), (0, (3.4, 2.2)), (None, (3.6, 4.0))])
def test_no_mark_of_a_setting_is_written_over_another(
    close: Callable[[int], vn.Recording], limit: int, number: int | None, size: tuple[float, float] | None
) -> None:
    call = close(limit)
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


@pytest.fixture(scope="module")
def ends(known: vn.Recording) -> list[TurnEnd]:
    found = vn.turns(known)
    heard = SpeechProbability(known)
    return [TurnEnd.of(turn, known, heard, found.heard) for turn in found.caller]


def test_times_count_from_the_callers_last_sound(ends: list[TurnEnd], known: vn.Recording) -> None:
    for end, turn in zip(ends, vn.turns(known).caller, strict=True):
        assert end.begins == pytest.approx(turn.start - turn.end)
        assert end.decided == pytest.approx(turn.decided - turn.end)
        assert len(end.times) == len(end.probability) + 1
        assert np.diff(end.times) == pytest.approx(0.032)
        assert end.times[0] <= end.begins
        assert end.first == pytest.approx(max(0.0, turn.start - 2.0) - turn.end)
        assert end.threshold == 0.6
    first, resumed, last = ends
    ((at, silence),) = first.taken_back
    assert first.begins < at < 0 < first.decided
    assert silence == pytest.approx(0.63, abs=0.03)
    assert resumed.taken_back == ((resumed.decided, resumed.decided),)  # the caller went on: it was wrong
    assert last.taken_back == ()
    assert first.broken == pytest.approx(0.9, abs=0.05)
    assert resumed.broken == pytest.approx(1.3, abs=0.2), "as the detector hears it"


def test_the_next_answer_is_the_turns_own(ends: list[TurnEnd]) -> None:
    first, resumed, last = ends
    assert first.answer is not None
    assert first.answer.start == pytest.approx(0.9, abs=0.05)
    assert last.answer is not None
    assert last.answer.start == pytest.approx(3.2, abs=0.05)
    assert resumed.answer is None or resumed.answer.start > 1.3


def test_limits_count_from_where_the_silence_began_that_was_decided_on(ends: list[TurnEnd]) -> None:
    for end in ends:
        assert abs(end.silent_from) < 0.15, "a detector hears on for a frame or two"
        assert end.limits == pytest.approx(
            {"min_silence": end.silent_from + 0.6, "max_silence": end.silent_from + 3.0}
        )
        assert end.until == pytest.approx(max(3.0 + end.silent_from, (end.decided or 0), 0.5), abs=0.7)


def test_what_is_left_open_is_the_services_default(ends: list[TurnEnd]) -> None:
    adaptive = replace(ends[0], settings=None)
    assert (adaptive.limits, adaptive.threshold) == ({}, 0.5)
    assert adaptive.until < ends[0].until


@pytest.mark.parametrize(
    ("speech", "decided", "silent_from"),
    [
        ([], 0.7, 0.0),
        ([Stretch(-2.0, -1.0)], 0.7, -1.0),
        ([Stretch(-2.0, -1.0), Stretch(-0.5, 0.06)], 0.7, 0.06),
        ([Stretch(-2.0, 0.06), Stretch(1.0, 2.0)], 0.7, 0.06),  # what comes later was not decided on
        ([Stretch(-2.0, 0.06), Stretch(0.2, 0.79)], 0.7, 0.79),  # a frame's end behind the decision
        ([Stretch(-2.0, 0.06), Stretch(0.2, 0.81)], 0.7, 0.06),
        ([Stretch(-2.0, 0.06)], None, 0.06),
    ],
)
def test_where_the_silence_began(
    ends: list[TurnEnd], speech: list[Stretch], decided: float | None, silent_from: float
) -> None:
    assert replace(ends[0], speech=speech, decided=decided).silent_from == silent_from


def test_nothing_is_shown_that_lies_further_than_eight_seconds(ends: list[TurnEnd]) -> None:
    late = replace(ends[0], decided=30.0, answer=Stretch(31.0, 32.0))
    assert late.until == 8.0
    assert replace(ends[0], settings=None, decided=None, answer=None).until == 0.5


def test_the_waveform_fills_its_lane(ends: list[TurnEnd]) -> None:
    for end in ends:
        assert end.peaks.max() == pytest.approx(1.0)
        assert end.peaks.min() >= 0.0
        places = end.first + (np.arange(len(end.peaks)) + 0.5) / PEAKS
        assert end.peaks[(places > 0.2) & (places < 0.5)].max() < 0.05, "behind his last sound is silence"
