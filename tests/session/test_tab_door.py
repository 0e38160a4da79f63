"""Who is let in to a panel in a tab, through a real helper."""

from __future__ import annotations

import pytest
from tabs import Panel, get, is_refused, socket, split, tab
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from voicenb.errors import VoicenbError
from voicenb.session.helper_process import HelperProcess
from voicenb.session.tab_wire import pack, unpack


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
