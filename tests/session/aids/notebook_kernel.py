"""A kernel of ipykernel's, as a notebook has it, that can be killed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

START = 60.0


class NotebookKernel:
    """The kernel."""

    def __init__(self) -> None:
        from jupyter_client.manager import start_new_kernel

        manager, client = start_new_kernel(startup_timeout=START, kernel_name="python3")
        self._manager: Any = manager
        self._client: Any = client

    def run(self, code: str) -> str:
        """Run a cell; returns what it printed.

        Raises:
            AssertionError: it raised something.
        """
        printed: list[str] = []

        def take(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self._client.execute_interactive(code, timeout=START, output_hook=take)
        assert reply["content"]["status"] == "ok", "\n".join(reply["content"]["traceback"])
        return "".join(printed)

    def begin(self, code: str) -> None:
        """Run a cell without waiting for it."""
        self._client.execute(code)

    def kill(self) -> None:
        """``kill -9``."""
        self._manager.signal_kernel(signal.SIGKILL)

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


@contextmanager
def notebook_kernel() -> Iterator[NotebookKernel]:
    kernel = NotebookKernel()
    try:
        yield kernel
    finally:
        kernel.close()
