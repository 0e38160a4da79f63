"""The relay inside the helper, between a kernel and a service that both go away in every way."""

from __future__ import annotations

import asyncio
import dataclasses
import http
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from relay import Relay as Network
from scripted_service import Gone, Peer, Script, ScriptedService, polite
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as dial

from voicenb.errors import ServiceUnreachable, Unauthorized
from voicenb.service.address import Address
from voicenb.session import pulse
from voicenb.session.failure import from_wire
from voicenb.session.loop_thread import LoopThread
from voicenb.session.relay import Relay, Relays, kind_of
from voicenb.session.transport import DOUBT, SILENT, SURE

LIMIT = 2.0
UPDATE = '{"type": "session.update", "session": {}}'
END = '{"type":"session.end"}'


class RelayHere:
    """Relays in this process."""

    def __init__(self) -> None:
        self.thread = LoopThread("relay")
        self._kernels = ExitStack()
        self.thread.submit(self._listen()).result(5)

    async def _listen(self) -> None:
        from websockets.asyncio.server import serve

        self.relays = Relays()
        self._server = await serve(
            self._hold, "127.0.0.1", 0, compression=None, ping_interval=None, close_timeout=1
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def _hold(self, kernel: Any) -> None:
        with suppress(ConnectionClosed):
            await self.relays.hold(kernel)

    def connect(self, address: Address) -> tuple[ClientConnection, Any]:
        """A kernel's connection, and the answer to its order."""
        dialling = dial(
            f"ws://127.0.0.1:{self._port}/relay",
            compression=None,
            ping_interval=None,
            max_size=None,
            proxy=None,
        )
        kernel = self._kernels.enter_context(dialling)
        kernel.send(json.dumps({"reach": dataclasses.asdict(address)}))
        return kernel, json.loads(kernel.recv(5))

    def open(self, service: ScriptedService) -> ClientConnection:
        kernel, answer = self.connect(service.address())
        assert answer == {"open": True}
        return kernel

    def close(self) -> None:
        async def stop() -> None:
            self._server.close()
            await asyncio.wait_for(self._server.wait_closed(), 5)

        self._kernels.close()
        self.thread.submit(stop()).result(10)
        self.thread.stop()


@pytest.fixture
def here() -> Iterator[RelayHere]:
    relay = RelayHere()
    yield relay
    relay.close()


def kill(kernel: ClientConnection) -> None:
    """End it as a process that is killed ends its connections: without a word."""
    kernel.socket.shutdown(socket.SHUT_RDWR)
    kernel.close()


def after(*frames: str | bytes, code: int = 1000, reason: str = "") -> Script:
    """A service that takes one frame, says those, and closes so."""

    async def script(peer: Peer) -> None:
        await peer.get()
        for frame in frames:
            await peer._send(frame)  # type: ignore[arg-type]
        await peer.close(code, reason)

    return script


def test_frames_pass_as_they_are(here: RelayHere) -> None:
    frames: list[str | bytes] = [
        '{ "type" : "some.thing", "text": "caf\u00e9 \u2603" }',
        "no json",
        b"\x00\xff",
        "x" * 300_000,
    ]
    with ScriptedService(after(*frames)) as service:
        kernel = here.open(service)
        kernel.send('{"type": "session.update", "session": {"greeting": "\u00e7a va?"}}')
        assert [kernel.recv(5) for _ in frames] == frames
        service.closed.result(5)
    assert service.received == [{"type": "session.update", "session": {"greeting": "\u00e7a va?"}}]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1000, ""),
        (1000, "done"),
        (1001, ""),
        (1008, "over your limit"),
        (1011, "caf\u00e9"),
        (4001, ""),
        (1006, ""),
    ],
)
def test_a_close_is_handed_on_behind_what_was_said(here: RelayHere, code: int, reason: str) -> None:
    words = [f'{{"type": "word", "n": {n}, "pad": "{"x" * 20_000}"}}' for n in range(50)]
    with ScriptedService(after(*words, code=code, reason=reason)) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        service.closed.result(5)
        assert [kernel.recv(5) for _ in words] == words
        with pytest.raises(ConnectionClosed) as closed:
            kernel.recv(5)
    assert (
        (closed.value.rcvd.code, closed.value.rcvd.reason) == (code, reason)
        if code != 1006
        else (closed.value.rcvd is None)
    )


def test_a_service_that_gives_no_sign_of_life_is_told_with_how_long(
    here: RelayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "TICK", 0.1)
    with ScriptedService(polite) as service, Network(service._port) as network:
        address = dataclasses.replace(service.address(), url=f"ws://127.0.0.1:{network.port}/v1/ws")
        kernel, _ = here.connect(address)
        kernel.send(UPDATE)
        assert "session.ready" in str(kernel.recv(5))
        network.lose()
        assert kernel.recv(10) == DOUBT, "what is said from now on is better kept"
        with pytest.raises(ConnectionClosed) as closed:
            kernel.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == SILENT
    assert 0.1 * (pulse.DEAD - 1) <= float(closed.value.rcvd.reason) < 5


def test_a_service_that_gives_signs_of_life_again_is_sure_again(
    here: RelayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "TICK", 0.1)
    monkeypatch.setattr(pulse, "DEAD", 100)
    with ScriptedService(polite) as service, Network(service._port) as network:
        address = dataclasses.replace(service.address(), url=f"ws://127.0.0.1:{network.port}/v1/ws")
        kernel, _ = here.connect(address)
        kernel.send(UPDATE)
        assert "session.ready" in str(kernel.recv(5))
        network.stall()
        assert kernel.recv(10) == DOUBT
        network.stall(False)
        assert kernel.recv(10) == SURE
        kernel.send(END)
        assert "session.ended" in str(kernel.recv(5))


def test_a_close_without_a_code_stays_one(here: RelayHere) -> None:
    async def hangs_up(peer: Peer) -> None:
        await peer.get()
        await peer.close(None, "")  # type: ignore[arg-type]

    with ScriptedService(hangs_up) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        with pytest.raises(ConnectionClosed) as closed:
            kernel.recv(5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1005


@pytest.mark.parametrize("code", [1008, 1006])
def test_a_kernel_that_is_busy_hears_it_when_it_has_time(here: RelayHere, code: int) -> None:
    word = f'{{"type": "word", "pad": "{"x" * 1_000_000}"}}'  # more than sockets hold for somebody
    with ScriptedService(after(*[word] * 30, code=code)) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        threading.Event().wait(2.5)  # the cell: longer than a closing handshake is waited for elsewhere
        assert [kernel.recv(5) == word for _ in range(30)] == [True] * 30
        with pytest.raises(ConnectionClosed) as closed:
            kernel.recv(5)
    assert (closed.value.rcvd.code if closed.value.rcvd else 1006) == code


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Unauthorized), (403, Unauthorized), (502, ServiceUnreachable)]
)
def test_a_refused_handshake_is_told_as_it_is(here: RelayHere, status: int, kind: type[Exception]) -> None:
    from websockets.sync.server import serve

    def refuse(connection: Any, request: Any) -> Any:
        return connection.respond(http.HTTPStatus(status), "no")

    with serve(lambda connection: None, "127.0.0.1", 0, process_request=refuse) as server:
        threading.Thread(target=server.serve_forever).start()
        port = server.socket.getsockname()[1]
        kernel, answer = here.connect(Address(f"ws://127.0.0.1:{port}/v1/ws", key="a-secret-key"))
        server.shutdown()
    error = from_wire(answer["failed"])
    assert type(error) is kind
    assert error.facts["status"] == status
    assert error.remedy
    assert "a-secret-key" not in json.dumps(answer)
    with pytest.raises(ConnectionClosed):
        kernel.recv(5)


def test_nobody_there(here: RelayHere) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kernel, answer = here.connect(Address(f"ws://127.0.0.1:{port}/v1/ws"))
    kernel.close()
    assert isinstance(from_wire(answer["failed"]), ServiceUnreachable)
    assert str(port) in answer["failed"]["message"]


def test_a_killed_kernel_ends_the_session(here: RelayHere) -> None:
    async def polite(peer: Peer) -> None:
        await peer.ready()
        await peer.goodbye()

    with ScriptedService(polite) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        assert json.loads(kernel.recv(5))["type"] == "session.ready"
        kernel.send('{"type": "input.audio", "audio": ""}')
        kill(kernel)
        service.closed.result(LIMIT)
    assert service.types == ["session.update", "input.audio", "session.end"]


class Dying:
    """A kernel that orders, begins a session, and is gone."""

    def __init__(self) -> None:
        self.frames = [UPDATE]

    async def recv(self) -> str:
        return json.dumps({"reach": {"url": "ws://nowhere", "key": "k", "kind": "hosted"}})

    async def send(self, frame: str) -> None: ...

    def __aiter__(self) -> Dying:
        return self

    async def __anext__(self) -> str:
        if self.frames:
            return self.frames.pop()
        raise StopAsyncIteration


class Line:
    """A transport that keeps what is sent, and says goodbye when it is asked to."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.closed = False
        self._asked = asyncio.Event()

    async def send(self, text: str) -> None:
        self.sent.append(json.loads(text)["type"])
        if self.sent[-1] == "session.end":
            self._asked.set()

    async def receive(self) -> str:
        await self._asked.wait()
        return '{"type": "session.ended"}'

    async def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("steps", range(12))
def test_a_helper_that_is_told_to_end_while_a_kernel_dies(
    monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    line = Line()

    async def reach(address: Address) -> Line:
        return line

    monkeypatch.setattr("voicenb.session.relay.web.connect", reach)

    async def main() -> None:
        relays = Relays()
        holding = asyncio.create_task(relays.hold(Dying()))
        for _ in range(steps):
            await asyncio.sleep(0)
        await relays.end(2)
        await asyncio.wait({holding}, timeout=2)

    asyncio.run(main())
    assert line.sent in (["session.update", "session.end"], []), "begun, it is ended"
    assert line.closed or not line.sent


def test_what_a_kernel_said_before_it_was_killed_goes_first(here: RelayHere) -> None:
    with ScriptedService(everything_until_gone) as service:
        kernel = here.open(service)
        for n in range(300):
            kernel.send(f'{{"type": "input.audio", "audio": "", "n": {n}}}')
        kill(kernel)
        service.closed.result(5)
    assert [message.get("n") for message in service.received[:-1]] == list(range(300))
    assert service.types[-1] == "session.end"


async def everything_until_gone(peer: Peer) -> None:
    while True:
        await peer.get()


def test_a_session_is_ended_once(here: RelayHere) -> None:
    with ScriptedService(everything_until_gone) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        kernel.send(END)
        kill(kernel)
        service.closed.result(LIMIT)
    assert [message["type"] for message in service.received] == ["session.update", "session.end"]


def test_a_session_that_never_began_is_not_ended(here: RelayHere) -> None:
    with ScriptedService(everything_until_gone) as service:
        kill(here.open(service))
        service.closed.result(LIMIT)
    assert service.received == []


def test_a_service_that_does_not_answer_the_end_is_left(here: RelayHere) -> None:
    with ScriptedService(everything_until_gone) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        kill(kernel)
        service.closed.result(LIMIT)
    assert service.types == ["session.update", "session.end"]


def test_a_kernel_that_reads_nothing_holds_the_service_up(here: RelayHere) -> None:
    sent = 0
    full = threading.Event()

    async def floods(peer: Peer) -> None:
        nonlocal sent
        await peer.ready()

        async def flood() -> None:
            nonlocal sent
            while True:
                try:
                    async with asyncio.timeout(1):
                        await peer.say("reply.audio", data="x" * 1_000_000)
                except (TimeoutError, Gone):
                    full.set()
                    return
                sent += 1

        flooding = asyncio.create_task(flood())
        await peer.expect("session.end")
        await flooding

    with ScriptedService(floods) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        kernel.recv(5)
        assert full.wait(60)
        assert sent < 800  # and no more, however long it says so
        kill(kernel)
        service.closed.result(LIMIT)
    assert service.types == ["session.update", "session.end"]


@pytest.mark.parametrize("answers", [True, False])
def test_all_are_ended_with_the_helper(here: RelayHere, answers: bool) -> None:
    async def ends(peer: Peer) -> None:
        await peer.expect("session.update")
        await (peer.goodbye() if answers else everything_until_gone(peer))

    with ScriptedService(ends) as first, ScriptedService(ends) as second:
        kernels = [here.open(first), here.open(second)]
        for kernel in kernels:
            kernel.send(UPDATE)
        wait_until(lambda: bool(first.received and second.received))
        begin = time.monotonic()
        here.thread.submit(here.relays.end(1.0)).result(5)
        assert time.monotonic() - begin < (1.0 if answers else LIMIT)
        for service in (first, second):
            service.closed.result(LIMIT)
            assert service.types == ["session.update", "session.end"]
        for kernel in kernels:
            kernel.close()


def wait_until(holds: Any) -> None:
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)  # another thread's list says nothing when it grows


def test_the_key_is_in_no_repr_and_no_log(here: RelayHere, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    made: list[Relay] = []

    async def looks(peer: Peer) -> None:
        assert peer.headers["authorization"] == "Bearer a-secret-key"
        await peer.get()
        tasks = [task for task in asyncio.all_tasks(here.thread.loop) if task.get_name() == "voicenb-relay"]
        made.extend(task.get_coro().cr_frame.f_locals["self"] for task in tasks)  # type: ignore[union-attr]
        await peer.close(1000, "")

    with ScriptedService(looks) as service:
        kernel = here.open(service)
        kernel.send(UPDATE)
        service.closed.result(5)
        kernel.close()
    (relay,) = made
    assert "a-secret-key" not in repr(relay)
    assert "a-secret-key" not in repr(vars(relay))
    assert "a-secret-key" not in caplog.text


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (END, "session.end"),
        (b'{"text": "session.end", "type": "x"}', "x"),
        ("{}", ""),
        ('{"type": 1}', ""),
        ("[]", ""),
        ("no json", ""),
        (b"\xff", ""),
        ('"\udce9"', ""),
    ],
)
def test_the_kind_of_a_frame(frame: str | bytes, kind: str) -> None:
    assert kind_of(frame) == kind
