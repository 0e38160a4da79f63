"""Session: what its user sees, against a scripted service on loopback."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rigs import QUICK
from scripted_service import Peer, Script, ScriptedService

import voicenb as vn
from voicenb.errors import (
    AudioError,
    ImmutableField,
    InvalidConfiguration,
    ServiceError,
    ServiceUnreachable,
    SessionNotOpen,
    Unauthorized,
    WaitTimeout,
)
from voicenb.protocol import messages as m
from voicenb.protocol.turn_defaults import whole
from voicenb.recording.recorder import Recorder
from voicenb.session import exits
from voicenb.session.events import Publish
from voicenb.session.helper_host import HelperHost
from voicenb.session.host import Call, Host, Plan
from voicenb.session.loop_thread import session_thread
from voicenb.session.microphone import Room
from voicenb.session.microphones import Spoken
from voicenb.session.session import Session
from voicenb.session.thread_host import ThreadCall, ThreadHost
from voicenb.tools import Tool

MOMENT = bytes(4_800)  # a tenth of a second


def agent(**changes: Any) -> vn.Agent:
    return vn.Agent(name="Lido", system_prompt="You take bookings.", **changes)


def session(service: ScriptedService, who: vn.Agent | None = None, **more: Any) -> Session:
    return Session(who or agent(), service, **more)


async def answers_once(peer: Peer) -> None:
    await peer.ready()
    await peer.expect("input.audio")
    await peer.say("input.speech.started")
    await peer.say("transcript.user.delta", item_id="u1", text="A table")
    await peer.say("input.speech.stopped")
    await peer.say("transcript.user", item_id="u1", text="A table for four.")
    await peer.reply("r1", "For when?", MOMENT)
    await peer.goodbye()


def calls(name: str, arguments: dict[str, Any], results: list[dict[str, Any]], **config: Any) -> Script:
    """A service that calls a tool once and answers with what it got; its echo says ``config`` too."""

    async def script(peer: Peer) -> None:
        await peer.ready(**config)
        await peer.say("transcript.user", item_id="u1", text="Friday.")
        await peer.say("reply.started", reply_id="r1", item_id="i1")
        await peer.say("tool.call", call_id="c1", name=name, arguments=arguments)
        await peer.say("reply.done", reply_id="r1", status="completed")
        results.append(await peer.expect("tool.result"))
        await peer.reply("r2", "At seven.", MOMENT)
        await peer.goodbye()

    return script


def test_a_conversation() -> None:
    with ScriptedService(answers_once) as service, session(service) as call:
        turn = call.wait_for("transcript.user", timeout=5)
        assert turn == m.TranscriptUser(text="A table for four.", item_id="u1", timestamp=1790000000.0)
        call.wait_until_answered(timeout=5)
        assert [(line.role, line.text) for line in call.lines] == [
            ("user", "A table for four."),
            ("agent", "For when?"),
        ]
        assert call.state == "listening"
    assert call.state == "ended"
    assert call.over
    assert call.failure is None
    assert service.types == ["session.update", "input.audio", "session.end"]
    assert call.recording is not None
    assert call.recording.finished
    assert call.recording.agent_name == "Lido"
    assert isinstance(call.speaker, vn.Captured)
    assert len(call.speaker.heard()) >= len(MOMENT) // 2


def test_what_lets_somebody_in_again_is_not_shown() -> None:
    async def gives(peer: Peer) -> None:
        await peer.expect("session.update")
        await peer.say("session.ready", session_id="s1", resume_token="rt-canary-5f0c")
        await peer.goodbye()

    with ScriptedService(gives) as service, session(service) as call:
        ready = call.wait_for("session.ready", timeout=5)
        assert ready.session_id == "s1"
        assert "resume_token='[redacted]'" in repr(ready)
        assert "rt-canary" not in f"{ready} {call.events}"


def test_wait_for_searches_on_from_its_last_match() -> None:
    async def counts(peer: Peer) -> None:
        await peer.ready()
        for n in range(3):
            await peer.say("transcript.user", item_id=f"u{n}", text=str(n))
        await peer.goodbye()

    with ScriptedService(counts) as service, session(service) as call:
        assert [call.wait_for("transcript.user").text for _ in range(3)] == ["0", "1", "2"]
        with pytest.raises(WaitTimeout, match=r"No transcript\.user within 0\.05 s"):
            call.wait_for("transcript.user", timeout=0.05)


def test_a_wait_ends_with_what_ended_the_session() -> None:
    async def drops(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("input.audio")
        await peer.close(1006, "")

    with ScriptedService(drops) as service, session(service) as call:
        with pytest.raises(ServiceUnreachable, match="was lost after"):
            call.wait_for("transcript.user", timeout=5)
        assert call.state == "lost"
        with pytest.raises(ServiceUnreachable):
            call.reply()


def test_a_wait_ends_with_the_session() -> None:
    async def ends(peer: Peer) -> None:
        await peer.ready()
        await peer.say("session.ended")
        await peer.close(1000, "")

    with (
        ScriptedService(ends) as service,
        session(service) as call,
        pytest.raises(SessionNotOpen, match="ended before transcript"),
    ):
        call.wait_for("transcript.user", timeout=5)


def test_a_refused_login_is_raised_by_start() -> None:
    async def refuses(peer: Peer) -> None:
        await peer.say("session.error", code="UNAUTHORIZED", message="Authentication failed")
        await peer.close(1008, "")

    with ScriptedService(refuses) as service, pytest.raises(Unauthorized):
        session(service).start()


def test_nobody_answers() -> None:
    call = Session(agent(), "ws://127.0.0.1:9/v1/ws")
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1:9") as raised:
        call.start()
    assert "voicenb emulator" in raised.value.remedy
    assert call.recording is not None
    assert call.recording.finished


def test_a_folder_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with ScriptedService() as service, pytest.raises(vn.RecordingError, match="not empty"):
        session(service, recording=tmp_path).start()


def test_no_recording() -> None:
    with ScriptedService() as service, session(service, recording=False) as call:
        assert call.recording is None


class Later:
    """A host, and its one call, that begins when it is told to: others have to start a process first."""

    def __init__(self) -> None:
        self.done: Future[None] = Future()
        self.plan: Plan | None = None

    def hold(self, plan: Plan, publish: Publish) -> Later:
        self.plan = plan
        return self

    def request(self, command: Mapping[str, Any]) -> Future[None]:
        return self.done

    def begin(self) -> None:
        assert self.plan is not None
        assert self.plan.folder is not None
        Recorder(self.plan.folder, about=self.plan.about).close({"t": 0.0, "reason": "ended"})
        self.done.set_result(None)


def test_there_is_no_recording_before_there_is_one() -> None:
    host = Later()
    call = Session(agent(), "ws://127.0.0.1:9", host=host)
    call.start(wait=False)
    early = call.recording
    host.begin()
    assert early is None
    assert call.recording is not None
    assert call.recording.agent_name == "Lido"
    call.end()


def test_a_session_is_held_once() -> None:
    with ScriptedService() as service, session(service) as call:
        with pytest.raises(SessionNotOpen, match="started before"):
            call.start()
        call.end()
        call.end()
    with pytest.raises(SessionNotOpen):
        call.reply()


def test_before_the_start() -> None:
    call = Session(agent(), "ws://127.0.0.1:9")
    assert (call.state, call.recording, call.address, call.lines) == ("idle", None, None, [])
    with pytest.raises(SessionNotOpen, match="not been started"):
        call.wait_for("session.ready")
    call.end()


class Stuck:
    """A microphone that holds up the whole session thread, until it is let go."""

    label = "stuck"

    def __init__(self) -> None:
        self.holds = threading.Event()
        self.go_on = threading.Event()

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        self.holds.set()
        assert self.go_on.wait(30)
        while True:
            yield bytes(960)
            await asyncio.sleep(0.02)


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    monkeypatch.setattr("voicenb.session.session.PATIENCE", 0.1)
    microphone = Stuck()
    yield microphone
    microphone.go_on.set()


def test_an_end_that_does_not_come_is_told_of_and_tried_again(stuck: Stuck) -> None:
    with ScriptedService() as service:
        call = session(service, microphone=stuck).start(wait=False)
        assert stuck.holds.wait(10)
        with pytest.raises(
            WaitTimeout, match=r"may still be open, and the service bills .* Call end\(\)"
        ) as late:
            call.end()
        assert late.value.facts["session_id"] == "sess_1"
        assert not call.over
        assert call._call in exits._open
        assert exits._guarded, "a signal still ends it"
        stuck.go_on.set()
        call._mirror.wait(lambda: call.over, 10, "end")
        call.end()
        service.closed.result(5)
    assert service.types[-1] == "session.end"
    assert not exits._guarded


def test_an_end_that_does_not_come_takes_no_place_of_what_went_wrong(stuck: Stuck) -> None:
    with ScriptedService() as service:
        call = session(service, microphone=stuck).start(wait=False)
        assert stuck.holds.wait(10)
        with pytest.raises(ZeroDivisionError) as wrong, call:
            print(1 / 0)
        assert "may still be open" in wrong.value.__notes__[0]
        stuck.go_on.set()
        service.closed.result(5)


def test_a_start_that_is_interrupted_ends_what_it_has_begun() -> None:
    async def interrupts(peer: Peer) -> None:
        await peer.expect("session.update")
        os.kill(os.getpid(), signal.SIGINT)
        await peer.expect("session.end")

    with ScriptedService(interrupts) as service:
        call = session(service)
        with pytest.raises(KeyboardInterrupt):
            call.start()
        service.closed.result(5)
        assert call.over
        assert not exits._guarded


class Slow(ThreadHost):
    """Still has the session in its hands when the service has heard of it."""

    def __init__(self) -> None:
        self.heard = threading.Event()

    def hold(self, plan: Plan, publish: Publish) -> ThreadCall:
        call = super().hold(plan, publish)
        self.heard.wait(10)
        return call


def test_an_interrupt_in_the_moment_of_the_beginning_leaves_nothing_running() -> None:
    host = Slow()

    async def interrupts(peer: Peer) -> None:
        await peer.expect("session.update")
        os.kill(os.getpid(), signal.SIGINT)
        host.heard.set()
        await peer.expect("session.end")

    with ScriptedService(interrupts) as service:
        call = session(service, host=host)
        with pytest.raises(KeyboardInterrupt):
            call.start()
        service.closed.result(5)
        assert call.over
        assert not exits._guarded


def test_a_session_that_cannot_be_watched_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(call: Call) -> Callable[[], None]:
        raise OSError("no signals here")

    monkeypatch.setattr(exits, "watch", fails)
    call = session(ScriptedService())
    call._service = vn.Address("ws://127.0.0.1:9", kind="address")
    with pytest.raises(OSError, match="no signals"):
        call.start()
    assert call.over


def test_update() -> None:
    async def updates(peer: Peer) -> None:
        await peer.ready()
        update = await peer.expect("session.update")
        # The service may make something else of it, and says so.
        detection = update["session"]["input"]["turn_detection"]
        config = {"system_prompt": "Shorter.", "input": {"keyterms": None, "turn_detection": detection}}
        await peer.say("session.updated", config=config)
        await peer.goodbye()

    with ScriptedService(updates) as service, session(service) as call:
        told = call.update(turn_detection=vn.TurnDetection.recommended(), system_prompt="Shorter.")
        assert repr(told) == (
            "turn detection: vad_threshold 0.5, min_silence 1400 ms, max_silence 4000 ms, "
            'interrupt_response True, interruption_delay 500 ms; system prompt: "Shorter." '
            "(confirmed by the service)"
        )
        with pytest.raises(ImmutableField):
            call.update(voice="anna")
        with pytest.raises(InvalidConfiguration, match="A session has no colour"):
            call.update(colour="blue")
    change = [message["session"] for message in service.received if message["type"] == "session.update"][1]
    assert change == {
        "system_prompt": "Shorter.",
        "input": {"turn_detection": vn.TurnDetection.recommended().whole().to_wire()},
    }


class Held:
    """A host that keeps a thread's events to itself for a while, as the helper's connection may."""

    def __init__(self) -> None:
        self.held: list[dict[str, Any]] | None = None
        self.holding = threading.Event()
        self._publish: Publish = lambda event: None

    def hold(self, plan: Plan, publish: Publish) -> ThreadCall:
        self._publish = publish
        return ThreadHost().hold(plan, self._event)

    def _event(self, event: dict[str, Any]) -> None:
        if self.held is None and event["type"] == "session.updated" and event["msg"]["config"] == FASTER:
            self.held = []
            self.holding.set()
        if self.held is None or self.holding.is_set() is False:
            self._publish(event)
        else:
            self.held.append(event)

    def let_go(self) -> None:
        """On the session thread: what was held, and from now on each as it comes."""
        self.holding.clear()
        for event in self.held or ():
            self._publish(event)


SLOWER = {"input": {"turn_detection": whole({"min_silence": 900}, None)}}
FASTER = {"input": {"turn_detection": whole({"min_silence": 300}, None)}}


def test_each_of_two_updates_waits_for_its_own_answer() -> None:
    both = threading.Event()

    async def updates(peer: Peer) -> None:
        await peer.ready()
        for place in range(2):
            update = await peer.expect("session.update")
            if place == 0:
                await asyncio.to_thread(both.wait, 10)
            await peer.say("session.updated", config=update["session"])
        await peer.goodbye()

    host = Held()
    with (
        ScriptedService(updates) as service,
        session(service, host=host) as call,
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(call.update, SLOWER)
        call._mirror.wait(
            lambda: sum(event["type"] == "session.update" for event in call._mirror.events) == 2, 10, "update"
        )
        second = pool.submit(call.update, FASTER)
        both.set()
        assert first.result(10).settings == SLOWER["input"]
        assert host.holding.wait(10)
        with pytest.raises(TimeoutError):
            second.result(0.3)  # the service has answered, but nobody here has seen that yet
        session_thread().soon(host.let_go)
        assert second.result(10).settings == FASTER["input"]


class Unread(list[Any]):
    """Events that are added to and not gone through."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("all events of the call were gone through")


def test_an_update_costs_the_same_however_long_the_call_is() -> None:
    async def updates(peer: Peer) -> None:
        await peer.ready()
        for _ in range(2):
            update = await peer.expect("session.update")
            await peer.say("session.updated", config=update["session"])
        await peer.goodbye()

    with ScriptedService(updates) as service:
        call = Session("agent_1", service, changes=SLOWER)
        call._mirror.events = Unread()
        with call:
            assert call.update(FASTER).settings == FASTER["input"]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_tool_is_run_off_every_loop_that_matters(is_async: bool) -> None:
    results: list[dict[str, Any]] = []
    threads: list[str] = []
    lido = agent()

    def look(day: str) -> list[str]:
        """Look."""
        threads.append(threading.current_thread().name)
        print("looking up", day)
        return ["19:00"]

    async def look_later(day: str) -> list[str]:
        """Look."""
        return look(day)

    lido.tool(name="look")(look_later if is_async else look)
    with (
        ScriptedService(calls("look", {"day": "Friday"}, results)) as service,
        session(service, lido) as call,
    ):
        assert call.wait_for("tool.call", timeout=5).name == "look"
        assert call.wait_for("tool.result", timeout=5).result == '["19:00"]'
        call.wait_until_answered(timeout=5)
        assert call.lines[-1].text == "At seven."
        assert "looking up Friday" in [
            event["msg"]["text"] for event in call.events if event["type"] == "log"
        ]
    assert results[0]["result"] == '["19:00"]'
    assert threads == ["voicenb-user" if is_async else "voicenb-tool"]


class Overridden:
    """A service that takes a binding, and then what goes over it."""

    def __init__(self, answer: str = "session.updated") -> None:
        self.updates: list[dict[str, Any]] = []
        self._answer = answer

    async def __call__(self, peer: Peer) -> None:
        self.updates.append(await peer.ready(system_prompt="p"))
        self.updates.append((await peer.expect("session.update"))["session"])
        if self._answer == "session.updated":
            await peer.say("session.updated", config={"system_prompt": "p", **self.updates[-1]})
        elif self._answer:
            await peer.say("session.error", code=self._answer, message="No.")
        await peer.goodbye()


class Hasty(ThreadHost):
    def hold(self, plan: Plan, publish: Publish) -> ThreadCall:
        return super().hold(dataclasses.replace(plan, limits=QUICK), publish)


STORED: list[Any] = ["agent_1", vn.Agent(name="Lido", id="agent_1"), {"agent_id": "agent_1"}]


@pytest.mark.parametrize("who", STORED, ids=["id", "agent", "session object"])
def test_what_goes_over_a_stored_agent_is_in_force_when_the_session_is_ready(who: Any) -> None:
    script = Overridden()
    with ScriptedService(script) as service, Session(who, service, changes={"system_prompt": "q"}) as call:
        assert call.conversation.config["system_prompt"] == "q"
    assert script.updates == [{"agent_id": "agent_1"}, {"system_prompt": "q"}]
    assert call.failure is None


def test_what_goes_over_a_stored_agent_with_a_page(tmp_path: Path) -> None:
    script = Overridden()
    with ScriptedService(script) as service:
        call = Session("agent_1", service, changes={"system_prompt": "q"}, host=HelperHost())
        call.start()
        call.end()
    assert script.updates == [{"agent_id": "agent_1"}, {"system_prompt": "q"}]


def test_a_service_that_refuses_what_goes_over_a_stored_agent_ends_the_call() -> None:
    with ScriptedService(Overridden("invalid_value")) as service:
        call = Session("agent_1", service, changes={"system_prompt": "q"})
        with pytest.raises(ServiceError, match="No"):
            call.start()
    assert isinstance(call.failure, ServiceError)


def test_a_service_that_says_nothing_of_what_goes_over_a_stored_agent_is_complained_of() -> None:
    with ScriptedService(Overridden("")) as service:
        call = Session("agent_1", service, changes={"system_prompt": "q"}, host=Hasty())
        with call:
            assert not call.over
    (complaint,) = [event["msg"] for event in call.events if event["type"] == "error"]
    assert complaint["kind"] == "WaitTimeout"
    assert not complaint["fatal"]


@pytest.mark.parametrize("changes", [{"greeting": "Hi."}, {"output": {"voice": "james"}}])
def test_what_cannot_go_over_a_stored_agent_is_refused_at_once(changes: dict[str, Any]) -> None:
    with pytest.raises(ImmutableField):
        Session("agent_1", changes=changes)


STRANGE = [
    {"tools": []},
    {"tools": [{"type": "function", "function": {"name": "look", "parameters": {}}}]},
    {"tools": [{"name": "look", "timeout_seconds": "q"}]},
    {"tools": 5, "input": "x", "output": []},
    {
        "tools": "look",
        "input": {"turn_detection": 5, "format": "pcm"},
        "output": {"format": {"encoding": [7]}},
    },
]


@pytest.mark.parametrize("config", STRANGE, ids=["none", "nested", "no number", "no list", "nonsense"])
def test_a_tool_is_answered_whatever_the_service_echoes(config: dict[str, Any]) -> None:
    results: list[dict[str, Any]] = []
    lido = agent()

    @lido.tool
    def look() -> str:
        """Look."""
        return "seen"

    with ScriptedService(calls("look", {}, results, **config)) as service, session(service, lido) as call:
        call.wait_until_answered(timeout=5)
    assert call.failure is None
    assert [result["result"] for result in results] == ['"seen"']


def test_what_a_tool_prints_is_not_printed_here(capsys: pytest.CaptureFixture[str]) -> None:
    lido = agent()

    @lido.tool
    def look() -> str:
        """Look."""
        print("not for the notebook")
        return ""

    with ScriptedService(calls("look", {}, [])) as service, session(service, lido) as call:
        call.wait_until_answered(timeout=5)
    assert "not for the notebook" not in capsys.readouterr().out


def test_a_tool_that_fails_tells_the_model() -> None:
    results: list[dict[str, Any]] = []
    lido = agent()

    @lido.tool
    def look(people: int) -> str:
        """Look."""
        raise LookupError("no table for so many")

    with ScriptedService(calls("look", {"people": 40}, results)) as service, session(service, lido) as call:
        call.wait_for("tool.result", timeout=5)
    assert results == [
        {
            "type": "tool.result",
            "call_id": "c1",
            "result": "look failed: no table for so many",
            "is_error": True,
        }
    ]


def test_a_tool_that_nobody_offered_is_not_answered() -> None:
    async def informs(peer: Peer) -> None:
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="theirs", arguments={})
        await peer.reply("r1", "Done.", MOMENT)
        await peer.goodbye()

    with ScriptedService(informs) as service, session(service) as call:
        call.wait_for("reply.done", timeout=5)
    assert "tool.result" not in service.types


@pytest.mark.parametrize("host", [None, HelperHost], ids=["thread", "helper"])
def test_half_a_character_harms_no_session(host: Callable[[], Host] | None, tmp_path: Path) -> None:
    def look() -> str:
        """Look for the café."""
        return "caf\udce9"

    results: list[dict[str, Any]] = []
    held = host() if host else None
    with ScriptedService(calls("look", {}, results)) as service:
        with session(service, agent(tools=[look]), host=held, recording=tmp_path / "call") as call:
            assert call.wait_for("tool.result", timeout=10).result == '"caf?"'
            for change in (lambda: call.update(system_prompt="caf\udce9"), lambda: call.reply("caf\udce9")):
                with pytest.raises(InvalidConfiguration, match="cannot be sent: "):
                    change()
        assert call.failure is None
    numbers = [event["n"] for event in vn.load(tmp_path / "call").events]
    assert numbers == list(range(len(numbers)))
    with pytest.raises(InvalidConfiguration, match="cannot be sent: "):
        session(service, agent(greeting="caf\udce9"), host=held, recording=tmp_path / "other").start()
    assert not (tmp_path / "other").exists()


def test_a_session_that_has_ended_is_not_entered() -> None:
    async def refuses(peer: Peer) -> None:
        await peer.ready()
        await peer.say("session.error", code="UNAUTHORIZED", message="Authentication failed")
        await peer.close(1008, "")

    with ScriptedService() as service:
        call = session(service).start()
        with call as entered:
            assert entered is call
        with pytest.raises(SessionNotOpen, match="has ended"), call:
            pytest.fail("the body ran")
    with ScriptedService(refuses) as service:
        call = session(service).start()
        with pytest.raises(Unauthorized):
            call.wait_for("reply.done", timeout=5)
        with pytest.raises(Unauthorized), call:
            pytest.fail("the body ran")


def test_adaptive_turn_detection_is_left_as_it_is() -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        for _ in range(2):
            update = await peer.expect("session.update")
            await peer.say("session.updated", config=update["session"])
        await peer.goodbye()

    with ScriptedService(script) as service, session(service) as call:
        told = call.update(turn_detection=None)
        assert repr(told) == "turn detection: adaptive, the service's default (confirmed by the service)"
        both = call.update(turn_detection=None, keyterms=["Lido"])
        assert both.settings == {"keyterms": ["Lido"], "turn_detection": None}
        with pytest.raises(InvalidConfiguration, match="does not come back"):
            call.update({"input": {"turn_detection": {"min_silence": 700}}}, turn_detection=None)
        call.update(turn_detection={"min_silence": 700})
        with pytest.raises(InvalidConfiguration, match="does not come back"):
            call.update(turn_detection=None)
    sent = [message["session"] for message in service.received if message["type"] == "session.update"]
    assert sent[1:] == [
        {"input": {"keyterms": ["Lido"]}},
        {"input": {"turn_detection": whole({"min_silence": 700}, None)}},
    ]


def test_turn_detection_is_one_unit_whatever_was_in_force_before() -> None:
    """What the agent would mean by it at the start it means in the call, too; the emulator keeps what is left
    out."""
    impatient = vn.TurnDetection(vad_threshold=0.2, min_silence=500, max_silence=900)
    lido = agent(turn_detection=impatient, transcription_mode="min_latency")
    with vn.Emulator(brain="rules") as emulator, session(emulator, lido) as call:
        for update, whole_now in (
            (vn.TurnDetection(min_silence=600), vn.TurnDetection(min_silence=600)),
            ({"min_silence": 1000}, vn.TurnDetection(min_silence=1000)),
            (vn.TurnDetection(), vn.TurnDetection()),
        ):
            expected = whole_now.whole("min_latency").to_wire()
            assert call.update(turn_detection=update).settings == {"turn_detection": expected}
            config = emulator.sessions[-1].config
            assert config is not None
            assert config.turn_detection == expected
        told = call.update({"input": {"turn_detection": {"max_silence": 2000}}})
        assert told.settings["turn_detection"]["min_silence"] == 1000
        # The delay is the mode's for as long as nobody sets one.
        call.update(transcription_mode="balanced")
        config = emulator.sessions[-1].config
        assert config is not None
        assert config.turn_detection == vn.TurnDetection(max_silence=2000).whole().to_wire()


def test_there_is_nothing_to_leave_as_it_is_without_a_session() -> None:
    with ScriptedService() as service:
        call = session(service)
        with pytest.raises(SessionNotOpen):
            call.update(turn_detection=None)
        with call:
            pass
        with pytest.raises(SessionNotOpen):
            call.update(turn_detection=None)


def test_adaptive_turn_detection_does_not_come_back_where_the_agent_has_its_own() -> None:
    own = agent(turn_detection=vn.TurnDetection.recommended())
    with (
        ScriptedService() as service,
        session(service, own) as call,
        pytest.raises(InvalidConfiguration, match="does not come back"),
    ):
        call.update(turn_detection=None)


def test_tools_that_come_with_an_update_run() -> None:
    results: list[dict[str, Any]] = []

    async def script(peer: Peer) -> None:
        await peer.ready()
        update = await peer.expect("session.update")
        await peer.say("session.updated", config=update["session"])
        await peer.say("tool.call", call_id="c1", name="later", arguments={})
        results.append(await peer.expect("tool.result"))
        await peer.goodbye()

    def later() -> int:
        """Later."""
        return 7

    with ScriptedService(script) as service, session(service) as call:
        call.update(tools=[later])
        call.wait_for("tool.result", timeout=5)
    assert results[0]["result"] == "7"


class Watched(ThreadHost):
    """Holds on a thread, waits half a second for an update's answer, and counts the updates asked for."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)

    def hold(self, plan: Plan, publish: Publish) -> ThreadCall:
        asked = self.asked

        class Call(ThreadCall):
            def request(self, command: Mapping[str, Any]) -> Future[None]:
                answer = super().request(command)
                if command["do"] == "update":
                    asked.release()
                return answer

        return Call(session_thread(), dataclasses.replace(plan, limits=QUICK), publish)


def test_tools_of_an_update_without_an_answer_stay_for_it_may_still_take_effect() -> None:
    given_up = threading.Event()
    results: list[dict[str, Any]] = []

    async def script(peer: Peer) -> None:
        await peer.ready()
        update = await peer.expect("session.update")
        await asyncio.to_thread(given_up.wait, 5)
        await peer.say("session.updated", config=update["session"])
        await peer.say("tool.call", call_id="c1", name="later", arguments={})
        results.append(await peer.expect("tool.result"))
        await peer.goodbye()

    def later() -> int:
        """Later."""
        return 7

    with ScriptedService(script) as service, session(service, host=Watched()) as call:
        with pytest.raises(WaitTimeout, match=r"did not answer session\.update"):
            call.update(tools=[later])
        given_up.set()
        call.wait_for("tool.result", timeout=5)
    assert results[0]["result"] == "7"


def test_an_update_that_is_refused_takes_back_its_own_tools_only() -> None:
    both = threading.Event()
    results: list[str] = []
    host = Watched()

    async def script(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.update")
        await asyncio.to_thread(both.wait, 5)
        await peer.say("session.error", code="invalid_value", message="No.")
        update = await peer.expect("session.update")
        await peer.say("session.updated", config=update["session"])
        for name in ("look", "first", "second"):
            await peer.say("tool.call", call_id=name, name=name, arguments={})
            results.append((await peer.expect("tool.result"))["result"])
        await peer.goodbye()

    def tool(name: str, result: int) -> Tool:
        return Tool(name=name, description="Look.", function=lambda: result)

    # Offered again without a function: what runs is what is behind the name by then.
    known = [{"type": "function", "name": name, "description": "Look."} for name in ("look", "first")]
    refused: list[str] = []

    def first(call: Session) -> None:
        try:
            call.update(tools=[tool("look", 1), tool("first", 1)])
        except vn.ServiceError as error:
            refused.append(error.code)

    with (
        ScriptedService(script) as service,
        session(service, agent(tools=[tool("look", 0)]), host=host) as call,
        ThreadPoolExecutor() as threads,
    ):
        one = threads.submit(first, call)
        assert host.asked.acquire(timeout=5)
        other = threads.submit(call.update, tools=[*known, tool("second", 2)])
        assert host.asked.acquire(timeout=5)
        both.set()
        one.result(5)
        other.result(5)
        for _ in range(3):
            call.wait_for("tool.result", timeout=5)
    assert refused == ["invalid_value"]
    assert (results[0], results[2]) == ("0", "2")
    assert "no function" in results[1]


def test_observers_see_events_and_may_fail() -> None:
    seen: list[str] = []
    both = threading.Barrier(2, timeout=5)

    def notes(event: dict[str, Any]) -> None:
        seen.append(event["type"])

    async def fails(event: dict[str, Any]) -> None:
        both.wait()
        raise RuntimeError("not today")

    with ScriptedService(answers_once) as service:
        call = session(service)
        stop = call.observe(notes)
        call.observe(fails, types=["transcript.user"])
        with call:
            both.wait()
            record = call.wait_for("log", timeout=5)["msg"]
            assert record["text"].endswith("failed: RuntimeError: not today")
            stop()
            call.wait_until_answered(timeout=5)
    assert "transcript.user" in seen
    assert "session.ended" not in seen


def test_a_type_that_does_not_exist_is_refused_at_once() -> None:
    with ScriptedService(answers_once) as service, session(service) as call:
        with pytest.raises(
            InvalidConfiguration, match=r"'transcript\.users'\. Did you mean 'transcript\.user'"
        ):
            call.wait_for("transcript.users", timeout=30)
        with pytest.raises(InvalidConfiguration, match=r"Did you mean 'tool\.call'"):
            call.observe(print, types=["tool.cal"])
        call.observe(print, types="tool.call")()
        with pytest.raises(InvalidConfiguration, match="An observer is a function, not 5"):
            call.observe(5)  # type: ignore[arg-type]


def test_muted_is_yes_or_no() -> None:
    with ScriptedService() as service, session(service) as call:
        with pytest.raises(InvalidConfiguration, match="mute takes True or False, not 'yes'"):
            call.mute("yes")  # type: ignore[arg-type]
        call.mute()
        assert call.wait_for("muted", timeout=5)["msg"] == {"muted": True}


def test_a_type_that_is_newer_than_this_version_can_be_waited_for() -> None:
    async def newer(peer: Peer) -> None:
        await peer.ready()
        await peer.say("reply.error", code="capacity")
        await peer.goodbye()

    with ScriptedService(newer) as service, session(service) as call:
        assert call.wait_for("reply.error", timeout=5, known=False).fields["code"] == "capacity"


def test_messages_in_a_loop() -> None:
    with ScriptedService(answers_once) as service:
        with session(service) as call:
            for message in call.messages():
                if isinstance(message, m.ReplyDone):
                    break
        kinds = [message.type for message in call.messages()]
    assert kinds[0] == "session.ready"
    assert kinds[-1] == "session.ended"
    assert "reply.audio" not in kinds


def test_messages_in_an_event_loop() -> None:
    async def listen(call: Session) -> list[str]:
        ending: asyncio.Task[None] | None = None
        kinds = []
        async for message in call.messages():
            kinds.append(message.type)
            if message.type == "reply.done":
                ending = asyncio.create_task(asyncio.to_thread(call.end))
        assert ending is not None
        await ending
        return kinds

    with ScriptedService(answers_once) as service:
        kinds = asyncio.run(listen(session(service).start()))
    assert kinds[-1] == "session.ended"


def test_waiting_for_an_answer_means_to_what_the_microphone_says() -> None:
    async def greets_first(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r0", "Hello.", MOMENT)
        for _ in range(40):  # the caller speaks for 0.8 s
            await peer.expect("input.audio")
        await peer.say("transcript.user", item_id="u1", text="Hello?")
        await peer.reply("r1", "Yes?", MOMENT)
        await peer.goodbye()

    speech = Spoken(bytes(2 * 19_200), "speech")
    with ScriptedService(greets_first) as service, session(service, microphone=speech) as call:
        call.wait_until_answered(timeout=5)
        assert call.lines[-1].text == "Yes?"
        assert call.lines[-1].heard == "Yes?"


def test_a_microphone_that_hangs_up_ends_the_session() -> None:
    class OneFrame:
        label = "one frame"

        async def frames(self, room: object) -> Any:
            yield bytes(960)

    with ScriptedService() as service:
        call = session(service, microphone=OneFrame()).start()
        call.wait_for("session.ended", timeout=5)
        service.closed.result(5)
    assert service.types == ["session.update", "input.audio", "session.end"]
    call.end()


def test_a_microphone_that_fails_ends_the_session() -> None:
    class Broken:
        label = "broken"

        async def frames(self, room: object) -> Any:
            yield bytes(960)
            raise vn.AudioError("The cable is out.")

    with ScriptedService() as service:
        call = session(service, microphone=Broken()).start()
        with pytest.raises(vn.AudioError, match="cable"):
            call.wait_for("transcript.user", timeout=5)
        call.end()
    assert service.types[-1] == "session.end"
    assert call.recording is not None
    assert call.recording.finished


def test_two_sessions_at_once() -> None:
    with ScriptedService(answers_once) as service, session(service) as one, session(service) as other:
        for call in (one, other):
            call.wait_until_answered(timeout=5)
            assert call.lines[-1].text == "For when?"


def test_send_audio_wants_whole_samples() -> None:
    with ScriptedService() as service, session(service) as call, pytest.raises(vn.AudioError):
        call.send_audio(b"123")


@pytest.mark.parametrize("pcm", [np.zeros((3, 5)), np.zeros(4, np.int16), "hello", None])
def test_send_audio_wants_bytes(pcm: Any) -> None:
    with ScriptedService() as service, session(service) as call, pytest.raises(AudioError) as refused:
        call.send_audio(pcm)
    assert "bytes" in refused.value.message
    assert ("tobytes()" in refused.value.remedy) == isinstance(pcm, np.ndarray)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_send_audio_takes_bytes_of_any_kind(kind: Callable[[bytes], Any]) -> None:
    with ScriptedService() as service, session(service) as call:
        call.send_audio(kind(MOMENT))


@pytest.mark.parametrize("timeout", [None, "5", float("nan")])
@pytest.mark.parametrize("wait", [["wait_for", "tool.call"], ["wait_until_answered"]])
def test_waiting_takes_a_number_of_seconds(timeout: Any, wait: list[str]) -> None:
    with ScriptedService() as service, session(service) as call:
        name, *arguments = wait
        with pytest.raises(InvalidConfiguration, match="timeout must be a number of seconds"):
            getattr(call, name)(*arguments, timeout=timeout)


def test_one_may_wait_without_end() -> None:
    with ScriptedService() as service, session(service) as call:
        assert call.wait_for("session.ready", timeout=float("inf")).session_id == "sess_1"


@pytest.mark.parametrize("host", [ThreadHost, HelperHost])
def test_instructions_for_a_reply_are_text(host: Callable[[], Host]) -> None:
    with (
        ScriptedService() as service,
        session(service, host=host()) as call,
        pytest.raises(InvalidConfiguration, match="instructions must be text, not 5"),
    ):
        call.reply(5)  # type: ignore[arg-type]
    assert "reply.create" not in service.types


def test_messages_of_a_session_that_was_not_started_do_not_block() -> None:
    with pytest.raises(SessionNotOpen, match="has not been started"):
        Session(agent(), "ws://127.0.0.1:9").messages()


def test_what_is_said_by_hand_in_a_voice_that_nobody_knows_is_warned_of() -> None:
    with (
        ScriptedService() as service,
        session(service) as call,
        pytest.warns(UserWarning, match="knows of no voice 'ivi'"),
    ):
        call.say("Hello.", voice="ivi")


def test_a_service_in_this_process_that_does_not_listen_is_reached_in_memory() -> None:
    scripted = ScriptedService(answers_once)

    class InMemory:
        app = staticmethod(scripted.app)

        def address(self) -> vn.Address:
            return scripted.address()

    with Session(agent(), InMemory()) as call:
        call.wait_until_answered(timeout=5)
    assert scripted.types[-1] == "session.end"


def test_the_repr_says_where_and_how() -> None:
    with ScriptedService() as service, session(service) as call:
        assert repr(call) == "<Session with 'Lido': listening, address>"


EXIT = """
import sys
import voicenb as vn
session = vn.Session(vn.Agent(name="Lido"), sys.argv[1], recording=sys.argv[2]).start()
{ending}
"""


@pytest.mark.parametrize("ending", ["", "sys.exit(3)", "raise RuntimeError"])
def test_the_end_of_the_interpreter_ends_the_session(tmp_path: Path, ending: str) -> None:
    with ScriptedService() as service:
        address = service.address().url
        command = [sys.executable, "-c", EXIT.format(ending=ending), address, str(tmp_path / "call")]
        subprocess.run(command, capture_output=True, timeout=30, check=False)
        service.closed.result(5)
    assert service.types[-1] == "session.end"
    assert vn.load(tmp_path / "call").finished


def test_a_busy_main_thread_does_not_keep_a_tool_from_answering() -> None:
    results: list[dict[str, Any]] = []
    lido = agent()
    lido.tool(look_up())
    with ScriptedService(calls("look", {}, results)) as service, session(service, lido):
        while not results:
            sum(range(1000))
    assert results[0]["result"] == '"done"'


def look_up() -> Callable[[], str]:
    def look() -> str:
        """Look."""
        return "done"

    return look
