from __future__ import annotations

import re

import pytest

from voicenb.lint.prose import Prose, quotes, words


def said(text):
    return [sentence.text for sentence in Prose(text).sentences]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "Say e.g. Friday. Or Mr. Fox, at 7.30 p.m. today.",
            ["Say e.g. Friday.", "Or Mr. Fox, at 7.30 p.m. today."],
        ),
        ("A line\nthat goes on.", ["A line\nthat goes on."]),
        ("One\n\nTwo", ["One", "Two"]),
        ("Do:\n- this\n- that", ["Do:", "- this", "- that"]),
        ("# Role\nThe host.\n# Rules\nNone.", ["# Role\nThe host.", "# Rules\nNone."]),
        ('Say "Yes." Then go.', ['Say "Yes."', "Then go."]),
        ("He said \u201cno\u201d. I said \u2018yes\u2019.", ['He said "no".', "I said 'yes'."]),
    ],
)
def test_sentences(text, told):
    assert said(text) == told


def test_places_are_those_of_the_text():
    text = "  One, e.g. this.  Two.\n\n  Three"
    for sentence in Prose(text).sentences:
        assert text[sentence.start :].startswith(sentence.text)
    assert Prose(text).at(text.index("Two")).text == "Two."
    assert Prose("").at(0).text == ""


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("Never do this. Do that.", ["Never do this."]),
        ("Avoid:\n- this\n- that\n\nDo those.", ["Avoid:", "- this", "- that"]),
        ("Avoid:\n\n- this\n\nDo that.", ["Avoid:", "- this"]),
        ("Do this:\n- that", []),
        ("Nothing is noted about knots.", []),
    ],
)
def test_what_is_forbidden(text, forbidden):
    assert [sentence.text for sentence in Prose(text).sentences if sentence.forbids] == forbidden


def test_what_is_wanted():
    prose = Prose("Say yes. Never say yes. Say yes.")
    assert len(prose.wanted(re.compile("yes"))) == 2
    assert prose.says(re.compile("Never"))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("You are the host of Lido.", True),
        ("Be brief with the caller.", True),
        ("Du bist der Gastgeber im Lido.", False),
        ("Tu es l'hôte du Lido. Réponds en deux phrases.", False),
        ("Eres el anfitrión del Lido, un restaurante.", False),
        ("Sei l'ospite del Lido.", False),
        ("", False),
    ],
)
def test_english(text, english):
    assert Prose(text).is_english == english


def test_quotes_and_words():
    text = "Say \"yes\", 'maybe not' or what isn't said."
    assert [quote for quote, _ in quotes(text)] == ["yes", "maybe not"]
    assert all(text[place:].startswith(quote) for quote, place in quotes(text))
    assert words("It isn't 4 o'clock, yet.") == ["it", "isn't", "4", "o'clock", "yet"]
