"""The wire of a session, recorded and played."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import IO, Any

import pytest
from brief_mouth import BriefMouth

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.errors import CassetteMismatch, InvalidConfiguration, RecordingError, ServiceError


def lido(prompt: str = "You take bookings.", free: str = "19:00") -> vn.Agent:
    agent = vn.Agent(name="Lido", system_prompt=prompt, greeting="Lido, good evening.")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return [free]

    return agent


def caller(text: str = "A table for four on Friday, please.") -> vn.Caller:
    return vn.Caller([vn.Answer(), text, vn.Answer()])


def emulator() -> vn.Emulator:
    return vn.Emulator(brain="rules", mouth=BriefMouth(), processor=InPlaceProcessor())


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, vn.Recording]:
    folder = tmp_path_factory.mktemp("tape")
    with vn.Cassette(folder / "lido.cassette.jsonl", service=emulator()) as cassette:
        call = vn.run(lido(), caller(), cassette, recording=folder / "call")
    return cassette.path, call


def wire(recording: vn.Recording, direction: str) -> list[Any]:
    """What went over the wire one way, but for the sound; of one moment the ways have no order."""
    return [
        event["msg"]
        for event in recording.events
        if event["dir"] == direction and event["type"] not in ("input.audio", "reply.audio")
    ]


def test_it_plays_what_was_recorded(recorded: tuple[Path, vn.Recording], tmp_path: Path) -> None:
    path, call = recorded
    with vn.Cassette(path) as cassette:
        again = vn.run(lido(), caller(), cassette, recording=tmp_path / "again")
    for direction in ("in", "out"):
        assert wire(again, direction) == wire(call, direction)
    assert [line.text for line in again.transcript] == [line.text for line in call.transcript]
    assert again.tool_calls[0].name == "free_tables"
    for track in ("caller.wav", "agent.wav"):
        assert (again.folder / track).read_bytes() == (call.folder / track).read_bytes()
    assert abs(again.duration - call.duration) < 0.05


def test_no_secret_and_no_sound_of_the_callers_is_on_it(recorded: tuple[Path, vn.Recording]) -> None:
    path, _ = recorded
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert lines[0] == {"cassette": 1, "service": "emulator · contract · rules"}
    audio = [line["msg"] for line in lines[2:] if line["msg"]["type"] == "input.audio"]
    assert audio
    assert all(set(message) == {"type", "length", "crc"} for message in audio)
    assert "Authorization" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("agent", "says", "words"),
    [
        (
            lido("You take orders."),
            caller(),
            "session.update is another one: session.system_prompt: expected "
            '"You take bookings.", received "You take orders."',
        ),
        (lido(), caller("A table for two on Friday, please."), "the caller's sound is another one"),
        (lido(free="20:00"), caller(), r"tool.result is another one: result: expected .*19:00.*20:00"),
    ],
    ids=["the agent", "the caller", "a tool"],
)
def test_it_insists_on_a_client_that_does_the_same(
    recorded: tuple[Path, vn.Recording], agent: vn.Agent, says: vn.Caller, words: str
) -> None:
    path, _ = recorded
    with pytest.raises(CassetteMismatch, match=words) as raised, vn.Cassette(path) as cassette:
        vn.run(agent, says, cassette)
    assert raised.value is cassette.mismatch or raised.value.message == cassette.mismatch.message
    assert "record it again" in raised.value.remedy


def shifted(path: Path, frames: int, to: Path) -> Path:
    """A tape on which the words come so many frames of 20 ms later, or sooner."""
    lines = path.read_text("utf-8").splitlines()
    sounds = [n for n, line in enumerate(lines) if '"input.audio"' in line]
    silent = lines[sounds[0]].partition('"msg"')[2]
    words = next(place for place, n in enumerate(sounds) if lines[n].partition('"msg"')[2] != silent)
    if frames < 0:
        gone = set(sounds[words + frames : words])
        lines = [line for n, line in enumerate(lines) if n not in gone]
    else:
        before = sounds[words]
        lines = [*lines[:before], *[lines[before - 1]] * frames, *lines[before:]]
        assert silent in lines[before]
    to.write_text("\n".join(lines) + "\n", "utf-8")
    return to


@pytest.mark.parametrize("frames", [-14, -1, 1, 14])
def test_words_that_come_a_little_sooner_or_later_are_the_same(
    recorded: tuple[Path, vn.Recording], tmp_path: Path, frames: int
) -> None:
    path, call = recorded
    with vn.Cassette(shifted(path, frames, tmp_path / "shifted.jsonl")) as cassette:
        again = vn.run(lido(), caller(), cassette)
    assert [line.text for line in again.transcript] == [line.text for line in call.transcript]


@pytest.mark.parametrize("frames", [-17, 17])
def test_a_pause_that_differs_by_more_is_another_one(
    recorded: tuple[Path, vn.Recording], tmp_path: Path, frames: int
) -> None:
    path = shifted(recorded[0], frames, tmp_path / "shifted.jsonl")
    with (
        pytest.raises(CassetteMismatch, match="the caller's sound is another one"),
        vn.Cassette(path) as cassette,
    ):
        vn.run(lido(), caller(), cassette)


def test_a_recording_says_that_a_cassette_answered(recorded: tuple[Path, vn.Recording]) -> None:
    path, call = recorded
    with vn.Cassette(path) as cassette:
        again = vn.run(lido(), caller(), cassette)
    assert call.session["service"] == again.session["service"] == "cassette"


def test_a_client_that_says_less_is_waited_for_and_then_told_of(
    recorded: tuple[Path, vn.Recording], tmp_path: Path
) -> None:
    path, _ = recorded
    lines = path.read_text("utf-8").splitlines()
    end = next(n for n, line in enumerate(lines) if '"session.end"' in line)
    more = json.dumps({"t": json.loads(lines[end])["t"], "dir": "out", "msg": {"type": "reply.create"}})
    longer = tmp_path / "longer.jsonl"
    longer.write_text("\n".join([*lines[:end], more, *lines[end:]]) + "\n", "utf-8")
    words = "expects reply.create, and the client sent session.end"
    with pytest.raises(CassetteMismatch, match=words), vn.Cassette(longer) as cassette:
        vn.run(lido(), caller(), cassette)


@pytest.mark.parametrize(
    ("script", "seconds"),
    [([vn.Answer()], 2.0), ([vn.Answer(), "A table for four on Friday, please."], 1.0)],
    ids=["says nothing", "does not wait for the answer"],
)
def test_a_client_that_ends_sooner_is_told_of_the_sound_that_is_missing(
    recorded: tuple[Path, vn.Recording], script: list[Any], seconds: float
) -> None:
    with pytest.raises(CassetteMismatch, match="s more of the caller's sound") as raised:  # noqa: SIM117
        with vn.Cassette(recorded[0]) as cassette:
            vn.run(lido(), vn.Caller(script), cassette)
    assert raised.value.facts["expected"]["type"] == "input.audio"
    assert raised.value.facts["expected"]["seconds"] > seconds
    assert raised.value.facts["received"] == {"type": "session.end"}


def test_one_connection_more_than_there_was(recorded: tuple[Path, vn.Recording]) -> None:
    path, _ = recorded
    cassette = vn.Cassette(path)
    vn.run(lido(), caller(), cassette)
    with pytest.raises((CassetteMismatch, ServiceError), match="holds 1 connections, and this is one more"):
        vn.run(lido(), caller(), cassette)


def test_live_over_real_sockets(tmp_path: Path) -> None:
    """Recorded from a server, played without it; a session on a thread, in real time."""
    path = tmp_path / "lido.cassette.jsonl"

    def talk(service: Any) -> vn.Recording:
        with vn.Session(
            lido(), service, microphone=vn.Silence(), recording=tmp_path / f"{len(list(tmp_path.iterdir()))}"
        ) as session:
            session.message("A table for four on Friday.")
            session.wait_for("tool.result", timeout=10)
            session.wait_until_answered(timeout=10)
        assert session.recording is not None
        return session.recording

    with (
        vn.Emulator(brain="rules", mouth=BriefMouth()) as server,
        vn.Cassette(path, service=server) as cassette,
    ):
        call = talk(cassette)
    again = talk(vn.Cassette(path))
    assert [line.text for line in again.transcript] == [line.text for line in call.transcript]


def line(**what: Any) -> bytes:
    """A tape with one line on it, the third."""
    return b'{"cassette": 1}\n{"connection": {}}\n' + json.dumps(what).encode() + b"\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "nothing on the cassette"),
        (b"\xff\xfe", "is no cassette"),
        (b"nonsense\n", "line 1: that is no JSON object"),
        (b'{"a": 1}\n', "first line says nothing of one"),
        (b'{"cassette": 7}\n', "has format 7; this version reads 1"),
        (b'{"cassette": 1}\n', "nothing on the cassette"),
        (b'{"cassette": 1}\n{"x": 1}\n', "line 2: that is nothing that stands on a cassette"),
        (b'{"cassette": 1}\n{"connection": {}}\n{"t": 1}\n', "line 3"),
        (line(t="x", dir="in", msg={"type": "session.ready"}), "line 3"),
        (line(t=float("nan"), dir="in", msg={"type": "session.ready"}), "line 3"),
        (line(t=0, dir="up", msg={"type": "session.ready"}), "line 3"),
        (line(t=0, dir="in", msg={}), "line 3"),
        (line(t=0, dir="in", msg={"type": 5}), "line 3"),
        (line(t=0, dir="in", msg={"type": ""}), "line 3"),
        (line(t=0, dir="in", msg={"type": "closed", "code": "zz"}), "line 3"),
        (line(t=0, dir="out", msg={"type": "input.audio", "length": "a", "crc": 1}), "line 3"),
    ],
)
def test_what_is_no_cassette(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "x.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordingError, match=words):
        vn.Cassette(path)


def test_a_service_that_does_not_answer_costs_nobody_a_cassette(
    recorded: tuple[Path, vn.Recording], tmp_path: Path
) -> None:
    good, new = tmp_path / "good.jsonl", tmp_path / "new.jsonl"
    good.write_bytes(recorded[0].read_bytes())
    for path in (good, new):
        with vn.Cassette(path, service="ws://127.0.0.1:1") as cassette, pytest.raises(ServiceError):
            vn.Session(lido(), cassette, recording=False).start()
    assert good.read_bytes() == recorded[0].read_bytes()
    assert not new.exists()


def test_where_none_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be written"):
        vn.Cassette(tmp_path, service=emulator())


def test_a_cassette_of_a_cassette(recorded: tuple[Path, vn.Recording], tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="copy the file"):
        vn.Cassette(tmp_path / "copy.jsonl", service=vn.Cassette(recorded[0]))


@pytest.mark.off_the_contract
@pytest.mark.parametrize(
    "told", ['{"type":"session.metrics","x":"\\ud800"}', '{"x":1}', '{"type":"closed"}', '{"type":""}', "?"]
)
def test_whatever_the_service_says_can_be_kept_and_played(tmp_path: Path, told: str) -> None:
    path = tmp_path / "odd.jsonl"
    odd = vn.Emulator(
        brain="rules",
        mouth=BriefMouth(),
        processor=InPlaceProcessor(),
        faults=[vn.Fault.malformed(told, on="reply.started")],
    )
    script = vn.Caller([vn.Answer()])
    with vn.Cassette(path, service=odd) as cassette:
        call = vn.run(lido(), script, cassette)
    with vn.Cassette(path) as cassette:
        again = vn.run(lido(), vn.Caller([vn.Answer()]), cassette)
    assert [line.text for line in again.transcript] == [line.text for line in call.transcript]


class Full:
    """A file on a disk with room for so many lines."""

    def __init__(self, file: IO[str], room: int) -> None:
        self.file = file
        self.room = room

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, text: str) -> int:
        self.room -= 1
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(text)


def test_a_disk_that_is_full_is_told_of_and_the_call_goes_on(tmp_path: Path) -> None:
    cassette = vn.Cassette(tmp_path / "full.jsonl", service=emulator())
    assert cassette._writer is not None
    cassette._writer._file = Full(cassette._writer._file, room=20)  # type: ignore[assignment]
    with pytest.warns(UserWarning, match=r"full\.jsonl cannot be written any more: No space left"):
        call = vn.run(lido(), caller(), cassette)
    assert [line.role for line in call.transcript] == ["agent", "user", "agent", "agent"]
    with pytest.raises(RecordingError, match="not the whole call") as raised, cassette:
        pass
    assert cassette.fault is raised.value


def test_headers_of_a_tool_are_masked_on_both_sides(tmp_path: Path) -> None:
    path, secret = tmp_path / "secret.jsonl", "Sesame-4711-open"
    tool = {
        "type": "function",
        "name": "look",
        "description": "Look it up. Use when asked.",
        "parameters": {"type": "object", "properties": {}},
        "http": {"url": "https://example.com/look", "headers": {"X-Door": secret}},
    }
    session = {"system_prompt": "x", "greeting": "Hello.", "tools": [tool]}
    with vn.Cassette(path, service=emulator()) as cassette:
        vn.run(session, vn.Caller([vn.Answer()]), cassette)
    text = path.read_text("utf-8")
    assert secret not in text
    assert '"X-Door":"[redacted]"' in text
    with vn.Cassette(path) as cassette:
        vn.run(session, vn.Caller([vn.Answer()]), cassette)
