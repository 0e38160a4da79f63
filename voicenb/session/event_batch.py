"""Events on their way to the kernel, as few as its picture of the session needs."""

from __future__ import annotations

from voicenb.session.events import AUDIO, Event, FirstSounds, sound_of

PATIENT = AUDIO | {"heard", "transcript.agent.delta"}
"""Types of events that may wait for others: they come often, and nobody acts on a single one."""


class EventBatch:
    """Collects events, in order; of audio only each reply's first sound and the caller's go by themselves.

    Further sounds between two other events are joined into one, with all their samples and the number and
    time of the last: the kernel counts them and keeps none, so it sees the same session. Each message costs
    the kernel a change of threads, which a busy cell makes dear.
    """

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._joined: dict[str, Event] = {}  # since the last event that was no audio
        self._firsts = FirstSounds()
        self._urgent = False

    def __bool__(self) -> bool:
        return bool(self._events)

    @property
    def urgent(self) -> bool:
        """Whether something is among them that should be told at once."""
        return self._urgent

    def add(self, event: Event) -> None:
        """The next event."""
        kind = event["type"]
        if kind not in AUDIO:
            self._joined.clear()
            self._events.append(event)
            self._urgent |= kind not in PATIENT
        elif self._firsts.has(event):
            self._events.append(event)
            self._urgent = True
        elif (joined := self._joined.get(sound_of(event))) is None:
            self._joined[sound_of(event)] = joined = dict(event)
            self._events.append(joined)
        else:
            samples = joined.get("samples", 0) + event.get("samples", 0)
            joined |= {"n": event["n"], "t": event["t"], "samples": samples}

    def take(self) -> list[Event]:
        """What has come since the last time."""
        events = sorted(self._events, key=lambda event: event["n"])
        self._events, self._joined, self._urgent = [], {}, False
        return events
