"""What is in force while updates are on their way, acknowledged, refused or never answered."""

import pytest

from voicenb.protocol.configuration import REFUSALS, Configuration, samples_in

SILENT = {"input": {"turn_detection": {"interrupt_response": False}}}


def configured(*updates):
    """A configuration after updates that were all acknowledged without an echo."""
    configuration = Configuration()
    for update in updates:
        configuration.sent(update)
        configuration.acknowledged(None)
    return configuration


def names(configuration):
    return sorted(configuration.tools)


def test_what_is_under_way_is_not_in_force():
    configuration = configured({"system_prompt": "Old."})
    configuration.sent({"system_prompt": "New."})
    assert configuration.settings == {"system_prompt": "Old."}
    configuration.acknowledged(None)
    assert configuration.settings == {"system_prompt": "New."}


def test_answers_come_in_the_order_of_the_updates():
    configuration = Configuration()
    for prompt in ("One.", "Two.", "Three."):
        configuration.sent({"system_prompt": prompt})
    configuration.acknowledged(None)
    assert configuration.settings == {"system_prompt": "One."}
    configuration.refused("invalid_value")
    configuration.acknowledged(None)
    assert configuration.settings == {"system_prompt": "Three."}


def test_what_the_service_echoes_counts_more_than_what_was_sent():
    configuration = Configuration()
    configuration.sent({"output": {"volume": 150}, "greeting": "Hi."})
    configuration.acknowledged({"output": {"volume": 100, "voice": "ivy"}, "greeting": None})
    assert configuration.settings == {"output": {"volume": 100, "voice": "ivy"}, "greeting": "Hi."}


def test_an_answer_to_nothing_changes_nothing_without_an_echo():
    configuration = configured({"system_prompt": "Old."})
    configuration.acknowledged(None)
    configuration.refused("invalid_value")
    assert configuration.settings == {"system_prompt": "Old."}
    configuration.acknowledged({"system_prompt": "Set elsewhere."})
    assert configuration.settings == {"system_prompt": "Set elsewhere."}


@pytest.mark.parametrize("code", ["internal_error", "invalid_audio", "audio_rate_violation", "", "new"])
def test_other_errors_answer_no_update(code):
    configuration = Configuration()
    configuration.sent({"system_prompt": "New."})
    configuration.refused(code)
    configuration.acknowledged(None)
    assert configuration.settings == {"system_prompt": "New."}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refused_update_leaves_nothing_behind_however_its_code_is_written(code):
    configuration = configured({"tools": [{"name": "f"}]})
    configuration.sent({"tools": [{"name": "g"}]})
    configuration.refused(code.upper())
    configuration.acknowledged(None)
    assert configuration.settings == {"tools": [{"name": "f"}]}
    assert names(configuration) == ["f"]


def test_the_errors_of_the_contract_that_answer_no_update_are_those_of_other_messages(contract):
    """Of the message-level codes: of a chunk of audio, and of the first message, which ends the session."""
    codes = set(contract("MessageErrorCode").schema["$defs"]["MessageErrorCode"]["enum"])
    assert codes - REFUSALS == {"invalid_audio", "audio_rate_violation", "agent_not_found"}


def test_a_tool_may_be_called_before_the_service_has_acknowledged_it_and_the_old_one_until_then():
    configuration = configured({"tools": [{"name": "f"}]})
    configuration.sent({"tools": [{"name": "g", "timeout_seconds": 30}]})
    assert configuration.tools == {"f": 120.0, "g": 30.0}
    configuration.acknowledged(None)
    assert configuration.tools == {"g": 30.0}


def test_a_tool_of_an_update_behind_the_one_that_was_answered_is_still_offered():
    configuration = Configuration()
    configuration.sent({"tools": [{"name": "f"}]})
    configuration.sent({"tools": [{"name": "g"}]})
    configuration.acknowledged(None)
    assert names(configuration) == ["f", "g"]
    configuration.refused("invalid_value")
    assert names(configuration) == ["f"]


def test_no_tools_any_more():
    configuration = configured({"tools": [{"name": "f"}]}, {"tools": []})
    assert configuration.tools == {}


def test_a_tool_that_the_service_runs_is_not_the_client_s():
    configuration = Configuration()
    configuration.acknowledged({"tools": [{"name": "f", "http": {"url": "https://x.y"}}, {"name": "g"}]})
    assert names(configuration) == ["g"]


OWN = {"type": "function", "name": "f", "timeout_seconds": 30}


def echoed(tools, own=(OWN,)):
    configuration = Configuration()
    configuration.sent({"tools": list(own)})
    configuration.acknowledged({"tools": tools})
    return configuration


@pytest.mark.parametrize(
    "tools",
    [
        [],  # as the contract's own sample has it
        [{"type": "function", "function": {"name": "f", "parameters": {}}}],
        [{"type": "function", "name": "f", "timeout_seconds": None}],
        7,
        [7, None, {"name": 5}],
    ],
)
def test_own_tools_are_those_that_were_sent_whatever_is_echoed(tools):
    configuration = echoed(tools)
    assert configuration.tools == {"f": 30.0}
    assert configuration.settings["tools"] == [OWN]


def test_an_echo_adds_tools_and_tells_which_ones_the_service_runs():
    configuration = echoed(
        [
            {"name": "f", "http": {"url": "https://x.y"}},
            {"name": "g", "timeout_seconds": 5},
            {"type": "function", "function": {"name": "h"}},
        ],
        own=[OWN, {"name": "k"}],
    )
    assert configuration.tools == {"k": 120.0, "g": 5.0, "h": 120.0}
    configuration.sent({"system_prompt": "New."})
    configuration.acknowledged(None)
    assert names(configuration) == ["g", "h", "k"]
    configuration.sent({"tools": [{"name": "f"}]})
    configuration.acknowledged(None)
    assert names(configuration) == ["f"]  # the new list takes the place of all that was there


def test_an_echo_without_tools_changes_none_of_them():
    configuration = echoed([{"name": "g"}])
    configuration.sent({"tools": []})
    configuration.acknowledged({"system_prompt": "New."})
    assert configuration.tools == {}
    assert configuration.settings["tools"] == []


def test_a_later_echo_takes_the_place_of_an_earlier_one():
    configuration = Configuration()
    configuration.acknowledged({"tools": [{"name": "f"}]})
    configuration.acknowledged({"tools": [{"name": "g"}]})
    assert names(configuration) == ["g"]
    configuration.acknowledged({"tools": []})
    assert configuration.tools == {}


@pytest.mark.parametrize(
    ("updates", "interrupts"),
    [
        ([], True),
        ([{"input": {"turn_detection": {"min_silence": 500}}}], True),
        ([{"input": {"turn_detection": {"interrupt_response": None}}}], True),
        ([SILENT], False),
        ([SILENT, {"input": {"keyterms": ["x"]}}], False),
        ([SILENT, {"input": {"turn_detection": None}}], False),  # null is no change
        ([SILENT, {"input": {"turn_detection": {"min_silence": 500}}}], True),  # it is the whole object
    ],
)
def test_whether_the_caller_interrupts(updates, interrupts):
    assert configured(*updates).interrupts is interrupts


def test_the_format_of_the_voice():
    assert Configuration().encoding == "audio/pcm"
    assert configured({"output": {"format": None}}).encoding == "audio/pcm"
    assert configured({"output": {"format": {"encoding": "audio/pcma"}}}).encoding == "audio/pcma"


def test_the_format_of_the_caller_s_sound_is_that_of_the_last_update():
    configuration = configured({"input": {"format": {"encoding": "audio/pcma"}}})
    assert Configuration().input_encoding == "audio/pcm"
    assert configuration.input_encoding == "audio/pcma"
    configuration.sent({"input": {"format": {"encoding": "audio/pcmu"}}})
    configuration.sent({"system_prompt": "New."})
    assert configuration.input_encoding == "audio/pcmu"
    configuration.refused("invalid_value")
    assert configuration.input_encoding == "audio/pcma"


@pytest.mark.parametrize(
    ("data", "encoding", "samples"),
    [
        (bytes(960), "audio/pcm", 480),
        (bytes(961), "audio/pcm", 480),  # half a sample is none
        (b"", "audio/pcm", 0),
        (bytes(160), "audio/pcmu", 480),  # 20 ms at 8 kHz
        (bytes(1), "audio/pcma", 3),
    ],
)
def test_samples_are_counted_at_24_khz(data, encoding, samples):
    assert samples_in(data, encoding) == samples
