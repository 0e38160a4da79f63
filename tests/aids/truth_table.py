"""Tables that tests of the truth make, at the end of the test output: how far off each figure was.

A test hands one over with ``record_property(TABLE, text)``; so it comes through from other processes as well.
"""

TABLE = "table of errors"


def pytest_terminal_summary(terminalreporter):
    tables = [
        text
        for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
        for name, text in report.user_properties
        if name == TABLE and report.when == "call"
    ]
    for text in tables:
        title, _, rows = text.partition("\n")
        terminalreporter.section(title)
        terminalreporter.write_line(rows)
