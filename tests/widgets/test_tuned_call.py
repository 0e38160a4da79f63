from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast

from brief_mouth import BriefMouth

import voicenb as vn
from voicenb.emulator.ears.moonshine import Moonshine
from voicenb.widgets.tuned_call import TunedCall

LIDO = vn.Agent(name="Lido", greeting="Hello.")


def test_a_call_is_followed_from_before_its_start_to_its_end(moonshine: Moonshine) -> None:
    changed = threading.Event()
    brain = [{"on": ".", "say": "Yes."}]
    with vn.Emulator(brain=brain, mouth=BriefMouth(), recognizer=moonshine) as emulator:
        session = vn.Session(
            LIDO, emulator, microphone=vn.Caller([vn.Answer(), "Good morning.", vn.Answer()])
        )
        call = TunedCall(session, changed.set)
        assert (call.phase, call.service) == ("before", "")
        call.measure()
        call.measure()  # once is enough
        with session:
            assert (call.phase, call.service) == ("running", "emulator")
            session.wait_until_answered(timeout=30)
        assert call.phase == "after"
    assert changed.is_set()
    assert [row["text"] for row in call.turns.rows(5, call.service)] == ["Good morning."]


class Lost:
    """A session whose connection is lost."""

    state, over = "reconnecting", False

    def follow(self, follower: object) -> Callable[[], None]:
        return lambda: None


def test_a_call_whose_connection_is_lost_is_neither_running_nor_over() -> None:
    assert TunedCall(cast(vn.Session, Lost()), lambda: None).phase == "reconnecting"
