import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.service.key import clean_key, without_key


@pytest.mark.parametrize("key", ["abc123", "", "a~!b"])
def test_a_key_is_itself(key):
    assert clean_key(key) == key


def test_what_a_file_or_a_paste_leaves_around_it_is_dropped():
    assert clean_key(" \tabc123\r\n") == "abc123"
    assert clean_key(" \n") == ""


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("abc123\nxyz", "a space or a line break that no key has, at place 7 of 10"),
        ("abc 123", "a space or a line break"),
        ("abc123\xa0xyz", "a space or a line break"),
        ("abcé123", "a character that no key has, at place 4 of 7"),
        ("abc123\u200b", "a character that no key has, at place 7 of 7"),
        ("abc\x00123", "a character"),
    ],
)
def test_what_no_header_can_hold_is_refused_without_showing_it(key, words):
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        clean_key(key)
    assert "abc" not in str(caught.value)
    assert "xyz" not in repr(caught.value.facts)
    assert caught.value.facts["param"] == "key"


@pytest.mark.parametrize("key", [b"abc123", 5, None])
def test_a_key_is_text(key):
    with pytest.raises(InvalidConfiguration, match="must be text") as caught:
        clean_key(key)
    assert "abc" not in str(caught.value)


def test_words_that_quote_the_key():
    assert without_key("No: abc123, abc123.", "abc123") == "No: [redacted], [redacted]."
    assert without_key("A bad key.", "bad") == "A bad key."
    assert without_key("A bad key.", "") == "A bad key."
