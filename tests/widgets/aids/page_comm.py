"""The page's end of a widget's comm."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from comm.base_comm import BaseComm


class PageComm(BaseComm):
    """Keeps what the kernel sends."""

    sent: list[tuple[dict[str, Any], list[bytes]]]
    arrived = threading.Condition()

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        del msg_type, metadata, keys
        with self.arrived:
            self.__dict__.setdefault("sent", []).append((data or {}, list(buffers or [])))
            self.arrived.notify_all()

    def customs(self, kind: str) -> list[dict[str, Any]]:
        """The custom messages of a type."""
        found = [data["content"] for data, _ in self.sent if data.get("method") == "custom"]
        return [content for content in found if content["type"] == kind]

    def wait(self, found: Callable[[], Any], timeout: float = 15) -> Any:
        """Wait until ``found`` gives something true, asked after each message."""
        with self.arrived:
            assert self.arrived.wait_for(found, timeout), [data for data, _ in self.sent][-5:]
            return found()
