"""Lists that are read as far as somebody goes."""

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


def test_so_many_at_most():
    def ask():
        yield from range(3)
        raise AssertionError("nobody wanted more")

    assert list(Pages(ask, "numbers", 3)) == [0, 1, 2]
