from __future__ import annotations

from html.parser import HTMLParser

from voicenb.widgets.static import transcript_html, transcript_text

LINES = [
    {"role": "agent", "text": "Good evening.", "tail": "How", "unheard": "are you?"},
    {"role": "user", "text": "A <b>table</b> & chairs."},
    {"role": "tool", "tool": {"name": "free", "arguments": 'day="<Fri>"', "result": "[1]", "ms": 38}},
    {"role": "log", "text": "looked"},
    {"role": "tool", "tool": {"name": "late", "arguments": "", "result": None, "ms": None}},
    {"role": "cost", "text": "answered in 1.61 s"},
]


def test_text() -> None:
    assert transcript_text(LINES, "Lido", "Call").splitlines() == [
        "Call",
        "Lido: Good evening. How [not heard: are you?]",
        "You: A <b>table</b> & chairs.",
        '    free(day="<Fri>") → [1] · 38 ms',
        "    looked",
        "    late() (no result)",
        "    answered in 1.61 s",
    ]


def test_html_is_whole_and_says_only_what_was_said() -> None:
    seen: list[str] = []
    open_tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

        def handle_data(self, data: str) -> None:
            seen.append(data)

    Reader().feed(transcript_html(LINES, "<Lido>", "Call", "mark-1"))
    assert open_tags == []
    text = "".join(seen)
    assert "A <b>table</b> & chairs." in text
    assert "<Lido>" in text
    assert 'free(day="<Fri>") → [1] · 38 ms' in text
    assert "answered in 1.61 s" in text


def test_html_carries_the_mark() -> None:
    assert transcript_html([], "Lido", "Call", "mark-1").startswith('<div class="mark-1"')
