"""Recordings as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.recording import shelf
from voicenb.recording.recording import Recording
from voicenb.recording.shelf import Recordings


def test_a_call_a_line(finished: Path, tmp_path: Path) -> None:
    one = Recording(finished)
    two = one.save(tmp_path / "two")
    two.tags.add("a <tag>")
    both = Recordings([one, two])
    first, second = repr(both).splitlines()
    assert first.startswith("[0]  2026-09-21 ")
    assert first.endswith("3 s  Lido  emulator · contract · rules  " + first.rpartition("  ")[2])
    assert first.endswith("1 caller's turn · 1 reply · 1 interruption · 1 tool call (free) · ended")
    assert second.startswith("[1]")
    assert second.endswith("· ended · tags: a <tag>")
    assert both._repr_html_().count("<tr>") == 2
    assert "a &lt;tag&gt;" in both._repr_html_()


def test_it_is_a_list(finished: Path) -> None:
    one = Recording(finished)
    both = Recordings([one, one])
    assert both[0] is one
    assert isinstance(both[:1], Recordings)
    assert both == [one, one]


def test_none_and_many(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(Recordings()) == "no recordings"
    assert "no recordings" in Recordings()._repr_html_()
    monkeypatch.setattr(shelf, "MOST", 2)
    many = Recordings([Recording(finished)] * 5)
    assert repr(many).splitlines()[2:] == ["… 3 more"]
    assert "… 3 more" in many._repr_html_()


def test_the_library_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    assert isinstance(vn.recordings(), Recordings)
