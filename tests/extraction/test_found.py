"""The JSON in what a model wrote."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.extraction.found import object_in
from voicenb.extraction.wanted import Unfit

BARE = '{"a": {"b": "}"}}'


@pytest.mark.parametrize(
    "text",
    [
        BARE,
        f"  {BARE}\n",
        f"```json\n{BARE}\n```",
        f"```\n{BARE}```",
        f"Here {{you}} are:\n```json\n{BARE}\n```\nAnything {{else}}?",
        f"Sure! {BARE} Is that right?",
        f"<think>Is it {{1}}?</think>\n{BARE}",
        f"```json\n{BARE}",
    ],
)
def test_in_whatever_it_is_wrapped(text):
    assert object_in(text) == {"a": {"b": "}"}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "."),
        ("I cannot do that.", "."),
        ("[1, 2]", "it is list, no object"),
        ('"a"', "it is str"),
        ('{"a": NaN}', "NaN is no JSON"),
        ('{"a": ', "Expecting value"),
        ("} {", "."),
        ("[" * 100_000, "."),
    ],
    ids=range(8),
)
def test_where_there_is_none(text, why):
    with pytest.raises(Unfit, match=rf"It is no JSON object: .*{why}"):
        object_in(text)


@given(st.text())
def test_any_text_is_an_object_or_none(text):
    with contextlib.suppress(Unfit):
        assert isinstance(object_in(text), dict)


@given(st.dictionaries(st.text(), st.text() | st.integers()), st.text("abc \n"), st.text("abc \n"))
def test_an_object_is_found_between_words(value, before, after):
    assert object_in(f"{before}{json.dumps(value)}{after}") == value
