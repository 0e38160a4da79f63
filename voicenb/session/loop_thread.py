"""A background thread with an event loop of its own, and the two that a process has."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """An event loop on a daemon thread; it begins with the first use and lives as long as the process.

    Args:
        name: the thread's name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.RLock()  # a signal may come while it is held, and its handler use the loop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, running."""
        with self._lock:
            if self._loop is None or self._thread is None or not self._thread.is_alive():
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._run, args=(self._loop,), name=self.name, daemon=True
                )
                self._thread.start()
            return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            while self._loop is loop:
                # Whatever runs here besides the one that wants to leave is none of its business.
                with contextlib.suppress(SystemExit, KeyboardInterrupt):
                    loop.run_forever()
        finally:
            loop.close()

    def stop(self) -> None:
        """End the thread; the next use begins another."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    @property
    def here(self) -> bool:
        """Whether this code runs on the thread: then waiting for it would wait for ever."""
        return self._thread is threading.current_thread()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the loop; the one door from other threads."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def soon(self, function: Callable[..., object], *args: Any) -> None:
        """Call a function on the loop soon."""
        self.loop.call_soon_threadsafe(function, *args)


@lru_cache(maxsize=1)
def session_thread() -> LoopThread:
    """Where engines and the sockets to the helper run; nothing of the user's does."""
    return LoopThread("voicenb-session")


@lru_cache(maxsize=1)
def user_thread() -> LoopThread:
    """Where async tools and observers run: what they do holds up no engine, and no cell."""
    return LoopThread("voicenb-user")
