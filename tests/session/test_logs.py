"""No key, no secret and nothing that was said gets into a log, whatever level it has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from fake_page import ORIGIN, FakePage
from scripted_service import Peer, ScriptedService

import voicenb as vn
from voicenb.service.address import Address
from voicenb.session import helper_host
from voicenb.session.helper import Helper
from voicenb.session.helper_host import HelperHost
from voicenb.session.helper_process import HelperProcess
from voicenb.session.host import Host
from voicenb.session.logs import wire_logger
from voicenb.session.loop_thread import LoopThread
from voicenb.session.thread_host import ThreadHost

KEY = "aai-canary-5f0c2d7b9e"
SECRET = "helper-canary-81c4e07a"
THEIRS = ("scripted-service", "fake-page")
"""Threads of the other sides: what these log is not ours."""


async def greets(peer: Peer) -> None:
    assert peer.headers["authorization"] == f"Bearer {KEY}"
    await peer.ready()
    await peer.say("transcript.user", item_id="u1", text="Swordfish.")
    await peer.reply("r1", "Swordfish?", bytes(4800))
    await peer.goodbye()


class HelperHere(HelperProcess):
    """The helper's server in this process, where its log can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = LoopThread("helper")
        listening: Future[int] = Future()
        self._serving = self.thread.submit(self._serve(listening))
        self._port = listening.result(5)

    async def _serve(self, listening: Future[int]) -> None:
        self._over = asyncio.Event()
        await Helper(SECRET).serve(listening.set_result, self._over)
        await asyncio.sleep(0.01)  # it closes behind itself

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        return self._port, SECRET

    def stop(self) -> None:
        self.thread.soon(self._over.set)
        self._serving.result(5)
        self.thread.stop()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[HelperHere]:
    process = HelperHere()
    monkeypatch.setattr(helper_host, "helper_process", lambda: process)
    yield process
    process.stop()


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log with all levels open, those of single loggers as well."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def ours(log: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(message)s")
    lines = [formatter.format(record) for record in log.records if record.threadName not in THEIRS]
    assert lines  # asyncio at least says which selector it uses
    return "\n".join(lines)


def call(service: ScriptedService, host: Host, folder: Path, *, page: FakePage | None = None) -> None:
    address = Address(service.address().url, key=KEY, kind="address")
    with vn.Session(vn.Agent(name="Lido"), address, host=host, recording=folder) as session:
        if page is not None:
            ticket = session.page_ticket(ORIGIN)
            page.open(ticket)
            page.ticket = ticket["secret"]
        session.wait_for("reply.done", timeout=5)


def test_a_call_on_the_thread(everything: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    asyncio.run(asyncio.sleep(0))
    with ScriptedService(greets) as service:
        call(service, ThreadHost(), tmp_path / "call")
    log = ours(everything)
    assert KEY not in log
    assert "Swordfish" not in log


def test_a_call_in_the_helper(here: HelperHere, everything: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    asyncio.run(asyncio.sleep(0))
    page = FakePage()
    with ScriptedService(greets) as service:
        call(service, HelperHost(), tmp_path / "call", page=page)
    page.close()
    log = ours(everything)
    assert KEY not in log
    assert SECRET not in log
    assert page.ticket not in log
    assert "Swordfish" not in log


def test_warnings_pass(caplog: pytest.LogCaptureFixture) -> None:
    wire_logger().setLevel(logging.DEBUG)  # by somebody who opens all levels
    wire_logger().info("> Authorization: Bearer")
    wire_logger().warning("something is wrong")
    wire_logger().setLevel(logging.WARNING)
    assert caplog.messages == ["something is wrong"]
