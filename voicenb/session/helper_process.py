"""The helper's process, as the process that started it sees it."""

from __future__ import annotations

import json
import queue
import secrets
import subprocess
import threading
from typing import IO

from voicenb.errors import VoicenbError
from voicenb.session import page_pipe
from voicenb.session.children import dismiss, hang_up, own_group, python
from voicenb.session.host import PageMessage

START = 30.0
"""Seconds that the helper may take to start."""


class HelperProcess:
    """The child. It ends when its standard input does, which is when this process ends, however it ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._secret = ""
        self._port = 0

    @property
    def pid(self) -> int | None:
        """Its process id, while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        """Its port and secret; starts it where it is not running.

        Args:
            not_at: a port where it no longer answers: what was there is dying.

        Raises:
            VoicenbError: it did not start.
        """
        with self._lock:
            if self.pid is None or not_at == self._port:
                self._start()
            return self._port, self._secret

    def _start(self) -> None:
        if self._process is not None:
            dismiss(self._process)
        self._secret = secrets.token_urlsafe(32)
        process = subprocess.Popen(
            python("-m", "voicenb.session.helper"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **own_group(),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        told: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(
            target=_read, args=(process.stdout, told), name="voicenb-helper-pipe", daemon=True
        ).start()
        try:
            process.stdin.write(json.dumps({"secret": self._secret}).encode() + b"\n")
            process.stdin.flush()
            self._port = int(json.loads(told.get(timeout=START))["port"])
        except (OSError, ValueError, LookupError, TypeError, queue.Empty):  # or it said something else
            process.kill()
            code = process.wait()
            hang_up(process)
            raise VoicenbError(
                f"The helper process did not start (exit code {code}).",
                remedy="`voicenb doctor` looks for the cause; the kernel's terminal may say more.",
            ) from None

    def pass_on(self, call: int, message: PageMessage) -> bool:
        """Hand it what a page of a call said, on the calling thread.

        That is the shortest way: to wake the thread that holds the session would cost another wait for the
        interpreter's lock, which a busy cell makes long.

        Args:
            call: the call's number.
            message: the page's message.

        Returns:
            Whether it went; False where no helper runs.
        """
        process = self._process
        if process is None or process.stdin is None:
            return False
        try:
            process.stdin.write(page_pipe.pack(call, message))
            process.stdin.flush()
        except (OSError, ValueError):  # it is gone, or about to go
            return False
        return True

    def stop(self) -> None:
        """End it, and the calls that it holds; it is started again when it is needed."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            dismiss(process)


def _read(stream: IO[bytes], told: queue.SimpleQueue[bytes]) -> None:
    told.put(stream.readline())
    while stream.readline():
        pass
    stream.close()
