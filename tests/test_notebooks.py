"""The notebooks pass under nbmake, without browser, microphone or key, and are kept without outputs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import voicenb as vn
from voicenb.demo import copy_notebooks

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.mark.slow
def test_the_notebooks_pass_under_nbmake(tmp_path):
    environment = {
        **os.environ,
        "VOICENB_RECORDINGS": str(tmp_path / "recordings"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    copy = tmp_path / "notebooks"
    copy_notebooks(copy)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbmake", "-p", "no:cacheprovider", str(copy)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=300,
    )
    assert told.returncode == 0, told.stdout[-5000:] + told.stderr[-2000:]
    assert "2 passed" in told.stdout
    saved = vn.load(copy / "calls" / "lido")  # by 01
    looked, booked = saved.tool_calls
    assert looked.name == "free_tables"
    assert (booked.name, booked.is_error) == ("book_table", False)
    assert (booked.arguments["people"], booked.arguments["day"]) == (4, "Friday")
    assert booked.arguments["time"] == "20:30"
    assert booked.arguments["name"]
    last = saved.transcript[-1]
    assert (last.role, last.unheard) == ("agent", "")
    assert "booked" in last.text


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
