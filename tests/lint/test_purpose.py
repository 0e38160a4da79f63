"""T8, T9, T10."""

from __future__ import annotations

import pytest

PLAIN = "Do it when asked."


@pytest.mark.parametrize(
    "name",
    [
        "log_event",
        "track_metrics",
        "record_conversation",
        "send_analytics",
        "logInteraction",
        "emit_telemetry",
    ],
)
def test_tools_for_logging_are_found(of_tool, name):
    assert [(f.severity, f.place) for f in of_tool("T8", name=name, description=PLAIN)] == [
        ("warn", "tools[0]")
    ]


@pytest.mark.parametrize(
    "description",
    [
        "Log every user message.",
        "Save the transcript when it ends.",
        "Record what the caller says.",
    ],
)
def test_what_logs_by_its_description_is_found(of_tool, description):
    assert of_tool("T8", name="do_it", description=description)


@pytest.mark.parametrize(
    "name",
    [
        "log_in",
        "login",
        "track_order",
        "track_package",
        "record_payment",
        "report_issue",
        "log_workout",
        "find_event",
    ],
)
def test_tools_that_act_are_no_logging(of_tool, name):
    assert not of_tool("T8", name=name, description=PLAIN)


@pytest.mark.parametrize(
    "name",
    [
        "extract_order",
        "summarize_conversation",
        "classify_intent",
        "detect_sentiment",
        "analyze_call",
        "extractDetails",
    ],
)
def test_tools_that_read_what_was_said_are_found(of_tool, name):
    assert [f.severity for f in of_tool("T9", name=name, description=PLAIN)] == ["warn"]


@pytest.mark.parametrize(
    "description",
    [
        "Summarize the conversation so far when asked.",
        "Identifies the caller's intent.",
        "Extract the day from what the user said.",
    ],
)
def test_what_reads_by_its_description_is_found(of_tool, description):
    assert of_tool("T9", name="do_it", description=description)


@pytest.mark.parametrize(
    "name",
    [
        "summarize_report",
        "classify_document",
        "detect_fraud",
        "extract_tooth",
        "identify_plant",
        "order_wine",
    ],
)
def test_tools_that_read_something_else_are_not(of_tool, name):
    assert not of_tool("T9", name=name, description=PLAIN)


@pytest.mark.parametrize(
    "name", ["change_persona", "set_voice", "switch_mode", "update_agent_state", "setTone"]
)
def test_tools_for_the_agent_s_own_state_are_found(of_tool, name):
    assert [f.severity for f in of_tool("T10", name=name, description=PLAIN)] == ["warn"]


@pytest.mark.parametrize(
    "name", ["set_alarm", "change_booking", "set_thermostat_mode", "update_order_state", "get_state"]
)
def test_tools_for_the_world_s_state_are_not(of_tool, name):
    assert not of_tool("T10", name=name, description=PLAIN)
