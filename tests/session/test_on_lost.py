"""What follows where a lost connection cannot be had back."""

from __future__ import annotations

from typing import Any

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.session.on_lost import check_on_lost


@pytest.mark.parametrize("value", ["restart", "end"])
def test_what_there_is(value: str) -> None:
    check_on_lost(value)


@pytest.mark.parametrize("value", ["resume", None, True, 5])
def test_what_there_is_not(value: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="is no way to go on"):
        check_on_lost(value)


def test_it_is_looked_at_when_a_session_is_made() -> None:
    with pytest.raises(InvalidConfiguration):
        vn.Session(vn.Agent(name="Lido"), on_lost="resume")  # type: ignore[arg-type]
