"""A kernel for the death tests: holds a call in the helper, with a page, and says what happens to it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fake_page import ORIGIN, FakePage

import voicenb as vn
from voicenb.session.emulator_child import emulator_child
from voicenb.session.helper_host import HelperHost, helper_process


def say(line: object) -> None:
    os.write(1, f"{line}\n".encode())  # may be called by a signal in the middle of itself


def main() -> None:
    """Arguments: the service's address, the recording's folder, what else to do."""
    address, folder, *rest = sys.argv[1:]
    session = vn.Session(vn.Agent(name="Lido"), address, recording=folder, host=HelperHost()).start()
    page = FakePage()
    page.open(session.page_ticket(ORIGIN))
    say(helper_process().pid)
    if "emulator" in rest:
        emulator_child().address()
        say(emulator_child()._process.pid)  # type: ignore[union-attr]
    if "fork" in rest and os.fork() == 0:  # a child that keeps the pipe open
        while True:
            os.read(0, 1)
    session.wait_for("input.audio", timeout=5)
    signal.signal(signal.SIGINT, lambda *_: say("interrupted"))
    say("talking")
    while sys.stdin.readline():
        say(session.state)


main()
