"""What a client heard of a service: events in their order, and when each came."""

from __future__ import annotations

from typing import Any


class Heard:
    """Events that came, for tests to look through.

    Attributes:
        events: as they came.
        times: when, one for each.
    """

    events: list[dict[str, Any]]
    times: list[float]

    @property
    def kinds(self) -> list[str]:
        """The types received, a run of the same as one."""
        kinds = [event["type"] for event in self.events]
        return [kind for n, kind in enumerate(kinds) if n == 0 or kinds[n - 1] != kind]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """All events of that type."""
        return [event for event in self.events if event["type"] == kind]

    def at(self, kind: str, n: int = 0) -> float:
        """When the n-th event of that type came."""
        return [time for time, event in zip(self.times, self.events, strict=True) if event["type"] == kind][n]
