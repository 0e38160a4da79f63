"""Lists that are read as far as somebody goes."""

import pytest

from voicenb.service.pages import Pages


def test_nothing_is_asked_for_until_it_is_wanted():
    asked = []

    def ask():
        for n in range(5):
            asked.append(n)
            yield n

    pages = Pages(ask, "numbers of here")
    assert "numbers of here" in repr(pages)
    assert asked == []
    assert next(iter(pages)) == 0
    assert asked == [0]
    assert list(pages) == [0, 1, 2, 3, 4]  # each loop begins anew


def test_one_is_had_by_its_number_and_no_more_is_asked_for():
    def ask():
        yield from range(5)
        asked.append("all")

    asked = []
    pages = Pages(ask, "numbers of here")
    assert (pages[0], pages[3], pages[1:3], pages[:2]) == (0, 3, [1, 2], [0, 1])
    assert asked == []
    assert (pages[-1], pages[-2:], pages[::-1]) == (4, [3, 4], [4, 3, 2, 1, 0])
    with pytest.raises(IndexError, match="no entry 5 among the numbers of here"):
        pages[5]


def test_so_many_at_most():
    def ask():
        yield from range(3)
        raise AssertionError("nobody wanted more")

    assert list(Pages(ask, "numbers", 3)) == [0, 1, 2]
