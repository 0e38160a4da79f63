import pytest

from voicenb.protocol.depth import DEEPEST, too_deep


def nested(depth, wrap):
    value = {}
    for _ in range(depth - 1):
        value = wrap(value)
    return value


@pytest.mark.parametrize(
    "wrap", [lambda v: [v], lambda v: {"a": v}, lambda v: {"a": [1, "b"], "c": [None, v]}]
)
def test_objects_and_lists_count(wrap):
    assert not too_deep(nested(DEEPEST // 2, wrap))
    assert too_deep(nested(DEEPEST + 1, wrap))


def test_the_deepest_is_not_too_deep():
    assert not too_deep(nested(DEEPEST, lambda value: [value]))
    assert too_deep(nested(DEEPEST + 1, lambda value: [value]))


def test_length_is_no_depth():
    assert not too_deep({"a": [[n] for n in range(10 * DEEPEST)]})
    assert not too_deep("text")
