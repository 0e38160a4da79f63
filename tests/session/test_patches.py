from __future__ import annotations

from typing import Any

import pytest

import voicenb as vn
from voicenb.errors import ImmutableField, InvalidConfiguration
from voicenb.session.patches import patch_of


def test_settings_by_name() -> None:
    patch, tools = patch_of(
        None,
        {
            "system_prompt": "Shorter.",
            "keyterms": ("Lido",),
            "turn_detection": {"min_silence": 700},
            "volume": 80,
        },
    )
    assert patch == {
        "system_prompt": "Shorter.",
        "input": {"keyterms": ["Lido"], "turn_detection": {"min_silence": 700}},
        "output": {"volume": 80},
    }
    assert tools == []


def test_over_a_raw_object() -> None:
    raw = {"input": {"keyterms": ["a"], "turn_detection": {"vad_threshold": 0.3}}}
    patch, _ = patch_of(raw, {"turn_detection": vn.TurnDetection(min_silence=700)})
    assert patch == {"input": {"keyterms": ["a"], "turn_detection": {"min_silence": 700}}}
    assert raw["input"]["turn_detection"] == {"vad_threshold": 0.3}


def test_tools_of_every_kind() -> None:
    def look(day: str) -> str:
        """Look."""
        return day

    raw = {"type": "function", "name": "raw", "parameters": {}}
    patch, tools = patch_of(None, {"tools": [look, raw]})
    assert [tool["name"] for tool in patch["tools"]] == ["look", "raw"]
    assert [tool.name for tool in tools] == ["look"]
    assert tools[0].call({"day": "Friday"}) == "Friday"


def test_tools_can_be_taken_away() -> None:
    assert patch_of(None, {"tools": []})[0] == {"tools": []}


@pytest.mark.parametrize("changes", [{"voice": "anna"}, {"greeting": "Hi."}])
def test_what_is_frozen(changes: dict[str, Any]) -> None:
    with pytest.raises(ImmutableField):
        patch_of(None, changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Nothing to change"),
        ({"colour": 1}, r"A session has no colour\. It has greeting, input_format"),
        ({"sytem_prompt": "x"}, r"no sytem_prompt\. Did you mean 'system_prompt'\?"),
        ({"min_silence": 700}, r"no min_silence\. .*turn_detection=vn\.TurnDetection\(min_silence=…\)"),
        ({"keyterms": ["x"] * 101}, "at most 100"),
        ({"keyterms": "Lido"}, "keyterms must be a list of texts"),
        ({"turn_detection": {"min_silense": 1}}, r"Did you mean 'min_silence'\?.*whole milliseconds"),
    ],
)
def test_what_cannot_work(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidConfiguration, match=words):
        patch_of(None, changes)


@pytest.mark.parametrize("session", ["system_prompt", ["system_prompt"], 5])
def test_a_session_object_is_a_dict(session: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="The session object must be a dict"):
        patch_of(session, {})


@pytest.mark.parametrize("session", [{"input": "x"}, {"tools": [1]}])
def test_a_session_object_of_another_shape(session: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfiguration, match="must"):
        patch_of(session, {})
