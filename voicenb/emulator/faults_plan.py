"""The faults of one emulator: those to come, added and taken away while it runs, and those that happened."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from voicenb.emulator import faults_text
from voicenb.emulator.faults import Fault, Kind, Occasion
from voicenb.errors import InvalidConfiguration


class Planned:
    """A fault of an emulator, with what is left of it."""

    __slots__ = ("fault", "held", "left", "passing")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.held = False
        self.passing = fault.skip
        self.left = fault.times


class Faults:
    """What goes wrong with an emulator. May be changed from any thread while it runs.

        emulator.faults.add(vn.Fault.drop())        # now
        emulator.faults.add("capacity,times=2")     # as in a shell
        emulator.faults.clear()

    Iterated, it gives the faults that are still to come.

    Args:
        faults: those that there are at first; one alone will do.

    Attributes:
        happened: those that have happened, in order; a delay when it holds its first message back.

    Raises:
        InvalidConfiguration: what is given is no fault.
    """

    def __init__(self, faults: Iterable[Fault | str] | Fault | str = ()) -> None:
        given = [faults] if isinstance(faults, Fault | str) else list(faults)
        self.happened: list[Fault] = []
        self._planned = tuple(Planned(_fault(each)) for each in given)  # replaced whole, never changed
        self._lock = threading.Lock()
        self._watchers: dict[Callable[[], None], asyncio.AbstractEventLoop] = {}

    def add(self, fault: Fault | str) -> Fault:
        """Add one; where no message brings it about, its time begins to run now.

        Args:
            fault: the fault, or its text.

        Returns:
            The fault.

        Raises:
            InvalidConfiguration: it is none.
        """
        added = _fault(fault)
        with self._lock:
            self._planned = (*self._planned, Planned(added))
            watchers = list(self._watchers.items())
        for look, loop in watchers:
            with suppress(RuntimeError):  # the loop has closed by itself
                loop.call_soon_threadsafe(look)
        return added

    def remove(self, fault: Fault | str) -> None:
        """Take one back, as far as it has not happened; one that is not there is no error."""
        gone = _fault(fault)
        with self._lock:
            found = next((one for one in self._planned if one.fault == gone), None)
            self._planned = tuple(one for one in self._planned if one is not found)

    def clear(self) -> None:
        """Take all back; messages that a delay holds come when they were to."""
        with self._lock:
            self._planned = ()

    def __iter__(self) -> Iterator[Fault]:
        return iter([one.fault for one in self._planned])

    def __len__(self) -> int:
        return len(self._planned)

    def __repr__(self) -> str:
        return f"<Faults {', '.join(faults_text.write(fault) for fault in self) or 'none'}>"

    # --- what the emulator asks ---

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Those to come."""
        return self._planned

    def occasion(self, planned: Planned) -> bool:
        """There is an occasion for that one; whether it happens."""
        with self._lock:
            if planned not in self._planned:
                return False
            if planned.passing:
                planned.passing -= 1
                return False
            self.happened.append(planned.fault)
            if planned.left is not None:
                planned.left -= 1
                if not planned.left:
                    self._planned = tuple(one for one in self._planned if one is not planned)
            return True

    def holds(self, planned: Planned) -> None:
        """That one, a delay, holds a message back."""
        with self._lock:
            if not planned.held:
                planned.held = True
                self.happened.append(planned.fault)

    def take(self, kind: Kind, occasion: Occasion | None = None) -> Fault | None:
        """There is an occasion for that kind (of errors, this one); the fault that happens, if one does."""
        for planned in self._planned:
            fits = planned.fault.kind == kind and planned.fault.occasion == occasion
            if fits and self.occasion(planned):
                return planned.fault
        return None

    def watch(self, look: Callable[[], None]) -> None:
        """Have ``look`` called, on the loop that is running, when a fault was added."""
        with self._lock:
            self._watchers[look] = asyncio.get_running_loop()

    def unwatch(self, look: Callable[[], None]) -> None:
        """Call it no more."""
        with self._lock:
            self._watchers.pop(look, None)


def _fault(given: Any) -> Fault:
    if isinstance(given, Fault):
        return given
    if isinstance(given, str):
        return faults_text.read(given)
    raise InvalidConfiguration(
        f"{given!r} is no fault.", remedy='Give a vn.Fault, such as vn.Fault.drop(after=12), or "drop@12s".'
    )
