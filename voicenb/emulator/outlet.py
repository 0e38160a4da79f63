"""What the wire hears of the user's side, and when: at once, later, or after a hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from voicenb.emulator.wire import Wire


class Outlet:
    """Events of the user's side, kept back while something holds them.

    Args:
        wire: where they go.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._kept: list[tuple[str, dict[str, Any]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._first: Callable[[], None] | None = None
        self._since = 0  # where in `_kept` begins what a delay keeps back
        self.held = False
        self._away = False

    def say(self, kind: str, **fields: Any) -> None:
        """Emit an event, or keep it until what holds is over."""
        if self._keeps:
            self._kept.append((kind, fields))
        else:
            self._wire.emit(kind, **fields)

    def delay(self, seconds: float, first: Callable[[], None] | None = None) -> None:
        """Keep everything back for ``seconds``, then do ``first`` and let it go; 0 keeps nothing.

        What ``first`` says comes ahead of what was kept meanwhile, also when a hold keeps both back.
        """
        self.hurry()
        if seconds <= 0:
            if first is not None:
                first()
            return
        self._first, self._since = first, len(self._kept)
        self._timer = asyncio.get_running_loop().call_later(seconds, self.hurry)

    def hurry(self) -> None:
        """End a delay now."""
        if self._timer is None:
            return
        self._timer.cancel()
        self._timer = None
        first, self._first = self._first, None
        since, self._kept = self._kept[self._since :], self._kept[: self._since]
        self._flush()
        if first is not None:
            first()
        self._kept += since
        self._flush()

    def hold(self, held: bool) -> None:
        """Keep everything back while a tool in hold mode runs."""
        self.held = held
        if not held:
            self._flush()

    def leave(self, away: bool) -> None:
        """Keep everything back while the client is away; nothing of it is lost."""
        self._away = away
        if not away:
            self._flush()

    @property
    def _keeps(self) -> bool:
        return self.held or self._away or self._timer is not None

    def stop(self) -> None:
        """The session is over."""
        if self._timer is not None:
            self._timer.cancel()

    def _flush(self) -> None:
        if self._keeps:
            return
        kept, self._kept = self._kept, []
        for kind, fields in kept:
            self._wire.emit(kind, **fields)
