"""An emulator in a process of its own, for as long as a benchmark needs it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = ("-m", "voicenb", "emulator", "--port", "0", "--announce", "--parent-pipe")
"""The program as anyone starts it."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where a client connects to, and which process answers."""

    url: str
    key: str
    pid: int

    def processor_seconds(self) -> float:
        """Seconds of processor time that the process has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / 100


def machine_seconds() -> float:
    """Seconds of processor time that all processes together have used; 0 where the system does not tell."""
    try:
        user, nice, system, _, _, irq, soft, *_ = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    except (OSError, ValueError):
        return 0.0
    return sum(map(int, (user, nice, system, irq, soft))) / 100


@contextmanager
def program(*command: str) -> Iterator[Service]:
    """Run ``python *command``, which prints a line of JSON with its address, until the block is left."""
    process = subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith(b"{"):
                facts = json.loads(line)
                break
        else:
            raise SystemExit(f"{' '.join(command)} ended with code {process.wait()}")
        yield Service(facts["url"], facts["key"], process.pid)
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve(emulator: Any) -> None:
    """The other side of `program`, where the emulator is made of parts that no command line can name.

    What the command does for its process is done here too.
    """
    sys.setswitchinterval(0.001)
    with emulator:
        emulator.warm_up(then=gc.freeze)
        address = emulator.address()
        print(json.dumps({"url": address.url, "key": address.key}), flush=True)
        sys.stdin.read()
