"""Keeps the maps between the engine's clock and a microphone's own in the recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from voicenb.session.microphone import Microphone

EVERY = 10.0
"""Seconds between two reports: a crash loses no more than what can be guessed from the last."""


@runtime_checkable
class Clocked(Protocol):
    """A microphone with a clock of its own: the browser's."""

    def clocks(self, began: float) -> Mapping[str, Any]:
        """The maps so far, plain values on the engine's clock.

        Args:
            began: when the engine began, in the loop's seconds.
        """
        ...


class ClockReport:
    """Reports a microphone's clock maps every ten seconds and at the end.

    Args:
        microphone: the microphone; one that runs on the engine's clock has nothing to report.
        clock: seconds since the engine began.
        began: when that was, in the loop's seconds.
        keep: takes the maps.
    """

    def __init__(
        self,
        microphone: Microphone,
        clock: Callable[[], float],
        began: float,
        keep: Callable[[Mapping[str, Any]], object],
    ) -> None:
        self._microphone = microphone if isinstance(microphone, Clocked) else None
        self._clock = clock
        self._began = began
        self._keep = keep
        self._kept_at = -EVERY

    def look(self, *, last: bool = False) -> None:
        """Report when it is time; the last look is always one."""
        if self._microphone is None:
            return
        now = self._clock()
        if last or now >= self._kept_at + EVERY:
            self._kept_at = now
            self._keep(self._microphone.clocks(self._began))
