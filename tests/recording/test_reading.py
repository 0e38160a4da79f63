"""The files of a recording while they grow, after a crash, and damaged."""

import json
import struct

import numpy as np
import pytest

from voicenb.recording.layout import EVENTS, TRACKS
from voicenb.recording.reading import EventLog, Replayed, read_track

# --- events -----------------------------------------------------------------


def event(n, **more):
    return {"n": n, "t": n / 10, "dir": "in", "type": "transcript.user", "msg": {"text": "Hello."}, **more}


def line(told):
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


class Log:
    """A file of events and who reads it."""

    def __init__(self, folder):
        self.path = folder / EVENTS
        self.log = EventLog(folder)

    def add(self, data):
        with self.path.open("ab") as file:
            file.write(data)

    @property
    def numbers(self):
        return [told["n"] for told in self.log.refresh()]


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path)


def test_a_file_that_is_not_there_yet(log):
    assert log.numbers == []
    log.add(line(event(0)))
    assert log.numbers == [0]


def test_each_line_is_read_once_and_stays(log):
    log.add(line(event(0)) + line(event(1)))
    first = log.log.refresh()
    log.add(line(event(2)))
    assert len(first) == 2
    assert log.numbers == [0, 1, 2]
    assert log.numbers == [0, 1, 2]
    assert log.log.refresh() is first
    assert log.log.events[2] == event(2)


def test_a_line_that_is_torn_anywhere_is_left_for_later(log):
    whole = line(event(0, msg={"text": "Größe\u2028€"}))
    for place in range(len(whole)):
        log.add(whole[place : place + 1])
        assert log.numbers == ([] if place < len(whole) - 1 else [0])
    assert log.log.events[0]["msg"]["text"] == "Größe\u2028€"


@pytest.mark.parametrize(
    "damage",
    [
        b"{",
        b"",
        b"[]",
        b"null",
        b"\x00\x00\x00",
        b'{"n": 1, "t": 0.1, "dir": "in", "type": "\xff"}',
        b'{"n": 1}',
        b'{"n":' * 5000 + b"1" + b"}" * 5000,
        json.dumps(event(1, t=None)).encode(),
        json.dumps(event(1, t="late")).encode(),
        json.dumps(event(1, dir=3)).encode(),
        json.dumps(event(1, type=["a"])).encode(),
        json.dumps(event(1, msg=["a"])).encode(),
        json.dumps(event(1, msg="text")).encode(),
    ],
)
def test_a_damaged_line_is_left_out(log, damage):
    log.add(line(event(0)) + damage + b"\n" + line(event(2)))
    assert log.numbers == [0, 2]


def test_what_a_later_version_adds_is_kept(log):
    log.add(line(event(0, new={"of": "a later version"})) + line(event(1, msg=None)))
    assert log.numbers == [0, 1]
    assert log.log.events[0]["new"] == {"of": "a later version"}


# --- what they amount to ------------------------------------------------------


class Played:
    """Events of replies, with sound that stands in the track one behind the other unless told otherwise."""

    def __init__(self):
        self.events = []
        self.place = 0

    def put(self, kind, direction="in", /, **msg):
        self.events.append(event(len(self.events), dir=direction, type=kind, msg=msg))

    def audio(self, reply_id, samples, **more):
        self.put("reply.audio", reply_id=reply_id)
        self.events[-1] |= {"track": "agent", "start": self.place, "samples": samples, **more}
        self.place += samples


@pytest.fixture
def played():
    played = Played()
    played.put("session.update", "out", session={})
    played.put("session.ready", session_id="s")
    return played


def test_chunks_that_lie_one_behind_the_other_are_one_run(played):
    for _ in range(3):
        played.audio("r1", 240)
    replayed = Replayed()
    replayed.follow(played.events)
    assert replayed.sound == {"r1": [(0, 0, 720)]}


def test_a_reply_may_lie_in_pieces(played):
    played.audio("r1", 240)
    played.put("reply.started", reply_id="r2")
    played.audio("r2", 480)
    played.audio("r1", 100)
    played.audio("r1", 100)
    replayed = Replayed()
    replayed.follow(played.events)
    assert replayed.sound == {"r1": [(0, 0, 240), (240, 720, 200)], "r2": [(0, 240, 480)]}


def test_sound_that_came_too_late_is_in_the_track_and_in_no_reply(played):
    played.audio("r1", 240)
    played.put("reply.done", reply_id="r1")
    played.audio("r1", 240)
    played.put("reply.started", reply_id="r2")
    played.audio("r2", 240)
    replayed = Replayed()
    assert replayed.follow(played.events).dropped_audio == 1
    assert replayed.sound == {"r1": [(0, 0, 240)], "r2": [(0, 480, 240)]}


def test_events_are_taken_once_however_often_one_follows(played):
    replayed = Replayed()
    for n in range(4):
        played.audio("r1", 240)
        conversation = replayed.follow(played.events)
        assert conversation is replayed.follow(played.events)
        assert conversation.replies["r1"].samples == 240 * (n + 1)
    assert replayed.sound == {"r1": [(0, 0, 960)]}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"type": "tool.call", "msg": {"name": "no id"}},
        {"type": "reply.audio", "msg": {"reply_id": "r1"}, "start": "here", "samples": 10},
        {"type": "reply.audio", "msg": {"reply_id": "r1"}, "start": 0, "samples": "ten"},
        {"type": "heard", "dir": "local", "msg": {"reply_id": "r1"}},
        {"type": "closed", "dir": "local", "msg": {"code": "none"}},
    ],
    ids=lambda told: told["type"],
)
def test_an_event_that_makes_no_sense_does_not_spoil_the_rest(played, nonsense):
    played.audio("r1", 240)
    played.events.append(event(9) | nonsense)
    played.put("transcript.user", item_id="u", text="Hello.")
    replayed = Replayed()
    assert [line.text for line in replayed.follow(played.events).lines] == ["Hello."]
    assert replayed.sound == {"r1": [(0, 0, 240)]}


def test_whether_notes_of_what_was_heard_are_waited_for(played):
    played.audio("r1", 240)
    assert Replayed().follow(played.events).replies["r1"].heard == 0
    assert Replayed(hears=False).follow(played.events).replies["r1"].heard == 240


# --- tracks -----------------------------------------------------------------


def chunk(name, data, size=None):
    return name + struct.pack("<I", len(data) if size is None else size) + data


def wav(samples, *, before=b"", size=None):
    head = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 24_000, 48_000, 2, 16))
    body = b"WAVE" + head + before + chunk(b"data", np.asarray(samples, "<i2").tobytes(), size)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read(folder, data, track="agent"):
    (folder / TRACKS[track]).write_bytes(data)
    return read_track(folder, track)


def test_no_track_is_an_empty_one(tmp_path):
    samples = read_track(tmp_path, "caller")
    assert (samples.shape, samples.dtype) == ((0,), np.int16)


@pytest.mark.parametrize("size", [None, 0, 2, 0xFFFFFFFF])
def test_the_length_of_the_file_counts_and_not_what_its_header_says(tmp_path, size):
    samples = read(tmp_path, wav([1, -2, 3], size=size))
    assert samples.tolist() == [1, -2, 3]


def test_half_a_sample_at_the_end_is_none(tmp_path):
    assert read(tmp_path, wav([1, 2]) + b"\x05").tolist() == [1, 2]


@pytest.mark.parametrize("length", [0, 3, 11, 19, 40, 43, 44, 45])
def test_a_file_that_was_torn_in_its_header_is_empty(tmp_path, length):
    assert read(tmp_path, wav([1, 2])[:length]).shape == (0,)


@pytest.mark.parametrize("extra", [chunk(b"LIST", b"abcd"), chunk(b"note", b"odd") + b"\x00"])
def test_chunks_before_the_sound_are_passed_over(tmp_path, extra):
    assert read(tmp_path, wav([7, 8], before=extra)).tolist() == [7, 8]


def test_what_is_read_stays_as_it_was_while_the_file_grows(tmp_path):
    before = read(tmp_path, wav([1, 2]))
    with (tmp_path / TRACKS["agent"]).open("ab") as file:
        file.write(np.asarray([3], "<i2").tobytes())
    assert before.tolist() == [1, 2]
    assert read_track(tmp_path, "agent").tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        before[0] = 9
