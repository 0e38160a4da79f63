from __future__ import annotations

import pytest

import voicenb as vn
from voicenb.widgets.next_call import NextCall


@pytest.fixture
def lido() -> vn.Agent:
    return vn.Agent(name="Lido", system_prompt="You are Lido.", greeting="Hello.", voice="ivy")


def test_an_agent_takes_what_it_has_a_name_for(lido: vn.Agent) -> None:
    changed, patch = NextCall(lido).changed(None, {"system_prompt": "Be short.", "keyterms": ["Lido"]})
    assert patch == {"system_prompt": "Be short.", "input": {"keyterms": ["Lido"]}}
    assert changed.agent == lido.replace(system_prompt="Be short.", keyterms=["Lido"])
    assert changed.changes == {}


def test_between_two_calls_it_may_greet_otherwise(lido: vn.Agent) -> None:
    changed, patch = NextCall(lido).changed(None, {"greeting": "Good evening.", "voice": "james"})
    assert patch == {"greeting": "Good evening.", "output": {"voice": "james"}}
    assert changed.settings["greeting"] == "Good evening."
    assert changed.settings["output"]["voice"] == "james"


def test_between_two_calls_it_may_sound_as_by_telephone(lido: vn.Agent) -> None:
    changed, patch = NextCall(lido).changed(None, {"output_format": "pcmu", "input_format": "pcma"})
    assert patch == {
        "input": {"format": {"encoding": "audio/pcma"}},
        "output": {"format": {"encoding": "audio/pcmu"}},
    }
    assert changed.settings["output"]["format"] == {"encoding": "audio/pcmu"}
    with pytest.raises(vn.ImmutableField):
        NextCall("agent_1").changed(None, {"output_format": "pcmu"})


def test_a_session_object_lies_over_it_and_the_later_word_counts(lido: vn.Agent) -> None:
    next_call, _ = NextCall(lido).changed({"system_prompt": "Be short."}, {})
    assert next_call.agent == lido
    next_call, _ = next_call.changed(None, {"system_prompt": "Be shorter."})
    assert next_call.settings["system_prompt"] == "Be shorter."


def test_for_a_stored_agent_everything_lies_over_it() -> None:
    next_call, patch = NextCall("agent_1").changed(None, {"system_prompt": "Be short."})
    assert next_call.changes == patch == {"system_prompt": "Be short."}
    with pytest.raises(vn.ImmutableField):
        next_call.changed(None, {"greeting": "Hello."})


def test_what_cannot_work_changes_nothing(lido: vn.Agent) -> None:
    with pytest.raises(vn.InvalidConfiguration):
        NextCall(lido).changed(None, {"turn_detection": {"min_silence": -1}})
    with pytest.raises(vn.InvalidConfiguration, match="Nothing to change"):
        NextCall(lido).changed(None, {})


def test_what_changes_of_an_agent_that_is_stored_lies_over_the_stored_one(lido: vn.Agent) -> None:
    stored = lido.replace(id="agent_1")
    settings = vn.TurnDetection.recommended()
    next_call, patch = NextCall(stored).changed(None, {"turn_detection": settings})
    assert patch == next_call.changes == {"input": {"turn_detection": settings.to_wire()}}
    assert next_call.settings == {"agent_id": "agent_1", **patch}
    assert next_call.agent == stored.replace(turn_detection=settings)
    for frozen in ({"greeting": "Hi."}, {"voice": "james"}):
        with pytest.raises(vn.ImmutableField):
            next_call.changed(None, frozen)


def test_functions_go_with_a_stored_agent_that_is_named_by_its_id() -> None:
    def look() -> str:
        """Look."""
        return "seen"

    next_call, patch = NextCall("agent_1").changed(None, {"tools": [look]})
    assert [tool["name"] for tool in patch["tools"]] == ["look"]
    assert isinstance(next_call.agent, vn.Agent)
    assert next_call.agent.tools[0].call({}) == "seen"
    assert next_call.settings == {"agent_id": "agent_1", **patch}


def test_turn_detection_can_be_left_to_the_service_again() -> None:
    mine = NextCall(vn.Agent(name="Lido", turn_detection=vn.TurnDetection.recommended()))
    assert "turn_detection" in mine.settings["input"]
    back, patch = mine.changed(None, {"turn_detection": None})
    assert patch == {"input": {"turn_detection": None}}
    assert "turn_detection" not in back.settings.get("input", {})
    again, patch = back.changed({"input": {"turn_detection": {"min_silence": 900}}}, {})
    back, patch = again.changed(None, {"turn_detection": None, "system_prompt": "Short."})
    assert patch == {"system_prompt": "Short.", "input": {"turn_detection": None}}
    assert "turn_detection" not in back.settings.get("input", {})
    assert back.settings["system_prompt"] == "Short."
    assert again.settings["input"]["turn_detection"] == {"min_silence": 900}, "the one before stays as it was"


def test_of_a_stored_agent_only_what_was_changed_is_taken_back() -> None:
    changed, _ = NextCall("agent_1").changed(None, {"turn_detection": vn.TurnDetection(min_silence=900)})
    back, _ = changed.changed(None, {"turn_detection": None})
    assert back.settings.get("input", {}) == {}
