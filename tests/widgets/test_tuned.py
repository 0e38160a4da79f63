from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.widgets.tuned import TunedSession, TunedTalk, is_recorded, tuned

LIDO = vn.Agent(name="Lido")


def test_a_talk_has_a_call_to_come_and_can_begin_anew() -> None:
    what = tuned(vn.Talk(LIDO))
    assert isinstance(what, TunedTalk)
    assert (what.name, what.session, what.restarts, what.patient()) == ("Lido", None, "here", False)
    assert what.coming is not None
    heard: list[Any] = []
    what.watch(lambda: heard.append(what.coming))
    what.update({"turn_detection": vn.TurnDetection.recommended()})
    assert heard[-1]["input"]["turn_detection"]["min_silence"] == 1400


def test_a_session_is_held_once() -> None:
    session = vn.Session(LIDO)
    what = tuned(session)
    assert isinstance(what, TunedSession)
    assert (what.name, what.session, what.coming, what.restarts) == ("Lido", session, None, "")
    with pytest.raises(SessionNotOpen, match="held once"):
        what.restart()


@pytest.mark.parametrize("what", [LIDO, None, "talk"])
def test_anything_else_is_refused_by_name(what: object) -> None:
    with pytest.raises(InvalidConfiguration, match=f"not {type(what).__name__}"):
        tuned(what)


@pytest.mark.parametrize(
    ("what", "recorded"),
    [
        ("calls/lido", True),
        (Path("calls/lido"), True),
        (["calls/lido"], True),
        ((path for path in ["calls/lido"]), True),
        ([], True),
        (LIDO, False),
        (None, False),
        (b"calls", False),
        ({"min_silence": 900}, False),
        (vn.Talk(LIDO), False),
        (vn.Session(LIDO), False),
    ],
)
def test_what_is_recorded(what: object, recorded: bool) -> None:
    assert is_recorded(what) == recorded
