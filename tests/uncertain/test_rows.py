"""Every row of the guide's tables of what the emulator cannot be right about has a test."""

from pathlib import Path

from guide_rows import ROWS, SECTION, rows_held


def test_every_row_is_held_by_a_test():
    assert rows_held(Path(__file__).parent) == set(ROWS)


def test_the_tables_are_read_whole():
    lines = [line for line in SECTION.splitlines() if line.startswith("| ")]
    headings = [line for line in lines if "what is known" in line]
    assert len(ROWS) == len(lines) - len(headings) > 60
    assert all(contract and contract != "=" and live for _, contract, live in ROWS.values())
