"""A call at real sockets whose helper is killed: what is on disk loads, and lacks no more than a second."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.recording.lock import is_locked

sys.path.insert(0, str(Path(__file__).parents[1] / "session" / "aids"))
from scripted_service import Peer, ScriptedService

AIDS = Path(__file__).parents[1] / "session" / "aids"
RATE = 24_000
CHUNK = 480
WORD = 250
"""Chunks to a word of the agent's."""

LOST = 1.0
"""Seconds that may be missing at the end."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


class Service:
    """Speaks and listens without a pause, and counts what it has said and heard."""

    def __init__(self) -> None:
        self.said = 0  # samples
        self.heard = 0
        self.talks = threading.Event()

    async def script(self, peer: Peer) -> None:
        await peer.ready()
        speaking = asyncio.create_task(self._speak(peer))
        try:
            while True:
                message = await peer.get()
                if message["type"] == "input.audio":
                    self.heard += len(base64.b64decode(message["audio"])) // 2
                    self.talks.set()
        finally:
            speaking.cancel()

    async def _speak(self, peer: Peer) -> None:
        await peer.say("reply.started", reply_id="r1", item_id="i1")
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(60 * RATE // CHUNK):
            pcm = np.arange(self.said, self.said + CHUNK).astype("<i2").tobytes()
            await peer.say("reply.audio", reply_id="r1", data=base64.b64encode(pcm).decode())
            self.said += CHUNK
            if number % WORD == 0:  # seldom: with each of them all that waits is written
                delta = {"reply_id": "r1", "item_id": "i1", "delta": f"word{number // WORD} "}
                await peer.say("transcript.agent.delta", **delta)
            await asyncio.sleep(began + (number + 1) * CHUNK / RATE - loop.time())


@contextmanager
def held(service: ScriptedService, folder: Path) -> Iterator[int]:
    """A call in the helper of another process; the helper's pid."""
    kernel = subprocess.Popen(
        [sys.executable, str(AIDS / "kernel.py"), service.address().url, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert kernel.stdin is not None
    assert kernel.stdout is not None
    try:
        pid = int(kernel.stdout.readline())
        assert kernel.stdout.readline() == "talking\n"
        yield pid
    finally:
        kernel.kill()
        kernel.wait()
        kernel.stdin.close()
        kernel.stdout.close()


def killed(folder: Path, after: float) -> tuple[vn.Recording, int, int]:
    """Kill the helper after so many seconds; the recording, and what the service had said and heard."""
    told = Service()
    with ScriptedService(told.script) as service:
        with held(service, folder) as pid:
            assert told.talks.wait(10)
            time.sleep(after)  # the moment is what is tested
            said, heard = told.said, told.heard
            os.kill(pid, signal.SIGKILL)
            until = time.monotonic() + 5.0
            while is_locked(folder) and time.monotonic() < until:
                time.sleep(0.01)  # the system has still to clear it away
        return vn.load(folder), said, heard


@pytest.mark.parametrize("after", [round(random.Random(seed).uniform(0.0, 2.5), 3) for seed in range(6)])
def test_it_loads_and_lacks_no_more_than_a_second(tmp_path: Path, after: float) -> None:
    call, said, heard = killed(tmp_path / "call", after)
    assert not call.finished
    assert call.ended is None
    assert "not finished: its end was not recorded" in repr(call)
    assert "not finished: its end was not recorded" in call._repr_html_()
    assert len(call.caller) >= heard - LOST * RATE
    assert len(call.agent) >= said - LOST * RATE
    # What is there is what came, from its first sample on.
    np.testing.assert_array_equal(call.agent, np.arange(len(call.agent)).astype("<i2"))
    # No event is missing before the last, and none speaks of sound that is not there.
    assert call.events.numbers.tolist() == list(range(len(call.events)))
    for track in ("caller", "agent"):
        _, _, sound = call.events.places(track)
        assert int(sound.sum(axis=1).max(initial=0)) <= len(getattr(call, track))
    assert len(call.agent) - int(call.events.places("agent")[2][-1].sum()) <= LOST * RATE
    words = call.conversation.replies["r1"].words
    assert [word.text.strip() for word in words] == [f"word{n}" for n in range(len(words))]
    assert len(words) >= (said - LOST * RATE) / CHUNK / WORD


def test_it_can_be_heard_measured_and_saved(tmp_path: Path) -> None:
    call, _, _ = killed(tmp_path / "call", 1.0)
    assert len(call.stereo()) > 0.5 * RATE
    assert [turn.role for turn in vn.turns(call)] == ["agent"]
    copy = call.save(tmp_path / "copy")
    assert not copy.finished
    np.testing.assert_array_equal(copy.stereo(), call.stereo())
    assert call[0.0:0.5].finished
