from __future__ import annotations

from typing import Any

import pytest

from voicenb.session.in_force import LONGEST, InForce


def said(patch: dict[str, Any], config: dict[str, Any] | None = None, *, confirmed: bool = True) -> str:
    return repr(InForce.of(patch, config or {}, confirmed=confirmed))


def test_what_the_service_tells_counts_and_only_what_was_to_change_is_shown() -> None:
    patch = {"input": {"turn_detection": {"min_silence": 1400}}}
    config = {
        "system_prompt": "Be short.",
        "input": {
            "keyterms": ["Lido"],
            "turn_detection": {"min_silence": 1400, "max_silence": 4000, "vad_threshold": None},
        },
    }
    told = InForce.of(patch, config, confirmed=True)
    assert told.settings == {
        "turn_detection": {"min_silence": 1400, "max_silence": 4000, "vad_threshold": None}
    }
    assert repr(told) == "turn detection: min_silence 1400 ms, max_silence 4000 ms (confirmed by the service)"


def test_without_an_echo_it_is_what_was_sent() -> None:
    patch = {"input": {"turn_detection": {"vad_threshold": 0.3, "interrupt_response": False}}}
    told = "turn detection: vad_threshold 0.3, interrupt_response False (for the next call)"
    assert said(patch, confirmed=False) == told


def test_an_empty_object_is_something_too() -> None:
    patch: dict[str, Any] = {"input": {"turn_detection": {}}}
    assert said(patch) == "turn detection: the service's figures, not adaptive (confirmed by the service)"


@pytest.mark.parametrize(
    ("patch", "line"),
    [
        ({"system_prompt": "You are\nLido."}, 'system prompt: "You are Lido."'),
        ({"input": {"keyterms": ["Lido", "gnocchi"]}}, "keyterms: Lido, gnocchi"),
        ({"input": {"keyterms": list("abcdefgh")}}, "keyterms: a, b, c, d, e, f, 2 more"),
        ({"tools": []}, "tools: none"),
        ({"output": {"volume": 40}}, "volume: 40"),
        ({"input": {"transcription_mode": None}}, "transcription mode: not set"),
        ({"input": {"format": {"encoding": "audio/pcmu"}}}, "format: audio/pcmu"),
        (
            {"input": {"voice_focus": "near-field"}, "greeting": "Hi."},
            'voice focus: "near-field"; greeting: "Hi."',
        ),
    ],
)
def test_in_a_few_words(patch: dict[str, Any], line: str) -> None:
    assert said(patch) == f"{line} (confirmed by the service)"


def test_a_long_text_is_cut() -> None:
    line = said({"system_prompt": "word " * 100})
    assert "\n" not in line
    assert len(line) < LONGEST + 60


def test_a_tools_secrets_are_not_shown() -> None:
    tool = {"name": "look_up", "http": {"url": "https://x", "headers": {"Authorization": "Bearer s3cret"}}}
    assert said({"tools": [tool]}) == "tools: look_up (confirmed by the service)"
    assert said({"llm": [{"api_key": "s3cret"}]}) == "llm: changed (confirmed by the service)"


def test_in_a_notebook_it_is_text_of_the_page() -> None:
    told = InForce.of({"system_prompt": "Be <b>short</b>."}, {}, confirmed=True)
    html = told._repr_html_()
    assert "Be &lt;b&gt;short&lt;/b&gt;." in html
    assert "(confirmed by the service)" in html


def test_what_is_not_the_service_s_business() -> None:
    assert repr(InForce({"barge_in": "duck"}, confirmed=True)) == "barge in: duck (from now on)"
    assert repr(InForce({"barge_in": "duck"}, confirmed=False)) == "barge in: duck (for the next call)"
    both = InForce({"keyterms": ["Lido"], "barge_in": "wait"}, confirmed=True)
    assert repr(both) == "keyterms: Lido; barge in: wait (confirmed by the service)"
