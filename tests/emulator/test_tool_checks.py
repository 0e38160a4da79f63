"""What a tool definition may be, and which hosts a stored one may call."""

from __future__ import annotations

import pytest

from voicenb.emulator import tool_checks
from voicenb.protocol.hosts import is_public

LOOK = {"type": "function", "name": "look"}
URL = "https://api.example.com/look"


def refused(*tools, stored=False):
    """The code and the field of the refusal; None where there is none."""
    refusal = tool_checks.tools(list(tools), stored=stored)
    return None if refusal is None else (refusal.code, refusal.param)


def test_what_is_no_list():
    for value in (None, {}, "look"):
        refusal = tool_checks.tools(value, stored=False)
        assert refusal is not None
        assert (refusal.code, refusal.param) == ("invalid_format", "tools")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"description": "", "parameters": {}},
        {"description": None, "parameters": None, "timeout_seconds": None, "execution_mode": None},
        {"parameters": {"type": "object", "properties": {"a": {}}, "required": ["a"]}},
        {"timeout_seconds": 1},
        {"timeout_seconds": 300},
        {"execution_mode": "hold"},
        {"response_instructions": {"success": "x" * 500, "error": None}},
        {"response_instructions": {}},
        {"strict": True, "anything": "else"},
    ],
)
def test_tools_that_pass(more):
    assert refused({**LOOK, **more}) is None
    assert refused({**LOOK, **more}, stored=True) is None


@pytest.mark.parametrize(
    ("tool", "code", "field"),
    [
        ("look", "invalid_format", ""),
        ({**LOOK, "function": {}}, "invalid_value", ".function"),
        ({**LOOK, "type": "http"}, "invalid_value", ".type"),
        ({**LOOK, "name": ""}, "invalid_value", ".name"),
        ({**LOOK, "name": 3}, "invalid_value", ".name"),
        ({"type": "function"}, "invalid_value", ".name"),
        ({**LOOK, "name": "aai_pre_connect_context"}, "invalid_value", ".name"),
        ({**LOOK, "description": 3}, "invalid_format", ".description"),
        ({**LOOK, "parameters": []}, "invalid_value", ".parameters"),
        ({**LOOK, "parameters": {"properties": []}}, "invalid_value", ".parameters.properties"),
        ({**LOOK, "execution_mode": "later"}, "invalid_value", ".execution_mode"),
        ({**LOOK, "timeout_seconds": 0.9}, "invalid_value", ".timeout_seconds"),
        ({**LOOK, "timeout_seconds": 301}, "invalid_value", ".timeout_seconds"),
        ({**LOOK, "timeout_seconds": "10"}, "invalid_format", ".timeout_seconds"),
        ({**LOOK, "response_instructions": "Be glad."}, "invalid_format", ".response_instructions"),
        ({**LOOK, "response_instructions": {"done": "x"}}, "invalid_value", ".response_instructions.done"),
        (
            {**LOOK, "response_instructions": {"error": "x" * 501}},
            "invalid_value",
            ".response_instructions.error",
        ),
    ],
)
def test_tools_that_do_not(tool, code, field):
    assert refused(LOOK, tool) == (code, f"tools[1]{field}")


def test_only_stored_tools_go_without_a_type():
    assert refused({"name": "look"}) == ("invalid_value", "tools[0].type")
    assert refused({"name": "look"}, stored=True) is None


def test_two_of_one_name():
    assert refused(LOOK, {**LOOK, "name": "other"}, LOOK) == ("invalid_value", "tools[2].name")


@pytest.mark.parametrize(
    ("http", "field"),
    [
        ({"url": URL}, None),
        ({"url": URL, "http_method": "DELETE", "headers": {}}, None),
        ({"url": URL, "http_method": None, "headers": None}, None),
        ({"url": URL, "headers": [{"name": "A"}, {"name": "B", "value": "1"}]}, None),
        ({"url": URL, "headers": [{"name": "A", "remove": True}]}, None),
        (URL, ""),
        ({}, ".url"),
        ({"url": "http://api.example.com"}, ".url"),
        ({"url": "https://"}, ".url"),
        ({"url": "https://[::1"}, ".url"),
        ({"url": f"{URL}/{'x' * 2048}"}, ".url"),
        ({"url": URL, "http_method": "HEAD"}, ".http_method"),
        ({"url": URL, "headers": "A: 1"}, ".headers"),
        ({"url": URL, "headers": {"A": 1}}, ".headers"),
        ({"url": URL, "headers": [{"value": "1"}]}, ".headers[0]"),
        ({"url": URL, "headers": [{"name": "A"}, {"name": ""}]}, ".headers[1]"),
        ({"url": URL, "headers": [{"name": "A", "value": "1", "remove": True}]}, ".headers[0]"),
    ],
)
def test_http_tools(http, field):
    found = refused({"name": "look", "http": http}, stored=True)
    assert (found and found[1]) == (None if field is None else f"tools[0].http{field}")


PRIVATE = [
    "localhost",
    "LOCALHOST.",
    "api.localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "10.0.0.7",
    "172.16.1.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "[::1]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "user@127.0.0.1:8443",
]
PUBLIC = ["api.example.com", "8.8.8.8", "[2606:4700::1111]", "localhost.example.com", "10.example.com"]


@pytest.mark.parametrize(("host", "public"), [(h, False) for h in PRIVATE] + [(h, True) for h in PUBLIC])
def test_only_hosts_that_anybody_can_reach(host, public):
    found = refused({"name": "look", "http": {"url": f"https://{host}/x"}}, stored=True)
    assert found == (None if public else ("invalid_value", "tools[0].http.url"))
    bare = host.split("@")[-1].removesuffix(":8443").strip("[]")
    assert is_public(bare) is public
