"""A session as one sees it, fed with events by hand; with a service behind it in test_session.py."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from voicenb.errors import InvalidConfiguration, SessionNotOpen, VoicenbError, WaitTimeout
from voicenb.protocol import messages as m
from voicenb.protocol.actions import RunTool
from voicenb.session.failure import to_wire
from voicenb.session.followed import Followed


class Call:
    """A call of which nothing is asked."""

    done: Future[None] = Future()

    def request(self, command: Any) -> Future[Any]:
        raise NotImplementedError


class Fed(Followed):
    """A session whose events come from the test."""

    def __init__(self, *, started: bool = True, microphone: Any = None) -> None:
        self.calls: list[RunTool] = []
        self.complaints: list[str] = []
        super().__init__(microphone, self.calls.append, self.complaints.append)
        self._call = Call() if started else None
        self.n = 0

    def put(self, direction: str, kind: str, /, at: float | None = None, **msg: Any) -> None:
        event = {
            "n": self.n,
            "t": self.n / 10 if at is None else at,
            "dir": direction,
            "type": kind,
            "msg": {"type": kind, **msg},
        }
        self.n += 1
        self._take(event)

    def opens(self) -> None:
        self.put("local", "state", state="connecting")
        self.put("out", "session.update", session={"tools": [{"name": "look"}]})
        self.put("in", "session.ready", session_id="s1")
        self.put("local", "state", state="listening")

    def ends(self, error: VoicenbError | None = None) -> None:
        if error is not None:
            self.put("local", "error", **to_wire(error), fatal=True)
        self.put("local", "closed", code=1000, reason="")
        self.put("local", "state", state="ended")
        self._mirror.finish(None)
        self._followers.end()


@pytest.fixture
def fed() -> Fed:
    fed = Fed()
    fed.opens()
    return fed


# --- asking ---------------------------------------------------------------------


def test_before_the_start_there_is_nothing_to_wait_for() -> None:
    fed = Fed(started=False)
    assert (fed.state, fed.over, fed.failure, fed.lines, fed.events, fed.session_id) == (
        "idle",
        False,
        None,
        [],
        [],
        "",
    )
    for wait in (lambda: fed.wait_for("session.ready"), fed.wait_until_answered):
        with pytest.raises(SessionNotOpen, match="has not been started"):
            wait()


def test_what_one_sees_of_a_session(fed: Fed) -> None:
    assert (fed.state, fed.session_id, fed.over) == ("listening", "s1", False)
    fed.put("in", "tool.call", call_id="c1", name="look", arguments={"day": "Friday"})
    assert fed.calls == [RunTool("c1", "look", {"day": "Friday"}, 120.0)]
    assert fed.state == "thinking"
    fed.ends()
    assert (fed.state, fed.over, fed.failure) == ("ended", True, None)


def test_what_is_handed_out_is_the_askers_own(fed: Fed) -> None:
    fed.put("in", "transcript.user", item_id="u1", text="Hello.")
    [line] = fed.lines
    line.text = "changed"
    fed.events.clear()
    assert [line.text for line in fed.transcript] == ["Hello."]
    assert len(fed.events) == 5


def test_paused_it_stands_still(fed: Fed) -> None:
    feeding = threading.Thread(target=lambda: fed.put("in", "transcript.user", item_id="u1", text="Hello."))
    with fed.paused():
        feeding.start()
        assert fed.conversation.lines == []
    feeding.join(5)
    assert [line.text for line in fed.conversation.lines] == ["Hello."]


# --- waiting ----------------------------------------------------------------------


def test_a_wait_gives_the_message_and_goes_on_behind_it(fed: Fed) -> None:
    for text in ("One.", "Two."):
        fed.put("in", "transcript.user", item_id=text, text=text)
    assert fed.wait_for("transcript.user", timeout=1) == m.TranscriptUser(item_id="One.", text="One.")
    assert fed.wait_for("transcript.user", timeout=1).text == "Two."
    with pytest.raises(WaitTimeout):
        fed.wait_for("transcript.user", timeout=0.01)


def test_what_lies_before_the_last_match_is_passed_over(fed: Fed) -> None:
    fed.put("in", "input.speech.started")
    fed.put("in", "transcript.user", item_id="u1", text="Hello.")
    fed.wait_for("transcript.user", timeout=1)
    with pytest.raises(WaitTimeout):
        fed.wait_for("input.speech.started", timeout=0.01)


def test_local_events_and_what_was_sent_can_be_waited_for(fed: Fed) -> None:
    assert fed.wait_for("state", timeout=1)["msg"]["state"] == "connecting"
    assert fed.wait_for("session.update", timeout=1) == m.SessionUpdate(session={"tools": [{"name": "look"}]})


@pytest.mark.parametrize("error", [None, VoicenbError("The line is dead.")])
def test_a_wait_ends_with_the_session(fed: Fed, error: VoicenbError | None) -> None:
    ending = threading.Timer(0.01, fed.ends, [error])
    ending.start()
    with pytest.raises(VoicenbError, match="ended before" if error is None else "The line is dead"):
        fed.wait_for("transcript.user", timeout=5)
    ending.join()
    fed.put("in", "transcript.user", item_id="u1", text="What came is there all the same.")
    assert fed.wait_for("closed", timeout=1)["type"] == "closed"


def test_a_slip_of_the_pen_is_not_waited_for(fed: Fed) -> None:
    with pytest.raises(InvalidConfiguration, match=r"tool\.call"):
        fed.wait_for("tool.cal", timeout=60)
    fed.put("in", "session.weather", sun=True)
    assert fed.wait_for("session.weather", timeout=1, known=False) == m.Unknown(
        type="session.weather", fields={"sun": True}
    )


class Words:
    """A microphone that says something for two seconds, a second after the session was ready."""

    label, seconds, before = "words", 2.0, 1.0


def answer(fed: Fed, reply_id: str, at: float) -> None:
    fed.put("in", "reply.started", at, reply_id=reply_id)
    fed.put("in", "reply.done", at, reply_id=reply_id)


def test_an_answer_is_one_to_what_the_microphone_has_said() -> None:
    fed = Fed(microphone=Words())
    fed.opens()  # ready at 0.2 s: all is said at 3.2 s

    def answered() -> bool:
        try:
            fed.wait_until_answered(timeout=0)
        except WaitTimeout:
            return False
        return True

    answer(fed, "greeting", 0.5)
    assert not answered()
    fed.put("in", "transcript.user", 2.0, item_id="u1", text="The first half,")
    answer(fed, "r1", 2.1)
    assert not answered()
    fed.put("in", "transcript.user", 3.3, item_id="u2", text="and the rest.")
    assert not answered()
    answer(fed, "r2", 3.4)
    assert answered()
    fed.put("in", "input.speech.started", 3.5)
    assert not answered()


# --- watching ---------------------------------------------------------------------


def test_a_follower_gets_everything_once_from_the_first_on_and_none_at_the_end(fed: Fed) -> None:
    early: list[Any] = []
    late: list[Any] = []
    fed.follow(lambda event: early.append(event and event["n"]))
    fed.put("in", "transcript.user", item_id="u1", text="Hello.")
    stop = fed.follow(lambda event: late.append(event and event["n"]))
    fed.put("in", "input.speech.started")
    stop()
    stop()
    fed.ends()
    assert early == [*range(8), None]
    assert late == list(range(6))
    after: list[Any] = []
    fed.follow(lambda event: after.append(event and event["n"]))
    assert after == early


def test_of_audio_followers_get_the_first_of_each_reply(fed: Fed) -> None:
    kinds: list[str] = []
    fed.follow(lambda event: kinds.append(event["type"] if event else "end"))
    for _ in range(3):
        fed.put("in", "reply.audio", reply_id="r1")
        fed.put("out", "input.audio")
    assert kinds[4:] == ["reply.audio", "input.audio"]


def test_messages_of_a_session_that_is_over(fed: Fed) -> None:
    fed.put("in", "reply.audio", reply_id="r1")
    fed.put("in", "session.ended")
    fed.ends()
    assert [message.type for message in fed.messages()] == ["session.ready", "session.ended"]


def test_an_observer_is_told_from_now_on_and_complained_of(fed: Fed) -> None:
    seen: list[str] = []
    done = threading.Event()

    def observer(event: dict[str, Any]) -> None:
        seen.append(event["type"])
        if event["type"] == "session.ended":
            raise RuntimeError("enough")

    fed.observe(observer, ["transcript.user", "session.ended"])
    fed.observe(lambda event: done.set(), ["closed"])
    fed.put("in", "transcript.user", item_id="u1", text="Hello.")
    fed.put("in", "input.speech.started")
    fed.put("in", "session.ended")
    fed.ends()
    assert done.wait(5)
    assert seen == ["transcript.user", "session.ended"]
    assert len(fed.complaints) == 1
    assert fed.complaints[0].endswith("failed: RuntimeError: enough")


def test_an_observer_of_nothing_that_there_is(fed: Fed) -> None:
    with pytest.raises(InvalidConfiguration):
        fed.observe(print, ["transcript.usr"])


def test_a_follower_that_raises_is_dropped_and_complained_of_and_the_others_go_on(fed: Fed) -> None:
    seen: list[int] = []
    told: list[Any] = []

    def raises(event: Any) -> None:
        seen.append(event["n"])
        if event["n"] == 4:
            raise SystemExit("enough")

    fed.follow(raises)
    fed.follow(lambda event: told.append(event and event["n"]))
    fed.put("in", "input.speech.started")
    fed.put("in", "input.speech.stopped")
    fed.ends()
    assert seen == list(range(5))
    assert told == [*range(8), None]
    assert fed.complaints == [
        "The follower test_a_follower_that_raises_is_dropped_and_complained_of_and_the_others_go_on.<locals>"
        ".raises failed and is told nothing more: SystemExit: enough"
    ]


def test_a_follower_that_raises_at_the_end_keeps_the_end_from_nobody(fed: Fed) -> None:
    told: list[Any] = []

    def raises(event: Any) -> None:
        if event is None:
            raise RuntimeError("enough")

    fed.follow(raises)
    fed.follow(told.append)
    fed.ends()
    assert told[-1] is None
    assert len(fed.complaints) == 1


def test_messages_of_an_event_loop_that_has_been_closed_are_dropped(fed: Fed) -> None:
    loop = asyncio.new_event_loop()
    messages = aiter(fed.messages())
    assert loop.run_until_complete(anext(messages)).type == "session.ready"
    loop.close()
    fed.put("in", "input.speech.started")
    fed.ends()
    assert fed.complaints == []  # nobody did anything wrong
    with pytest.raises(StopIteration):
        messages.aclose().send(None)
