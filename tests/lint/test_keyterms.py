"""K1 to K3."""

from __future__ import annotations

import pytest


def of(*terms):
    return {"input": {"keyterms": list(terms)}}


def test_too_many(of_agent):
    assert [f.severity for f in of_agent("K1", of(*["x"] * 101))] == ["error"]
    assert not of_agent("K1", of(*["x"] * 100))


@pytest.mark.parametrize("keyterms", ["Lido", {"a": 1}, 7])
def test_no_list(of_agent, keyterms):
    assert [f.place for f in of_agent("K1", {"input": {"keyterms": keyterms}})] == ["input.keyterms"]


def test_terms_that_are_no_text(of_agent):
    assert [f.place for f in of_agent("K1", of("a", 7, ""))] == ["input.keyterms[1]", "input.keyterms[2]"]


def test_long_ones(of_agent):
    assert [f.severity for f in of_agent("K2", of("x" * 51))] == ["warn"]
    assert not of_agent("K2", of("x" * 50))


@pytest.mark.parametrize(
    "term",
    [
        "https://lido.example",
        "www.lido.example",
        "ada@lido.example",
        "lido.example/menu",
        "I would like a table",
        "what is the weather",
    ],
)
def test_addresses_and_sentences(of_agent, term):
    assert [f.severity for f in of_agent("K3", of(term))] == ["warn"]


@pytest.mark.parametrize(
    "term",
    [
        "Lido",
        "St. Mark's",
        "The Lord of the Rings: The Two Towers",
        "Who Framed Roger Rabbit?",
        "Node.js",
        "n/a",
        "AC/DC",
        "TCP/IP",
    ],
)
def test_names_are_none(of_agent, term):
    assert not of_agent("K3", of(term))
