import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import ImmutableField, InvalidConfiguration
from voicenb.protocol.settings import (
    IMMUTABLE,
    at_path,
    check_update,
    client_tools,
    in_two,
    merge,
    problems,
)

objects = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.lists(st.integers(), max_size=2), max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(objects, objects)
def test_merging_is_right_when_nothing_is_sent_or_known(old, new):
    assert merge(old, {}) == old
    assert merge({}, new) == new
    assert merge(merge(old, new), new) == merge(old, new)


def test_objects_merge_and_lists_replace():
    old = {"input": {"keyterms": ["a", "b"], "voice_focus": "near-field"}, "system_prompt": "Old."}
    new = {"input": {"keyterms": ["c"]}}
    assert merge(old, new) == {
        "input": {"keyterms": ["c"], "voice_focus": "near-field"},
        "system_prompt": "Old.",
    }
    assert old["input"]["keyterms"] == ["a", "b"]


def test_turn_detection_replaces_whole():
    old = {"input": {"turn_detection": {"min_silence": 500}}}
    assert merge(old, {"input": {"turn_detection": {"vad_threshold": 0.3}}}) == {
        "input": {"turn_detection": {"vad_threshold": 0.3}}
    }


def test_null_is_not_set():
    assert merge({"a": 1}, {"a": None, "b": None}) == {"a": 1, "b": None}


def test_paths():
    assert at_path({"a": {"b": 1}}, "a.b") == 1
    assert at_path({"a": 1}, "a.b") is None
    assert at_path(None, "a") is None


def put(path, value):
    *parents, name = path.split(".")
    return {parents[0]: {name: value}} if parents else {name: value}


@pytest.mark.parametrize("path", IMMUTABLE)
def test_frozen_fields_go_first_only(path):
    value = {"encoding": "audio/pcmu"} if path.endswith("format") else "x"
    check_update(put(path, value), first=True)
    with pytest.raises(ImmutableField, match=path):
        check_update(put(path, value), first=False)


@pytest.mark.parametrize("path", [path for path in IMMUTABLE if "." in path])
def test_a_null_inside_is_no_change(path):
    check_update(put(path, None), first=False)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", ["system_prompt", "tools"])
def test_a_null_that_the_service_refuses_is_not_sent(name, first):
    with pytest.raises(InvalidConfiguration, match=f"{name} cannot be null"):
        check_update({name: None}, first=first)


def test_a_greeting_is_frozen_even_where_it_is_none():
    with pytest.raises(ImmutableField, match="greeting"):
        check_update({"greeting": None}, first=False)


def test_an_agent_is_bound_alone_and_first():
    check_update({"agent_id": "a"}, first=True)
    for session, first in (({"agent_id": "a", "tools": []}, True), ({"agent_id": "a"}, False)):
        with pytest.raises(InvalidConfiguration, match="agent_id goes alone"):
            check_update(session, first=first)


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        ({"turn_detection": {"min_silence": 49}}, "input.turn_detection.min_silence"),
        ({"turn_detection": {"max_silence": 10_001}}, "input.turn_detection.max_silence"),
        ({"turn_detection": {"min_silence": 1000.5}}, "input.turn_detection.min_silence"),
        ({"turn_detection": {"min_silence": True}}, "input.turn_detection.min_silence"),
        ({"turn_detection": {"interruption_delay": 1001}}, "input.turn_detection.interruption_delay"),
        ({"turn_detection": {"vad_threshold": "low"}}, "input.turn_detection.vad_threshold"),
        ({"transcription_mode": "fast"}, "input.transcription_mode"),
        ({"transcription_prompt": "x" * 1751}, "input.transcription_prompt"),
        ({"voice_focus_threshold": 1.5}, "input.voice_focus_threshold"),
        ({"voice_focus": "nearby"}, "input.voice_focus"),
        ({"format": "audio/pcm"}, "input.format"),
        ({"format": {"encoding": "audio/mp3"}}, "input.format.encoding"),
        ({"format": {"encoding": "audio/pcm", "sample_rate": 16_000}}, "input.format.sample_rate"),
    ],
)
def test_values_that_cannot_work(settings, param, contract):
    assert [where for _, where in problems({"input": settings})] == [param]
    assert not contract("InputConfig").is_valid(settings)


def test_volume_and_names():
    assert [where for _, where in problems({"output": {"volume": 101}})] == ["output.volume"]
    assert [what for what, _ in problems({"tools": [{"name": "f"}, {"name": "f"}]})] == [
        "Two tools are called 'f'."
    ]


def test_nulls_are_no_problem():
    nulls = dict.fromkeys(("turn_detection", "keyterms", "transcription_mode", "voice_focus_threshold"))
    assert list(problems({"input": nulls, "output": {"volume": None}, "tools": None})) == []
    assert list(problems({"input": {"turn_detection": dict.fromkeys(("min_silence", "max_silence"))}})) == []


def test_which_tools_are_the_client_s():
    tools = [
        {"name": "a"},
        {"name": "b", "timeout_seconds": 5},
        {"name": "c", "http": {"url": "https://x"}},
        {},
    ]
    assert client_tools({"tools": tools}) == {"a": 120.0, "b": 5.0}
    assert client_tools({}) == client_tools(None) == {}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"min_silence": 3500},
            "min_silence (3500) must be less than max_silence, which is 3000",
        ),
        ({"min_silence": 3000, "max_silence": None}, "max_silence, which is 3000 when left out"),
        (
            {"max_silence": 900},
            "which is 1000 when left out, must be less than max_silence (900)",
        ),
    ],
)
def test_a_silence_that_is_left_out_counts_with_the_services_default(settings, words):
    [(problem, path)] = problems({"input": {"turn_detection": settings}})
    assert words in problem
    assert problem.endswith("Set both.")
    assert path == "input.turn_detection.min_silence"


@pytest.mark.parametrize("settings", [{}, {"min_silence": 2999}, {"max_silence": 1001}])
def test_silences_that_fit_the_defaults(settings):
    assert list(problems({"input": {"turn_detection": settings}})) == []


@pytest.mark.parametrize("seconds", ["q", "30", [], {}, True, -1, 0, None, float("nan"), float("inf")])
def test_a_timeout_that_is_none_is_the_default(seconds):
    assert client_tools({"tools": [{"name": "f", "timeout_seconds": seconds}]}) == {"f": 120.0}


@pytest.mark.parametrize("tools", [5, "f", {"name": "f"}, True, [5, None, {"name": 5}, {"name": ""}]])
def test_tools_that_are_none(tools):
    assert client_tools({"tools": tools}) == {}


def test_a_tool_in_the_nested_form():
    nested = {"type": "function", "function": {"name": "f", "timeout_seconds": 5}}
    assert client_tools({"tools": [nested]}) == {"f": 5.0}


def test_a_binding_goes_alone_and_the_rest_behind_it():
    assert in_two({"agent_id": "a", "system_prompt": "q"}) == ({"agent_id": "a"}, {"system_prompt": "q"})
    assert in_two({"agent_id": "a"}) == ({"agent_id": "a"}, {})
    assert in_two({"system_prompt": "q"}) == ({"system_prompt": "q"}, {})
    assert in_two({}) == ({}, {})


@pytest.mark.parametrize(
    ("settings", "words", "param"),
    [
        ({"input": "x"}, "input must be a dict, not 'x'", "input"),
        ({"output": [1]}, "output must be a dict", "output"),
        ({"input": {"turn_detection": "adaptive"}}, "turn_detection must be a dict", "input.turn_detection"),
        ({"input": {"keyterms": 5}}, "keyterms must be a list, not 5", "input.keyterms"),
        ({"input": {"keyterms": "Lido"}}, "keyterms must be a list, not 'Lido'", "input.keyterms"),
        ({"input": {"transcription_prompt": 5}}, "must be text", "input.transcription_prompt"),
        ({"input": {"voice_focus_threshold": "q"}}, "must be a number", "input.voice_focus_threshold"),
        ({"output": {"volume": True}}, "volume must be a number, not True", "output.volume"),
        ({"system_prompt": 5}, "system_prompt must be text, not 5", "system_prompt"),
        ({"tools": 5}, "tools must be a list, not 5", "tools"),
        ({"tools": [1]}, "tools must hold a dict for each tool, not 1", "tools[0]"),
        ({"tools": [{"name": "f"}, {}]}, "The tool at place 2 has no name", "tools[1].name"),
        ({5: "x", "y": 1}, "Unknown session settings: 5, y", "5"),
    ],
)
def test_settings_of_another_shape(settings, words, param):
    for first in (True, False):
        with pytest.raises(InvalidConfiguration) as caught:
            check_update(settings, first=first)
        assert words in str(caught.value)
        assert caught.value.facts["param"] == param
