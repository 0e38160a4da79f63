"""How long an engine waits for what."""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.service.address import Address


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that the engine waits.

    Attributes:
        ready: for ``session.ready`` after the first update.
        update: for the answer to a later one.
        resume: after the connection was lost, for the service to resume the session: for so long it keeps it.
        restart: after that as well, in all, for another session to begin in its place.
        goodbye: for ``session.ended`` after ``session.end``.
        longest: for the end of a session that goes on and on; None for ever.
        idle: for a word in a session in which nobody speaks; None for ever.
    """

    ready: float = 10.0
    update: float = 5.0
    goodbye: float = 2.0
    resume: float = 30.0
    restart: float = 60.0
    longest: float | None = None
    idle: float | None = None

    @classmethod
    def towards(cls, address: Address) -> Limits:
        """Those for a service.

        An emulator loads its models before its first session is ready: on a cold or busy machine for long.
        """
        return cls(ready=60.0) if address.kind == "emulator" else cls()
