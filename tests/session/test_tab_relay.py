"""What passes between a panel and its tabs, through a real helper."""

from __future__ import annotations

import pytest
from tabs import Panel, split, tab
from websockets.exceptions import ConnectionClosed

from voicenb.session.helper_process import HelperProcess
from voicenb.session.tab_wire import pack, unpack


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
