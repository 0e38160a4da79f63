from __future__ import annotations

import threading
from typing import Any

import pytest

from voicenb.errors import ServiceError, SessionNotOpen, VoicenbError, WaitTimeout
from voicenb.protocol.actions import RunTool
from voicenb.session.failure import to_wire
from voicenb.session.mirror import Mirror


def event(n: int, direction: str, event_type: str, /, **record: Any) -> dict[str, Any]:
    msg = {"type": event_type, **record}
    return {"n": n, "t": n / 10, "dir": direction, "type": event_type, "msg": msg}


def mirror(calls: list[RunTool] | None = None) -> Mirror:
    return Mirror((calls if calls is not None else []).append)


def test_it_follows_the_conversation_and_hands_tools_over() -> None:
    calls: list[RunTool] = []
    follows = mirror(calls)
    tools = [{"type": "function", "name": "look"}]
    follows.take(event(0, "local", "state", state="connecting"))
    follows.take(event(1, "out", "session.update", session={"tools": tools}))
    follows.take(event(2, "in", "session.ready", session_id="s1"))
    follows.take(event(3, "in", "tool.call", call_id="c1", name="look", arguments={"a": 1}))
    follows.take(event(4, "in", "tool.call", call_id="c1", name="look", arguments={"a": 1}))
    assert follows.state == "thinking"
    assert calls == [RunTool("c1", "look", {"a": 1}, 120.0)]
    assert follows.now == 0.4


def test_of_the_audio_it_keeps_the_first() -> None:
    follows = mirror()
    kept = [
        follows.take({**event(n, "in", "reply.audio", reply_id=reply_id), "samples": 480})
        for n, reply_id in enumerate(["r1", "r1", "r2", "r1"])
    ]
    kept += [follows.take(event(n, "out", "input.audio")) for n in (4, 5)]
    assert kept == [True, False, True, False, True, False]
    assert [e["n"] for e in follows.events] == [0, 2, 4]
    assert follows.conversation.replies["r1"].samples == 1440


def test_a_wait_is_woken_from_another_thread() -> None:
    follows = mirror()
    waits = threading.Event()

    def found() -> bool:
        waits.set()
        return bool(follows.events)

    def feed() -> None:
        assert waits.wait(5)
        follows.take(event(0, "in", "session.ready", session_id="s1"))

    feeder = threading.Thread(target=feed)
    feeder.start()
    assert follows.wait(found, 5, "session.ready") is True
    feeder.join()


def test_a_wait_that_times_out_says_what_came() -> None:
    follows = mirror()
    follows.take(event(0, "in", "session.ready", session_id="s1"))
    with pytest.raises(
        WaitTimeout, match=r"No answer within 0\.01 s\. State: listening\. Received since: nothing"
    ):
        follows.wait(lambda: None, 0.01, "answer")
    with pytest.raises(WaitTimeout, match=r"Received since: session\.ready") as late:
        follows.wait(lambda: None, 0.01, "answer", since=0)
    assert late.value.facts["received"] == ["session.ready"]


def test_a_wait_that_times_out_says_that_the_connection_was_lost() -> None:
    follows = mirror()
    follows.take(event(0, "out", "session.update", session={}))
    follows.take(event(1, "in", "session.ready", session_id="s1"))
    follows.take(event(20, "local", "closed", code=1006, reason=""))
    follows.take(event(21, "out", "session.resume", session_id="s1"))
    follows.take(event(22, "local", "closed", code=1006, reason="no such attempt counts"))
    with pytest.raises(WaitTimeout, match=r"The connection was lost once until then, at 2\.0 s\.") as raised:
        follows.wait(lambda: None, 0.01, "answer")
    assert raised.value.facts["lost_at"] == [2.0]


def test_a_wait_ends_with_the_session() -> None:
    follows = mirror()
    follows.finish(None)
    with pytest.raises(SessionNotOpen, match="ended before answer came"):
        follows.wait(lambda: None, 5, "answer")
    assert follows.wait(lambda: 0, 5, "what was there") == 0


def test_what_ended_it_is_what_is_raised() -> None:
    follows = mirror()
    error = to_wire(ServiceError("At capacity.", code="at_capacity", remedy="Later."))
    follows.take(event(0, "local", "error", **error, fatal=True))
    follows.take(event(1, "local", "error", **to_wire(VoicenbError("Another.")), fatal=True))
    follows.finish(VoicenbError("And another."))
    with pytest.raises(ServiceError, match=r"At capacity\. Later\."):
        follows.wait(lambda: None, 5, "answer")


@pytest.mark.parametrize("error", [VoicenbError("The helper has gone."), OSError("gone")])
def test_a_host_that_failed(error: Exception) -> None:
    follows = mirror()
    follows.finish(error)
    with pytest.raises(VoicenbError, match="gone"):
        follows.wait(lambda: None, 5, "answer")


def test_an_error_that_is_survived_is_no_failure() -> None:
    follows = mirror()
    follows.take(event(0, "local", "error", **to_wire(VoicenbError("A hiccup.")), fatal=False))
    assert follows.failure is None


def test_the_state_is_the_engines_where_the_conversation_knows_none() -> None:
    follows = mirror()
    assert follows.state == "idle"
    follows.take(event(0, "local", "state", state="connecting"))
    assert follows.state == "connecting"
    follows.take(event(1, "out", "session.update", session={}))
    follows.take(event(2, "in", "session.ready", session_id="s1"))
    assert follows.state == "listening"
    follows.take(event(3, "local", "closed", code=1006, reason=""))
    follows.take(event(4, "local", "closed", code=1006, reason="", final=True))
    follows.take(event(5, "local", "state", state="lost"))
    follows.finish(None)
    assert follows.state == "lost"


@pytest.mark.parametrize(
    ("error", "state"), [(VoicenbError("The helper has gone."), "lost"), (None, "ended")]
)
def test_a_session_that_is_over_listens_no_longer(error: VoicenbError | None, state: str) -> None:
    follows = mirror()
    follows.take(event(0, "out", "session.update", session={}))
    follows.take(event(1, "in", "session.ready", session_id="s1"))
    assert follows.state == "listening"
    follows.finish(error)
    assert follows.state == state


def test_it_counts_what_is_waited_for() -> None:
    follows = mirror()
    follows.take(event(0, "out", "session.update", session={}))
    follows.take(event(1, "in", "session.updated", config={}))  # some services say so first
    follows.take(event(2, "in", "session.ready", session_id="s1"))
    assert (follows.confirmations, follows.complaints) == (0, 0)
    follows.take(event(3, "in", "session.updated", config={}))
    follows.take(event(4, "local", "error", **to_wire(VoicenbError("A hiccup.")), fatal=False))
    follows.take(event(5, "local", "error", **to_wire(VoicenbError("The end.")), fatal=True))
    assert (follows.confirmations, follows.complaints) == (1, 1)
