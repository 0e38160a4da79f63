"""The tabs of one Talk inside the helper: what the kernel says goes to all, what each says to the kernel."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from voicenb.errors import MalformedMessage
from voicenb.session.tab_keys import TabKeys
from voicenb.session.tab_wire import pack, unpack

SLOW = 10.0
"""Seconds that a tab may take to take a message; then it is cut off, for the others wait as well."""

OVER = 4001
"""Close code: the panel is closed in the kernel; there is nothing to come back to."""


class TabRelay:
    """One Talk's.

    Args:
        connection: the kernel's; the tabs go with it.
        publish: takes the page's files.

    Attributes:
        keys: what lets tabs in.
    """

    def __init__(self, connection: Any, publish: Callable[[Mapping[str, str]], None]) -> None:
        self.keys = TabKeys()
        self._connection = connection
        self._publish = publish
        self._tabs: set[Any] = set()

    async def run(self) -> None:
        """Pass on what the kernel says, until it is gone."""
        try:
            async for frame in self._connection:
                message, _ = unpack(frame)
                if "files" in message:
                    self._publish(message["files"])
                elif "issue" in message:
                    await self._say({"issued": message["issue"], "key": self.keys.issue()})
                else:
                    await asyncio.gather(*(self._send(tab, frame) for tab in self._tabs))
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the tabs: there is nothing to come back to."""
        await asyncio.gather(*(tab.close(OVER, "over") for tab in self._tabs))

    async def hold(self, tab: Any, its_pass: str) -> None:
        """Pass on what a tab says, until it is gone.

        Args:
            tab: its connection, let in.
            its_pass: what it keeps.
        """
        await tab.send(pack({"welcome": its_pass}))
        self._tabs.add(tab)
        try:
            await self._say({"tabs": len(self._tabs), "came": True})
            async for frame in tab:
                with contextlib.suppress(MalformedMessage):  # left out, the tab stays
                    message, _ = unpack(frame)
                    if message.keys() == {"send"}:
                        await self._connection.send(frame)
        finally:
            self._tabs.discard(tab)
            await self._say({"tabs": len(self._tabs), "came": False})

    async def _say(self, message: dict[str, Any]) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(pack(message))

    async def _send(self, tab: Any, frame: str | bytes) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            try:
                async with asyncio.timeout(SLOW):
                    await tab.send(frame)
            except TimeoutError:
                tab.transport.abort()
