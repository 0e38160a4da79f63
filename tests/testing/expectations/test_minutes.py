"""What somebody who judges gets to read."""

import voicenb as vn
from voicenb.testing.expectations.minutes import minutes


def test_words_and_tools_in_order(booked):
    entries = minutes(vn.report(booked).calls[0])
    assert [entry.text for entry in entries] == [
        "Agent: Lido, good evening.",
        "Caller: I would like a table for four on Friday, please.",
        "Tool called: free_tables(day='Friday', people=4)",
        'Tool\'s result: ["4 on Friday at 19:00"]',
        "Agent: One moment.",
        "Agent: Seven in the evening is free.",
        "Caller: Thank you. Bye.",
        "Agent: Fine. Good night.",
    ]
    assert [entry.turn.number for entry in entries] == [1, 2, 2, 2, 3, 4, 5, 6]


def test_what_was_not_heard_is_not_in_them(interrupted):
    text = "\n".join(entry.text for entry in minutes(vn.report(interrupted).calls[0]))
    assert "by the window, [cut off: the rest was not heard]" in text
    assert "garden" not in text
