"""What came of replays, as it is told."""

import pytest

from tests.analysis.known_call import KnownCall
from voicenb.tuning.replays import ReplayRow, Replays

ROWS = [
    ReplayRow("monday", "hung up", "hosted", 61.24, 0.0766),
    ReplayRow("tuesday", "hung up", "hosted", 30.0, 0.0, kept=True, unanswered=2),
    ReplayRow("wednesday", "budget", "hosted", 20.0, 0.025),
    ReplayRow("thursday", "not begun"),
    ReplayRow("friday <b>", "error", why="The service said no."),
]


@pytest.fixture
def replays(tmp_path):
    return Replays([KnownCall(tmp_path / "call", 0.5).build()], ROWS, estimate=0.3, spent=0.1016)


def test_a_sequence_of_recordings(replays):
    assert len(replays) == 1
    assert [each.name for each in replays] == ["call"]
    assert replays[0] is replays[:1][0]
    assert not replays.complete
    assert Replays([], ROWS[:2]).complete


def test_the_text(replays):
    lines = repr(replays).splitlines()
    assert lines[0] == (
        "5 calls: 3 held now, 1 kept from before, 1 not begun, for the budget, cost $0.10, estimated $0.30"
    )
    assert lines[2].split("  ")[0] == "monday"
    assert "61.2" in lines[2]
    assert "$0.077" in lines[2]
    assert "(kept from before)" in lines[3]
    assert "ended at the budget" in lines[4]
    assert "not begun: the budget" in lines[5]
    assert "broke off: The service said no." in lines[6]


def test_a_price_that_nobody_knows():
    row = ReplayRow("monday", "hung up", "address", 61.24)
    assert "$" not in repr(Replays([], [row]))
    assert "cost unknown, estimated $0.20" in repr(Replays([], [row], estimate=0.2))


def test_the_page_shows_what_people_wrote_as_text(replays):
    html = replays._repr_html_()
    assert "friday &lt;b&gt;" in html
    assert html.count("<tr") == 6


def test_the_table(replays):
    frame = replays.to_dataframe()
    assert list(frame["of"]) == ["monday", "tuesday", "wednesday", "thursday", "friday <b>"]
    assert frame["seconds"].dtype == "float64"
    assert list(frame["kept"]) == [False, True, False, False, False]
