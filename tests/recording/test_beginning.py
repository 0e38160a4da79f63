"""Where lines begin in the sound."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import voicenb as vn
from voicenb.recording.beginning import MOST, beginnings

sys.path.insert(0, str(Path(__file__).parents[1]))
from analysis.known_call import KnownCall, speech


def known(folder: Path) -> vn.Recording:
    """The service tells of the caller 0.4 s late, and the agent is heard 0.3 s behind its reply's start."""
    made = KnownCall(folder, 20.0, {"min_silence": 700})
    made.reply("hello", "Good evening.", speech("cards-002.wav"), began=0.2, received=0.3, heard=0.5)
    over = made.says(6.0, speech("austen-0880.wav"))
    made.turn("i1", "One.", told=6.4, decided=over + 0.7, transcribed=over + 0.8)
    late = over + 1.2
    made.reply("r1", "First.", speech("cards-003.wav"), began=over + 0.9, received=over + 1, heard=late)
    return made.build()


def test_the_callers_by_his_sound_and_the_agents_where_it_was_heard(tmp_path: Path) -> None:
    call = known(tmp_path / "call")
    found = beginnings(call, call.transcript)
    rows = [row.start for row in vn.turns(call)]
    assert [found[line.id] for line in call.transcript] == pytest.approx(rows, abs=0.02)
    assert found[call.transcript[1].id] == pytest.approx(6.0, abs=0.04)
    kept = beginnings(call, call.transcript)
    assert [kept[line.id] for line in call.transcript] == rows


def test_the_card_has_the_seconds_of_the_table(tmp_path: Path) -> None:
    call = known(tmp_path / "call")
    for _ in range(2):  # measured, then kept
        shown = re.findall(r"(\d+):(\d\d\.\d)</span>", call._repr_html_())
        assert [60 * int(m) + float(s) for m, s in shown] == [
            round(row.start, 1) for row in vn.turns(vn.load(call.folder))
        ]
        vn.turns(call)


def test_of_a_long_call_only_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = known(tmp_path / "call")
    assert MOST >= 20
    monkeypatch.setattr("voicenb.recording.beginning.MOST", 1)
    assert beginnings(call, call.transcript) == {}
    vn.turns(call)
    assert len(beginnings(call, call.transcript)) == 3


def test_of_a_call_that_runs_nothing_is_looked_for(tmp_path: Path) -> None:
    call = known(tmp_path / "call")
    about = call.folder / "session.json"
    about.write_text(re.sub(r'"ended": ?\{[^}]*\}', '"ended": null', about.read_text()))
    call = vn.load(call.folder)
    assert not call.finished
    assert beginnings(call, call.transcript) == {}
    assert "0:06.4" in call._repr_html_()


def test_what_is_damaged_is_left_out(tmp_path: Path) -> None:
    call = known(tmp_path / "call")
    for track in ("caller.wav", "agent.wav"):
        (call.folder / track).unlink()
    call = vn.Recording(call.folder)
    assert beginnings(call, call.transcript) == {}
    assert "0:06.4" in call._repr_html_()


def test_of_a_file_that_was_imported(tmp_path: Path) -> None:
    known(tmp_path / "call").export_wav(tmp_path / "call.wav")
    lines = [
        {"role": "agent", "text": "Good evening.", "start": 0.6, "end": 1.5},
        {"role": "user", "text": "One.", "start": 6.3, "end": 8.0},
    ]
    call = vn.import_wav(tmp_path / "call.wav", transcript=lines, folder=tmp_path / "imported")
    found = beginnings(call, call.transcript)
    assert list(found.values()) == pytest.approx([row.start for row in vn.turns(call)][:2], abs=0.03)
