"""A session that nobody refers to any more is ended, whoever was told to watch it."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_service import Peer, ScriptedService, polite

import voicenb as vn
from voicenb.session import exits
from voicenb.session.dropped import loosely
from voicenb.session.helper_host import HelperHost
from voicenb.session.host import Host
from voicenb.session.session import Session
from voicenb.session.thread_host import ThreadHost

DROPPED = r"session with 'Lido' was dropped while open; it is being ended"


BEFORE: weakref.WeakSet[Any] = weakref.WeakSet()
"""Calls that other tests left."""


def opened(service: ScriptedService, folder: Path, **more: Any) -> Session:
    return Session(vn.Agent(name="Lido"), service, recording=folder, **more).start()


@pytest.fixture(autouse=True)
def _no_collection() -> Any:
    """What goes without the collector goes at once; the others go when the test says so."""
    gc.collect()
    BEFORE.update(exits._open)
    gc.disable()
    yield
    gc.enable()


def collect(held: weakref.ref[Session], service: ScriptedService) -> None:
    for _ in range(100):  # a watcher that is just called still holds it
        gc.collect()
        if held() is None:
            break
    service.closed.result(10)


def ended(service: ScriptedService, folder: Path) -> None:
    service.closed.result(10)
    assert service.types[-1] == "session.end"
    for call in set(exits._open) - set(BEFORE):
        call.done.result(10)
    assert vn.load(folder).finished


@pytest.mark.parametrize("host", [ThreadHost, HelperHost])
def test_a_session_that_is_dropped_is_ended_at_once(tmp_path: Path, host: Callable[[], Host]) -> None:
    with ScriptedService() as service:
        session = opened(service, tmp_path / "call", host=host())
        with pytest.warns(ResourceWarning, match=DROPPED) as warned:
            del session
        assert warned[0].filename == __file__
        ended(service, tmp_path / "call")


def test_a_cell_that_runs_again_leaves_one_session(tmp_path: Path) -> None:
    with ScriptedService() as first, ScriptedService() as second:
        session = opened(first, tmp_path / "first")
        with pytest.warns(ResourceWarning, match=DROPPED):
            session = opened(second, tmp_path / "second")
        ended_first = first.closed.result(10)
        assert ended_first is None
        assert session.state == "listening"
        session.end()


@pytest.mark.parametrize("watch", ["observe", "follow"])
def test_a_session_whose_watchers_refer_to_it_is_ended_by_the_collector(tmp_path: Path, watch: str) -> None:
    def begin() -> weakref.ref[Session]:
        session = opened(service, tmp_path / "call")
        getattr(session, watch)(lambda event: session.state)
        session.wait_for("input.audio", timeout=10)
        return weakref.ref(session)

    with ScriptedService() as service:
        held = begin()
        with pytest.warns(ResourceWarning, match=DROPPED):
            collect(held, service)
        assert held() is None
        ended(service, tmp_path / "call")


def test_a_session_whose_tool_has_run_is_ended(tmp_path: Path) -> None:
    async def calls(peer: Peer) -> None:
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="look", arguments={})
        await peer.expect("tool.result")
        await peer.goodbye()

    lido = vn.Agent(name="Lido")

    @lido.tool
    def look() -> str:
        """Look."""
        return "done"

    with ScriptedService(calls) as service:
        held = [Session(lido, service, recording=tmp_path / "call").start()]
        held[0].wait_for("tool.result", timeout=10)

        def drop() -> None:
            held.clear()
            service.closed.result(10)  # the tool's thread may be the last that lets go

        with pytest.warns(ResourceWarning, match=DROPPED):
            drop()
        ended(service, tmp_path / "call")


def test_a_loop_over_its_messages_keeps_it(tmp_path: Path) -> None:
    with ScriptedService() as service:
        messages = iter(opened(service, tmp_path / "call").messages())
        assert next(messages).type == "session.ready"
        with pytest.warns(ResourceWarning, match=DROPPED):
            del messages
        ended(service, tmp_path / "call")


def test_one_that_was_ended_is_dropped_without_a_word(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as warned, ScriptedService() as service:
        warnings.simplefilter("always")
        with opened(service, tmp_path / "with") as inside:
            pass
        alone = opened(service, tmp_path / "end")
        alone.end()
        gone = weakref.ref(inside), weakref.ref(alone)
        del inside, alone
        assert [each() for each in gone] == [None, None]
    assert warned == []


def test_one_that_the_service_ended_is_dropped_without_a_word(tmp_path: Path) -> None:
    async def ends(peer: Peer) -> None:
        await peer.ready()
        await peer.close(1000, "")

    with warnings.catch_warnings(record=True) as warned, ScriptedService(ends) as service:
        warnings.simplefilter("always")
        session = opened(service, tmp_path / "call")
        over = list(session.messages())
        del session
    assert over[0].type == "session.ready"
    assert warned == []


def test_one_that_was_never_started_is_dropped_without_a_word() -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        Session(vn.Agent(name="Lido"), "ws://127.0.0.1:9")
    assert warned == []


def test_it_is_ended_where_warnings_are_errors(tmp_path: Path) -> None:
    code = """
import sys
import voicenb as vn
session = vn.Session(vn.Agent(name="Lido"), sys.argv[1], recording=False).start()
del session
sys.stdin.read()
"""
    with ScriptedService() as service:
        url = service.address().url
        command = [sys.executable, "-W", "error::ResourceWarning", "-c", code, url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
            service.closed.result(30)
            _, words = program.communicate("", timeout=30)
    assert service.types[-1] == "session.end"
    assert "was dropped while open" in words


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_that_drops_its_copy_ends_nothing(tmp_path: Path) -> None:
    code = """
import os, sys
import voicenb as vn
session = vn.Session(vn.Agent(name="Lido"), sys.argv[1], recording=sys.argv[2]).start()
if (child := os.fork()) == 0:
    del session
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert session.state == "listening"
session.end()
"""
    with ScriptedService(polite) as service:
        command = [sys.executable, "-W", "always", "-c", code, service.address().url, str(tmp_path / "call")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert "dropped" not in done.stderr
        service.closed.result(10)
    numbers = [event["n"] for event in vn.load(tmp_path / "call").events]
    assert numbers == sorted(set(numbers))


def test_loosely_holds_nothing() -> None:
    told: list[int] = []

    class Listener:
        def hear(self, word: int) -> None:
            told.append(word)

    listener = Listener()
    hear = loosely(listener.hear)
    hear(1)
    del listener
    hear(2)
    assert told == [1]
