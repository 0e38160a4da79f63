"""In a notebook: text, HTML and a Player at the turn concerned."""

import nbformat
import pytest
from nbclient import NotebookClient

import voicenb as vn
from voicenb.testing.expectations.showing import in_notebook, player_of


def test_a_player_stands_at_what_went_wrong(slow, prompt):
    player = player_of(vn.expect([prompt, slow]).answers_within(2.5))
    assert player.recording.folder == slow.folder
    assert player.position == pytest.approx(14.0, abs=0.1)
    assert player_of(vn.expect(prompt).answers_within(2.1)) is None
    assert player_of(vn.expect(prompt).duration(at_most=1)) is None


def test_a_failure_is_heard_before_what_is_inconclusive(slow):
    player = player_of(vn.expect(slow).answers_within(2.5, percentile=50).unanswered(at_most=0))
    assert player.position == pytest.approx(26.0, abs=0.1)


def test_this_is_no_notebook():
    assert in_notebook() is False


def test_a_cell_that_asserts_shows_picture_and_player(slow):
    """As nbmake runs it: without a page."""
    cell = f"import voicenb as vn\nassert vn.expect({str(slow.folder)!r}).answers_within(2.0)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True).execute()
    outputs = notebook.cells[0].outputs
    assert outputs[-1]["ename"] == "AssertionError"
    shown = [each["data"] for each in outputs if each["output_type"] == "display_data"]
    assert shown[0]["text/plain"].startswith("failed: 1 failed")
    assert "data:image/png" in shown[0]["text/html"]
    assert any("application/vnd.jupyter.widget-view+json" in data for data in shown[1:])
    assert "Words." in shown[-1]["text/html"]  # what stays of the Player
