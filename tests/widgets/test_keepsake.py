from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from voicenb.widgets.keepsake import Keepsake

CELLS = [
    """
import voicenb as vn

talk = vn.Talk(vn.Agent(name="Lido", greeting="Lido, good evening."), vn.Emulator(mouth="espeak"))
talk
""",
    """
import threading

talk.start()
talk.wait_until_answered(timeout=15)
talk.end()
for thread in threading.enumerate():
    if thread.name == "voicenb-keep":
        thread.join(10)
""",
    "talk.recording",
]


@pytest.mark.slow
def test_the_transcript_stays_in_the_notebook_below_the_panel(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    panel, kept = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in panel.data
    assert kept.data["text/plain"].splitlines()[1:] == ["Lido: Lido, good evening."]
    assert "Lido, good evening." in kept.data["text/html"]
    assert notebook.cells[1].outputs == []
    # The widgets' state is saved as well: what was said, and nothing that would open anything.
    saved = nbformat.writes(notebook)
    assert "Lido, good evening." in str(notebook.metadata["widgets"])
    assert "emulator-" not in saved
    assert "ws://" not in saved


def test_its_title_counts_seconds_as_the_panel_does() -> None:
    kept = Keepsake("mark")
    kept.keep([], {"agent": "Lido", "started": 1000.0, "ended": 1061.9})
    assert kept.kept is not None
    assert kept.kept["text/plain"].endswith(" · 1:01")
