"""The emulator as a child of this process: started when a session needs it, gone with the kernel."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import IO, Any

from voicenb.errors import MissingExtra, ServiceUnreachable, how_to_install
from voicenb.service.address import Address
from voicenb.session.children import dismiss, hang_up, own_group, python

PATIENCE = 60.0
"""Seconds that the child may take to say where it listens: on a cold disk the imports alone take a while."""

LAST_WORDS = 2.0
"""Seconds to wait for the rest of what a child has said that has ended."""

COMMAND = ("-m", "voicenb", "emulator", "--port", "0", "--announce", "--parent-pipe")


class EmulatorChild:
    """One emulator, in a process of its own, so that a busy cell slows neither ears nor mouth.

    It has a key that nobody else knows, and ends when its standard input does, which is when this process
    ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._address: Address | None = None

    @property
    def running(self) -> bool:
        """Whether the child is there."""
        return self._process is not None and self._process.poll() is None

    def address(self) -> Address:
        """Where it listens; starts it where it is not running.

        Raises:
            MissingExtra: the emulator is not installed.
            ServiceUnreachable: it did not start.
        """
        with self._lock:
            if not self.running or self._address is None:
                self._address = self._start()
            return self._address

    def _start(self) -> Address:
        if self._process is not None:
            hang_up(self._process)
        process = subprocess.Popen(
            python(*COMMAND),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **own_group(),
        )
        self._process = process
        assert process.stdout is not None
        assert process.stderr is not None
        errors: list[bytes] = []
        told: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        _read(_announced, process.stdout, told)
        listening = _read(_tail, process.stderr, errors)
        try:
            facts = told.get(timeout=PATIENCE)
        except queue.Empty:
            facts = None
        if facts is None:
            code = dismiss(process)
            listening.join(LAST_WORDS)
            raise _why(code, b"".join(errors).decode(errors="replace").strip())
        return Address(
            facts["url"],
            key=facts.get("key") or "local",
            kind="emulator",
            profile=facts.get("profile", ""),
            brain=facts.get("brain", ""),
            child=True,
        )

    def stop(self) -> None:
        """End the child; it is started again when it is asked for."""
        with self._lock:
            process, self._process, self._address = self._process, None, None
            if process is not None:
                dismiss(process)


def _read(work: Callable[[IO[bytes], Any], None], stream: IO[bytes], into: Any) -> threading.Thread:
    thread = threading.Thread(target=work, args=(stream, into), name="voicenb-emulator-pipe", daemon=True)
    thread.start()
    return thread


def _announced(stream: IO[bytes], told: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Find the line of JSON, then read on, so that the child never waits for room."""
    for line in stream:
        with contextlib.suppress(ValueError):  # a line for people
            facts = json.loads(line)
            if isinstance(facts, dict) and "url" in facts:
                told.put(facts)
    told.put(None)
    stream.close()


def _tail(stream: IO[bytes], lines: list[bytes]) -> None:
    for line in stream:
        lines.append(line)
        del lines[:-20]
    stream.close()


def _why(code: int, text: str) -> MissingExtra | ServiceUnreachable:
    last = text.splitlines()[-1].removeprefix("voicenb: ") if text else f"it ended with code {code}"
    if "voicenb[" in text or "ModuleNotFoundError" in text:
        what = last.partition(" pip install")[0]
        return MissingExtra(
            f"No emulator could be started: {what}",
            remedy=f"{how_to_install('emulator')} brings what it needs.",
        )
    return ServiceUnreachable(
        f"The emulator did not start: {last}", remedy="`voicenb doctor` looks for the cause.", code="emulator"
    )


@lru_cache(maxsize=1)
def emulator_child() -> EmulatorChild:
    """The one of this process."""
    return EmulatorChild()
