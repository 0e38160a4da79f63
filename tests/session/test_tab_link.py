"""The kernel's end of its tabs, through a real helper."""

from __future__ import annotations

import pytest
from tabs import Panel, split, tab
from websockets.exceptions import ConnectionClosed

from voicenb.errors import VoicenbError
from voicenb.session.helper_process import HelperProcess
from voicenb.session.tab_wire import unpack


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
