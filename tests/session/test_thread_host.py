"""Sessions on the process's session thread."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from fake_page import ORIGIN
from rigs import Held, Wait, plan
from scripted_service import Peer, ScriptedService

import voicenb as vn
from voicenb.errors import InvalidConfiguration, RecordingError, SessionNotOpen
from voicenb.service.address import Address
from voicenb.session.host import Plan
from voicenb.session.microphones import Silence
from voicenb.session.session import Session
from voicenb.session.speakers import Muted
from voicenb.session.thread_host import ThreadHost


def hold(service: ScriptedService, folder: Path, **more: Any) -> Held:
    held = Held()
    parts: dict[str, Any] = {"microphone": Silence(), "speaker": Muted()}
    held.call = ThreadHost().hold(plan(service, folder, {}, **{**parts, **more}), held.publish)
    return held


def states(held: Held) -> list[str]:
    return [event["msg"]["state"] for event in held.events if event["type"] == "state"]


def test_events_come_on_the_session_thread_and_in_order(tmp_path: Path) -> None:
    threads: set[str] = set()
    numbers: list[int] = []
    ready = threading.Event()

    def publish(event: dict[str, Any]) -> None:
        threads.add(threading.current_thread().name)
        numbers.append(event["n"])
        if event["type"] == "session.ready":
            ready.set()

    with ScriptedService() as service:
        parts = plan(service, tmp_path / "call", {}, microphone=Silence(), speaker=Muted())
        call = ThreadHost().hold(parts, publish)
        assert ready.wait(5)
        assert not call.done.done()
        assert call.request({"do": "end"}).result(5) is None
        assert call.done.result(5) is None
        service.closed.result(5)
    assert threads == {"voicenb-session"}
    assert numbers == list(range(len(numbers)))


def test_it_begins_without_waiting_for_anybody(tmp_path: Path) -> None:
    answered: Future[None] = Future()

    async def slow(address: Address) -> Any:
        import asyncio

        await asyncio.wrap_future(answered)
        raise AssertionError("it was ended before")

    with ScriptedService() as service:
        held = hold(service, tmp_path / "call", connect=slow)
        held.wait(Wait("state", lambda record: record["state"] == "connecting"))
        held.call.request({"do": "end"}).result(5)
        held.call.done.result(5)
    assert states(held) == ["connecting", "ended"]


def test_what_a_command_raises_comes_back_as_it_was(tmp_path: Path) -> None:
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call")
        held.wait(Wait("session.ready"))
        assert isinstance(held.call.request({"do": "dance"}).exception(5), InvalidConfiguration)
        assert isinstance(held.call.request({"do": "mute"}).exception(5), TypeError)
        held.call.request({"do": "end"}).result(5)
        assert isinstance(held.call.request({"do": "reply"}).exception(5), SessionNotOpen)


def test_what_ends_a_session_is_told_by_its_events_only(tmp_path: Path) -> None:
    async def drops(peer: Peer) -> None:
        await peer.ready()
        await peer.close(1006, "")

    with ScriptedService(drops) as service:
        held = hold(service, tmp_path / "call")
        assert held.call.done.exception(5) is None
    assert states(held)[-1] == "lost"


def test_a_session_that_cannot_begin_says_so_and_takes_no_commands(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with ScriptedService() as service:
        held = hold(service, tmp_path)
        assert isinstance(held.call.done.exception(5), RecordingError)
        assert isinstance(held.call.request({"do": "end"}).exception(5), SessionNotOpen)
    assert held.events == []


def test_several_at_once(tmp_path: Path) -> None:
    with ScriptedService() as service:
        both = [hold(service, tmp_path / name) for name in ("one", "other")]
        for held in both:
            held.wait(Wait("input.audio"))
        both[0].call.request({"do": "end"}).result(5)
        assert not both[1].call.done.done()
        both[1].call.request({"do": "end"}).result(5)
    assert [states(held)[-1] for held in both] == ["ended", "ended"]


def test_there_is_no_page() -> None:
    with (
        ScriptedService() as service,
        Session(vn.Agent(name="Lido"), service) as session,
        pytest.raises(InvalidConfiguration, match="no page"),
    ):
        session.page_ticket(ORIGIN)


def test_a_plan_without_parts_will_do() -> None:
    with ScriptedService() as service:
        held = Held()
        held.call = ThreadHost().hold(Plan(service.address(), {}), held.publish)
        held.wait(Wait("input.audio"))
        held.call.request({"do": "end"}).result(5)
