"""Recordings are read once, and decided as often as a label is set."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

import voicenb as vn
from tests.tuning.known import build
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif
from voicenb.turn_taking.completeness import Utterance
from voicenb.widgets.recorded_calls import Decided, RecordedCalls, front


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A call in which everything is known; nobody changes its folder."""
    return build(tmp_path_factory.mktemp("recorded") / "call")[0]


def test_it_decides_as_whatif_does(known: vn.Recording) -> None:
    calls = RecordedCalls([known])
    told: list[int] = []
    calls.read(told.append)
    assert told == [0, 1]
    decided = calls.decide()
    limits = {"vad_threshold": 0.5, "min_silence": 800, "max_silence": 3000}
    assert decided.sweep.of(vn.TurnDetection(**limits)) == whatif(known, **limits)[0]
    assert len(decided.ghosts.of(vn.TurnDetection(**limits))) == decided.ground.turns == 4


def test_a_label_counts_at_the_next_decision_and_for_whatif(known: vn.Recording, tmp_path: Path) -> None:
    call = vn.load(shutil.copytree(known.folder, tmp_path / "call"))
    calls = RecordedCalls([call])
    calls.read()
    (place,) = [
        n for n, turn in enumerate(calls.decide().ground.calls[0].turns) if turn.last.truth is Truth.DOUBTFUL
    ]
    gap = calls.decide().ground.calls[0].turns[place].last
    calls.label(0, gap.start, gap.end, Truth.END)
    assert calls.decide().ground.doubtful.sum() == 0
    assert whatif(vn.load(call.folder), min_silence=800).ground.doubtful.sum() == 0
    calls.label(0, gap.start, gap.end, None)
    assert calls.decide().ground.doubtful.sum() == 1


def test_a_judge_of_the_sound_is_asked_once_about_each_silence(known: vn.Recording) -> None:
    class Judge:
        cost = 0.05

        def looks_complete(self, utterance: Utterance) -> bool:
            asked.append(utterance.sound().tobytes())
            return True

    asked: list[bytes] = []
    calls = RecordedCalls([known], completeness=Judge())
    calls.read()
    first = calls.decide()
    assert len(asked) > 4
    assert all(span == ((pytest.approx(0.288), math.inf),) for span in spans_of(first) if span)
    assert any(spans_of(first))
    assert spans_of(calls.decide()) == spans_of(first)
    assert len(asked) == len(set(asked))


def spans_of(decided: Decided) -> list[object]:
    return [each.spans for each in decided.ground.silences(0.5)[0]]


def test_files_of_labels_count_too(known: vn.Recording, tmp_path: Path) -> None:
    calls = RecordedCalls([known])
    calls.read()
    gap = next(
        turn.last for turn in calls.decide().ground.calls[0].turns if turn.last.truth is Truth.DOUBTFUL
    )
    file = tmp_path / "labels.txt"
    file.write_text(f"{gap.start:.3f}\t{gap.end:.3f}\twas done\n")
    labelled = RecordedCalls([known], labels=file)
    labelled.read()
    assert labelled.decide().ground.doubtful.sum() == 0
    with pytest.raises(InvalidConfiguration, match="none of the calls"):
        RecordedCalls([known], labels={"another": file})


def test_the_front_has_settings_that_the_service_takes() -> None:
    settings = front()
    assert (settings.min_silence < settings.max_silence).all()
    assert len(settings) > 200
