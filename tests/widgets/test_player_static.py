from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import matplotlib.image
import pytest

from tests.analysis.known_call import KnownCall, speech
from voicenb.widgets.player_static import LINES, picture, static_html, static_text

CALL: dict[str, Any] = {
    "title": "<Lido>",
    "date": "24 Nov 2026, 18:15",
    "duration": 72.8,
    "service": "emulator · contract · rules",
    "tiles": [{"name": "response", "value": "1.60 s", "note": "median of 6"}],
    "findings": ["In 7 of 8 turns most of the wait was silence."],
    "lines": [
        {"by": "agent", "at": 1.2, "end": 2.0, "words": [["Good", 1.2, 1.5], ["<b>evening</b>.", 1.5, 2.0]]},
        {
            "by": "agent",
            "at": 3.0,
            "end": 4.0,
            "words": [["We", None, None]],
            "unheard": "have <i>",
            "note": "interrupted",
        },
        {"by": "caller", "at": 61.0, "end": 62.0, "words": [["Yes.", 61.0, 62.0]]},
        {"by": "tool", "at": 65.0, "end": 66.0, "words": [], "code": 'book("<a>")', "result": "ok & done"},
    ],
}


def test_as_text() -> None:
    assert static_text(CALL).splitlines() == [
        "Call with <Lido> · 24 Nov 2026, 18:15 · 1:13 · emulator · contract · rules · "
        "response 1.60 s (median of 6)",
        " 0:01.2  <Lido>: Good <b>evening</b>.",
        " 0:03.0  <Lido>: We [not heard: have <i>] (interrupted)",
        " 1:01.0  Caller: Yes.",
        ' 1:05.0  book("<a>") → ok & done',
        "In 7 of 8 turns most of the wait was silence.",
    ]


def test_as_html_nothing_that_was_said_is_markup() -> None:
    html = static_html(CALL, b"png", "voicenb-static-1")
    assert html.startswith('<div class="voicenb-static-1"')
    assert "&lt;b&gt;evening" in html
    assert "&lt;Lido&gt;" in html
    assert "<s>have &lt;i&gt;</s>" in html
    assert "ok &amp; done" in html
    assert not re.search(r"<(?!/?(?:div|span|b|s|i|code|img)\b)", html)
    assert '<img alt="Timeline of the call with &lt;Lido&gt;' in html
    assert 'src="data:image/png;base64,cG5n"' in html
    assert "<img" not in static_html(CALL, b"", "mark")


def test_a_note_is_nobodys_words() -> None:
    noted = {**CALL, "lines": [{"by": "note", "at": 2.0, "end": 2.0, "words": [], "note": "too <fast>"}]}
    assert " 0:02.0  Note: too <fast>" in static_text(noted).splitlines()
    assert "<b>Note</b>&ensp;too &lt;fast&gt;" in static_html(noted, b"", "mark")


def test_of_a_long_call_the_beginning_is_kept_and_it_says_so() -> None:
    long = {**CALL, "duration": 3600.0, "lines": CALL["lines"][:1] * (LINES + 3)}
    assert "… and 3 more lines, in the recording's transcript." in static_text(long)
    html = static_html(long, b"png", "mark")
    assert html.count("evening") == LINES
    assert "the first 2:24 of the call" in html


@pytest.mark.parametrize(("seconds", "rows"), [(5.0, 1), (38.0, 1), (72.8, 2), (200.0, 4)])
def test_the_picture_has_a_row_for_each_half_minute_or_so_and_opens_no_figure(
    tmp_path: Path, seconds: float, rows: int
) -> None:
    import matplotlib.pyplot as plt

    made = KnownCall(tmp_path / "call", seconds)
    made.says(1.0, speech("cards-002.wav"))
    before = plt.get_fignums()
    png = picture(made.build())
    image = matplotlib.image.imread(io.BytesIO(png))
    height, width = image.shape[:2]
    assert width == 1100
    assert height == 270 * rows
    assert len(png) < 250_000
    assert plt.get_fignums() == before
    assert image[0, 0, :3].tolist() == [1.0, 1.0, 1.0], "white, whatever the notebook's style"
