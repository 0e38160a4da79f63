"""Where tabs come to the helper: the page over HTTP, their sockets, and those of the panels they show."""

from __future__ import annotations

import asyncio
from typing import Any

from voicenb.errors import MalformedMessage
from voicenb.session.tab_relay import TabRelay
from voicenb.session.tab_site import TabSite
from voicenb.session.tab_wire import unpack

HELLO = 5.0
"""Seconds that a tab may take to show its key."""

REFUSED = 4003
"""Close code: that key is none, or was used before."""


class TabDoor:
    """The tabs of all Talks of one kernel.

    Attributes:
        site: the page, the same for all.
    """

    def __init__(self) -> None:
        self.site = TabSite()
        self._relays: list[TabRelay] = []

    async def kernel(self, connection: Any) -> None:
        """A Talk opens tabs; returns when it no longer does."""
        relay = TabRelay(connection, self.site.put)
        self._relays.append(relay)
        try:
            await relay.run()
        finally:
            self._relays.remove(relay)

    async def close(self) -> None:
        """Close all tabs."""
        await asyncio.gather(*(relay.close() for relay in self._relays))

    async def tab(self, connection: Any) -> None:
        """A tab has come; returns when it has gone."""
        try:
            async with asyncio.timeout(HELLO):
                hello, _ = unpack(await connection.recv())
        except (TimeoutError, MalformedMessage):
            hello = {}
        key = hello.get("key")
        for relay in self._relays:
            its_pass = relay.keys.redeem(key) if isinstance(key, str) else None
            if its_pass is not None:
                await relay.hold(connection, its_pass)
                return
        await connection.close(REFUSED, "not let in")
