"""A panel in tabs, through a real helper: what its tests have in common."""

from __future__ import annotations

import http.client
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from voicenb.session.helper_process import HelperProcess
from voicenb.session.loop_thread import session_thread
from voicenb.session.tab_link import TabLink
from voicenb.session.tab_wire import pack, unpack

FILES = {"": "<p>a page</p>", "tab.js": "import('x')", "tab.css": "p {}"}


@pytest.fixture(scope="module")
def process() -> Iterator[HelperProcess]:
    running = HelperProcess()
    yield running
    running.stop()


class Panel:
    """What a Talk does with its tabs."""

    def __init__(self, process: HelperProcess) -> None:
        self.said: queue.Queue[tuple[dict[str, Any], list[bytes]]] = queue.Queue()
        self.link = TabLink(
            FILES,
            lambda content, buffers: self.said.put((content, buffers)),
            self.greet,
            session_thread(),
            process,
        )

    def greet(self) -> None:
        self.link.send({"set": {"_state": {"state": "idle"}}})

    def until(self, tabs: int) -> None:
        with self.link.changed:
            assert self.link.changed.wait_for(lambda: self.link.tabs == tabs, timeout=10)


@pytest.fixture
def panel(process: HelperProcess) -> Iterator[Panel]:
    one = Panel(process)
    yield one
    one.link.close()


def split(address: str) -> tuple[str, str]:
    """Host with port, and key."""
    parts = urlsplit(address)
    assert parts.scheme == "http"
    assert parts.path == "/talk/"
    return parts.netloc, parts.fragment


def get(host: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse()


def socket(host: str, *, origin: str | None = None, at: str | None = None) -> ClientConnection:
    """A socket as a page of ``origin`` opens it at ``host``; ``at`` is another name of it."""
    port = int(host.rpartition(":")[2])
    uri = f"ws://{host if at is None else at}/tab"
    return connect(uri, address=("127.0.0.1", port), origin=origin or f"http://{host}", proxy=None)  # type: ignore[arg-type]


@contextmanager
def tab(host: str, key: str) -> Iterator[tuple[ClientConnection, str]]:
    """A tab that is let in, with its pass."""
    with socket(host) as page:
        page.send(pack({"key": key}))
        its_pass = unpack(page.recv(10))[0]["welcome"]
        assert unpack(page.recv(10))[0] == {"set": {"_state": {"state": "idle"}}}
        yield page, its_pass


def is_refused(host: str, frame: str | bytes) -> bool:
    with socket(host) as page:
        page.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(10)
        return closed.value.rcvd is not None and closed.value.rcvd.code == 4003
