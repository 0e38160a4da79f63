import pytest

from voicenb.tools.docstring import examples_in, read_docstring


def test_a_google_docstring():
    docs = read_docstring(
        """Get the free times on a day. Use when the caller
        wants to book.

        It never books anything.

        Args:
            day: weekday, e.g. "Friday".
            people (int): size of the party,
                children included: all of them.
            *rest: ignored.

        Returns:
            the times: as text.

        Raises:
            ValueError: never.
        """
    )
    assert docs.description == (
        "Get the free times on a day. Use when the caller wants to book. It never books anything."
    )
    assert docs.parameters == {
        "day": 'weekday, e.g. "Friday".',
        "people": "size of the party, children included: all of them.",
        "rest": "ignored.",
    }


def test_a_numpy_docstring():
    docs = read_docstring(
        """Get the free times on a day.

        Use when the caller wants to book.

        Parameters
        ----------
        day : str
            Weekday, e.g. "Friday".
        people : int, optional
            Size of the party,
            children included: all of them.
        first, last: str
            Of the guest.

            Both are needed.
        silent

        Other Parameters
        ----------------
        *rest
            Ignored.

        Returns
        -------
        list of str
            The times.

        Notes
        -----
        It never books anything.
        """
    )
    assert docs.description == "Get the free times on a day. Use when the caller wants to book."
    assert docs.parameters == {
        "day": 'Weekday, e.g. "Friday".',
        "people": "Size of the party, children included: all of them.",
        "first": "Of the guest. Both are needed.",
        "last": "Of the guest. Both are needed.",
        "silent": "",
        "rest": "Ignored.",
    }


def test_a_line_below_some_other_word_is_no_section():
    assert read_docstring("Hello.\n\nParameters\nof life.").description == "Hello. Parameters of life."
    assert read_docstring("Hello.\n\nWeather\n-------\nFine.").parameters == {}


@pytest.mark.parametrize("text", [None, "", "   \n  "])
def test_no_docstring(text):
    docs = read_docstring(text)
    assert (docs.description, docs.parameters) == ("", {})


def test_a_docstring_without_sections_is_all_description():
    docs = read_docstring("Say: hello.\n\nWhatever: it says.")
    assert docs.description == "Say: hello. Whatever: it says."


@pytest.mark.parametrize(
    ("text", "examples"),
    [
        ('weekday, e.g. "Friday".', ["Friday"]),
        ("size of the party, e.g. 4.", [4]),
        ("size, e.g. 4 or 6.", [4, 6]),
        ("price, e. g. 4.5, 6 and -1; not more", [4.5, 6, -1]),
        ("one of the free times, e.g. '20:30' or '21:00'", ["20:30", "21:00"]),
        ("e.g., True.", [True]),
        ("e.g. Friday", []),
        ("a name", []),
        ('e.g. "it\'s" or "well"', ["it's", "well"]),
        ('e.g. "Friday" if open, "Monday" else', ["Friday"]),
    ],
)
def test_examples(text, examples):
    assert examples_in(text) == examples
