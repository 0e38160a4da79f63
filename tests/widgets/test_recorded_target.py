"""What the panel writes a setting to."""

from __future__ import annotations

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.widgets.recorded_target import Applied

LIMITS = vn.TurnDetection(vad_threshold=0.5, min_silence=900, max_silence=3000)
EMULATED = ["emulator · contract · rules"]
KEY = "aai-canary-panel"


def test_an_agent_stays_as_it_is_and_another_one_has_the_settings() -> None:
    agent = vn.Agent(name="Lido", turn_detection={"interruption_delay": 300, "min_silence": 1400})
    applied = Applied(agent)
    assert applied.told == {"kind": "agent", "name": "Lido"}
    assert "vn.Talk(panel.agent)" in applied.write(LIMITS, EMULATED)
    assert agent.turn_detection is not None
    assert agent.turn_detection.min_silence == 1400
    assert isinstance(applied.target, vn.Agent)
    assert applied.target.turn_detection == LIMITS.replace(interruption_delay=300)


def test_the_next_call_of_a_talk_begins_with_it() -> None:
    talk = vn.Talk(vn.Agent(name="Lido", turn_detection={"interruption_delay": 300}), "emulator")
    applied = Applied(talk)
    assert applied.told == {"kind": "talk", "name": "Lido"}
    assert applied.write(LIMITS, EMULATED) == "The next call begins with it."
    told = talk._next.settings["input"]["turn_detection"]
    assert told == {**LIMITS.to_wire(), "interrupt_response": True, "interruption_delay": 300}


def test_a_running_call_has_it_at_once(agent: vn.Agent, emulator: vn.Emulator) -> None:
    talk = vn.Talk(agent, emulator)
    try:
        talk.start()
        assert talk.session is not None
        talk.session.wait_for("session.ready", timeout=30)
        assert Applied(talk).write(LIMITS, EMULATED) == "In force in the running call."
        config = emulator.sessions[-1].config
        assert config is not None
        assert config.turn_detection is not None
        assert config.turn_detection["min_silence"] == 900
    finally:
        talk.end()


def test_what_the_emulator_was_tuned_with_needs_a_word_to_be_written_to_a_hosted_agent() -> None:
    talk = vn.Talk(vn.Agent(name="Lido"), vn.Hosted(KEY))
    applied = Applied(talk)
    with pytest.raises(InvalidConfiguration, match="tuned on calls with the emulator") as refused:
        applied.write(LIMITS, EMULATED)
    assert refused.value.facts["param"] == "even_if_emulated"
    assert talk._next.settings.get("input") is None
    applied.write(LIMITS, EMULATED, even_if_emulated=True)
    assert talk._next.settings["input"]["turn_detection"]["min_silence"] == 900


def test_a_stored_agent_is_guarded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", KEY)
    applied = Applied(vn.Agent(name="Lido", id="agent-1"))
    assert applied.told["kind"] == "stored"
    with pytest.raises(InvalidConfiguration, match="tuned on calls with the emulator"):
        applied.write(LIMITS, EMULATED)


def test_a_session_that_is_not_open_says_so() -> None:
    session = vn.Session(vn.Agent(name="Lido"), "emulator")
    applied = Applied(session)
    assert applied.told["kind"] == "session"
    with pytest.raises(SessionNotOpen):
        applied.write(LIMITS, [])


def test_nothing_to_write_to_and_something_strange() -> None:
    with pytest.raises(InvalidConfiguration, match="nothing to write it to"):
        Applied(None).write(LIMITS, [])
    assert Applied(None).told == {"kind": "", "name": ""}
    with pytest.raises(InvalidConfiguration, match="takes an Agent, a Talk or a Session, not str"):
        Applied("Lido")  # type: ignore[arg-type]
