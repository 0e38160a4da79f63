"""What a page gets of a call that is over."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.audio.wav import parse_wav
from voicenb.recording.recording import Recording
from voicenb.widgets.afterwards import PIECE, Afterwards, file_name


class Page:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, Any], bytes]] = []

    def __call__(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.got.append((content, b"".join(buffers or [])))


@pytest.fixture(scope="module")
def call() -> Recording:
    agent = vn.Agent(name="Lido & Co", system_prompt="Short.", greeting="Good evening.")
    return vn.run(agent, vn.Caller([vn.Answer(), "What can you do for me?", vn.Answer()]))


@pytest.fixture
def page() -> Page:
    return Page()


def ask(page: Page, recording: Recording | None, what: str) -> list[tuple[dict[str, Any], bytes]]:
    afterwards = Afterwards(lambda: recording, page)
    getattr(afterwards, what)("a1")
    done = threading.Event()
    afterwards._errands.ask(done.set)
    assert done.wait(30)
    assert all(content["ask"] == "a1" for content, _ in page.got)
    return page.got


def test_the_sound_comes_whole_in_pieces(page: Page, call: Recording) -> None:
    got = ask(page, call, "hear")
    wav = b"".join(piece for _, piece in got)
    assert len(got) > 1
    assert all(len(piece) <= PIECE for _, piece in got)
    assert [content["start"] for content, _ in got] == list(range(0, len(wav), PIECE))
    assert {content["size"] for content, _ in got} == {len(wav)}
    assert {content["name"] for content, _ in got} == {f"{file_name(call)}.wav"}
    assert parse_wav(wav).info.channels == 2
    assert parse_wav(wav).info.seconds == pytest.approx(len(call.stereo()) / call.rate)


def test_it_is_saved_below_the_kernels_folder(
    page: Page, call: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ((content, _),) = ask(page, call, "save")
    assert (content["type"], content["path"]) == ("saved", f"calls/{file_name(call)}")
    assert vn.load(content["path"]).transcript == call.transcript
    ask(page, call, "save")
    assert page.got[-1][0]["path"] == content["path"], "pressed twice it is saved once"


def test_a_kernel_that_changes_its_folder_goes_on_saving_where_it_was(
    page: Page, call: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    afterwards = Afterwards(lambda: call, page)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    afterwards.save("a1")
    done = threading.Event()
    afterwards._errands.ask(done.set)
    assert done.wait(30)
    ((content, _),) = page.got
    assert Path(content["path"]) == tmp_path / "calls" / file_name(call)
    assert vn.load(content["path"]).transcript == call.transcript, "what is shown works where one is now"
    call.save("mine")  # what one types oneself means what it always does
    assert (tmp_path / "elsewhere" / "mine").is_dir()


def test_a_name_is_one_for_every_system(call: Recording) -> None:
    assert file_name(call).startswith("lido-co-")
    assert not set(file_name(call)) & set('<>:"/\\|?* ')


@pytest.mark.parametrize("what", ["hear", "save"])
def test_without_a_recording_the_page_is_told(page: Page, what: str) -> None:
    ((content, _),) = ask(page, None, what)
    assert (content["type"], content["message"]) == ("after-error", "There is no recording.")


def test_a_recording_that_is_gone_is_told(page: Page, call: Recording, tmp_path: Path) -> None:
    gone = call.save(tmp_path / "gone")
    for file in gone.folder.iterdir():
        file.unlink()
    gone.folder.rmdir()
    got = ask(page, gone, "save")
    assert got[-1][0]["type"] == "after-error"
