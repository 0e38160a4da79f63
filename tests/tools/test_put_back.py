"""Functions behind tools that were read."""

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.tools import HttpTool, Tool
from voicenb.tools.put_back import with_functions


def book(day: str) -> str:
    """Book a table.

    Args:
        day: weekday.
    """
    return day


READ = Tool(
    name="book",
    description="As it was written in the file.",
    parameters=Tool.of(book).parameters,
    timeout_seconds=30,
    execution_mode="hold",
)
OTHER = Tool(name="other")


def test_the_words_of_the_file_stay():
    first, second = with_functions([OTHER, READ], [book])
    assert first is OTHER
    assert second == READ
    assert second.call({"day": "Friday"}) == "Friday"


def test_a_tool_that_has_a_function_will_do():
    (put,) = with_functions([READ], [Tool.of(book, timeout_seconds=5)])
    assert put.function is book
    assert put.timeout_seconds == 30


def test_other_parameters_are_the_function_s_and_told_of():
    old = Tool(name="book", description="x", parameters={"type": "object", "properties": {"date": {}}})
    with pytest.warns(UserWarning, match=r"book has other parameters.*Save the agent once more"):
        (put,) = with_functions([old], [book])
    assert put.parameters == Tool.of(book).parameters
    assert put.description == "x"


def test_a_function_that_no_tool_waits_for():
    with pytest.raises(InvalidConfiguration, match=r"'book' is not there.*There are: booking") as caught:
        with_functions([Tool(name="booking")], [book])
    assert "Did you mean 'booking'" in caught.value.remedy
    with pytest.raises(InvalidConfiguration, match="run by the service itself"):
        with_functions([HttpTool(name="book", url="https://example.com")], [book])
