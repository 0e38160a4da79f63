"""A call as the panel shows it: what is counted, and what is measured only where somebody looks."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, cast

import pytest

import voicenb as vn
from voicenb.recording.recording import Recording
from voicenb.session.followed import Followed
from voicenb.session.session import Session
from voicenb.widgets.shown_call import ShownCall


class Recorded(Followed):
    """A session of which the test is the engine, with a recording that is there."""

    address = vn.Address("ws://x", kind="emulator")

    def __init__(self, recording: Recording | None = None) -> None:
        super().__init__(None, lambda call: None, lambda text: None)
        self.recording = recording

    def happens(self, *events: dict[str, Any]) -> None:
        for event in events:
            self._take(event)


def event(n: int, direction: str, kind: str, **record: Any) -> dict[str, Any]:
    return {"n": n, "t": float(n), "dir": direction, "type": kind, "msg": record}


def shown(session: Recorded) -> ShownCall:
    call = ShownCall(cast(Session, session), lambda: None)
    session.follow(lambda event: None if event is None else call.take(event))
    return call


@pytest.fixture(scope="module")
def call() -> Recording:
    agent = vn.Agent(name="Lido", system_prompt="Short.", greeting="Good evening.")
    return vn.run(agent, vn.Caller([vn.Answer(), "What can you do?", vn.Answer()]))


def test_what_nobody_looks_at_is_not_measured(call: Recording) -> None:
    session = Recorded(call)
    nobodys = shown(session)
    session.happens(*call.events)
    session._mirror.finish(None)
    assert {line["role"] for line in nobodys.finish()} == {"user", "agent"}
    assert nobodys.state()["summary"] == ""


def test_who_comes_later_sees_what_was_before_as_well(call: Recording) -> None:
    session = Recorded(call)
    late = shown(session)
    session.happens(*call.events)
    for _ in range(2):  # two views of the same panel
        late.measure()
    session._mirror.finish(None)
    assert [line["role"] for line in late.finish()].count("cost") == 1
    assert late.state()["summary"].startswith("1 turn")


class Guarded(dict[str, Any]):
    """Facts that tell whether they are changed by one who holds the lock."""

    def __init__(self, facts: dict[str, Any], lock: Any) -> None:
        super().__init__(facts)
        self.lock = lock
        self.changes: list[bool] = []

    def __setitem__(self, name: str, value: Any) -> None:
        self.changes.append(self.lock.locked())
        super().__setitem__(name, value)

    def __ior__(self, other: Any) -> Guarded:  # type: ignore[misc,override]
        for name, value in other.items():
            self[name] = value
        return self


def test_its_figures_are_changed_under_its_lock_only() -> None:
    session = Recorded()
    one = shown(session)
    facts = one._facts = Guarded(one._facts, one._lock)
    session.happens(
        event(0, "out", "session.update", session={}),
        event(1, "in", "session.ready", session_id="s1"),
        event(2, "local", "frames", late=3, lost=1),
    )
    session._mirror.finish(None)
    one.finish()
    assert facts.changes == [True] * 5  # started, late, lost, ended, summary
    assert (facts["late"], facts["lost"]) == (3, 1)
    assert facts["ended"] >= facts["started"]


LEAVES = """
import sys, threading, time
from types import SimpleNamespace
from voicenb.widgets.shown_call import ShownCall
call = ShownCall(SimpleNamespace(follow=lambda follower: None), lambda: None)
call.measure()
until = time.monotonic() + 30
while "onnxruntime" not in sys.modules and time.monotonic() < until:
    time.sleep(0.001)
time.sleep(float(sys.argv[1]))
"""


@pytest.mark.parametrize("after", [0.0, 0.05, 0.1, 0.15])
def test_a_program_may_end_while_something_is_measured(after: float) -> None:
    """The detector's threads must be done before the interpreter takes its libraries down."""
    ended = subprocess.run(
        [sys.executable, "-c", LEAVES, str(after)], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_whether_a_page_has_the_call_is_shown_and_no_line() -> None:
    session = Recorded()
    call = shown(session)
    assert "present" not in call.state()
    session.happens(event(0, "local", "log", text="page", present=False))
    assert call.state()["present"] is False
    session.happens(event(1, "local", "log", text="page", present=True))
    assert call.state()["present"] is True
    assert call.transcript.all() == []
