"""A Talk whose page connects to the service by itself: what it refuses, and what it tells the page."""

from __future__ import annotations

import json

import pytest
from browser_page import BrowserPage, until
from page_comm import PageComm
from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import ClientConnection

import voicenb as vn
from voicenb.widgets.talk import Talk


def closed(socket: ClientConnection) -> None:
    """Wait until the call's process has let the page go."""
    with pytest.raises(ConnectionClosedOK):
        until(socket, "end")


def test_another_transport_is_refused(agent: vn.Agent) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="transport='pigeon' is none"):
        vn.Talk(agent, transport="pigeon")  # type: ignore[arg-type]


def test_the_panel_knows_who_connects(agent: vn.Agent, emulator: vn.Emulator) -> None:
    assert vn.Talk(agent, emulator)._state["transport"] == "kernel"
    assert vn.Talk(agent, emulator, transport="browser")._state["transport"] == "browser"


def test_without_a_page_it_cannot_begin(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator, transport="browser")
    with pytest.raises(vn.InvalidConfiguration, match=r"start\(\) has no page") as caught:
        talk.start(microphone=vn.Says("Hello?"))
    assert "Press Start in the panel" in caught.value.remedy
    assert talk.session is None


def test_sound_that_no_page_speaks_is_refused_at_once_in_the_user_s_words(agent: vn.Agent) -> None:
    with pytest.raises(
        vn.InvalidConfiguration, match=r"^input_format is 'audio/pcmu'.*leave input_format at"
    ):
        vn.Talk(agent.replace(input_format="pcmu"), transport="browser")
    settings = {"system_prompt": "Hi.", "output": {"format": {"encoding": "audio/pcma"}}}
    with pytest.raises(vn.InvalidConfiguration, match=r"^output\.format\.encoding is 'audio/pcma'"):
        vn.Talk(settings, transport="browser")
    assert vn.Talk(agent.replace(input_format="pcmu")).state == "idle"


def test_sound_that_no_page_speaks_is_refused_before_the_call(agent: vn.Agent, server: vn.Emulator) -> None:
    talk = vn.Talk(agent, server, transport="browser")
    talk.update(output_format="pcmu")
    page = BrowserPage(talk)
    error = page.answer(page.start(), "error")
    assert error["message"].startswith("output_format is 'audio/pcmu'")
    assert not server.sessions


def test_the_page_is_told_where_to_connect_with_a_token_and_never_the_key(agent: vn.Agent) -> None:
    with vn.Emulator(key="a-secret-key-of-ours", mouth="espeak") as server:
        talk = vn.Talk(agent, server, transport="browser")
        page = BrowserPage(talk)
        with page.direct() as socket:
            reach = until(socket, "reach")[-1]
            address, _, token = reach["url"].partition("?token=")
            assert address == server.address().url
            assert len(token) > 20
            assert token != "a-secret-key-of-ours"
            socket.send(json.dumps({"type": "unreached", "line": reach["line"], "reason": "a wall"}))
            closed(socket)
        comm: PageComm = talk.comm
        comm.wait(lambda: talk._state["state"] == "ended")
        assert "The browser got no connection" in talk._state["error"]["message"]
        told = json.dumps([talk._state, talk._lines, [data for data, _ in comm.sent]])
        assert token not in told
        assert "a-secret-key-of-ours" not in told + json.dumps(reach)
        assert talk.recording is not None
        written = b"".join(path.read_bytes() for path in talk.recording.folder.iterdir())
        assert token.encode() not in written
        assert talk.recording.session["transport"] == "browser"


def test_a_service_that_gives_no_token_is_told(agent: vn.Agent, server: vn.Emulator) -> None:
    with vn.Emulator(key="the-right-key-of-it", mouth="espeak") as strict:
        address = strict.address()
        wrong = vn.Address(address.url, key="another-key-that-is-wrong", kind="address")
        page = BrowserPage(talk := vn.Talk(agent, wrong, transport="browser"))
        with page.direct() as socket:
            closed(socket)
        page.comm.wait(lambda: talk._state["state"] == "ended" and talk._state["error"])
    assert isinstance(talk, Talk)
    assert "another-key-that-is-wrong" not in json.dumps(talk._state)
    assert talk.session is not None
    assert isinstance(talk.session.failure, vn.Unauthorized)
