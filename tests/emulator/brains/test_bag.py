"""Words in a bag."""

from voicenb.emulator.brains.bag import bag


def test_words_without_order_and_without_doubles() -> None:
    assert bag("one two  two\nthree") == frozenset({"one", "two", "three"})
    assert bag("") == frozenset()
