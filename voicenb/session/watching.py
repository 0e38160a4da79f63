"""Whoever watches a session: callbacks, and loops over its messages, in threads and in any event loop."""

from __future__ import annotations

import asyncio
import inspect
import logging
import queue
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.codec import from_record
from voicenb.protocol.messages import ServerMessage, Unknown
from voicenb.session.events import Event
from voicenb.session.failure import FAILURES, described, is_own
from voicenb.session.loop_thread import LoopThread
from voicenb.session.mirror import Mirror

_log = logging.getLogger(__name__)

Observer = Callable[[Event], object]
"""Takes an event; may be async."""

Complain = Callable[[str], object]


class Observers:
    """Hands events to callbacks on a loop of their own.

    Each gets its events in order, an async one the next when it is done with the one before.

    Args:
        thread: the loop.
        complain: takes a line about a callback that failed.
    """

    def __init__(self, thread: LoopThread, complain: Complain) -> None:
        self._thread = thread
        self._complain = complain
        self._all: dict[object, _Watcher] = {}

    def add(self, observer: Observer, types: Collection[str] | None) -> Callable[[], None]:
        """Watch from now on; returns what ends it.

        Raises:
            InvalidConfiguration: ``observer`` cannot be called.
        """
        if not callable(observer):
            raise InvalidConfiguration(f"An observer is a function, not {observer!r}.", param="callback")
        key = object()
        watcher = self._all[key] = _Watcher(observer, types, self._complain)

        def stop() -> None:
            watcher.stopped = True
            self._all.pop(key, None)

        return stop

    def tell(self, event: Event) -> None:
        """Hand an event on; returns at once. May be called from any thread."""
        for watcher in list(self._all.values()):
            if watcher.types is None or event["type"] in watcher.types:
                self._thread.soon(watcher.put, event)


class _Watcher:
    """One observer and the events that wait for it."""

    def __init__(self, observer: Observer, types: Collection[str] | None, complain: Complain) -> None:
        self.types = None if types is None else frozenset(types)
        self.stopped = False
        self._observer = observer
        self._complain = complain
        self._waiting: deque[Event] = deque()
        self._working: asyncio.Task[None] | None = None  # held, for a loop does not hold its tasks

    def put(self, event: Event) -> None:
        self._waiting.append(event)
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._work(), name="voicenb-observer")

    async def _work(self) -> None:
        try:
            while self._waiting and not self.stopped:
                await self._call(self._waiting.popleft())
        finally:
            self._working = None

    async def _call(self, event: Event) -> None:
        try:
            result = self._observer(event)
            if inspect.isawaitable(result):
                await result
        except BaseException as error:  # SystemExit would end the loop, and with it all other observers
            if not is_own(error):
                raise
            self._failed(event, error)

    def _failed(self, event: Event, error: BaseException) -> None:
        text = f"The observer {_name(self._observer)} failed: {described(error)}"
        if event["type"] == "log":  # what is complained of is an event again
            _log.warning("%s", text)
        else:
            self._complain(text)


Follower = Callable[[Event | None], object]
"""Takes each event, and None at the end."""


class Followers:
    """Hands events to callbacks at once, on the thread that they come on; each gets all, once and in order.

    Args:
        mirror: has the events so far.
        complain: takes a line about a callback that failed; it is told nothing more.
    """

    def __init__(self, mirror: Mirror, complain: Complain) -> None:
        self._mirror = mirror
        self._complain = complain
        self._told: dict[Follower, int] = {}  # number of the last event that each was given when it came

    def add(self, follower: Follower) -> Callable[[], None]:
        """Give ``follower`` the events so far, and from now on each as it comes; returns what ends it.

        What it raises at those is for whoever adds it.
        """
        with self._mirror.changed:
            for event in self._mirror.events:
                follower(event)
            if self._mirror.over:
                follower(None)
            else:
                self._told[follower] = self._mirror.events[-1]["n"] if self._mirror.events else -1
        return lambda: self._remove(follower)

    def _remove(self, follower: Follower) -> None:
        self._told.pop(follower, None)

    def tell(self, event: Event) -> None:
        """The next event, which the mirror has taken already."""
        for follower, told in list(self._told.items()):
            if event["n"] > told:
                self._call(follower, event)

    def end(self) -> None:
        """There will be no more."""
        for follower in list(self._told):
            self._call(follower, None)

    def _call(self, follower: Follower, event: Event | None) -> None:
        """Call one. Nothing gets past: behind it are the engine, a call that is billed and its recording."""
        try:
            follower(event)
        except FAILURES as error:
            self._remove(follower)
            name = _name(follower)
            self._complain(f"The follower {name} failed and is told nothing more: {described(error)}")


def _name(callback: object) -> str:
    return getattr(callback, "__qualname__", type(callback).__name__)


def message_of(event: Event) -> Any:
    """The typed message of an event from or to the service; a local event as it is."""
    if event["dir"] == "local":
        return event
    return from_record({**event["msg"], "type": event["type"]}, received=event["dir"] == "in")


class Messages:
    """The service's messages, from the first on until the session ends; for ``for`` and for ``async for``.

    Each loop over it begins anew. Audio is not among them.

    Args:
        watch: given a callback that takes each event and, at the end, None; hands it those that were
            there already first, and returns what ends it.
    """

    def __init__(self, watch: Callable[[Callable[[Event | None], object]], Callable[[], None]]) -> None:
        self._watch = watch

    def __iter__(self) -> Iterator[ServerMessage | Unknown]:
        events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        stop = self._watch(events.put)
        try:
            while (event := events.get()) is not None:
                if _wanted(event):
                    yield message_of(event)
        finally:
            stop()

    async def __aiter__(self) -> AsyncIterator[ServerMessage | Unknown]:
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | None] = asyncio.Queue()

        def put(event: Event | None) -> None:
            try:
                loop.call_soon_threadsafe(events.put_nowait, event)
            except RuntimeError:  # the loop was closed, and this generator left as it stood
                stop()

        stop = self._watch(put)
        try:
            while (event := await events.get()) is not None:
                if _wanted(event):
                    yield message_of(event)
        finally:
            stop()


def _wanted(event: Event) -> bool:
    return bool(event["dir"] == "in" and event["type"] != "reply.audio")
