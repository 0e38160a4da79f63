"""Sessions in the helper process, from the kernel's side."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from captured_frame import write_captured
from held import LIDO, TONE, Kernel, held
from rigs import Held, Wait, plan
from scripted_service import Peer, ScriptedService
from websockets.asyncio.server import ServerConnection, serve

import voicenb as vn
from voicenb.errors import AudioError, InvalidConfiguration, SessionNotOpen, VoicenbError
from voicenb.session import helper_host
from voicenb.session.helper_host import HelperCall, HelperHost, helper_process
from voicenb.session.helper_process import HelperProcess
from voicenb.session.loop_thread import session_thread
from voicenb.session.session import Session
from voicenb.testing.virtual_clock import run_virtually


def test_a_helper_that_is_killed_ends_its_calls_with_an_error_and_another_takes_its_place() -> None:
    import os
    import signal

    with ScriptedService() as service, held(service) as session:
        before = helper_process().pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        with pytest.raises(VoicenbError, match="helper process has gone"):
            session.wait_for("transcript.user", timeout=5)
        assert (session.over, session.state) == (True, "lost")
        with held(service) as another:
            assert another.state == "listening"
        assert helper_process().pid != before


def test_several_calls_in_one_helper() -> None:
    with ScriptedService() as service, held(service) as one, held(service) as other:
        assert one.state == other.state == "listening"


def test_a_folder_that_is_taken_is_told(tmp_path: Any) -> None:
    (tmp_path / "file").write_text("mine")
    with ScriptedService() as service, pytest.raises(vn.RecordingError, match="not empty"):
        Session(LIDO, service, host=HelperHost(), recording=tmp_path).start()


def test_the_helper_has_its_own_microphone() -> None:
    with ScriptedService() as service, pytest.raises(InvalidConfiguration, match="browser"):
        Session(LIDO, service, microphone=vn.Silence(), host=HelperHost()).start()


def test_a_tool_in_the_kernel_answers_a_call_of_the_helpers() -> None:
    results: list[dict[str, Any]] = []
    lido = vn.Agent(name="Lido")

    @lido.tool
    def look(day: str) -> str:
        """Look."""
        return f"{day}: full"

    async def calls(peer: Peer) -> None:
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="look", arguments={"day": "Friday"})
        results.append(await peer.expect("tool.result"))
        await peer.goodbye()

    with ScriptedService(calls) as service, Session(lido, service, host=HelperHost()) as session:
        session.wait_for("tool.result", timeout=5)
    assert results[0]["result"] == '"Friday: full"'


def test_to_pass_through_the_kernel_the_microphone_needs_no_other_thread_of_it() -> None:
    came = threading.Event()

    async def hears(peer: Peer) -> None:
        await peer.ready()
        while not any(base64.b64decode((await peer.expect("input.audio"))["audio"])):
            pass
        came.set()
        await peer.goodbye()

    kernel, free = Kernel(), threading.Event()
    with ScriptedService(hears) as service, held(service, kernel) as session:
        session.from_page({"type": "hello"})
        kernel.wait("open")
        session_thread().soon(free.wait, 10)  # from now on it does nothing else
        session.from_page(write_captured(0, 0.0, TONE[:1792]))
        assert came.wait(5)
        free.set()


# --- commands ---------------------------------------------------------------------


def hold(service: ScriptedService, folder: Path, process: Any = None) -> Held:
    """A call in the helper, without a page."""
    held = Held()
    arguments = plan(service, folder, {}), held.publish, lambda message: None, 20.0
    held.call = HelperCall(session_thread(), process or helper_process(), *arguments)
    return held


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        ({"do": "dance"}, InvalidConfiguration, "no command 'dance'"),
        ({"do": "send_audio", "pcm": b"odd"}, AudioError, "whole samples"),
        ({"do": "update"}, VoicenbError, "TypeError"),
        ({}, InvalidConfiguration, "no command None"),
    ],
    ids=["unknown", "refused", "a slip", "empty"],
)
def test_what_a_command_raises_comes_back_as_what_it_was(
    tmp_path: Path, command: dict[str, Any], error: type[VoicenbError], words: str
) -> None:
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call")
        held.wait(Wait("session.ready"))
        with pytest.raises(VoicenbError, match=words) as caught:
            held.call.request(command).result(5)
        assert type(caught.value) is error
        held.call.request({"do": "end"}).result(5)


def test_commands_before_the_helper_is_reached_are_done_in_order(tmp_path: Path) -> None:
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call")
        waiting = [held.call.request({"do": "log", "text": str(n)}) for n in range(20)]
        for each in waiting:
            assert each.result(10) is None
        held.call.request({"do": "end"}).result(5)
    assert [event["msg"]["text"] for event in held.events if event["type"] == "log"] == [
        str(n) for n in range(20)
    ]


def test_what_a_command_caused_is_known_when_it_is_done(tmp_path: Path) -> None:
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call")
        for n in range(10):
            held.call.request({"do": "log", "text": str(n)}).result(10)
            assert str(n) in [event["msg"].get("text") for event in held.events]
        held.call.request({"do": "end"}).result(5)


def test_audio_by_hand_arrives_to_the_sample(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def listens(peer: Peer) -> None:
        await peer.ready()
        while (message := await peer.get())["type"] == "input.audio":
            heard.append(base64.b64decode(message["audio"]))
        await peer.say("session.ended")
        await peer.close(1000, "")

    with ScriptedService(listens) as service:
        held = hold(service, tmp_path / "call")
        held.call.request({"do": "send_audio", "pcm": TONE[:4800]}).result(10)
        for _ in range(10):
            held.wait(Wait("input.audio"))
        held.call.request({"do": "end"}).result(5)
        service.closed.result(5)
    assert TONE[:4800] in b"".join(heard)


def test_after_the_end_commands_are_refused_at_once(tmp_path: Path) -> None:
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call")
        held.wait(Wait("session.ready"))
        held.call.request({"do": "end"}).result(5)
        assert held.call.done.result(5) is None
        with pytest.raises(SessionNotOpen):
            held.call.request({"do": "reply"}).result(5)
        held.call.from_page({"type": "hello"})  # is for nobody


# --- a helper that cannot be reached ------------------------------------------------


def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Dying(HelperProcess):
    """Says at first that the helper is where it is no more."""

    def __init__(self, *, for_good: bool = False) -> None:
        super().__init__()
        self.port = unused_port()
        self.asked: list[int] = []
        self._for_good = for_good

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        self.asked.append(not_at)
        if self._for_good or len(self.asked) == 1:
            return self.port, "secret"
        return super().reach(not_at=not_at)


def test_one_that_is_just_dying_is_replaced(tmp_path: Path) -> None:
    process = Dying()
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call", process)
        held.wait(Wait("session.ready"))
        held.call.request({"do": "end"}).result(5)
    assert process.asked == [0, process.port]
    process.stop()


def test_one_that_cannot_be_reached_at_all(tmp_path: Path) -> None:
    with ScriptedService() as service:
        held = hold(service, tmp_path / "call", Dying(for_good=True))
        asked = held.call.request({"do": "reply"})
        with pytest.raises(VoicenbError, match="cannot be reached"):
            held.call.done.result(10)
        assert isinstance(asked.exception(5), SessionNotOpen)
    assert held.events == []
    assert not (tmp_path / "call").exists()


class Absent(HelperProcess):
    """Does not start."""

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        raise VoicenbError("The helper process did not start.")


class Here:
    """The running loop in place of the session thread: what happens when is known to the step."""

    def submit(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, asyncio.get_running_loop())

    def soon(self, function: Callable[..., object], *args: Any) -> None:
        asyncio.get_running_loop().call_soon(function, *args)


def test_whoever_asks_in_the_moment_in_which_it_fails_is_told_so(tmp_path: Path) -> None:
    async def main() -> None:
        order = plan(ScriptedService(), tmp_path / "call", {})
        call = HelperCall(Here(), Absent(), order, print, print, 20.0)  # type: ignore[arg-type]
        asked = [call.request({"do": "reply"}) for _ in range(3)]
        for each in asked:
            with pytest.raises(SessionNotOpen):
                await asyncio.wrap_future(each)
        with pytest.raises(VoicenbError, match="did not start"):
            await asyncio.wrap_future(call.done)

    run_virtually(main)


class Elsewhere(HelperProcess):
    """A helper of the test's."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        return self.port, "secret"


def test_commands_keep_their_order_although_the_plan_takes_long_to_send(tmp_path: Path) -> None:
    got: list[dict[str, Any]] = []

    async def main() -> list[BaseException]:
        async def reads(connection: ServerConnection) -> None:
            async for message in connection:
                got.append(json.loads(message))  # noqa: PERF401 - it is looked at meanwhile

        async with serve(reads, "127.0.0.1", 0, max_size=None, compression=None) as server:
            process = Elsewhere(server.sockets[0].getsockname()[1])
            order = plan(ScriptedService(), tmp_path / "call", {"system_prompt": "x" * 20_000_000})
            call = HelperCall(Here(), process, order, print, print, 20.0)  # type: ignore[arg-type]
            asked: list[Future[Any]] = []
            async with asyncio.timeout(20):
                while len(got) <= len(asked):  # the plan is the first
                    if not got:
                        asked.append(call.request({"do": "log", "text": str(len(asked))}))
                    await asyncio.sleep(0)
        return await asyncio.gather(
            *(asyncio.wrap_future(each) for each in (call.done, *asked)), return_exceptions=True
        )

    ends = asyncio.run(main())
    assert "open" in got[0]
    assert [message["text"] for message in got[1:]] == [str(n) for n in range(len(got) - 1)]
    assert len(ends) == len(got)
    assert all(isinstance(each, VoicenbError) for each in ends)


# --- beforehand ---------------------------------------------------------------------


def warmed() -> None:
    helper_host.warm_up()
    for thread in threading.enumerate():
        if thread.name == "voicenb-helper-start":
            thread.join()


def test_it_can_be_started_before_it_is_needed() -> None:
    helper_process().stop()
    warmed()
    pid = helper_process().pid
    assert pid is not None
    warmed()
    assert helper_process().pid == pid


def test_one_that_does_not_start_beforehand_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper_host, "helper_process", Absent)
    warmed()
