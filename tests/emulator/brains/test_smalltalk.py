"""What the rules say when there is nothing to do."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains import smalltalk
from voicenb.emulator.brains.acts import Acts


def acts(*names: str) -> Acts:
    return Acts(frozenset(names))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["hello"], "Hello there."),
        (["thanks"], "My pleasure."),
        (["how"], "Very well, thanks for asking."),
        (["hello", "how"], "Very well, thanks for asking."),
        (["present", "hello"], "Yes, I can hear you."),
        (["rude"], "I'm sorry about that."),
        (["yes"], ""),
        ([], ""),
    ],
)
def test_small_talk(names: list[str], said: str) -> None:
    assert smalltalk.small(acts(*names), 1) == said


def test_it_owns_up_to_what_it_is() -> None:
    said = smalltalk.small(acts("who", "how"), 1)
    assert "not a person" in said
    assert "without a language model" in said


@pytest.mark.parametrize("name", ["hello", "thanks", "how"])
def test_not_always_in_the_same_words(name: str) -> None:
    assert len({smalltalk.small(acts(name), turn) for turn in range(3)}) > 1


@pytest.mark.parametrize(
    ("finished", "thanked", "said"),
    [
        (0, False, "Goodbye!"),
        (1, False, "Goodbye, and see you soon!"),
        (2, True, "You're welcome. Goodbye, and see you soon!"),
    ],
)
def test_goodbyes(finished: int, thanked: bool, said: str) -> None:
    assert smalltalk.goodbye(finished, thanked=thanked) == said


def test_what_was_heard_is_quoted_in_short() -> None:
    assert smalltalk.quote(" A table, please. ") == "A table, please"
    assert smalltalk.quote("word " * 14) == " ".join(["word"] * 14)
    assert smalltalk.quote("word " * 15).endswith("word and so on")


def test_what_is_not_understood_is_said_back_in_changing_words() -> None:
    assert len({smalltalk.not_understood("Bananas.", times) for times in (1, 2)}) == 2
    replies = [smalltalk.stuck_again("Bananas.", "book a table", times) for times in (1, 2, 3)]
    replies.append(smalltalk.stuck("Bananas.", "book a table", only=True))
    assert len(set(replies)) == 4
    for reply in replies:
        assert "Bananas" in reply
        assert "book a table" in reply
    assert replies[-1].endswith("Is that what you would like?")
    assert smalltalk.stuck("x", "y", only=False).endswith("What would you like?")


def test_what_it_is_it_says_at_length_once() -> None:
    assert smalltalk.WHAT_I_AM in smalltalk.stuck("Bananas.", "book a table", only=True, beyond=True)
    for times in range(3):
        for beyond in (True, False):
            said = smalltalk.stuck_again("Bananas.", "book a table", times, beyond=beyond)
            assert smalltalk.WHAT_I_AM not in said
            assert len(said.split()) < 25


def test_without_tools_it_says_what_it_heard_and_how_to_get_more() -> None:
    replies = [smalltalk.without_tools("Bananas.", acts(), 1, lost, lost > 1) for lost in (1, 2, 3, 4, 5)]
    assert len(set(replies)) == 5
    assert all("Bananas" in reply for reply in replies)
    assert "OPENAI_BASE_URL" in replies[0]
    assert not any(smalltalk.WHAT_I_AM in reply for reply in replies[1:])
    assert smalltalk.without_tools("Bye.", acts("bye"), 1, 0).endswith("Goodbye!")
    assert smalltalk.WHAT_I_AM in smalltalk.without_tools("Help!", acts("help"), 1, 0)
    assert smalltalk.without_tools("Hi.", acts("hello"), 1, 0).startswith("Hello there. Say anything")
