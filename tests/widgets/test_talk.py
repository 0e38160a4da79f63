from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from brief_mouth import BriefMouth
from page_comm import PageComm

import voicenb as vn
from voicenb.emulator.ears.moonshine import Moonshine
from voicenb.widgets.talk import Talk


def page_of(talk: Talk) -> PageComm:
    assert isinstance(talk.comm, PageComm)
    return talk.comm


def ended(talk: Talk) -> None:
    """Wait until the panel has the whole transcript."""
    page_of(talk).wait(lambda: talk._state["state"] == "ended" and talk._lines)


def test_it_is_there_before_anything_has_begun(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    assert talk.state == "idle"
    assert talk.recording is None
    assert talk.lines == []
    assert not talk.in_browser
    assert not talk.wait_for_page(timeout=0.01)
    assert talk._state["agent"] == "Lido"
    assert talk._state["turn_detection"]["name"] == "adaptive"
    assert repr(talk) == "<Talk to 'Lido': idle>"
    with pytest.raises(vn.SessionNotOpen, match="No call has been started"):
        talk.wait_for("session.ready")
    talk.end()


def test_a_call_without_a_browser(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    talk.start()
    assert talk.state != "idle"
    talk.wait_until_answered(timeout=15)
    with pytest.raises(vn.SessionNotOpen, match="A call is running"):
        talk.start()
    told = talk.update(turn_detection=vn.TurnDetection.recommended())
    assert repr(told).startswith("turn detection: vad_threshold 0.5, min_silence 1400 ms,")
    assert repr(told).endswith("(confirmed by the service)")
    talk.end()
    ended(talk)
    assert [line.text for line in talk.lines] == ["Lido, good evening."]
    assert [line["text"] for line in talk._lines] == ["Lido, good evening."]
    assert talk.recording is not None
    assert talk.recording.finished
    state = talk._state
    assert (state["service"], state["profile"], state["cost_rate"]) == ("emulator", "contract", 0.0)
    assert state["caller"] == "silence"
    assert state["turn_detection"]["name"] == "recommended"
    assert state["ended"] > state["started"]


def test_the_rate_is_the_users_to_set(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator, cost_rate=7.2)
    assert talk._state["cost_rate"] == 7.2
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()
    ended(talk)
    assert talk._state["cost_rate"] == 7.2
    kept = page_of(talk).wait(lambda: page_of(talk).customs("keep"))
    spent = 7.2 * (talk._state["ended"] - talk._state["started"]) / 3600
    assert f" · ${spent:.2f} · emulator" in kept[0]["bundle"]["text/plain"]


def test_what_is_no_rate_is_refused(agent: vn.Agent, emulator: vn.Emulator) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="cost_rate=-1 is no price"):
        vn.Talk(agent, emulator, cost_rate=-1)


PROGRAM = """
import sys
import voicenb as vn
talk = vn.Talk(vn.Agent(name="Lido", greeting="Lido, good evening."), vn.Address(sys.argv[1], sys.argv[2]))
talk.start(microphone=vn.Silence())  # a voice that was not made before would be made with it
assert talk.state != "idle"
if "end" in sys.argv:
    talk.end()
assert "onnxruntime" not in sys.modules, "nobody looks at what it would measure"
"""


@pytest.mark.parametrize("end", [["end"], []], ids=["with an end", "without"])
def test_a_program_with_a_short_call_ends_in_peace(server: vn.Emulator, end: list[str]) -> None:
    address = server.address()
    command = [sys.executable, "-c", PROGRAM, address.url, address.key, *end]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_call_after_the_other(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    folders = set()
    for _ in range(2):
        talk.start()
        talk.wait_until_answered(timeout=15)
        talk.end()
        assert talk.recording is not None
        folders.add(talk.recording.folder)
    assert len(folders) == 2


def test_a_call_that_winds_up_while_the_next_one_begins_leaves_its_transcript(
    agent: vn.Agent, emulator: vn.Emulator
) -> None:
    talk = vn.Talk(agent, emulator)
    comm = page_of(talk)
    talk._feed.watch()  # then the end waits for what is still being measured
    for greeting in ("Good morning.", "Good night."):
        talk.update(greeting=greeting)
        talk.start()
        talk.wait_until_answered(timeout=15)
        talk.end()
    first, second = comm.wait(lambda: comm.customs("keep")[1:] and comm.customs("keep"))
    assert "Good morning." in first["bundle"]["text/plain"]
    assert "Good night." in second["bundle"]["text/plain"]
    assert talk._state["ended"] > talk._state["started"]


class Moody:
    """A service that cannot be asked where it is, the first time."""

    def __init__(self, server: vn.Emulator, error: BaseException) -> None:
        self.server = server
        self.error: BaseException | None = error

    def address(self) -> vn.Address:
        error, self.error = self.error, None
        if error is not None:
            raise error
        return self.server.address()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no room"), ValueError("what?")])
def test_whatever_keeps_a_call_from_beginning_it_can_be_tried_again(
    agent: vn.Agent, server: vn.Emulator, error: BaseException
) -> None:
    talk = vn.Talk(agent, Moody(server, error))
    with pytest.raises(type(error)):
        talk.start()
    assert talk.state == "idle"
    page_of(talk).wait(lambda: talk._state["state"] == "idle" and talk._state["error"])
    assert talk._state["error"]["message"]
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()
    ended(talk)
    assert talk._state["error"] is None


class Silent:
    """A service in this process that takes the first update and says nothing; Ctrl-C comes instead."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.left = threading.Event()

    def address(self) -> vn.Address:
        return vn.Address("ws://127.0.0.1:0/v1/ws", kind="address")

    async def app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            self.came.append(json.loads(message["text"])["type"])
            if self.came == ["session.update"]:
                os.kill(os.getpid(), signal.SIGINT)
            elif self.came[-1] == "session.end":
                await send({"type": "websocket.close", "code": 1000, "reason": ""})
        self.left.set()


def test_a_start_that_is_interrupted_leaves_nothing_running(agent: vn.Agent, server: vn.Emulator) -> None:
    silent = Silent()
    talk = vn.Talk(agent, silent)
    with pytest.raises(KeyboardInterrupt):
        talk.start()
    assert silent.left.wait(10)
    assert silent.came == ["session.update", "session.end"]
    talk._service = server
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()


def test_the_panel_is_told_of_lines_as_they_grow(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()
    ended(talk)
    lines = [message["line"] for message in page_of(talk).customs("line")]
    assert len(lines) > 1
    assert lines[0]["tail"]
    assert lines[-1]["text"] == "Lido, good evening."
    assert lines[-1]["tail"] == ""


def test_a_change_before_a_call_is_kept_for_it(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    told = talk.update(turn_detection=vn.TurnDetection.patient(), keyterms=["Lido"])
    assert "min_silence 2200 ms" in repr(told)
    assert repr(told).endswith("keyterms: Lido (for the next call)")
    page_of(talk).wait(lambda: talk._state["turn_detection"]["name"] == "patient")
    talk.start()
    session = talk.session
    assert session is not None
    sent = session.wait_for("session.update", timeout=5)
    assert sent.session["input"]["turn_detection"]["min_silence"] == 2200
    assert sent.session["tools"][0]["name"] == "free_tables"
    talk.end()


def test_what_becomes_of_the_voice_can_be_changed_between_calls_and_in_one(
    agent: vn.Agent, emulator: vn.Emulator
) -> None:
    talk = vn.Talk(agent, emulator, barge_in="wait")
    assert talk._state["barge_in"] == "wait"
    assert repr(talk.update(barge_in="duck")) == "barge in: duck (for the next call)"
    page_of(talk).wait(lambda: talk._state["barge_in"] == "duck")
    talk.start()
    assert talk.recording is not None
    assert talk.recording.session["barge_in"] == "duck"
    assert repr(talk.update(barge_in="flush")) == "barge in: flush (from now on)"
    assert talk.session is not None
    assert talk.session.conversation.barge_in == "flush"
    told = talk.update(barge_in="wait", keyterms=["Lido"])
    assert repr(told) == "keyterms: Lido; barge in: wait (confirmed by the service)"
    page_of(talk).wait(lambda: talk._state["barge_in"] == "wait")
    with pytest.raises(vn.InvalidConfiguration, match="no way to give way"):
        talk.update(barge_in="whistle")
    talk.end()
    modes = [event["msg"]["mode"] for event in talk.recording.events if event["type"] == "barge_in"]
    assert modes == ["duck", "flush", "wait"]
    told = talk.update(barge_in="flush", keyterms=[])
    assert repr(told) == "keyterms: none; barge in: flush (for the next call)"


def test_a_change_as_the_contract_has_it_keeps_the_agents_tools(
    agent: vn.Agent, emulator: vn.Emulator
) -> None:
    talk = vn.Talk(agent, emulator)
    talk.update({"input": {"turn_detection": {"min_silence": 900}}, "system_prompt": "Be short."})
    talk.update(system_prompt="Be shorter.")  # the later word counts, whatever its form
    talk.start()
    session = talk.session
    assert session is not None
    sent = session.wait_for("session.update", timeout=5).session
    assert sent["input"]["turn_detection"] == vn.TurnDetection(min_silence=900).whole().to_wire()
    assert sent["system_prompt"] == "Be shorter."
    assert sent["tools"][0]["name"] == "free_tables"
    assert list(session._tools.tools) == ["free_tables"]
    talk.end()
    assert talk.recording is not None
    assert talk.recording.session["agent"]["name"] == "Lido"
    assert talk.recording.session["agent"]["system_prompt"] == "Be shorter."


def test_a_tool_beside_a_change_as_the_contract_has_it(agent: vn.Agent, emulator: vn.Emulator) -> None:
    def cancel(day: str) -> str:
        """Cancel a booking."""
        return day

    talk = vn.Talk(agent, emulator)
    talk.update({"system_prompt": "Be short."}, tools=[cancel])
    talk.start()
    session = talk.session
    assert session is not None
    assert [tool["name"] for tool in session.wait_for("session.update", 5).session["tools"]] == ["cancel"]
    assert list(session._tools.tools) == ["cancel"]
    talk.end()


def test_a_change_that_cannot_work_changes_nothing(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    with pytest.raises(vn.InvalidConfiguration, match=r"A session has no min_silence.*TurnDetection"):
        talk.update(min_silence=3)
    with pytest.raises(vn.InvalidConfiguration):
        talk.update(turn_detection={"min_silence": -1})
    assert talk.agent is agent


def test_what_cannot_begin_says_why_and_can_be_tried_again(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, "ws://127.0.0.1:9")
    for _ in range(2):
        with pytest.raises(vn.ServiceUnreachable):
            talk.start()
        page_of(talk).wait(lambda: talk._state["error"])
        assert talk._state["error"]["remedy"]


def test_the_folder_of_the_recordings_stays_where_it_was_named(
    agent: vn.Agent, emulator: vn.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    talk = vn.Talk(agent, emulator, recording="mine")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    folders = []
    for _ in range(2):
        talk.start()
        talk.end()
        assert talk.recording is not None
        folders.append(talk.recording.folder)
    assert {folder.parent for folder in folders} == {tmp_path / "mine"}
    assert len(set(folders)) == 2
    assert all("-lido-" in folder.name for folder in folders)
    with pytest.raises(vn.RecordingError, match="holds 2 recordings") as caught:
        vn.load(tmp_path / "mine")
    assert f"vn.load({str(folders[1])!r})" in caught.value.remedy
    assert vn.load(folders[1]).finished


@pytest.mark.parametrize("folder", [5, b"mine"])
def test_a_folder_is_named_by_its_path(agent: vn.Agent, folder: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="recording= takes a path"):
        vn.Talk(agent, recording=folder)


def test_a_wrong_way_for_the_sound_is_refused_at_once(agent: vn.Agent) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="audio='fast'"):
        vn.Talk(agent, audio="fast")  # type: ignore[arg-type]
    with pytest.raises(vn.InvalidConfiguration, match="no agent"):
        vn.Talk(3)  # type: ignore[arg-type]


def test_no_key_secret_or_address_is_in_what_a_notebook_saves(agent: vn.Agent, server: vn.Emulator) -> None:
    address = server.address()
    talk = vn.Talk(agent, server)
    talk.start()
    talk.wait_until_answered(timeout=15)
    during = json.dumps(talk.get_state(drop_defaults=False), default=str)
    talk.end()
    ended(talk)
    after = json.dumps(talk.get_state(drop_defaults=False), default=str)
    messages = json.dumps([data for data, _ in page_of(talk).sent], default=str)
    for saved in (during, after, messages, talk._keepsake._bundle["text/html"], repr(talk)):
        assert address.key not in saved
        assert address.url not in saved
    assert {name for name in talk.keys if name not in {*talk.traits(sync=True)}} == set()


def test_pages_that_come_later_are_given_what_is_kept(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    comm = page_of(talk)
    talk._handle_custom_msg({"type": "attach"}, [])
    comm.wait(lambda: comm.customs("lines"))
    assert comm.customs("keep") == []
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()
    (first,) = comm.wait(lambda: comm.customs("keep"))
    assert "Lido, good evening." in first["bundle"]["text/html"]
    talk._handle_custom_msg({"type": "attach"}, [])
    comm.wait(lambda: comm.customs("keep")[1:] == [first])


def test_what_is_kept_is_readable(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()
    ended(talk)
    page_of(talk).wait(lambda: talk._keepsake._bundle["text/plain"])
    first, *rest = talk._keepsake._bundle["text/plain"].splitlines()
    assert first.startswith("Call with Lido · ")
    assert rest == ["Lido: Lido, good evening."]


def test_between_two_calls_greeting_and_voice_may_change() -> None:
    talk = Talk(vn.Agent(name="Lido", system_prompt="You are Lido.", greeting="Hello.", voice="ivy"))
    told = talk.update(greeting="Good evening.", voice="james")
    assert repr(told) == 'greeting: "Good evening."; voice: "james" (for the next call)'
    assert (talk.agent.greeting, talk.agent.voice) == ("Good evening.", "james")


def test_a_caller_can_type(moonshine: Moonshine) -> None:
    with vn.Emulator(brain=["For when?"], mouth=BriefMouth(), recognizer=moonshine) as emulator:
        talk = vn.Talk(vn.Agent(name="Lido"), emulator)
        with pytest.raises(vn.SessionNotOpen):
            talk.message("A table for four.")
        talk.start()
        talk.message("A table for four.")
        talk.wait_until_answered(timeout=15)
        assert [(line.role, line.text) for line in talk.lines] == [
            ("user", "A table for four."),
            ("agent", "For when?"),
        ]
        talk.end()


def test_a_key_that_cannot_be_is_in_nothing_that_is_shown(
    agent: vn.Agent, server: vn.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "a-key-of-a-good-length"
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", f"{key}\nand more")
    talk = vn.Talk(agent)
    with pytest.raises(vn.InvalidConfiguration, match="The API key holds a space or a line break") as caught:
        talk.start()
    assert key not in str(caught.value)
    assert key not in json.dumps(talk._state)

    place = server.address().url.removesuffix("/v1/ws")
    talk = vn.Talk(agent, vn.Hosted(f"{key}\n", host=place))
    talk.start()
    talk.wait_until_answered(timeout=15)
    talk.end()
    ended(talk)
    assert key not in json.dumps(talk._state)
    assert talk.session is not None
    assert key not in repr(talk.session.events)


@pytest.mark.parametrize("by_id", [True, False])
def test_what_is_changed_of_a_stored_agent_before_the_call_is_in_force_in_it(
    server: vn.Emulator, by_id: bool
) -> None:
    hosted = vn.Hosted("local-key", host=server.url)
    stored = hosted.create(vn.Agent(name="Lido", system_prompt="p", voice="ivy", greeting="Good evening."))
    talk = vn.Talk(stored.id if by_id else stored, hosted)
    told = talk.update(turn_detection=vn.TurnDetection.recommended())
    assert "for the next call" in repr(told)
    talk.start()
    assert talk.session is not None
    config = talk.session.conversation.config
    assert config["input"]["turn_detection"]["min_silence"] == 1400
    assert config["system_prompt"] == "p"
    talk.end()
    assert talk.session.failure is None


def test_adaptive_turn_detection_comes_back_with_the_next_call(
    agent: vn.Agent, emulator: vn.Emulator
) -> None:
    talk = vn.Talk(agent, emulator)
    talk.update(turn_detection=vn.TurnDetection.recommended())
    talk.start()
    with pytest.raises(vn.InvalidConfiguration, match="End the call"):
        talk.update(turn_detection=None)
    talk.end()
    told = talk.update(turn_detection=None)
    assert repr(told) == "turn detection: adaptive, the service's default (for the next call)"
    talk.start()
    sent = talk.wait_for("session.update", timeout=5)
    assert "turn_detection" not in sent.session.get("input", {})
    talk.end()
