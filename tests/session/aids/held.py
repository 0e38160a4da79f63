"""Sessions held in the helper, and the kernel's end of their page's channel."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scripted_service import ScriptedService

import voicenb as vn
from voicenb.session.helper_host import HelperHost
from voicenb.session.host import PageMessage
from voicenb.session.session import Session

LIDO = vn.Agent(name="Lido", greeting="Hi.")
TONE = (b"\x00\x10" * 24 + b"\x00\xf0" * 24) * 500


class Kernel:
    """The kernel's end of the page's channel."""

    def __init__(self) -> None:
        self.messages: list[PageMessage] = []
        self._changed = threading.Condition()

    def to_page(self, message: PageMessage) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def wait(self, kind: str) -> None:
        def came() -> bool:
            return any(isinstance(message, dict) and message["type"] == kind for message in self.messages)

        with self._changed:
            assert self._changed.wait_for(came, 5), self.messages


@contextmanager
def held(
    service: ScriptedService, kernel: Kernel | None = None, *, patience: float = 20.0
) -> Iterator[Session]:
    host = HelperHost((kernel or Kernel()).to_page, patience=patience)
    with Session(LIDO, service, host=host) as session:
        yield session
