"""The page of a call in a real Firefox, which has another decoder and another clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from firefox import Firefox
from loudspeaker import SoundServer

from tests.sharing.explained_call import explained_call

pytestmark = pytest.mark.campaign

NOW = """() => {
  const [minutes, rest] = document.querySelector(".voicenb-call-now").textContent.split(":");
  return 60 * Number(minutes) + Number(rest);
}"""


class StrictFirefox(Firefox):
    """One on whose page no text may become a script: what is asked of it runs beside the page."""

    def evaluate(self, script: str, arg: Any = None) -> Any:
        asked = f"const thing = ({script}); return typeof thing === 'function' ? thing(arguments[0]) : thing;"
        return self._order("WebDriver:ExecuteScript", script=asked, args=[arg])["value"]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[StrictFirefox]:
    file = explained_call(tmp_path / "call").to_html(tmp_path / "call.html")
    with SoundServer() as sound, StrictFirefox(tmp_path / "firefox", sound.environment) as running:
        running.goto(file.as_uri())
        running.wait_for_function("() => document.querySelector('.voicenb-call') !== null")
        yield running


def test_it_plays_follows_and_seeks(page: StrictFirefox) -> None:
    page.click(".voicenb-call-line:nth-child(2) .voicenb-call-when")
    page.await_text(".voicenb-call-line[aria-current]", "An answer.")
    begun = page.evaluate(NOW)
    page.click(".voicenb-call-play")
    page.await_text(".voicenb-call-lit", "answer.")
    page.wait_for_function(f"() => ({NOW})() > {begun + 1.5}")
    assert page.text(".voicenb-call-trouble") == ""
    page.click(".voicenb-call-play")
    page.wait_for_function("() => document.querySelector('.voicenb-call-play').dataset.playing === 'false'")
    page.click(".voicenb-call-line:nth-child(1) .voicenb-call-word")
    page.await_text(".voicenb-call-line[aria-current]", "Two cards")
    assert page.evaluate(NOW) < begun
