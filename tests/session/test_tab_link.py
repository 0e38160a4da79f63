"""Tabs and their panel, through a real helper: who is let in, what passes, what is served."""

from __future__ import annotations

import http.client
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from voicenb.errors import VoicenbError
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


# --- what passes -------------------------------------------------------------------------------------------


def test_a_tab_hears_and_says_what_the_panel_does(panel: Panel) -> None:
    host, key = split(panel.link.address())
    with tab(host, key) as (page, _):
        panel.until(tabs=1)
        panel.link.send({"send": {"type": "wav"}}, [b"RIFF", b""])
        assert unpack(page.recv(10)) == ({"send": {"type": "wav"}}, [b"RIFF", b""])
        page.send(pack({"send": {"type": "attach"}}))
        page.send(pack({"send": {"type": "page"}}, [b"\x01\x02"]))
        assert panel.said.get(timeout=10) == ({"type": "attach"}, [])
        assert panel.said.get(timeout=10) == ({"type": "page"}, [b"\x01\x02"])
    panel.until(tabs=0)
    assert panel.link.came == 1


def test_two_tabs_hear_the_same(panel: Panel) -> None:
    host, key = split(panel.link.address())
    _, other = split(panel.link.address())
    with tab(host, key) as (one, _), tab(host, other) as (two, _):
        panel.until(tabs=2)
        assert unpack(one.recv(10))[0] == {"set": {"_state": {"state": "idle"}}}, "as the second one came"
        panel.link.send({"send": {"type": "line"}})
        assert unpack(one.recv(10))[0] == unpack(two.recv(10))[0] == {"send": {"type": "line"}}


def test_what_a_tab_says_wrongly_harms_nobody(panel: Panel) -> None:
    host, key = split(panel.link.address())
    with tab(host, key) as (page, _):
        for wrong in (
            "",
            "{",
            "[]",
            b"",
            b"\xff\xff\xff\xff",
            pack({"tabs": 9}),
            pack({"issued": 1, "key": "x"}),
        ):
            page.send(wrong)
        page.send(pack({"send": {"type": "shown"}}))
        assert panel.said.get(timeout=10) == ({"type": "shown"}, [])
        assert panel.link.tabs == 1


def test_panels_do_not_hear_each_others_tabs(panel: Panel, process: HelperProcess) -> None:
    other = Panel(process)
    host, key = split(panel.link.address())
    _, its_key = split(other.link.address())
    with tab(host, key) as (one, _), tab(host, its_key) as (two, _):
        two.send(pack({"send": {"type": "stop"}}))
        assert other.said.get(timeout=10) == ({"type": "stop"}, [])
        panel.link.send({"send": {"type": "line"}})
        assert unpack(one.recv(10))[0] == {"send": {"type": "line"}}
        other.link.close()
        with pytest.raises(ConnectionClosed) as closed:
            two.recv(10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4001
        one.send(pack({"send": {"type": "stop"}}))
        assert panel.said.get(timeout=10) == ({"type": "stop"}, [])


# --- who is let in -----------------------------------------------------------------------------------------


def test_an_address_opens_one_tab_once_and_its_reload_comes_back(panel: Panel) -> None:
    host, key = split(panel.link.address())
    with tab(host, key) as (_, its_pass):
        pass
    assert is_refused(host, pack({"key": key}))
    with tab(host, its_pass) as (_, again):
        assert again == its_pass


@pytest.mark.parametrize(
    "frame", [pack({"key": "guessed"}), pack({"key": ""}), pack({"key": 7}), "{}", "no", b""]
)
def test_a_wrong_key_is_refused(panel: Panel, frame: str | bytes) -> None:
    host, _ = split(panel.link.address())
    assert is_refused(host, frame)
    assert panel.link.tabs == panel.link.came == 0


def test_a_panel_that_is_closed_lets_nobody_in(panel: Panel, process: HelperProcess) -> None:
    closed = Panel(process)
    host, key = split(closed.link.address())
    with tab(host, key) as (page, its_pass):
        closed.link.close()
        with pytest.raises(ConnectionClosed):
            page.recv(10)
    assert is_refused(host, pack({"key": its_pass}))
    with closed.link.changed:
        assert closed.link.changed.wait_for(lambda: closed.link.over, timeout=10)
    with pytest.raises(VoicenbError, match="gone"):
        closed.link.address()


def test_only_the_page_itself_opens_a_socket(panel: Panel) -> None:
    host, _ = split(panel.link.address())
    port = host.rpartition(":")[2]
    for origin in (
        "http://evil.example",
        f"http://localhost:{port}",
        f"https://{host}",
        "null",
        "http://127.0.0.1:1",
    ):
        with pytest.raises(InvalidStatus) as refused:
            socket(host, origin=origin)
        assert refused.value.response.status_code == 403
    rebound = f"evil.example:{port}"
    with pytest.raises(InvalidStatus) as refused:
        socket(host, origin=f"http://{rebound}", at=rebound)
    assert refused.value.response.status_code == 403


def test_the_kernels_door_wants_the_kernels_secret(panel: Panel) -> None:
    host, _ = split(panel.link.address())
    for headers in ({}, {"Authorization": "Bearer guessed"}):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://{host}/tabs", additional_headers=headers, proxy=None)
        assert refused.value.response.status_code == 401


def test_through_a_tunnel_the_port_is_another(panel: Panel) -> None:
    host, key = split(panel.link.address())
    assert get(host, "/talk/", Host="localhost:9000").status == 200
    with socket(host, at="localhost:9000", origin="http://localhost:9000") as page:
        page.send(pack({"key": key}))
        assert "welcome" in unpack(page.recv(10))[0]


# --- what is served ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("/talk/", "text/html", FILES[""]),
        ("/talk/?a=b", "text/html", FILES[""]),
        ("/talk/tab.js", "text/javascript", FILES["tab.js"]),
        ("/talk/tab.css", "text/css", FILES["tab.css"]),
    ],
)
def test_the_page_is_served(panel: Panel, path: str, kind: str, text: str) -> None:
    host, _ = split(panel.link.address())
    response = get(host, path)
    assert response.status == 200
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert response.read().decode() == text
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"connect-src ws://{host};" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/talk",
        "/talk/../talk/tab.js",
        "/talk/../../../../etc/passwd",
        "/talk/%2e%2e/%2e%2e/etc/passwd",
        "/talk//etc/passwd",
        "/talk/./tab.js",
        "/talk/tab.js/",
        "/talk/helper.py",
    ],
)
def test_nothing_else_is(panel: Panel, path: str) -> None:
    host, _ = split(panel.link.address())
    response = get(host, path)
    assert response.status == 404
    assert b"import" not in response.read()


@pytest.mark.parametrize(
    "name",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "127.0.0.1:1;script-src *", "[", ""],
)
def test_a_name_of_somebody_elses_is_not_answered(panel: Panel, name: str) -> None:
    host, _ = split(panel.link.address())
    response = get(host, "/talk/", Host=name)
    assert response.status == 403
    assert b"page</p>" not in response.read()


def test_a_helper_that_does_not_start_is_said() -> None:
    class Broken(HelperProcess):
        def reach(self, *, not_at: int = 0) -> tuple[int, str]:
            raise VoicenbError("It did not start.")

    broken = Panel(Broken())
    with pytest.raises(VoicenbError, match="did not start"):
        broken.link.address()
    with pytest.raises(VoicenbError, match="did not start"):
        broken.link.address()
    broken.link.send({"send": {}})


def test_the_tabs_hear_the_end_of_the_helper() -> None:
    process = HelperProcess()
    panel = Panel(process)
    host, key = split(panel.link.address())
    with tab(host, key) as (page, _):
        process.stop()
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4001
    with panel.link.changed:
        assert panel.link.changed.wait_for(lambda: panel.link.over, timeout=10)


def test_what_was_said_before_the_end_is_heard(process: HelperProcess) -> None:
    panel = Panel(process)
    host, key = split(panel.link.address())
    with tab(host, key) as (page, _):
        for number in range(200):
            panel.link.send({"send": {"n": number}})
        panel.link.close()
        assert [unpack(page.recv(10))[0]["send"]["n"] for _ in range(200)] == list(range(200))
