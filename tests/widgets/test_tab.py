"""The panel in tabs of its own, with the test as a tab."""

from __future__ import annotations

import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

import voicenb as vn
from voicenb.session.tab_wire import pack, unpack
from voicenb.widgets import tab as tab_module
from voicenb.widgets.tab import open_browser, tab_files


class Tab:
    """A tab; it has heard how the panel stands."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.shown: dict[str, Any] = {}
        self.until(lambda message: "_state" in self.shown)

    def says(self, **content: Any) -> None:
        self._socket.send(pack({"send": content}))

    def until(self, found: Any) -> dict[str, Any]:
        """The next message of the widget's that is wanted; what else comes until then is taken in."""
        if found({}):
            return {}
        for _ in range(1000):
            message, _ = unpack(self._socket.recv(20))
            self.shown |= message.get("set", {})
            content: dict[str, Any] = message.get("send", {})
            if found(content):
                return content
        raise AssertionError("It did not come.")

    def hears(self, kind: str) -> dict[str, Any]:
        return self.until(lambda content: content.get("type") == kind)

    def until_gone(self) -> None:
        with pytest.raises(ConnectionClosed):
            self.until(lambda content: False)


@contextmanager
def opened(address: str) -> Iterator[Tab]:
    parts = urlsplit(address)
    with connect(f"ws://{parts.netloc}/tab", origin=f"http://{parts.netloc}", proxy=None) as socket:  # type: ignore[arg-type]
        socket.send(pack({"key": parts.fragment}))
        yield Tab(socket)


@pytest.fixture
def talk(agent: vn.Agent, server: vn.Emulator) -> Iterator[vn.Talk]:
    one = vn.Talk(agent, service=server)
    yield one
    one.end()
    one.close()


def test_a_tab_shows_the_panel_and_talks_to_it(talk: vn.Talk) -> None:
    with opened(talk.open(browser=False)) as tab:
        state = tab.shown["_state"]
        assert state["agent"] == "Lido"
        assert "mark" not in state, "there is no notebook in which a transcript would stay"
        tab.says(type="attach")
        assert tab.hears("lines")["lines"] == []
        tab.says(type="shown")
        assert talk.wait_for_page(10)
        tab.says(type="start", ask="a", origin="http://127.0.0.1:1", loopback=True)
        way = tab.hears("connect")["ways"][0]
        assert way["kind"] == "direct"
        tab.until(lambda content: tab.shown["_state"]["state"] == "listening")
        talk.mute()
        tab.until(lambda content: tab.shown["_state"]["muted"])
        tab.says(type="stop")
        tab.until(lambda content: tab.shown["_state"]["state"] == "ended")
    assert talk.recording is not None


def test_the_sound_of_a_call_comes_to_the_tab_that_asks(talk: vn.Talk) -> None:
    address = talk.open(browser=False)
    talk.start(vn.Says("Hello there."))
    talk.wait_until_answered(20)
    talk.end()
    with opened(address) as tab:
        tab.says(type="hear", ask="b")
        assert tab.hears("wav")["size"] > 48_000


def test_each_address_opens_one_tab(talk: vn.Talk) -> None:
    first, second = talk.open(browser=False), talk.open(browser=False)
    assert first != second
    with opened(first), opened(second):
        pass
    with pytest.raises(ConnectionClosed), opened(first):
        pass


def test_the_state_at_the_moment_of_coming_is_shown(talk: vn.Talk) -> None:
    address = talk.open(browser=False)
    talk.update(turn_detection=vn.TurnDetection.patient())
    with opened(address) as tab:
        tab.until(lambda content: tab.shown["_state"]["turn_detection"]["name"] == "patient")


def test_the_tabs_go_with_the_panel(talk: vn.Talk) -> None:
    with opened(talk.open(browser=False)) as tab:
        talk.close()
        tab.until_gone()
    with opened(talk.open(browser=False)) as tab:
        assert tab.shown["_state"]["agent"] == "Lido", "it can be opened again"


def test_a_panel_that_was_closed_a_moment_ago_is_opened_again(talk: vn.Talk) -> None:
    with opened(talk.open(browser=False)) as before:
        talk.close()
        with opened(talk.open(browser=False)) as tab:  # what was closed may still be on its way out
            assert tab.shown["_state"]["agent"] == "Lido"
            before.until_gone()
            talk.update(turn_detection=vn.TurnDetection.patient())
            tab.until(lambda content: tab.shown["_state"]["turn_detection"]["name"] == "patient")


PROGRAM = """
import voicenb as vn
from voicenb.session.helper_host import helper_process
talk = vn.Talk(vn.Agent(name="Lido"), vn.Address("ws://127.0.0.1:9"))
talk.open(browser=False)
helper_process().stop()
assert talk.wait(20), "the tabs go with the helper"
"""


def test_a_program_whose_helper_has_gone_comes_to_its_end() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_waiting_ends_when_the_tab_is_closed(talk: vn.Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab_module, "RELOAD", 0.3)
    assert talk.wait(), "nothing was opened"
    address = talk.open(browser=False)
    assert not talk.wait(0.5), "no tab has come yet"
    with opened(address):
        assert not talk.wait(0.6)
    assert talk.wait(10)


def test_waiting_goes_on_while_a_call_runs(talk: vn.Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab_module, "RELOAD", 0.0)
    with opened(talk.open(browser=False)):
        talk.start()
    assert not talk.wait(1.0)
    talk.end()
    assert talk.wait(10)


def test_waiting_ends_with_the_panel(talk: vn.Talk) -> None:
    talk.open(browser=False)
    talk.close()
    assert talk.wait(10)


class Browser:
    """A browser that keeps what it is to open."""

    def __init__(self, name: str = "chromium", *, works: bool = True) -> None:
        self.name = name
        self.opened: list[str] = []
        self._works = works

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return self._works


def test_the_browser_gets_an_address_of_its_own(
    talk: vn.Talk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    by_hand = talk.open()
    assert capsys.readouterr().out == ""
    (its,) = browser.opened
    with opened(its), opened(by_hand):
        pass


def test_without_a_browser_the_address_is_printed(
    talk: vn.Talk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Browser(works=False)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    address = talk.open()
    assert address in capsys.readouterr().out


def test_a_browser_of_the_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser("/usr/bin/lynx")
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    assert not open_browser("http://127.0.0.1")
    assert browser.opened == []

    def none() -> Browser:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_browser("http://127.0.0.1")


def test_the_page_holds_nothing_but_its_files() -> None:
    files = tab_files()
    assert set(files) == {"", "tab.js", "tab.css"}
    assert 'src="/talk/tab.js"' in files[""]
    assert 'href="/talk/tab.css"' in files[""]
    assert "<script>" not in files[""]
    assert "style=" not in files[""].replace("xmlns", "")
