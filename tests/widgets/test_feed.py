from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from voicenb.errors import ServiceUnreachable
from voicenb.session.failure import to_wire
from voicenb.session.followed import Followed
from voicenb.session.session import Session
from voicenb.widgets.comm import INTERVAL
from voicenb.widgets.feed import THROUGH_KERNEL, Feed

TURNS = {"input": {"turn_detection": {"min_silence": 600}}}


class Told(Followed):
    """A session of which the test is the engine."""

    address = None

    def __init__(self) -> None:
        super().__init__(None, lambda call: None, lambda text: None)
        self._count = 0

    def happens(self, direction: str, kind: str, /, samples: int = 0, **record: Any) -> None:
        event = {"n": self._count, "t": float(self._count), "dir": direction, "type": kind, "msg": record}
        self._count += 1
        self._take({**event, "samples": samples})

    def ready(self) -> None:
        self.happens("out", "session.update", session={"tools": [{"type": "function", "name": "look"}]})
        self.happens("in", "session.ready", session_id="s1")

    def says(self, number: int, text: str) -> None:
        self.happens("in", "transcript.user", item_id=f"u{number}", text=text)


class Panel:
    """What is shown."""

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}
        self._lines: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.sent.append(content)

    def take(self) -> list[dict[str, Any]]:
        """What was sent since this was asked last."""
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
def panel() -> Panel:
    return Panel()


@pytest.fixture
def session() -> Told:
    return Told()


@pytest.fixture
def feed(panel: Panel, session: Told) -> Feed:
    feed = Feed(panel, state="idle", agent="Lido", audio="", hints=[])
    feed.follow(cast(Session, session))
    feed.door.now()
    assert [message["lines"] for message in panel.take() if message["type"] == "lines"] == [[]]
    session.ready()
    feed.door.now()
    panel.take()
    return feed


def test_what_is_new_is_sent_and_nothing_else(feed: Feed, panel: Panel, session: Told) -> None:
    session.says(1, "Hello.")
    feed.door.now()
    assert [message["line"]["text"] for message in panel.take()] == ["Hello."]
    session.says(2, "A table.")
    session.happens("in", "tool.call", call_id="c1", name="look", arguments={})
    session.happens("local", "log", text="Printed.")
    feed.door.now()
    assert [message["line"]["role"] for message in panel.take()] == ["user", "tool", "log"]
    assert panel._state["tool"] == "look"
    feed.door.now()
    assert panel.take() == []


def test_a_page_that_has_just_come_gets_the_whole(feed: Feed, panel: Panel, session: Told) -> None:
    for number in range(3):
        session.says(number, f"Line {number}.")
    feed.door.now()
    panel.take()
    feed.tell_all()
    feed.door.now()
    (message,) = panel.take()
    assert message["type"] == "lines"
    assert [line["text"] for line in message["lines"]] == ["Line 0.", "Line 1.", "Line 2."]


def test_a_rate_of_the_users_own_is_shown_before_and_in_the_call(panel: Panel, session: Told) -> None:
    feed = Feed(panel, rate=7.0, state="idle", agent="Lido", audio="", cost_rate=0.0)
    assert feed.state()["cost_rate"] == 7.0
    call = feed.follow(cast(Session, session))
    session.ready()
    assert feed.state()["cost_rate"] == 7.0
    assert feed.finish(call)[1]["cost_rate"] == 7.0


def test_sound_alone_wakes_nobody(panel: Panel, session: Told) -> None:
    woken = threading.Event()

    class Watched(Feed):
        def state(self) -> dict[str, Any]:
            woken.set()
            return super().state()

    feed = Watched(panel, state="idle", audio="")
    feed.follow(cast(Session, session))
    session.ready()
    with feed.door._busy:  # whatever was under way is through
        pass
    feed.door.now()
    while feed.door._changed.is_set():
        feed.door.now()
    woken.clear()
    for _ in range(50):
        session.happens("in", "reply.audio", 240, reply_id="r1")
        session.happens("out", "input.audio", 384)
    assert not feed.door._changed.is_set()
    session.says(1, "Hello.")
    assert woken.wait(5)


def test_pictures_are_fewer_while_sound_passes_through_the_kernel(feed: Feed) -> None:
    feed.fact(audio="kernel")
    feed.door.now()
    assert feed.door.interval == THROUGH_KERNEL > INTERVAL
    feed.fact(audio="direct")
    feed.door.now()
    assert feed.door.interval == INTERVAL


def test_a_call_that_failed_ends_until_it_has_ended(feed: Feed, panel: Panel, session: Told) -> None:
    session.happens(
        "local", "error", **to_wire(ServiceUnreachable("It is silent.", remedy="Look.")), fatal=True
    )
    feed.door.now()
    assert panel._state["state"] == "ending"
    assert panel._state["error"] == {"message": "It is silent.", "remedy": "Look."}
    session._mirror.finish(None)
    feed.door.now()
    assert panel._state["state"] == "ended"


def test_the_clock_of_a_call_that_is_over_stands_still(feed: Feed, panel: Panel, session: Told) -> None:
    """It takes a moment to wind it up, and that is never done where the kernel is restarted meanwhile."""
    assert panel._state["ended"] is None
    session.happens("in", "session.ended")
    session.happens("local", "state", state="ended")
    feed.door.now()
    ended = panel._state["ended"]
    assert (panel._state["state"], ended is None) == ("ended", False)
    session._mirror.finish(None)
    call = feed._call
    assert call is not None
    assert feed.finish(call)[1]["ended"] == ended


def test_at_the_end_the_transcript_stays(feed: Feed, panel: Panel, session: Told) -> None:
    session.says(1, "Hello.")
    session.happens("local", "state", state="ended")
    session._mirror.finish(None)
    call = feed._call
    assert call is not None
    kept, state = feed.finish(call)
    assert [line["text"] for line in kept] == ["Hello."]
    assert panel._lines == kept
    assert panel._state == state
    assert state["state"] == "ended"
    assert state["ended"] is not None


def test_a_call_that_winds_up_while_another_has_begun_keeps_what_is_its_own(
    feed: Feed, panel: Panel, session: Told
) -> None:
    session.says(1, "Hello.")
    session._mirror.finish(None)
    first = feed._call
    assert first is not None
    another = Told()
    feed.follow(cast(Session, another))
    another.ready()
    another.says(1, "Good evening.")
    feed.door.now()
    before = panel._state
    kept, state = feed.finish(first)
    assert [line["text"] for line in kept] == ["Hello."]
    assert (state["state"], state["ended"] is None) == ("ended", False)
    assert panel._lines == []
    assert panel._state == before, "the call that is shown has not ended, nor has it another's summary"
    assert [line["text"] for line in feed.lines()] == ["Good evening."]


def test_another_call_begins_with_nothing(feed: Feed, panel: Panel, session: Told) -> None:
    session.says(1, "Hello.")
    feed.door.now()
    panel.take()
    another = Told()
    feed.follow(cast(Session, another))
    session.says(2, "Late.")  # of a call that nobody looks at any more
    another.ready()
    another.says(1, "Good evening.")
    feed.door.now()
    texts = [line["text"] for line in feed.lines()]
    assert texts == ["Good evening."]
    assert "Late." not in str(panel.take())


def test_a_call_that_could_not_begin(feed: Feed, panel: Panel) -> None:
    feed.leave(ServiceUnreachable("Nothing is there.", remedy="Start it."))
    feed.door.now()
    assert panel._state["state"] == "idle"
    assert panel._state["error"] == {"message": "Nothing is there.", "remedy": "Start it."}
    assert feed.lines() == []


def test_any_turn_detection_ends_the_adaptive_one(feed: Feed, panel: Panel, session: Told) -> None:
    assert "turn_detection" not in panel._state
    session.happens("out", "session.update", session=TURNS)
    session.happens("in", "session.updated", config=TURNS)
    feed.door.now()
    assert "adaptive off" in panel._state["turn_detection"]["detail"]


def test_frames_that_were_late_or_lost_are_told(feed: Feed, panel: Panel, session: Told) -> None:
    session.happens("local", "frames", late=3, lost=1)
    feed.door.now()
    assert (panel._state["late"], panel._state["lost"]) == (3, 1)
