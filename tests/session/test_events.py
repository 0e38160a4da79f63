from __future__ import annotations

from typing import Any

import pytest

from voicenb.session.events import Event, EventLog, FirstSounds


class Kept:
    """A recorder: what reached it, in order."""

    def __init__(self) -> None:
        self.got: list[tuple[Any, ...]] = []
        self.places = {"caller": 0, "agent": 0}

    def event(self, event: Event) -> None:
        self.got.append(("event", dict(event)))

    def _sound(self, track: str, pcm: bytes) -> int:
        self.got.append((track, pcm))
        start = self.places[track]
        self.places[track] += len(pcm) // 2
        return start

    def caller(self, pcm: bytes) -> int:
        return self._sound("caller", pcm)

    def agent(self, pcm: bytes) -> int:
        return self._sound("agent", pcm)

    def update(self, **about: Any) -> None:
        self.got.append(("update", about))

    def close(self, ended: dict[str, Any]) -> None:
        self.got.append(("close", ended))


class Clock:
    """Says another second each time."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return float(self.asked)


def test_events_are_counted_and_timed() -> None:
    clock, published = Clock(), list[Event]()
    log = EventLog(clock, published.append, None)
    put = [
        log.put("local", "state", {"state": "connecting"}),
        log.put("out", "session.end", {"type": "session.end"}, at=0.5),
        log.put("in", "session.ended", {"type": "session.ended"}),
    ]
    assert published == put
    assert put == [
        {"n": 0, "t": 1.0, "dir": "local", "type": "state", "msg": {"state": "connecting"}},
        {"n": 1, "t": 0.5, "dir": "out", "type": "session.end", "msg": {"type": "session.end"}},
        {"n": 2, "t": 2.0, "dir": "in", "type": "session.ended", "msg": {"type": "session.ended"}},
    ]
    assert clock.asked == 2


def test_sound_goes_to_its_track_and_the_event_says_where() -> None:
    kept = Kept()
    log = EventLog(Clock(), lambda event: None, kept)
    for direction, kind in (("out", "input.audio"), ("in", "reply.audio"), ("out", "input.audio")):
        log.put(direction, kind, {}, pcm=bytes(960))  # type: ignore[arg-type]
    places = [
        (event["track"], event["start"], event["samples"]) for what, event in kept.got if what == "event"
    ]
    assert places == [("caller", 0, 480), ("agent", 0, 480), ("caller", 480, 480)]


def test_the_sound_is_kept_before_the_event_and_the_event_before_anybody_is_told() -> None:
    kept = Kept()
    log = EventLog(Clock(), lambda event: kept.got.append(("told", event["n"])), kept)
    log.put("in", "reply.audio", {"reply_id": "r1"}, pcm=b"\1\0")
    assert [what for what, *_ in kept.got] == ["agent", "event", "told"]


def test_without_a_recorder_an_event_has_no_place_in_a_track() -> None:
    log = EventLog(Clock(), lambda event: None, None)
    event = log.put("out", "input.audio", {}, pcm=bytes(960))
    assert (event["track"], event["samples"], "start" in event) == ("caller", 480, False)
    log.clocks({"page": []})
    log.close({"reason": "ended"})


def test_maps_and_the_end_go_to_the_recorder_only() -> None:
    kept, published = Kept(), list[Event]()
    log = EventLog(Clock(), published.append, kept)
    log.clocks({"page": [1]})
    log.close({"reason": "ended"})
    assert kept.got == [("update", {"clocks": {"page": [1]}}), ("close", {"reason": "ended"})]
    assert published == []


def sound(kind: str, **msg: Any) -> Event:
    return {"type": kind, "msg": msg}


def test_the_first_sound_of_each_reply_and_of_the_caller() -> None:
    firsts = FirstSounds()
    sounds = [
        sound("input.audio"),
        sound("reply.audio", reply_id="r1"),
        sound("input.audio"),
        sound("reply.audio", reply_id="r1"),
        sound("reply.audio", reply_id="r2"),
        sound("reply.audio", reply_id=""),
        sound("reply.audio"),
        sound("reply.audio", reply_id="r1"),
    ]
    assert [firsts.has(each) for each in sounds] == [True, True, False, False, True, True, False, False]


@pytest.mark.parametrize("kind", ["session.ready", "session.of_a_newer_service"])
def test_what_lets_somebody_in_again_is_told_to_nobody(kind: str) -> None:
    keeper, published = Kept(), list[Event]()
    log = EventLog(Clock(), published.append, keeper)
    record = {"type": kind, "session_id": "s", "resume_token": "rt-canary-5f0c"}
    put = log.put("in", kind, record)
    told = {"type": kind, "session_id": "s", "resume_token": "[redacted]"}
    assert put["msg"] == published[0]["msg"] == keeper.got[0][1]["msg"] == told
    assert record["resume_token"] == "rt-canary-5f0c"  # it is the engine's


def test_no_token_is_no_secret() -> None:
    log = EventLog(Clock(), lambda event: None, None)
    for msg in ({"type": "session.ready", "resume_token": None}, {"type": "session.ready"}):
        assert log.put("in", "session.ready", msg)["msg"] == msg
