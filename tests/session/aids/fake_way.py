"""A way to a page of which the test is the other end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from voicenb.session.page import Page
from voicenb.session.page_frames import read_reply
from voicenb.session.page_outbox import Message
from voicenb.testing.virtual_clock import run_virtually


class FakeWay:
    """Keeps what it is sent; can be clogged."""

    def __init__(self, kind: str = "direct") -> None:
        self.kind = kind
        self.sent: list[tuple[float, Message]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.closed = False
        self.taken = False

    async def send(self, message: Message) -> None:
        await self.open.wait()
        self.sent.append((asyncio.get_running_loop().time(), message))

    async def close(self, *, taken: bool = False) -> None:
        self.closed = True
        self.taken = taken

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [message for _, message in self.sent if isinstance(message, dict)]

    @property
    def sound(self) -> list[tuple[float, int, int, int]]:
        """When, reply, start, samples."""
        frames = [(at, read_reply(message)) for at, message in self.sent if isinstance(message, bytes)]
        return [(round(at, 3), frame.reply, frame.start, len(frame.pcm) // 2) for at, frame in frames]


def story(tell: Callable[[Page, FakeWay], Awaitable[None]], kind: str = "direct") -> FakeWay:
    """Let ``tell`` play with a page that is there, on a virtual clock; returns the way to it."""
    ways: list[FakeWay] = []

    async def main() -> None:
        page = Page(lambda muted: None)
        ways.append(FakeWay(kind))
        await page.attach(ways[0])
        await tell(page, ways[0])
        await page.close()

    run_virtually(main)
    return ways[0]
