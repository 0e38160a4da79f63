"""A page as far as the kernel can tell, for tests in Python against the real helper."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from page_comm import PageComm
from websockets.sync.client import ClientConnection, connect

from voicenb.widgets.talk import Talk

ORIGIN = "http://localhost:8888"


class BrowserPage:
    """A page, as far as the kernel can tell."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.first = ""  # the question that it asked before the test began
        self.comm: PageComm = talk.comm
        self.send(type="attach", lab="4.6.6")

    def send(self, *buffers: bytes, **content: Any) -> None:
        """A message over the comm."""
        self.talk._handle_custom_msg(content, [memoryview(buffer) for buffer in buffers])

    def start(self, *, loopback: bool = True, rejoin: bool = False, check: bool = False) -> str:
        """Press Start, or the button of the sound check; returns the question's id."""
        ask = secrets.token_hex(4)
        self.send(type="start", ask=ask, origin=ORIGIN, loopback=loopback, rejoin=rejoin, check=check)
        return ask

    def answers(self, ask: str, kind: str) -> list[dict[str, Any]]:
        """What the kernel said of a type to that question."""
        return [message for message in self.comm.customs(kind) if message["ask"] == ask]

    def answer(self, ask: str, kind: str) -> dict[str, Any]:
        """The same, once it is there."""
        (found,) = self.comm.wait(lambda: self.answers(ask, kind))
        return found

    def ways(self, *, loopback: bool = True, check: bool = False) -> list[dict[str, Any]]:
        """Press Start; the ways that are offered."""
        ways: list[dict[str, Any]] = self.answer(self.start(loopback=loopback, check=check), "connect")[
            "ways"
        ]
        return ways

    @contextmanager
    def direct(self, *, check: bool = False) -> Iterator[ClientConnection]:
        """Press Start, take the direct way, and be let in."""
        way = self.ways(check=check)[0]
        assert way["kind"] == "direct"
        with connect(way["url"], origin=ORIGIN, compression=None, max_queue=None) as socket:  # type: ignore[arg-type]
            socket.send(json.dumps({"type": "hello", "secret": way["secret"], "nonce": way["nonce"]}))
            assert json.loads(socket.recv(5)) == {"type": "welcome", "nonce": way["proof"]}
            self.send(type="chosen", kind="direct")
            yield socket


def until(socket: ClientConnection, kind: str) -> list[Any]:
    """What comes up to a text of that type."""
    came: list[Any] = []
    while True:
        message = socket.recv(15)
        came.append(json.loads(message) if isinstance(message, str) else message)
        if isinstance(came[-1], dict) and came[-1]["type"] == kind:
            return came
