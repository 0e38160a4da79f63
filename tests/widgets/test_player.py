"""Player on built calls, with its page in the test's hands."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_comm import PageComm

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.recording.recorder import Recorder
from voicenb.widgets import player_reading

RATE = 24_000


def a_call(folder: Path, seconds: float = 12.0) -> vn.Recording:
    """The caller asks, the agent answers."""
    made = KnownCall(folder, seconds)
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    made.reply("r1", "An answer.", sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1)
    return made.build()


@pytest.fixture
def call(tmp_path: Path) -> vn.Recording:
    return a_call(tmp_path / "call")


class Page:
    """What a page does with the Player."""

    def __init__(self, player: vn.Player) -> None:
        self.player = player
        assert isinstance(player.comm, PageComm)
        self.comm = player.comm
        self.say("attach")

    def say(self, kind: str, **content: Any) -> None:
        self.player._receive(self.player, {"type": kind, **content}, [])

    def until(self, **state: Any) -> dict[str, Any]:
        """Wait until the page has been told that."""
        self.comm.wait(lambda: all(self.player._state[name] == value for name, value in state.items()), 60)
        return dict(self.player._state)

    def document(self) -> dict[str, Any]:
        """Ask for the document, and wait for it."""
        before = len(self.comm.customs("document"))
        self.say("document")
        self.comm.wait(lambda: len(self.comm.customs("document")) > before)
        return self.comm.customs("document")[-1]

    def slice(self, start: Any, count: Any, sound: Any = 1) -> np.ndarray[Any, Any] | dict[str, Any]:
        """Ask for a slice: its samples, or the error."""
        before = len(self.comm.sent)
        self.say("slice", sound=sound, start=start, count=count)

        def answered() -> tuple[dict[str, Any], list[bytes]] | None:
            new = [
                (data["content"], buffers)
                for data, buffers in self.comm.sent[before:]
                if data.get("method") == "custom" and data["content"]["type"].startswith("slice")
            ]
            return new[0] if new else None

        content, buffers = self.comm.wait(answered)
        assert content["start"] == start
        if content["type"] == "slice-error":
            return dict(content)
        return np.frombuffer(buffers[0], "<i2").reshape(-1, 2)


def test_the_page_gets_the_document_and_the_sound_it_asks_for(call: vn.Recording) -> None:
    whole = call.stereo()
    page = Page(vn.Player(call))
    state = page.until(measured=True, reading=False)
    assert state["length"] == len(whole)
    assert (state["sound"], state["rate"], state["running"], state["error"]) == (1, RATE, False, None)
    told = page.document()
    assert told["version"] == state["version"]
    assert told["document"]["title"] == "Known"
    assert [line["by"] for line in told["document"]["lines"]] == ["caller", "agent"]
    parts = [page.slice(start, 4 * RATE) for start in range(0, len(whole), 4 * RATE)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)  # type: ignore[arg-type]


def test_a_path_is_loaded(call: vn.Recording) -> None:
    player = vn.Player(str(call.folder))
    assert player.recording.folder == call.folder
    Page(player).until(measured=True)


def test_what_has_been_found_in_a_call_is_not_looked_for_again(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = len(vn.turns(call))

    def listen(*_: Any) -> None:
        raise AssertionError("it listens to the call once more")

    monkeypatch.setattr("voicenb.analysis.turns.find_speech", listen)
    page = Page(vn.Player(call))
    page.until(measured=True, error=None, reading=False)
    assert page.document()["document"]["turns"] == found


def test_a_part_of_a_call_is_played_as_one(call: vn.Recording) -> None:
    part = call[0.5:6.0]
    page = Page(vn.Player(part))
    page.until(measured=True, length=round(5.5 * RATE))
    np.testing.assert_array_equal(page.slice(0, 5 * RATE), part.stereo()[: 5 * RATE])  # type: ignore[arg-type]
    assert page.document()["document"]["duration"] == 5.5


def test_what_it_is_not_made_for_is_refused(call: vn.Recording) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="takes one recording or its path, not 3"):
        vn.Player(3)  # type: ignore[arg-type]
    with pytest.raises(vn.InvalidConfiguration, match="start=-1 is no moment"):
        vn.Player(call, start=-1)
    with pytest.raises(vn.RecordingError):
        vn.Player(call.folder / "nothing")


def test_of_what_has_one_the_remedy_says_where(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk, session = vn.Talk(agent, emulator), vn.Session(agent, emulator)
    for what, words, remedy in (
        (talk, "not a Talk", "vn.Player(talk.recording)"),
        (session, "not a Session", "vn.Player(session.recording)"),
        (None, "not None", "vn.recordings()"),
    ):
        with pytest.raises(vn.InvalidConfiguration, match=words) as caught:
            vn.Player(what)  # type: ignore[arg-type]
        assert remedy in caught.value.remedy


def test_it_does_not_stand_beyond_the_call(call: vn.Recording) -> None:
    for beyond in (99, 1e9, call.duration + 0.1):
        with pytest.raises(vn.InvalidConfiguration, match=r"has 12\.0 s, and nothing at") as caught:
            vn.Player(call, start=beyond)
        assert caught.value.facts["param"] == "start"
    assert vn.Player(call, start=call.duration).position == call.duration


def test_a_slice_that_there_is_not_is_refused_and_the_next_one_comes(call: vn.Recording) -> None:
    page = Page(vn.Player(call))
    page.until(measured=True)
    for start, count in ((-1, 10), (10**9, 10), (0, 10**9), ("0", 10), (None, 10), (0, 0)):
        answer = page.slice(start, count)
        assert isinstance(answer, dict)
        assert answer["message"]
    assert isinstance(page.slice(0, 10), np.ndarray)


def test_neither_sound_nor_transcript_nor_path_is_in_what_is_saved(call: vn.Recording) -> None:
    player = vn.Player(call)
    page = Page(player)
    page.until(measured=True, reading=False)
    page.document()
    page.slice(0, 4 * RATE)
    saved = json.dumps(player.get_state(), default=str)
    for secret in ("Two cards", "An answer", str(call.folder), "base64"):
        assert secret not in saved.replace(player._esm, "").replace(json.dumps(player._esm), "")
    assert len(json.dumps(player._state)) < 1_000


def test_what_a_cell_wants_the_page_does(call: vn.Recording) -> None:
    player = vn.Player(call)
    turns = vn.turns(call)
    player.seek(turns.caller[0])
    player.play()
    page = Page(player)  # shown only now
    page.comm.wait(lambda: page.comm.customs("do"))
    assert page.comm.customs("do") == [{"type": "do", "at": turns.caller[0].start, "act": "play"}]
    assert player.position == turns.caller[0].start
    page.until(measured=True)
    player.pause()
    page.comm.wait(lambda: len(page.comm.customs("do")) == 2)
    assert page.comm.customs("do")[-1] == {"type": "do", "act": "pause"}
    page.say("attach")  # loaded anew: it does not play by itself
    page.document()
    assert len(page.comm.customs("do")) == 2


def test_a_moment_that_there_is_not_is_refused(call: vn.Recording) -> None:
    player = vn.Player(call, start=2.5)
    Page(player).until(measured=True)
    with pytest.raises(vn.InvalidConfiguration, match=r"has 12\.0 s, and nothing at 99\.0 s"):
        player.seek(99)
    assert player.position == 2.5
    assert repr(player) == "<Player of 'Known', at 2.5 s>"


def test_it_is_refused_before_anything_was_read(call: vn.Recording) -> None:
    player = vn.Player(call)
    with pytest.raises(vn.InvalidConfiguration, match=r"has 12\.0 s, and nothing at 99\.0 s"):
        player.seek(99)
    assert player.position == 0.0


def test_where_it_stands_is_kept_for_a_page_that_is_loaded_anew(call: vn.Recording) -> None:
    player = vn.Player(call)
    page = Page(player)
    page.say("at", at=4.25)
    page.until(at=4.25)
    assert player.position == 4.25
    page.say("at", at="nonsense")
    assert player.position == 4.25


def test_a_long_call_is_shown_before_it_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player_reading, "LONG", 10.0)
    measure, may = player_reading.document, threading.Event()

    def slow(recording: vn.Recording) -> dict[str, Any]:
        assert may.wait(60)
        return measure(recording)

    monkeypatch.setattr(player_reading, "document", slow)
    page = Page(vn.Player(a_call(tmp_path / "call")))
    page.until(measured=False, version=1, sound=1)
    sketch = page.document()["document"]
    assert isinstance(page.slice(0, RATE), np.ndarray)
    may.set()
    page.until(measured=True, version=2, sound=1)
    whole = page.document()["document"]
    assert sketch.keys() == whole.keys()
    assert sketch["lanes"] == whole["lanes"]
    texts = [
        [" ".join(word for word, *_ in line["words"]) for line in each["lines"]] for each in (sketch, whole)
    ]
    assert texts[0] == texts[1]
    assert (sketch["rows"], sketch["tiles"], sketch["findings"]) == ([], [], [])
    assert whole["rows"]


def test_of_a_call_that_runs_there_is_what_there_is_so_far_until_a_refresh(tmp_path: Path) -> None:
    folder = tmp_path / "call"
    recorder = Recorder(folder, about={"agent": {"name": "Lido"}, "service": "built"})

    def says(second: int) -> None:
        recorder.caller(np.full(RATE, 7, "<i2").tobytes())
        place = {"msg": {"type": "input.audio"}, "track": "caller", "start": second * RATE, "samples": RATE}
        recorder.event({"n": second, "t": second + 1.0, "dir": "out", "type": "input.audio", **place})
        recorder.flush()

    says(0)
    player = vn.Player(vn.Recording(folder))
    page = Page(player)
    page.until(measured=True, running=True, length=RATE, sound=1)
    says(1)
    page.say("refresh")
    page.until(measured=True, running=True, length=2 * RATE, sound=2, reading=False)
    # Of the first one nobody wants anything any more.
    page.say("slice", sound=1, start=0, count=10)
    assert isinstance(page.slice(RATE, RATE, sound=2), np.ndarray)
    assert [each["sound"] for each in page.comm.customs("slice")] == [2]
    recorder.close({"t": 2.0, "reason": "ended"})
    player.refresh()
    page.until(running=False, sound=3, reading=False)


def test_a_recording_that_is_gone_is_told_of(call: vn.Recording) -> None:
    player = vn.Player(call)
    page = Page(player)
    page.until(measured=True, reading=False)
    shutil.rmtree(call.folder)
    player.refresh()
    page.comm.wait(lambda: player._state["error"])
    assert "There is nothing at" in player._state["error"]["message"]
    assert isinstance(page.slice(0, 10), np.ndarray), "what was mapped is there still"


def test_what_stays_in_the_notebook(call: vn.Recording) -> None:
    player = vn.Player(call)
    assert player._reading.done.wait(60)
    kept = player._keepsake.kept
    assert kept is not None
    assert "Two cards, please." in kept["text/plain"]
    assert "An answer." in kept["text/html"]
    assert "data:image/png;base64," in kept["text/html"]
    assert f'class="{player._mark}"' in kept["text/html"]
    assert str(call.folder) not in kept["text/html"]
    assert len(kept["text/html"]) < 400_000
    page = Page(player)
    assert page.comm.customs("keep")[0]["bundle"] == kept


class Outputs:
    """What a notebook shows: outputs by their display id, or their number."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shown: dict[Any, dict[str, Any]] = {}
        self.changed = threading.Event()
        monkeypatch.setattr("IPython.display.display", self._display)
        monkeypatch.setattr("IPython.display.update_display", self._update)

    def _display(self, data: dict[str, Any], *, display_id: str | None = None, **_: Any) -> None:
        self.shown[display_id or len(self.shown)] = data

    def _update(self, data: dict[str, Any], *, display_id: str, **_: Any) -> None:
        assert display_id in self.shown
        self.shown[display_id] = data
        self.changed.set()


def test_without_a_page_the_cell_ends_when_what_stays_is_there(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    outputs = Outputs(monkeypatch)
    player = vn.Player(call)
    player._ipython_display_()
    widget, kept = outputs.shown.values()
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert widget["text/plain"] == "The Player of a call with 'Known': run this cell to hear it."
    assert "data:image/png;base64," in kept["text/html"]
    assert "Two cards, please." in kept["text/plain"]


def test_in_a_browser_the_cell_ends_at_once_and_what_stays_follows(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "a notebook")
    outputs, may = Outputs(monkeypatch), threading.Event()
    measure = player_reading.document

    def slow(recording: vn.Recording) -> dict[str, Any]:
        assert may.wait(60)
        return measure(recording)

    monkeypatch.setattr(player_reading, "document", slow)
    player = vn.Player(call)
    player._ipython_display_()
    assert outputs.shown[player._mark]["text/plain"] == ""
    may.set()
    assert outputs.changed.wait(60)
    assert "Two cards, please." in outputs.shown[player._mark]["text/plain"]


def test_a_call_that_cannot_be_drawn_keeps_its_words(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(recording: vn.Recording) -> bytes:
        raise ValueError("no paper")

    monkeypatch.setattr("voicenb.widgets.player.picture", fails)
    player = vn.Player(call)
    assert player._reading.done.wait(60)
    kept = player._keepsake.kept
    assert kept is not None
    assert "Two cards, please." in kept["text/html"]
    assert "<img" not in kept["text/html"]
    assert player._reading.now.error is None
    assert "could not be drawn" in caplog.text


def test_what_goes_wrong_while_it_is_read_is_told_to_the_page(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(recording: vn.Recording) -> dict[str, Any]:
        raise ValueError("no such thing")

    monkeypatch.setattr(player_reading, "document", fails)
    player = vn.Player(call)
    page = Page(player)
    page.until(reading=False)
    assert isinstance(page.slice(0, 10), np.ndarray), "it can be heard all the same"
    assert page.document()["measured"] is False
    assert player._state["error"] == {
        "message": "The recording cannot be read: ValueError: no such thing.",
        "remedy": "The kernel's log says more.",
    }


def test_it_is_closed_like_any_widget(call: vn.Recording) -> None:
    player = vn.Player(call)
    player.close()
    assert player._reading.done.wait(60)
