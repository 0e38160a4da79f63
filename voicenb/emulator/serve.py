"""The blocking program behind ``voicenb emulator``."""

from __future__ import annotations

import gc
import json
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import uvicorn  # noqa: F401 - missing, the command says which extra brings it

from voicenb.emulator import journal
from voicenb.emulator.emulator import Emulator
from voicenb.emulator.faults_text import write
from voicenb.turn_taking.smart_turn import SmartTurn

PARENT_CHECK = 0.5
"""Seconds between two looks at whether the parent is still there."""


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    key: str | None = None,
    profile: str = "contract",
    brain: str | None = None,
    mouth: str | None = None,
    voice: Path | None = None,
    store: Path | None = None,
    webhooks_outside: bool = False,
    local_tools: bool = False,
    rate_limit: bool = True,
    smart_turn: bool = False,
    faults: Sequence[str] = (),
    verbose: bool = False,
    announce: bool = False,
    parent_pipe: bool = False,
) -> int:
    """Listen until interrupted, terminated, or (with ``parent_pipe``) until its parent goes.

    Prints one line with the address; with ``announce`` a second one, JSON, for the program that started this:
    ``url``, ``key``, ``profile``, ``brain`` and ``notice`` (what is amiss, say that it cannot hear).
    Such a program gets a key that nobody else has.

    Args:
        host: where to listen.
        port: where to listen; 0 takes a free one.
        key: the only API key that passes; any passes on loopback when there is none.
        profile: ``"contract"`` or ``"live"``.
        brain: what thinks; what is found when None.
        mouth: ``"piper"``, ``"espeak"`` or None.
        voice: a Piper voice file.
        store: a file that keeps agents, sessions and webhook subscriptions.
        webhooks_outside: whether webhooks are sent to addresses beyond loopback too.
        local_tools: whether HTTP tools may be on this machine and in private networks.
        rate_limit: whether sound that comes faster than real time is dropped.
        smart_turn: whether the sound says that a turn looks complete, and not the words.
        faults: what goes wrong on purpose, as :func:`voicenb.emulator.faults_text.read` has it.
        verbose: whether to tell on standard error of each session, refusal and ignored key.
        announce: whether to print the JSON line.
        parent_pipe: whether to end when standard input closes, or the parent process has ended.

    Returns:
        The exit code: 0, or 130 after an interrupt. Where ears or mouth are still being loaded the process
        ends here, with that code.

    Raises:
        VoicenbError: it cannot listen, or is not made as it is asked to be; nothing has been printed then.
    """
    parent = os.getppid()
    if announce and key is None:
        key = secrets.token_urlsafe(24)
    emulator = Emulator(
        brain=brain,
        mouth=mouth,
        profile=profile,
        key=key,
        host=host,
        port=port,
        voice=voice,
        store=store,
        webhooks_outside=webhooks_outside,
        local_tools=local_tools,
        rate_limit=rate_limit,
        completeness=SmartTurn() if smart_turn else None,
        faults=faults,
    )
    if verbose:
        journal.to_stderr()
    ending = _Ending()
    try:
        _run(emulator, ending, key, announce=announce, parent=parent if parent_pipe else None)
        code = 0
    except KeyboardInterrupt:
        code = 130
    if parent_pipe or not emulator.resources.warmed:
        # Ears or mouth may still be loading, on threads that Python would wait for; nobody else does.
        sys.stderr.flush()
        os._exit(code)
    return code


def _run(emulator: Emulator, ending: _Ending, key: str | None, *, announce: bool, parent: int | None) -> None:
    """Listen until it is time to end.

    Args:
        emulator: listens from here to the end of this.
        ending: knows when.
        key: that the JSON line tells.
        announce: whether to print that line.
        parent: the process with which to end, or when standard input does; None where it is nobody's child.
    """
    with emulator:
        # Shorter turns between the thread of the sockets and those of ears and mouth.
        sys.setswitchinterval(0.001)
        address = emulator.address()
        wrong = "".join(f", fault: {write(fault)}" for fault in emulator.faults)
        sent = f"; what callers say goes to {emulator.brain_host}" if emulator.brain_host else ""
        made = f"{address.profile} profile, brain: {address.brain}{sent}{wrong}"
        _say(f"voicenb emulator: {address.url} ({made})")
        if announce:
            facts = {
                "url": address.url,
                "key": key,
                "profile": address.profile,
                "brain": address.brain,
                "notice": emulator.resources.notice,
            }
            _say(json.dumps(facts))
        # What is loaded by then stays: the collector need not look at it again (a tenth of a second).
        emulator.warm_up(then=gc.freeze)
        if parent is not None:
            ending.watch_input()
            ending.watch_parent(parent)
        ending.wait()


class _Ending:
    """Waits for a termination, for the end of standard input, or for that of the parent.

    A signal that comes just before the main thread blocks on a lock would be noticed only when it wakes. So
    signals are written to a socket, by the interpreter itself, and the main thread reads from it.
    """

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda number, frame: None)

    def watch_input(self) -> None:
        """End when standard input does."""
        threading.Thread(target=self._read_input, name="voicenb-parent", daemon=True).start()

    def watch_parent(self, parent: int) -> None:
        """End when the process ``parent`` has. Its forks may keep the pipe to standard input open."""
        if sys.platform != "win32":  # there a process keeps the number of a parent that has ended
            watch = threading.Thread(
                target=self._look_at_parent, args=(parent,), name="voicenb-ppid", daemon=True
            )
            watch.start()

    def _look_at_parent(self, parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK)
        self._writer.send(b"\0")

    def _read_input(self) -> None:
        # Not through sys.stdin: a thread that holds its lock would be in the way when the interpreter ends.
        while os.read(0, 4096):
            pass
        self._writer.send(b"\0")

    def wait(self) -> None:
        """Return when it is time to end."""
        self._reader.recv(1)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
