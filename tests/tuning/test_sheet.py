"""Figures in rows: the same in text and in HTML."""

from voicenb.tuning.sheet import Row, Sheet

SHEET = Sheet(
    "Two <settings>",
    ("policy", "cut", "latency"),
    [
        ("recorded", [Row(("one & all", "1 of 20 (5%, 1% to 24%)", "1.20"))]),
        ("", [Row(("two", "0 of 20", ""), faded=True)]),
    ],
    ["Faded: less."],
)


def test_text_is_aligned():
    assert SHEET.text().splitlines() == [
        "Two <settings>",
        "policy                         cut  latency",
        "- recorded",
        "one & all  1 of 20 (5%, 1% to 24%)     1.20",
        "two                        0 of 20",
        "Faded: less.",
    ]


def test_html_says_the_same_and_nothing_is_taken_for_markup():
    page = SHEET.html()
    assert "Two &lt;settings&gt;" in page
    assert "one &amp; all" in page
    assert page.count("<tr") == 4  # the head, a group's name, two rows
    assert page.count("opacity:.7'") == 1
    assert "1 of 20<div" in page  # the interval stands below its figure
    assert "5%, 1% to 24%</div>" in page


def test_a_sheet_without_rows():
    empty = Sheet("Nothing", ("policy", "cut"), [])
    assert empty.text() == "Nothing\npolicy  cut"
    assert "<tbody></tbody>" in empty.html()
