"""The panel of turn detection on calls with a real emulator, with its page in the test's hands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from page_comm import PageComm

import voicenb as vn
from voicenb.emulator import checks, errors
from voicenb.emulator.timeline import TurnRecord
from voicenb.widgets import page_restart

WHOLE = vn.TurnDetection.recommended().replace(min_silence=600, max_silence=2000)


class Dials:
    """What a page does with the panel."""

    def __init__(self, talk: vn.Talk | vn.Session) -> None:
        self.panel = vn.TurnDetectionPanel(talk)
        assert isinstance(self.panel.comm, PageComm)
        self.comm = self.panel.comm
        self.asked = 0
        self.say("attach")
        self.say("shown")

    def say(self, kind: str, **content: Any) -> None:
        self.panel._receive(self.panel, {"type": kind, **content}, [])

    def ask(self, kind: str, **content: Any) -> dict[str, Any]:
        """Ask for something; returns the answer."""
        self.asked += 1
        mine = f"ask-{self.asked}"
        self.say(kind, ask=mine, **content)
        return dict(self.comm.wait(lambda: self._answer(mine)))

    def set(self, **changes: Any) -> dict[str, Any]:
        return self.ask("set", changes=changes)

    def _answer(self, mine: str) -> dict[str, Any] | None:
        return next((each for each in self.comm.customs("answer") if each["ask"] == mine), None)

    def until(self, **state: Any) -> None:
        """Wait until the page has been told that."""
        self.comm.wait(lambda: all(self.panel._state[name] == value for name, value in state.items()), 30)

    def turns(self, number: int) -> list[dict[str, Any]]:
        """Wait until so many turns have been measured."""

        def measured() -> list[dict[str, Any]] | None:
            rows: list[dict[str, Any]] = self.panel._state["turns"]
            return rows if len(rows) == number and all(row["latency"] for row in rows) else None

        return list(self.comm.wait(measured, 60))


@pytest.fixture
def talk(agent: vn.Agent, emulator: vn.Emulator) -> Iterator[vn.Talk]:
    talk = vn.Talk(agent, emulator)
    yield talk
    talk.end()


def spoken(emulator: vn.Emulator) -> list[TurnRecord]:
    """The turns of the caller's as the emulator knows them."""
    return [each for each in emulator.sessions[-1].timeline if each.trigger == "user_speech"]


def test_before_a_call_it_sets_what_the_next_one_begins_with(talk: vn.Talk, emulator: vn.Emulator) -> None:
    dials = Dials(talk)
    dials.until(phase="before", turn_detection=None, agent="Lido")
    answer = dials.set(turn_detection=WHOLE.to_wire(), transcription_mode="min_latency")
    assert "message" not in answer
    dials.until(turn_detection=WHOLE.to_wire(), mode="min_latency")
    talk.start()
    dials.until(phase="running", turn_detection=WHOLE.to_wire(), mode="min_latency")
    config = emulator.sessions[-1].config
    assert config is not None
    assert config.turn_detection == WHOLE.whole("min_latency").to_wire()
    assert config.transcription_mode == "min_latency"
    # The delay came with the mode, and goes with it.
    dials.set(transcription_mode="max_accuracy")
    dials.until(turn_detection=WHOLE.to_wire(), mode="max_accuracy")
    config = emulator.sessions[-1].config
    assert config is not None
    assert config.turn_detection == WHOLE.whole("max_accuracy").to_wire()


def test_left_to_the_service_again_before_a_call(talk: vn.Talk) -> None:
    dials = Dials(talk)
    dials.set(turn_detection=WHOLE.to_wire())
    dials.until(turn_detection=WHOLE.to_wire())
    assert "message" not in dials.set(turn_detection=None)
    dials.until(turn_detection=None)


def test_a_move_is_in_force_when_the_service_has_confirmed_it(talk: vn.Talk, emulator: vn.Emulator) -> None:
    dials = Dials(talk)
    talk.start()
    dials.until(phase="running", turn_detection=None)
    assert "message" not in dials.set(turn_detection=WHOLE.to_wire())
    assert dials.panel._state["turn_detection"] == WHOLE.to_wire(), "told before the answer"
    config = emulator.sessions[-1].config
    assert config is not None
    whole = WHOLE.whole().to_wire()
    assert config.turn_detection == whole
    assert talk._next.settings["input"]["turn_detection"] == whole, "of the next call as well"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"turn_detection": {"min_silence": 4000, "max_silence": 3000}}, "must be less than max_silence"),
        ({"turn_detection": {"interruption_delay": 2000}}, "not within 0 to 1000"),
        ({"transcription_mode": "fast"}, "none of min_latency"),
        ({}, "Nothing to change"),
        ({"voice": "ivy"}, "Nothing to change"),
    ],
)
def test_what_cannot_work_is_not_sent(talk: vn.Talk, changes: dict[str, Any], words: str) -> None:
    dials = Dials(talk)
    talk.start()
    dials.until(phase="running")
    assert words in dials.set(**changes)["message"]
    assert talk.session is not None
    assert [each["type"] for each in talk.session.events if each["dir"] == "out"].count("session.update") == 1
    assert dials.panel._state["turn_detection"] is None


def test_what_the_service_refuses_is_told_with_its_words(
    talk: vn.Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(value: Any, param: str) -> errors.Refusal:
        return errors.value(f"'{param}' is not for today", param)

    dials = Dials(talk)
    talk.start()
    dials.until(phase="running")
    monkeypatch.setitem(checks._TURN_DETECTION, "min_silence", refuse)
    assert "is not for today" in dials.set(turn_detection=WHOLE.to_wire())["message"]
    assert dials.panel._state["turn_detection"] is None


def test_what_a_cell_changes_is_shown(talk: vn.Talk) -> None:
    dials = Dials(talk)
    talk.update(turn_detection=vn.TurnDetection.patient(), transcription_mode="max_accuracy")
    dials.until(turn_detection=vn.TurnDetection.patient().to_wire(), mode="max_accuracy")
    # Which the Talk's own line does not tell apart.
    talk.update(turn_detection=vn.TurnDetection.patient().replace(interruption_delay=100))
    dials.until(turn_detection=vn.TurnDetection.patient().replace(interruption_delay=100).to_wire())
    talk.start()
    dials.until(phase="running")
    talk.update(turn_detection=vn.TurnDetection.dictation())
    # The emulator would keep what a later object leaves out; this one is sent whole.
    dials.until(turn_detection=vn.TurnDetection.dictation().to_wire())


def test_the_turns_say_what_ended_them_and_where_the_settings_changed(
    talk: vn.Talk, emulator: vn.Emulator
) -> None:
    dials = Dials(talk)
    told = vn.Caller(
        [
            "What can you do?",
            vn.Answer(),
            vn.Pause(0.5),
            "And what else can you do?",
            vn.Answer(),
            "I would like a table for the,",
            vn.Answer(),
        ]
    )
    talk.start(microphone=told)
    talk.wait_for("transcript.user", timeout=30)
    dials.set(turn_detection=WHOLE.to_wire())
    talk.wait_until_answered(timeout=60)
    talk.end()
    rows = dials.turns(3)
    # The emulator's own record knows; an utterance that ends in a conjunction is not complete.
    assert [record.ended_by for record in spoken(emulator)][1:] == ["min_silence", "max_silence"]
    assert [(row["ended_by"], row["limit"]) for row in rows] == [
        ("stand-in", None),
        ("min_silence", 600),
        ("max_silence", 2000),
    ]
    assert [row["change"] for row in rows] == ["", "adaptive → 0.5 · 600 · 2000", ""]
    assert [row["outcome"] for row in rows] == ["", "", ""]
    for row in rows:
        assert sum(part["seconds"] for part in row["parts"]) == pytest.approx(row["latency"], abs=0.03)
    assert rows[1]["latency"] < rows[2]["latency"]
    dials.until(phase="after")
    assert "3. “I would like a table for the" in dials.panel._repr_mimebundle_()[0]["text/plain"]


def test_a_change_since_the_last_turn_is_marked_at_once(talk: vn.Talk) -> None:
    dials = Dials(talk)
    talk.update(turn_detection=WHOLE)
    talk.start(microphone=vn.Caller(["What can you do?", vn.Answer(), vn.Pause(20.0)]))
    dials.turns(1)
    dials.set(turn_detection=WHOLE.replace(min_silence=300).to_wire(), transcription_mode="min_latency")
    dials.until(coming="min_silence 600 → 300 ms, balanced → min_latency")


@pytest.mark.campaign
def test_a_restart_begins_another_call_with_the_default(talk: vn.Talk, emulator: vn.Emulator) -> None:
    dials = Dials(talk)
    talk.start(microphone=vn.Caller(["What can you do?", vn.Answer(), vn.Pause(20.0)]))
    dials.turns(1)
    dials.set(turn_detection=WHOLE.to_wire())
    dials.until(restarts="here")
    assert "message" in dials.set(turn_detection=None), "it does not come back in this session"
    first = talk.session
    assert "message" not in dials.ask("restart")
    dials.until(phase="running", turn_detection=None)
    assert talk.session is not first
    assert first is not None
    assert first.over
    assert len(emulator.sessions) == 2
    rows = dials.turns(2)
    assert [row["change"] for row in rows] == ["", "another call"]


def ask_a_page(talk: vn.Talk, dials: Dials, able: bool | None) -> dict[str, Any]:
    """Press Restart while a page has the call; it says whether it is able to, None: it has gone."""
    talk.start()
    dials.until(phase="running")
    dials.set(turn_detection=WHOLE.to_wire())
    talk._with_page = True
    comm = talk.comm
    assert isinstance(comm, PageComm)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(dials.ask, "restart")
        comm.wait(lambda: comm.customs("restart"))
        if able is not None:
            talk._page.receive(talk, {"type": "restarting", "able": able}, [])
        return answer.result(30)


def test_a_page_that_has_the_call_is_told_to_begin_anew(talk: vn.Talk) -> None:
    dials = Dials(talk)
    assert "message" not in ask_a_page(talk, dials, able=True)
    assert talk._next.settings.get("input", {}).get("turn_detection") is None
    assert talk.session is not None
    assert not talk.session.over, "the page ends it"


@pytest.mark.parametrize(
    ("able", "words", "remedy"),
    [
        (None, "No page has this call's microphone", "Press Talk here in its panel"),
        (False, "connecting to it again", "Wait until its panel says listening"),
    ],
)
def test_a_restart_that_no_page_can_do_is_refused_and_changes_nothing(
    talk: vn.Talk, able: bool | None, words: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_restart, "PATIENCE", 1.0)
    dials = Dials(talk)
    answer = ask_a_page(talk, dials, able)
    assert words in answer["message"]
    assert remedy in answer["remedy"]
    assert talk._next.settings["input"]["turn_detection"] == WHOLE.whole().to_wire()


def test_a_session_is_tuned_while_it_runs(agent: vn.Agent, emulator: vn.Emulator) -> None:
    session = vn.Session(agent, emulator, recording=False)
    dials = Dials(session)
    dials.until(phase="before", once=True)
    assert "not been started" in dials.set(turn_detection=WHOLE.to_wire())["message"]
    with session:
        dials.until(phase="running", restarts="")
        assert "message" not in dials.set(turn_detection=WHOLE.to_wire())
        assert "held once" in dials.ask("restart")["message"]
    dials.until(phase="after", turn_detection=WHOLE.to_wire())


class Slow:
    """A service that is found when the test lets it, or not at all."""

    def __init__(self, server: vn.Emulator, error: BaseException | None = None) -> None:
        self.server = server
        self.error = error
        self.asked = threading.Event()
        self.found = threading.Event()

    def address(self) -> vn.Address:
        self.asked.set()
        assert self.found.wait(30)
        if self.error is not None:
            raise self.error
        return self.server.address()


@pytest.mark.parametrize("error", [None, OSError("no room")])
def test_while_a_call_begins_nothing_is_set_that_would_miss_it(
    agent: vn.Agent, server: vn.Emulator, error: BaseException | None
) -> None:
    slow = Slow(server, error)
    talk = vn.Talk(agent, slow)
    dials = Dials(talk)
    with ThreadPoolExecutor() as pool:
        begun = pool.submit(talk.start)
        assert slow.asked.wait(30)
        dials.until(phase="connecting")
        slow.found.set()
        if error is not None:
            with pytest.raises(OSError, match="no room"):
                begun.result(30)
            dials.until(phase="before")
        else:
            begun.result(30)
            dials.until(phase="running")
            talk.end()


def test_nothing_is_measured_where_nobody_looks(talk: vn.Talk) -> None:
    panel = vn.TurnDetectionPanel(talk)
    talk.start()
    assert panel._calls[-1]._stop is None
    talk.end()


def followers(talk: vn.Talk) -> int:
    assert talk.session is not None
    return len(talk.session._followers._told)


def test_a_panel_that_nobody_looks_at_any_more_measures_nothing(talk: vn.Talk) -> None:
    talk.start()
    alone = followers(talk)
    dials = Dials(talk)
    assert followers(talk) == alone + 2
    dials.say("hidden")
    assert followers(talk) == alone + 1
    assert dials.comm.customs("look"), "another page may show it"
    dials.say("shown")
    assert followers(talk) == alone + 2
    talk.end()


def test_a_panel_that_was_closed_follows_no_call(talk: vn.Talk) -> None:
    talk.start()
    alone = followers(talk)
    dials = Dials(talk)
    dials.panel.close()
    dials.panel.close()
    dials.say("shown")  # of a page that has not heard of it yet
    assert followers(talk) == alone
    talk.end()
    talk.start()
    assert followers(talk) == alone
    assert len(dials.panel._calls) == 1
    talk.end()


def test_it_says_what_it_takes(agent: vn.Agent, talk: vn.Talk, tmp_path: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="takes a Talk, a Session or recordings, not Agent"):
        vn.TurnDetectionPanel(agent)  # type: ignore[arg-type]
    with pytest.raises(vn.InvalidConfiguration, match="agent= belongs to recordings"):
        vn.TurnDetectionPanel(talk, agent=agent)


def test_the_turns_are_decided_by_another_setting_too(talk: vn.Talk, emulator: vn.Emulator) -> None:
    dials = Dials(talk)
    dials.set(turn_detection=WHOLE.to_wire())
    asked = {"vad_threshold": 0.5, "min_silence": 1500, "max_silence": 3000}
    assert "message" not in dials.ask("beside", setting=asked)
    dials.until(beside=asked)
    assert dials.panel.beside == vn.TurnDetection(**asked)
    talk.start(microphone=vn.Caller(["What can you do?", vn.Answer(), vn.Pause(1.0)]))

    def decided() -> Any:
        rows = dials.panel._state["turns"]
        return rows and rows[0].get("beside")

    found = dials.comm.wait(decided, 60)
    assert found["pause"] is None
    assert found["delay"] == pytest.approx(1.5, abs=0.15)
    config = emulator.sessions[-1].config
    assert config is not None
    assert config.turn_detection == WHOLE.whole().to_wire(), "nothing of it is in force"
    assert "must be less than" in dials.ask("beside", setting={"min_silence": 4000})["message"]
    dials.panel.beside = None
    dials.until(beside=None)
    assert dials.panel._state["turns"][0]["beside"] is None


def test_of_recordings_it_is_a_panel_of_another_kind(agent: vn.Agent, tmp_path: Any) -> None:
    recording = vn.run(agent, vn.Caller([vn.Answer()]), recording=tmp_path / "call")
    for what in (recording, [recording], tmp_path / "call", str(tmp_path / "call"), (recording,)):
        panel = vn.TurnDetectionPanel(what)
        assert isinstance(panel, vn.TurnDetectionPanel)
        assert type(panel) is not vn.TurnDetectionPanel
        assert repr(panel).startswith("<TurnDetectionPanel of 1 recording: ")
        assert panel.beside is None
        with pytest.raises(vn.InvalidConfiguration, match="belongs to a conversation"):
            panel.beside = vn.TurnDetection()
        panel.close()


def test_a_panel_that_was_made_later_and_the_talk_itself_name_the_settings_alike(talk: vn.Talk) -> None:
    first = Dials(talk)
    talk.start()
    first.until(phase="running")
    patient = vn.TurnDetection.patient().to_wire()
    first.set(turn_detection={**patient, "interruption_delay": 300})
    # As the page sends a preset once a delay is set.
    first.set(turn_detection={**patient, "interruption_delay": 500})
    second = Dials(talk)
    second.until(phase="running", turn_detection=patient)
    assert second.panel._state == first.panel._state
    assert repr(second.panel) == "<TurnDetectionPanel of 'Lido': patient 0.5 · 2200 · 6000>"
    assert talk._feed.state()["turn_detection"]["name"] == "patient"


def test_a_panel_whose_talk_was_followed_by_another_says_so(
    talk: vn.Talk, agent: vn.Agent, emulator: vn.Emulator
) -> None:
    dials = Dials(talk)
    dials.until(stale=False)
    other = vn.Talk(agent, emulator)
    dials.until(stale=True)
    assert vn.TurnDetectionPanel(other)._state["stale"] is False
    again = Dials(talk)  # who runs the cell again means this one
    again.until(stale=False)
    talk.start()
    dials.until(phase="running", stale=False)


def test_without_a_widget_it_is_a_line(talk: vn.Talk) -> None:
    talk.update(turn_detection=vn.TurnDetection.recommended())
    panel = vn.TurnDetectionPanel(talk)
    assert repr(panel) == "<TurnDetectionPanel of 'Lido': recommended 0.5 · 1400 · 4000>"
    data, _ = panel._repr_mimebundle_()
    assert data["text/plain"] == (
        "Turn detection of Lido when this cell ran: recommended 0.5 · 1400 · 4000 · balanced. "
        "Run it again to tune."
    )
    assert "recommended 0.5 · 1400 · 4000" in data["text/html"]
