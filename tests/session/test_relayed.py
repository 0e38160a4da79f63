"""The transport through the helper: who takes it, and what it means when kernel or helper are killed."""

from __future__ import annotations

import asyncio
import dataclasses
import http
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from notebook_kernel import notebook_kernel
from scripted_service import Peer, ScriptedService
from websockets.asyncio.server import serve

import voicenb as vn
from voicenb.errors import ServiceUnreachable, Unauthorized
from voicenb.service.address import Address
from voicenb.session import helper_process as process_module
from voicenb.session import relayed
from voicenb.session.helper_host import helper_process
from voicenb.session.helper_process import HelperProcess
from voicenb.session.loop_thread import LoopThread
from voicenb.session.transport import DOUBT, SILENT, SURE, ConnectionClosed, Transport

KEY = "aai-canary-5f0c2d7b9e"
LIMIT = 2.0
LIDO = vn.Agent(name="Lido")
HOSTED = Address("wss://agents.assemblyai.com/v1/ws", kind="hosted")

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


def keyed(service: ScriptedService) -> Address:
    return dataclasses.replace(service.address(), key=KEY)


@pytest.fixture
def in_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process looks like that ipykernel runs."""
    module = SimpleNamespace(Kernel=SimpleNamespace(initialized=lambda: True))
    monkeypatch.setitem(sys.modules, "ipykernel.kernelbase", cast(ModuleType, module))


# --- who takes this way -----------------------------------------------------------------------------------


def test_a_kernel_takes_it_to_services_that_outlive_it(in_a_kernel: None) -> None:
    emulator = Address("ws://127.0.0.1:1/v1/ws", kind="emulator")
    assert relayed.wanted(HOSTED, None)
    assert relayed.wanted(Address("wss://elsewhere.example/v1/ws"), "wss://elsewhere.example/v1/ws")
    assert relayed.wanted(emulator, emulator.url)
    assert not relayed.wanted(dataclasses.replace(emulator, child=True), None)
    assert not relayed.wanted(emulator, vn.Emulator())


def test_a_process_that_only_imports_ipykernel_does_not() -> None:
    code = """
from voicenb.service.address import Address
from voicenb.session import relayed
hosted = Address("wss://agents.assemblyai.com/v1/ws", kind="hosted")
assert not relayed.wanted(hosted, None)
from ipykernel.kernelbase import Kernel
assert not relayed.wanted(hosted, None)
Kernel.instance()
assert relayed.wanted(hosted, None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_script_needs_no_helper(tmp_path: Path) -> None:
    code = """
import sys
import voicenb as vn
from voicenb.session.helper_host import helper_process
with vn.Session(vn.Agent(name="Lido"), sys.argv[1], recording=sys.argv[2]) as session:
    session.wait_for("input.audio", timeout=10)
    print(helper_process().pid)
"""
    with ScriptedService() as service:
        done = subprocess.run(
            [sys.executable, "-c", code, service.address().url, str(tmp_path / "call")],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.stdout.split() == ["None"], done.stderr
    assert service.types[-1] == "session.end"


# --- a kernel that is killed ------------------------------------------------------------------------------

SESSION = """
import voicenb as vn
call = vn.Session(vn.Agent(name="Lido"), {url!r}, recording={folder!r}).start()
call.wait_for("input.audio", timeout=10)
"""
TALK = """
import voicenb as vn
talk = vn.Talk(vn.Agent(name="Lido"), service={url!r})
talk.start(microphone=vn.Silence())
call = talk.session
call.wait_for("input.audio", timeout=10)
"""
IN_C = "call.reply('Now.'); sum(range(10**11))"  # keeps the interpreter's lock for as long as it takes


@posix
@pytest.mark.parametrize(
    ("cell", "busy"), [(SESSION, False), (TALK, False), (SESSION, True)], ids=["session", "talk", "busy"]
)
def test_a_killed_kernel_ends_its_session(tmp_path: Path, cell: str, busy: bool) -> None:
    computing = threading.Event()

    async def listens(peer: Peer) -> None:
        await peer.ready()
        while (kind := (await peer.get())["type"]) != "session.end":
            if kind == "reply.create":
                computing.set()
        await peer.say("session.ended", session_duration_seconds=1.0)
        await peer.close(1000, "")

    with ScriptedService(listens) as service, notebook_kernel() as kernel:
        kernel.run(cell.format(url=service.address().url, folder=str(tmp_path / "library" / "call")))
        if busy:
            kernel.begin(IN_C)
            assert computing.wait(10)
        kernel.kill()
        service.closed.result(LIMIT)
    assert service.types[-1] == "session.end"
    (folder,) = (tmp_path / "library").iterdir()
    recording = vn.load(folder)
    assert not recording.finished  # the recorder was the kernel's; what it had written is there
    assert "session.ready" in [event["type"] for event in recording.events]


@posix
def test_a_forked_child_of_the_kernel_holds_nothing_up(tmp_path: Path) -> None:
    fork = "import os, signal\nchild = os.fork()\nif child == 0: signal.pause()\nprint(child)"
    with ScriptedService() as service, notebook_kernel() as kernel:
        kernel.run(SESSION.format(url=service.address().url, folder=str(tmp_path / "call")))
        child = int(kernel.run(fork))
        try:
            kernel.kill()
            service.closed.result(LIMIT)
        finally:
            os.kill(child, signal.SIGKILL)
    assert service.types[-1] == "session.end"


# --- a helper that is killed, or of no use ----------------------------------------------------------------


@posix
def test_a_killed_helper_loses_the_call_and_nothing_of_it(in_a_kernel: None, tmp_path: Path) -> None:
    async def listens(peer: Peer) -> None:
        await peer.ready()
        while True:
            await peer.get()

    with ScriptedService(listens) as service:
        session = vn.Session(LIDO, keyed(service), recording=tmp_path / "call").start()
        session.wait_for("input.audio", timeout=5)
        helper = helper_process().pid
        assert helper is not None
        os.kill(helper, signal.SIGKILL)
        with pytest.raises(ServiceUnreachable, match="lost"):
            session.wait_for("reply.done", timeout=5)
        service.closed.result(5)
        session.end()
    assert session.state == "lost"
    recording = vn.load(tmp_path / "call")
    assert recording.finished
    assert recording.ended is not None
    assert recording.ended["reason"] == "lost"
    assert len(recording.caller) > 0


def test_how_long_the_service_was_silent_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    async def helper(connection: Any) -> None:
        await connection.recv()
        await connection.send('{"open": true}')
        await connection.close(SILENT, "7.125")

    async def main() -> float:
        async with serve(helper, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            monkeypatch.setattr(relayed, "helper_process", lambda: Impostor(port))
            transport = await relayed.connect(HOSTED)
            with pytest.raises(ConnectionClosed) as closed:
                await transport.receive()
            await transport.close()
            return closed.value.silent

    assert asyncio.run(main()) == 7.125


def test_what_is_doubtful_comes_through_and_is_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    async def helper(connection: Any) -> None:
        await connection.recv()
        for frame in ('{"open": true}', "one", DOUBT, "two", b"\x00three", SURE, "four"):
            await connection.send(frame)
        await connection.recv()

    async def main() -> list[tuple[str | bytes, bool]]:
        async with serve(helper, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            monkeypatch.setattr(relayed, "helper_process", lambda: Impostor(port))
            transport = await relayed.connect(HOSTED)
            assert isinstance(transport, relayed.RelayedTransport)
            found = [(await transport.receive(), transport.in_doubt) for _ in range(4)]
            await transport.close()
            return found

    assert asyncio.run(main()) == [("one", False), ("two", True), (b"\x00three", True), ("four", False)]


def goes_direct(caplog: pytest.LogCaptureFixture, folder: Path) -> str:
    """Hold a whole call and see that it takes no helper; returns what was logged."""
    with ScriptedService() as service, vn.Session(LIDO, keyed(service), recording=folder) as session:
        session.wait_for("input.audio", timeout=5)
    assert session.failure is None
    assert service.types == ["session.update", "input.audio", "session.end"]
    (record,) = [record for record in caplog.records if record.name == "voicenb.session.relayed"]
    assert record.levelno == logging.WARNING
    assert "session.end" in record.getMessage()
    assert KEY not in caplog.text
    return record.getMessage()


def test_a_helper_that_does_not_start(
    in_a_kernel: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    none = HelperProcess()
    monkeypatch.setattr(relayed, "helper_process", lambda: none)
    monkeypatch.setattr(process_module, "python", lambda *_: [sys.executable, "-c", "raise SystemExit(3)"])
    assert "exit code 3" in goes_direct(caplog, tmp_path / "call")


Handler = Callable[[Any], Awaitable[None]]


class Impostor(HelperProcess):
    """A helper that does something else."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._at = port

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        return self._at, "secret"


async def hangs(connection: Any) -> None:
    await connection.recv()
    await connection.wait_closed()


async def dies(connection: Any) -> None:
    await connection.recv()
    connection.transport.abort()


@pytest.mark.parametrize("handler", [hangs, dies])
def test_a_helper_that_does_not_answer(
    handler: Handler,
    in_a_kernel: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    thread = LoopThread("impostor")
    server = thread.submit(listen(handler)).result(5)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(relayed, "helper_process", lambda: Impostor(port))
    monkeypatch.setattr(relayed, "ANSWER_SECONDS", 0.2)
    try:
        goes_direct(caplog, tmp_path / "call")
    finally:
        thread.submit(close(server)).result(5)
        thread.stop()


async def listen(handler: Handler) -> Any:
    return await serve(handler, "127.0.0.1", 0)


async def close(server: Any) -> None:
    server.close()
    await server.wait_closed()


def test_who_no_longer_waits_leaves_no_connection() -> None:
    async def main() -> None:
        asked, left = asyncio.Event(), asyncio.Event()

        async def hears(connection: Any) -> None:
            await connection.recv()
            asked.set()
            await connection.wait_closed()
            left.set()

        async with await listen(hears) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(relayed, "helper_process", lambda: Impostor(port))
                connecting = asyncio.create_task(relayed.connect(HOSTED))
                async with asyncio.timeout(5):
                    await asked.wait()
                connecting.cancel()
                await asyncio.wait({connecting}, timeout=5)
                assert connecting.cancelled()
            async with asyncio.timeout(5):
                await left.wait()

    asyncio.run(main())


# --- what a user sees of it -------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorized), (502, ServiceUnreachable)])
def test_a_refused_handshake_is_no_reason_to_try_again(
    status: int,
    kind: type[Exception],
    in_a_kernel: None,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    attempts = 0

    def refuse(connection: Any, request: Any) -> Any:
        nonlocal attempts
        attempts += "upgrade" in request.headers.get("Connection", "").lower()
        return connection.respond(http.HTTPStatus(status), "no")

    async def listen_and_refuse() -> Any:
        return await serve(hangs, "127.0.0.1", 0, process_request=refuse)

    thread = LoopThread("refuses")
    server = thread.submit(listen_and_refuse()).result(5)
    address = Address(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/ws", key=KEY)
    try:
        with pytest.raises(kind) as refused:
            vn.Session(LIDO, address, recording=tmp_path / "call").start()
    finally:
        thread.submit(close(server)).result(5)
        thread.stop()
    assert refused.value.facts["status"] == status  # type: ignore[attr-defined]
    assert refused.value.remedy  # type: ignore[attr-defined]
    assert attempts == 1
    assert KEY not in f"{refused.value!r} {refused.value.__dict__} {ours(caplog)}"


def test_the_key_is_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)

    async def main(service: ScriptedService) -> str:
        transport: Transport = await relayed.connect(keyed(service))
        shown = f"{transport!r} {vars(transport)}"
        await transport.send('{"type": "session.update", "session": {}}')
        await transport.receive()
        await transport.close()
        return shown

    async def looks(peer: Peer) -> None:
        assert peer.headers["authorization"] == f"Bearer {KEY}"
        await peer.ready()
        await peer.get()

    with ScriptedService(looks) as service:
        assert KEY not in asyncio.run(main(service))
        service.closed.result(5)
    assert KEY not in ours(caplog)


def ours(log: pytest.LogCaptureFixture) -> str:
    """What was logged here, and not by the other side."""
    records = [record for record in log.records if record.threadName not in ("scripted-service", "refuses")]
    assert records  # asyncio at least says which selector it uses
    return "\n".join(f"{record.name} {record.getMessage()}" for record in records)
