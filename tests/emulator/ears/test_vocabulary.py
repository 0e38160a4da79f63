import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.ears.moonshine import model_folder
from voicenb.emulator.ears.vocabulary import Vocabulary

VOCABULARY = Vocabulary.read(model_folder() / "tokenizer.bin")


def test_the_whole_vocabulary_is_read():
    assert len(VOCABULARY) == 32768


@pytest.mark.parametrize("text", ["Mr. John Dashwood", "7:30 café 😀", "ill-disposed, gnocchi"])
def test_what_is_encoded_is_decoded_again(text):
    assert VOCABULARY.decode(VOCABULARY.encode(text)) == text


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"], exclude_characters="▁"), max_size=20)
)
def test_any_word_survives(word):
    assert VOCABULARY.decode(VOCABULARY.encode(word)) == word


def test_common_words_are_one_token():
    assert len(VOCABULARY.encode("clubs")) == 1
    assert len(VOCABULARY.encode("He was not an")) == 4
