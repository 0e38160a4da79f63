from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from voicenb.protocol.conversation import Conversation
from voicenb.session.session import Session
from voicenb.widgets import transcript as transcript_module
from voicenb.widgets.transcript import Transcript


class Followed:
    """A session of which the test is the engine."""

    def __init__(self) -> None:
        self.conversation = Conversation()
        self._count = 0
        self._changed = threading.Condition()

    def paused(self) -> threading.Condition:
        return self._changed

    def happens(self, direction: str, kind: str, /, samples: int = 0, **record: Any) -> None:
        event = {"n": self._count, "t": float(self._count), "dir": direction, "type": kind, "msg": record}
        self._count += 1
        self.conversation.apply({**event, "samples": samples})


@pytest.fixture
def session() -> Followed:
    session = Followed()
    tools = [{"type": "function", "name": "look"}]
    session.happens("out", "session.update", session={"tools": tools})
    session.happens("in", "session.ready", session_id="s1")
    return session


def of(session: Followed) -> Transcript:
    return Transcript(cast(Session, session))


def turn(session: Followed, number: int) -> None:
    session.happens("in", "transcript.user", item_id=f"u{number}", text=f"Question {number}.")
    session.happens("in", "reply.started", reply_id=f"r{number}")
    session.happens("in", "reply.audio", 24_000, reply_id=f"r{number}")
    session.happens("in", "transcript.agent", reply_id=f"r{number}", text=f"Answer {number}.")
    session.happens("in", "reply.done", reply_id=f"r{number}", status="completed")
    session.happens("local", "heard", reply_id=f"r{number}", **{"from": 0, "to": 24_000, "t": 0.0})


def test_the_changes_add_up_to_the_whole(session: Followed) -> None:
    transcript = of(session)
    shown: dict[str, Any] = {}
    for number in range(3):
        turn(session, number)
        transcript.note(f"log-{number}", session.conversation.lines[-1].started + 0.5, "Printed.")
        session.happens("in", "tool.call", call_id=f"c{number}", name="look", arguments={"a": 1})
        shown |= {line["id"]: line for line in transcript.changes()}
        session.happens("out", "tool.result", call_id=f"c{number}", result="2")
        shown |= {line["id"]: line for line in transcript.changes()}
    whole = transcript.all()
    assert sorted(shown.values(), key=lambda line: line["id"]) == sorted(whole, key=lambda line: line["id"])
    assert [line["role"] for line in whole[:4]] == ["user", "agent", "log", "tool"]
    assert transcript.changes() == []


def test_what_changed_is_given_once_and_in_order(session: Followed) -> None:
    transcript = of(session)
    turn(session, 1)
    assert [line["text"] for line in transcript.changes()] == ["Question 1.", "Answer 1."]
    session.happens("in", "transcript.user.delta", item_id="u2", text="And")
    (line,) = transcript.changes()
    assert (line["tail"], line["partial"]) == ("And", True)
    assert transcript.changes() == []


def test_lines_that_did_not_change_are_not_built_again(
    session: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = of(session)
    for number in range(20):
        turn(session, number)
    transcript.changes()
    built: list[str] = []
    build = transcript_module.line_shown
    monkeypatch.setattr(transcript_module, "line_shown", lambda line: built.append(line.id) or build(line))
    turn(session, 20)
    assert len(transcript.changes()) == len(built) == 2


def test_a_call_that_waits_is_given_once(session: Followed) -> None:
    transcript = of(session)
    session.happens("in", "tool.call", call_id="c1", name="look", arguments={})
    assert [line["partial"] for line in transcript.changes()] == [True]
    assert transcript.changes() == []
    session.happens("out", "tool.result", call_id="c1", result="2")
    assert [line["partial"] for line in transcript.changes()] == [False]
    assert transcript.changes() == []
