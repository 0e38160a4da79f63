"""How the helper receives a page, with the test as the other end of the page's connection."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from captured_frame import write_captured
from websockets.exceptions import ConnectionClosedOK

from voicenb.session import helper
from voicenb.session.helper import Helper
from voicenb.session.helper_call import HelperCall
from voicenb.session.page import Page
from voicenb.session.speaker import Heard, Unheard
from voicenb.testing.virtual_clock import run_virtually

ORIGIN = "http://localhost:8888"


class Connection:
    """A page's connection; it does not answer when it is closed, for as long as ``stays`` is set."""

    def __init__(self) -> None:
        self.request = SimpleNamespace(headers={"Origin": ORIGIN}, path="/page")
        self.transport = None
        self.sent: list[dict[str, Any] | bytes] = []
        self.code: int | None = None
        self.stays = False
        self._said: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    # what the helper uses

    async def recv(self) -> str | bytes:
        said = await self._said.get()
        if said is None:
            raise ConnectionClosedOK(None, None)
        return said

    def __aiter__(self) -> Connection:
        return self

    async def __anext__(self) -> str | bytes:
        try:
            return await self.recv()
        except ConnectionClosedOK:
            raise StopAsyncIteration from None

    async def send(self, message: str | bytes) -> None:
        self.sent.append(message if isinstance(message, bytes) else json.loads(message))

    async def close(self, code: int = 1000, reason: str = "") -> None:
        self.code = code if self.code is None else self.code
        if not self.stays:
            self.says(None)

    # what the test uses

    def says(self, message: dict[str, Any] | bytes | None) -> None:
        self._said.put_nowait(json.dumps(message) if isinstance(message, dict) else message)


class Reception:
    """A helper with a call that has a page, and what the page tells the engine."""

    def __init__(self) -> None:
        self.muted: list[bool] = []
        self.counts: list[dict[str, int]] = []
        self.helper = Helper("secret")
        self.page = Page(self.muted.append, self.counts.append)
        self.call = cast(HelperCall, SimpleNamespace(page=self.page))

    async def comes(self, connection: Connection) -> asyncio.Task[None]:
        """Let a page in."""
        ticket = self.helper._issue(self.call, ORIGIN)
        connection.says({"type": "hello", "secret": ticket["secret"], "nonce": ticket["nonce"]})
        task = asyncio.create_task(self.helper._page(connection))
        await asyncio.sleep(0.01)
        assert connection.sent[0] == {"type": "welcome", "nonce": ticket["proof"]}
        return task


def test_what_still_comes_of_a_page_that_was_taken_over_changes_nothing() -> None:
    async def main() -> Reception:
        reception = Reception()
        page = reception.page
        frames = page.microphone.frames(cast(Any, None))
        first, second = Connection(), Connection()
        first.stays = True
        staying = await reception.comes(first)
        notes: list[Heard | Unheard] = []
        page.speaker.open(notes.append)
        page.speaker.play("r1", bytes(9600))
        came = await reception.comes(second)
        second.says(write_captured(0, 0.0, b"\x02\x02" * 480))
        for late in (
            write_captured(700, 0.0, b"\x01\x01" * 480),
            {"type": "mute", "muted": True},
            {"type": "stats", "late": 0, "lost": 9, "gaps": 0},
            {"type": "echo", "id": 1, "at": 1e9},
            {"type": "heard", "reply": 1, "from": 0, "to": 4800, "at": 0.0},
        ):
            first.says(late)
        second.says(write_captured(1, 0.0, b"\x02\x02" * 480))
        await asyncio.sleep(0.1)
        assert [await anext(frames) for _ in range(2)] == [b"\x02\x02" * 480] * 2
        assert page.microphone.count.lost == 0
        assert page.microphone.clocks(0.0) == {"page": [], "caller": []}
        assert "echo" not in [message["type"] for message in second.sent if isinstance(message, dict)]
        assert [type(note) for note in notes] == [Unheard]  # told when the page was taken over
        second.says({"type": "mute", "muted": True})
        await asyncio.sleep(0.01)
        assert first.code == 4000
        assert not staying.done()
        first.says(None)
        second.says(None)
        await asyncio.gather(staying, came)
        assert page.way == ""
        await page.close()
        return reception

    reception = run_virtually(main)
    assert reception.muted == [False, False, True]
    assert reception.counts == []


def test_a_connection_that_never_says_hello_is_closed_and_raises_nothing() -> None:
    async def main() -> tuple[float, int | None]:
        connection = Connection()
        await Reception().helper._page(connection)
        return asyncio.get_running_loop().time(), connection.code

    assert run_virtually(main) == (helper.HELLO, 1008)


@pytest.mark.parametrize(
    "hello",
    ["", "[" * 100_000, b"\xff", '{"secret": "\\ud800"}', '{"secret": null}', "1e999"],
    ids=lambda hello: repr(hello)[:24],
)
def test_a_connection_that_says_nonsense_is_closed_and_raises_nothing(hello: str | bytes) -> None:
    async def main() -> int | None:
        reception, connection = Reception(), Connection()
        reception.helper._issue(reception.call, ORIGIN)
        connection._said.put_nowait(hello)
        await reception.helper._page(connection)
        return connection.code

    assert run_virtually(main) == 1008


def test_nonsense_of_a_page_that_was_let_in_is_passed_over() -> None:
    async def main() -> Reception:
        reception, connection = Reception(), Connection()
        task = await reception.comes(connection)
        connection._said.put_nowait("[" * 100_000)
        connection.says({"type": "mute", "muted": True})
        connection.says(None)
        await task
        await reception.page.close()
        return reception

    assert run_virtually(main).muted == [False, True]
