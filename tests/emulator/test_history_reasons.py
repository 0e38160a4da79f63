"""How a session ended."""

from __future__ import annotations

import re

from voicenb.emulator import session
from voicenb.emulator.history_reasons import REASONS, reasons


def test_every_end_of_a_session_has_its_words():
    told = re.search(r"ended_by: (.+?);", session.EmulatedSession.__doc__, re.DOTALL).group(1)
    assert set(re.findall(r'``"(.+?)"``', told)) == set(REASONS)


def test_the_words_of_the_reference():
    assert reasons("session.end") == ("user_initiated", "client_end")
    assert reasons("close")[0] == "participant_disconnected"


def test_any_other_end_is_a_fault():
    assert reasons("what") == ("internal_error", "internal_error")
