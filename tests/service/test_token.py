"""A token is text, and its repr is not."""

import json
import pickle

import pytest

from voicenb.service.token import Token

SECRET = "token-canary"


@pytest.mark.parametrize("give", [str, "{}".format, lambda t: f"{t}", lambda t: "" + t])
def test_it_is_the_text(give):
    assert give(Token(SECRET)) == SECRET
    assert type(give(Token(SECRET))) is str


def test_it_goes_wherever_text_goes():
    token = Token(SECRET)
    assert token == SECRET
    assert hash(token) == hash(SECRET)
    assert json.dumps({"token": token}) == '{"token": "token-canary"}'
    assert pickle.loads(pickle.dumps(token)) == SECRET


def test_it_is_not_shown():
    token = Token(SECRET)
    from IPython.core.formatters import DisplayFormatter

    shown, _ = DisplayFormatter().format(token)
    in_a_list, _ = DisplayFormatter().format([token])
    for text in (repr(token), f"{token!r}", *shown.values(), *in_a_list.values()):
        assert SECRET not in text
    assert shown["text/plain"] == "<token of 12 characters; str(token) is the token itself>"
