from __future__ import annotations

import re
from pathlib import Path

import pytest

import voicenb
from voicenb.errors import InvalidConfiguration
from voicenb.session.kinds import LOCAL, check_kind

SOURCES = Path(voicenb.__file__).parent / "session"


def test_the_local_events_are_those_that_the_engine_tells() -> None:
    told = set()
    for path in SOURCES.rglob("*.py"):
        told |= set(re.findall(r'\.put\(\s*"local",\s*"(\w+)"', path.read_text("utf-8")))
    assert told == set(LOCAL)


@pytest.mark.parametrize("kind", ["tool.call", "tool.result", "session.ready", "error", "heard", "state"])
def test_what_can_come_passes(kind: str) -> None:
    check_kind(kind)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("tool.cal", "Did you mean 'tool.call'"),
        ("tool_call", "Did you mean 'tool.call'"),
        ("transcript.users", "Did you mean 'transcript.user'"),
        ("ToolCall", "Did you mean 'tool.call'"),
        ("states", "Did you mean 'state'"),
        ("typo", "The service sends .*session.ready.*; it is sent .*tool.result.*tells state, heard"),
        (5, "The service sends"),
    ],
)
def test_what_cannot_come_is_refused_with_what_was_meant(kind: object, meant: str) -> None:
    with pytest.raises(InvalidConfiguration, match=meant) as caught:
        check_kind(kind)
    assert caught.value.facts["param"] == "type"
