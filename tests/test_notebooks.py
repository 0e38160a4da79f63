"""The notebooks pass under nbmake, without browser, microphone or key, and are kept without outputs."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import voicenb as vn
from voicenb.demo import copy_notebooks

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def under_nbmake(notebook):
    own = notebook.parent.parent / notebook.stem
    environment = {
        **os.environ,
        "VOICENB_RECORDINGS": str(own / "recordings"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "IPYTHONDIR": str(own / "ipython"),
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbmake", "-p", "no:cacheprovider", str(notebook)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=notebook.parent.parent,
        timeout=300,
    )


@pytest.mark.slow
def test_the_notebooks_pass_under_nbmake(tmp_path):
    copy = tmp_path / "notebooks"
    copy_notebooks(copy)
    found = sorted(copy.glob("*.ipynb"))
    assert [path.stem for path in found] == ["01-talk", "03-ci"]
    with ThreadPoolExecutor() as pool:  # at the same time: most of it is conversation, and waits
        for told in pool.map(under_nbmake, found):
            assert told.returncode == 0, told.stdout[-5000:] + told.stderr[-2000:]
            assert "1 passed" in told.stdout
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


@pytest.mark.parametrize("late", [0.0, 0.004, 0.009, 0.013, 0.018, 0.024])
def test_what_the_callers_of_the_last_one_say_is_heard_word_for_word(late):
    """However the sound falls on the frames of the ears: in real time that is another way on every run."""
    said = {
        "He might even have been made amiable himself.": vn.WavFile(NOTEBOOKS / "audio" / "austen-0930.wav"),
        "A table for four on Friday.": "A table for four on Friday.",
    }
    source = (NOTEBOOKS / "03-ci.ipynb").read_text("utf-8")
    assert "audio/austen-0930.wav" in source
    assert "A table for four on Friday." in source
    agent = vn.Agent(name="Reader", greeting="Good evening.")
    for text, words in said.items():
        call = vn.run(agent, [vn.Answer(), vn.Pause(late), words, vn.Answer()], brain=lambda heard: "Fine.")
        assert [line.text for line in call.transcript if line.role == "user"] == [text]
