"""T13, T14, T15, T17, T18, and what is no tool at all."""

from __future__ import annotations

import pytest

URL = "https://api.example.com/x"


def test_the_form_with_function(of_agent, tool):
    inner = {key: value for key, value in tool.items() if key != "type"}
    (found,) = of_agent("T13", {"tools": [{"type": "function", "function": inner}]})
    assert (found.severity, found.place) == ("error", "tools[0].function")


def test_what_is_inside_function_is_looked_at_too(of_agent):
    wire = {"tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "array"}}}]}
    assert [f.place for f in of_agent("T7", wire)] == ["tools[0].function.parameters.type"]


def test_no_type_inline(of_tool, of_agent, tool):
    assert [f.place for f in of_tool("T13", type=None)] == ["tools[0].type"]
    assert [f.text for f in of_tool("T13", type="http")] == ["http"]
    assert not of_tool("T13")
    bare = {key: value for key, value in tool.items() if key != "type"}
    assert not of_agent("T13", {"name": "Lido", "tools": [bare]})  # stored
    assert not of_agent(
        "T13", {"system_prompt": "x", "tools": [bare | {"http": {"url": URL}}]}
    )  # a partial PUT
    assert of_agent("T13", {"session": {"tools": [bare | {"http": {"url": URL}}]}})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("timeout_seconds", 0.5),
        ("timeout_seconds", 301),
        ("timeout_seconds", "30"),
        ("timeout_seconds", True),
        ("timeout_seconds", float("nan")),
        ("execution_mode", "async"),
        ("execution_mode", ["hold"]),
    ],
)
def test_limits(of_tool, key, value):
    (found,) = of_tool("T14", **{key: value})
    assert (found.severity, found.place) == ("error", f"tools[0].{key}")


@pytest.mark.parametrize(
    ("key", "value"), [("timeout_seconds", 1), ("timeout_seconds", 300), ("execution_mode", "hold")]
)
def test_within_limits(of_tool, key, value):
    assert not of_tool("T14", **{key: value})


@pytest.mark.parametrize(
    ("http", "place"),
    [
        ({"url": "http://api.example.com"}, ".url"),
        ({"url": "http://127.0.0.1:8000/x"}, ".url"),
        ({"url": "https://127.0.0.1/x"}, ".url"),
        ({"url": "https://localhost/x"}, ".url"),
        ({"url": "https://10.0.0.7/x"}, ".url"),
        ({"url": "https:///x"}, ".url"),
        ({"url": f"{URL}{'x' * 2048}"}, ".url"),
        ({"url": URL, "http_method": "HEAD"}, ".http_method"),
        ({"url": URL, "http_method": ["GET"]}, ".http_method"),
        ({"url": 7}, ""),
        ({}, ""),
        ("x", ""),
    ],
)
def test_requests_that_the_service_refuses(of_tool, http, place):
    (found,) = of_tool("T15", http=http)
    assert (found.severity, found.place) == ("error", f"tools[0].http{place}")


@pytest.mark.parametrize(
    "http", [{"url": URL}, {"url": URL, "http_method": "GET"}, {"url": "https://8.8.8.8/"}]
)
def test_requests_that_it_makes(of_tool, http):
    assert not of_tool("T15", http=http)


def test_no_login_is_shown(of_tool):
    (found,) = of_tool(
        "T15", http={"url": "https://ada:secret@localhost/x?key=secret", "headers": {"K": "secret"}}
    )
    assert "secret" not in str(found)
    assert found.text == "https://localhost/x"


def test_names(of_agent, tool):
    assert [f.place for f in of_agent("T17", {"tools": [tool, tool]})] == ["tools[1].name"]
    assert of_agent("T17", {"tools": [tool | {"name": "aai_pre_connect_context"}]})
    assert of_agent("T17", {"tools": [tool | {"name": "aai_credit_card_luhn_check"}]})
    assert not of_agent("T17", {"tools": [{"name": "aai_credit_card_luhn_check"}]})
    assert not of_agent("T17", {"tools": [tool, tool | {"name": "free_table"}]})


@pytest.mark.parametrize("phone", [{"caller_id": "+1555"}, {"transfer_targets": [{"name": "Ada"}]}])
def test_a_tool_that_nobody_runs_on_the_phone(of_agent, tool, phone):
    stored = {"name": "Lido", "tools": [tool, tool | {"name": "other", "http": {"url": URL}}], **phone}
    assert [(f.severity, f.place) for f in of_agent("T18", stored)] == [("warn", "tools[0]")]


def test_off_the_phone_a_client_runs_it(of_agent, tool):
    assert not of_agent("T18", {"name": "Lido", "tools": [tool], "caller_id": None, "transfer_targets": []})
    luhn = {"name": "aai_credit_card_luhn_check"}
    assert not of_agent("T18", {"name": "Lido", "tools": [luhn], "caller_id": "+1555"})


@pytest.mark.parametrize("tools", ["x", 7, {"name": "look"}])
def test_tools_that_are_no_list(of_agent, tools):
    assert [f.place for f in of_agent("S1", {"tools": tools})] == ["tools"]


def test_what_is_no_tool_and_what_has_no_name(of_agent, tool):
    wire = {"tools": [7, None, {"type": "function"}, tool | {"name": 7}]}
    assert [f.place for f in of_agent("S1", wire)] == [
        "tools[0]",
        "tools[1]",
        "tools[2].name",
        "tools[3].name",
    ]
