"""A call as spans, with the names that tools for LiveKit and Pipecat read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

import voicenb as vn
from tests.analysis.known_call import RATE, KnownCall, speech

from .test_otlp import attributes, read_back


@pytest.fixture(scope="module")
def told(call: vn.Recording, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict, object]]:
    path = vn.export(call, tmp_path_factory.mktemp("otel") / "call.otlp.json")
    (resource,) = read_back(Path(path).read_text("utf-8")).resource_spans
    return [(span.name, attributes(span), span) for span in resource.scope_spans[0].spans]


def test_each_turn_has_its_spans(told: list[tuple[str, dict, object]], call: vn.Recording) -> None:
    names = [name for name, _, _ in told]
    part = ["user_turn", "eou_wait", "agent_turn", "agent_speaking"]
    assert names == ["conversation", "turn", *part, "turn", *part, "function_tool"]
    by_id = {span.span_id: name for name, _, span in told}
    parents = {(name, by_id.get(span.parent_span_id)) for name, _, span in told}
    assert parents == {
        ("conversation", None),
        ("turn", "conversation"),
        ("user_turn", "turn"),
        ("eou_wait", "user_turn"),
        ("agent_turn", "turn"),
        ("agent_speaking", "agent_turn"),
        ("function_tool", "turn"),
    }
    begins = {name: span.start_time_unix_nano for name, _, span in reversed(told)}
    turn = vn.turns(call).caller[0]
    zero = begins["conversation"]
    assert begins["user_turn"] - zero == pytest.approx(1e9 * turn.start, abs=1000)
    assert begins["eou_wait"] - zero == pytest.approx(1e9 * turn.end, abs=1000)


def test_what_livekits_and_pipecats_tools_read(
    told: list[tuple[str, dict, object]], call: vn.Recording
) -> None:
    of = {name: values for name, values, _ in reversed(told)}
    turn = vn.turns(call).caller[0]
    figures = vn.report(call).other_tools
    assert of["conversation"]["conversation.type"] == "voice"
    assert of["turn"]["turn.number"] == 1
    assert of["turn"]["turn.was_interrupted"] is False
    assert of["turn"]["turn.user_bot_latency_seconds"] == figures["user_bot_latency"].values.values[0]
    for key in ("lk.user_transcript", "lk.pii.user_transcript", "transcript"):
        assert of["user_turn"][key] == 'Two "cards", please.'
    assert of["user_turn"]["lk.end_of_turn_delay"] == figures["end_of_turn_delay"].values.values[0]
    assert of["user_turn"]["voicenb.response_latency"] == turn.response_latency
    assert of["eou_wait"]["lk.eou.endpointing_delay"] == 0.8
    assert of["agent_turn"]["lk.e2e_latency"] == figures["e2e_latency"].values.values[0]
    assert of["agent_turn"]["metrics.ttfb"] == of["agent_turn"]["lk.response.ttfb"] == turn.reply_latency
    assert of["agent_turn"]["lk.response.text"] == "An answer."
    assert of["agent_turn"]["lk.interrupted"] is False
    tool = of["function_tool"]
    assert (tool["lk.function_tool.name"], tool["gen_ai.tool.name"]) == ("look_up", "look_up")
    assert (tool["lk.function_tool.output"], tool["lk.function_tool.is_error"]) == ("ok", False)
    assert "voicenb.silent" not in of["user_turn"], "what was not captured is left out"


def test_a_greeting_is_a_turn_and_a_typed_answer_is_in_none(tmp_path: Path) -> None:
    agent = vn.Agent(name="Lido", system_prompt="Short.", greeting="Good evening.")
    recording = vn.run(agent, vn.Caller([vn.Answer(), "Hello there.", vn.Answer()]))
    (resource,) = read_back(vn.export(recording, tmp_path / "a.otlp.json").read_text("utf-8")).resource_spans
    spans = resource.scope_spans[0].spans
    turns = [attributes(span) for span in spans if span.name == "turn"]
    assert [turn["turn.number"] for turn in turns] == [1, 2]
    assert "turn.user_bot_latency_seconds" not in turns[0]
    assert turns[1]["turn.user_bot_latency_seconds"] > 0
    first = spans[0]
    assert attributes(first)["gen_ai.provider.name"] == "voicenb"
    assert all(first.start_time_unix_nano <= span.start_time_unix_nano for span in spans)
    assert all(span.end_time_unix_nano <= first.end_time_unix_nano for span in spans)


def spans_of(recording: vn.Recording, path: Path) -> list[tuple[str, dict]]:
    (resource,) = read_back(vn.export(recording, path).read_text("utf-8")).resource_spans
    return [(span.name, attributes(span)) for span in resource.scope_spans[0].spans]


def test_of_a_call_from_elsewhere_no_interruption_is_told(tmp_path: Path) -> None:
    sound = np.zeros((12 * RATE, 2), np.float32)
    for at, channel, clip in ((1, 0, "cards-001.wav"), (3, 1, "cards-002.wav")):
        voice = speech(clip)
        sound[at * RATE : at * RATE + len(voice), channel] = voice
    sf.write(tmp_path / "call.wav", sound, RATE)
    recording = vn.import_wav(tmp_path / "call.wav", folder=tmp_path / "call")
    found = spans_of(recording, tmp_path / "call.otlp.json")
    assert "agent_turn" in [name for name, _ in found]
    for name, told in found:
        assert not {"lk.interrupted", "turn.was_interrupted"} & set(told), name


def test_the_reply_that_was_heard_first_has_the_time_to_its_first_audio(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0, {"min_silence": 800})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=2.1, decided=over + 0.85, transcribed=over + 0.86)
    nothing = np.zeros(RATE // 10, np.float32)
    made.reply("r1", "", nothing, began=over + 0.9, received=over + 0.95, heard=over + 1.0)
    sound = speech("austen-0880.wav")
    made.reply("r2", "An answer.", sound, began=over + 1.5, received=over + 1.6, heard=over + 1.7)
    recording = made.build()
    agents = {
        told["lk.speech_id"]: told
        for name, told in spans_of(recording, tmp_path / "a.otlp.json")
        if name == "agent_turn"
    }
    (turn,) = vn.turns(recording).caller
    assert turn.reply_latency == pytest.approx(0.75)
    assert agents["r2"]["metrics.ttfb"] == agents["r2"]["lk.response.ttfb"] == turn.reply_latency
    assert "metrics.ttfb" not in agents["r1"]
    assert "lk.e2e_latency" in agents["r1"], "by LiveKit's definition the first that sends sound counts"
    assert "lk.e2e_latency" not in agents["r2"]
