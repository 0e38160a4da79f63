"""The blocking program behind ``voicenb emulator``."""

from __future__ import annotations

import json
import secrets
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import uvicorn  # noqa: F401 - missing, the command says which extra brings it

from voicenb.emulator.emulator import Emulator


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    key: str | None = None,
    profile: str = "contract",
    brain: str | None = None,
    mouth: str | None = None,
    voice: Path | None = None,
    announce: bool = False,
    parent_pipe: bool = False,
) -> int:
    """Listen until interrupted, terminated, or (with ``parent_pipe``) until standard input closes.

    Prints one line with the address; with ``announce`` a second one, JSON, for the program that started this:
    ``url``, ``key``, ``profile``, ``brain``. Such a program gets a key that nobody else has.

    Args:
        host: where to listen.
        port: where to listen; 0 takes a free one.
        key: the only API key that passes; any passes on loopback when there is none.
        profile: ``"contract"`` or ``"live"``.
        brain: what thinks; what is found when None.
        mouth: ``"piper"``, ``"espeak"`` or None.
        voice: a Piper voice file.
        announce: whether to print the JSON line.
        parent_pipe: whether to end when standard input closes.

    Returns:
        The exit code.
    """
    if announce and key is None:
        key = secrets.token_urlsafe(24)
    ended = threading.Event()

    def terminate(number: int, frame: FrameType | None) -> None:
        del number, frame
        ended.set()
        # Wakes the main thread from whatever it waits in.
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, terminate)
    emulator = Emulator(brain=brain, mouth=mouth, profile=profile, key=key, host=host, port=port, voice=voice)
    with emulator:
        address = emulator.address()
        _say(f"voicenb emulator: {address.url} ({address.profile} profile, brain: {address.brain})")
        if announce:
            facts = {"url": address.url, "key": key, "profile": address.profile, "brain": address.brain}
            _say(json.dumps(facts))
        emulator.warm_up()
        if parent_pipe:
            while sys.stdin.buffer.read(4096):
                pass
        else:
            ended.wait()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
