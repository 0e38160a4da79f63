"""Two agents side by side."""

import re
from html.parser import HTMLParser

import pytest

import voicenb as vn
from voicenb.comparison.differences import Differences
from voicenb.tools import HttpTool, Tool
from voicenb.unchecked import unchecked

NASTY = "<script>alert('x')</script> & \"q\""


@pytest.fixture
def lido():
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings.",
        greeting="Good evening.",
        voice="ivy",
        keyterms=["Lido"],
        turn_detection=vn.TurnDetection.recommended(),
    )

    @agent.tool
    def free_tables(day: str) -> list[str]:
        """Get the free times on a day.

        Args:
            day: weekday, e.g. "Friday".
        """
        return [day]

    return agent


def found(left, right):
    return {one.place: (one.left, one.right) for one in left.diff(right)}


def test_no_difference(lido):
    same = lido.diff(lido.replace())
    assert not same
    assert (len(same), same.summary) == (0, "no difference")
    assert repr(same) == "No difference."
    assert "<table" not in same._repr_html_()
    assert not lido.diff(lido.replace(id="agent_1"))  # which is where it is, not what it is


def test_every_setting_has_its_place(lido):
    other = vn.Agent(
        name="Other",
        system_prompt="You take orders.",
        greeting=None,
        voice="alba",
        volume=50,
        keyterms=["Lido", "gnocchi"],
        turn_detection=vn.TurnDetection.recommended().replace(min_silence=900),
        language_codes=["en"],
        transcription_mode="balanced",
        transcription_prompt="A restaurant.",
        voice_focus="near-field",
        voice_focus_threshold=0.5,
        tools=lido.tools,
    )
    assert found(lido, other) == {
        "name": ("Lido", "Other"),
        "system_prompt": ("You take bookings.", "You take orders."),
        "greeting": ("Good evening.", None),
        "input.turn_detection.min_silence": (1400, 900),
        "input.keyterms": (["Lido"], ["Lido", "gnocchi"]),
        "input.transcription_mode": (None, "balanced"),
        "input.transcription_prompt": (None, "A restaurant."),
        "input.language_codes": (None, ["en"]),
        "input.voice_focus": (None, "near-field"),
        "input.voice_focus_threshold": (None, 0.5),
        "output.voice": ("ivy", "alba"),
        "output.volume": (None, 50),
    }
    assert {place: pair[::-1] for place, pair in found(other, lido).items()} == found(lido, other)


def test_adaptive_turn_detection_is_not_the_same_as_one_without_settings(lido):
    adaptive = lido.replace(turn_detection=None)
    assert found(adaptive, lido.replace(turn_detection=vn.TurnDetection())) == {
        "input.turn_detection": (None, vn.TurnDetection().whole().to_wire())
    }


def test_tools_by_name_and_by_field(lido):
    (tool,) = lido.tools
    other = lido.replace(
        tools=[
            Tool(name="book", description="Book a table."),
            Tool(
                name="free_tables",
                description="Get the free times.",
                parameters={
                    "type": "object",
                    "properties": {"day": {"type": "string", "enum": ["Friday"]}},
                    "required": ["day"],
                },
                timeout_seconds=30,
                execution_mode="hold",
            ),
        ]
    )
    day = tool.parameters["properties"]["day"]
    assert found(lido, other) == {
        "tools.free_tables.description": ("Get the free times on a day.", "Get the free times."),
        "tools.free_tables.parameters.properties.day.description": (day["description"], None),
        "tools.free_tables.parameters.properties.day.examples": (["Friday"], None),
        "tools.free_tables.parameters.properties.day.enum": (None, ["Friday"]),
        "tools.free_tables.execution_mode": (None, "hold"),
        "tools.free_tables.timeout_seconds": (None, 30),
        "tools.book": (None, {"description": "Book a table.", "parameters": {}}),
    }


def test_another_function_with_the_same_words_is_the_same_tool(lido):
    def free_tables(day: str) -> list[str]:
        """Get the free times on a day.

        Args:
            day: weekday, e.g. "Friday".
        """
        return []

    assert not lido.diff(lido.replace(tools=[free_tables]))


def test_headers_are_compared_and_not_shown(lido):
    def agent(url="https://me:canary@example.com/book?key=canary", **headers):
        return lido.replace(tools=[HttpTool(name="book", url=url, headers=headers)])

    one = agent(A="canary-1", B="canary-2", C="***")
    other = agent("https://me:canary@example.com/book?key=canary-2", A="canary-1", B="canary-3", D="canary")
    told = found(one, other)
    assert told == {
        "tools.book.url": ("https://example.com/book?…", "https://example.com/book?…, another one"),
        "tools.book.headers.B": ("a value that is not shown", "a value that is not shown, another one"),
        "tools.book.headers.C": ("as it is stored", None),
        "tools.book.headers.D": (None, "a value that is not shown"),
    }
    for shown in (repr(one.diff(other)), one.diff(other)._repr_html_(), repr(lido.diff(one)), str(told)):
        assert "canary" not in shown


def test_what_the_service_stores_is_what_was_given_to_it(lido):
    with vn.Emulator(brain="rules", key="k") as emulator:
        hosted = vn.Hosted("k", host=emulator.url)
        stored = hosted.create(lido)
        assert not hosted.get(stored.id).diff(lido)
        hosted.update(stored.replace(greeting="Hello."))
        assert found(lido, hosted.get(stored.id)) == {"greeting": ("Good evening.", "Hello.")}


# As a sequence, as text, as a table.


def test_a_sequence(lido):
    both = lido.diff(lido.replace(greeting=None, voice=None))
    assert len(both) == 2
    assert both
    assert [one.place for one in both] == ["greeting", "output.voice"]
    assert isinstance(both[:1], Differences)
    assert both[:1] == Differences([both[0]])
    assert both != [*both]


def test_as_text(lido):
    assert repr(lido.diff(lido.replace(voice="alba"))) == "1 difference.\noutput.voice: 'ivy' → 'alba'"


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag != "wbr":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_table_shows_anything_as_it_is(lido):
    other = lido.replace(
        name=NASTY,
        system_prompt=NASTY,
        keyterms=[NASTY],
        tools=[unchecked(Tool, name=NASTY, description=NASTY)],  # as a service may tell of one
    )
    reader = Reader()
    reader.feed(lido.diff(other)._repr_html_())
    assert reader.open == []
    assert "script" not in reader.tags
    assert reader.text.count(NASTY) >= 5
    assert reader.tags.count("tr") == 1 + len(lido.diff(other))


def test_the_heads_name_the_two_where_their_names_tell_them_apart(lido):
    def heads(differing):
        return re.findall(r"<th[^>]*>([^<]*)</th>", differing._repr_html_())

    assert heads(lido.diff(lido.replace(name="Next"))) == ["Setting", "Lido", "Next"]
    assert heads(lido.diff(lido.replace(voice=None))) == ["Setting", "this", "the other"]
