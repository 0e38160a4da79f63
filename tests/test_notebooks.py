"""The notebooks pass under nbmake, without browser, microphone or key, and are kept with what came out."""

import base64
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from execute_notebooks import WIDGET, clean

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
        [sys.executable, "-m", "pytest", "--nbmake", "--overwrite", "-p", "no:cacheprovider", str(notebook)],
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
    assert [path.stem for path in found] == ["01-talk", "02-tune", "03-ci"]
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
    for path in found:
        now = clean(nbformat.read(path, as_version=4), tmp_path)
        kept = nbformat.read(NOTEBOOKS / path.name, as_version=4)
        words = path.stem == "02-tune"  # the others hold calls in real time, each a little otherwise
        assert [form(cell, words=words) for cell in code(now)] == [
            form(cell, words=words) for cell in code(kept)
        ], f"python tests/aids/execute_notebooks.py {path.stem}"


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def form(cell, *, words):
    """What kinds of output a cell has, and of texts the words, without figures."""
    return [
        (output.output_type, [*output.get("data", {})], _words(output) if words else "")
        for output in cell.outputs
    ]


def _words(output):
    return re.sub(r"[\d.]+", "0", output.get("text") or output.get("data", {}).get("text/plain", ""))


@pytest.fixture(params=sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def kept(request):
    return request.param


def test_a_notebook_is_kept_as_it_ran(kept):
    notebook = nbformat.read(kept, as_version=4)
    nbformat.validate(notebook)
    cells = code(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), "not run from above"
    outputs = [output for cell in cells for output in cell.outputs]
    assert outputs
    assert not [each for each in outputs if each.output_type == "error" or each.get("name") == "stderr"]
    for output in outputs:
        data = output.get("data", {})
        assert WIDGET not in data, "without its kernel a widget is an error"
        assert output.get("text") or data["text/plain"], "GitHub shows nothing of it"
    assert notebook == clean(notebook, Path("/nowhere"))
    assert kept.read_text("utf-8") == nbformat.writes(notebook) + "\n"


def test_a_notebook_is_small_and_tells_nothing_of_where_it_ran(kept):
    text = kept.read_text("utf-8")
    assert len(text.encode()) < 1_000_000
    machine = re.search(r"/(home|root|Users|work|tmp|var)/|[A-Z]:\\\\|127\.0\.0\.1|localhost:| at 0x", text)
    assert machine is None, text[machine.start() - 60 : machine.end() + 60]
    assert not re.search(r"\bsk-|Bearer |api_key\W+\w{8}|token=\w", text)


def test_no_sound_is_in_a_notebook(kept):
    text = kept.read_text("utf-8")
    assert not re.search(r"audio/(?!austen)\w|<audio|;base64,(UklGR|ZkxhQ|T2dnU|SUQz)", text)
    begin = tuple(base64.b64encode(magic).decode()[:5] for magic in (b"RIFF", b"fLaC", b"OggS", b"ID3\4"))
    notebook = nbformat.read(kept, as_version=4)
    for cell in code(notebook):
        for output in cell.outputs:
            for kind, data in output.get("data", {}).items():
                assert kind in ("text/plain", "text/html", "image/png"), kind
                assert not str(data).startswith(begin)


def test_the_second_one_shows_its_pictures():
    cells = code(nbformat.read(NOTEBOOKS / "02-tune.ipynb", as_version=4))
    for name in ("timeline", "latency", "endpointing"):
        (drawn,) = (cell for cell in cells if f"vn.plot.{name}(" in cell.source)
        (output,) = drawn.outputs
        picture = base64.b64decode(output.data["image/png"])
        assert picture.startswith(b"\x89PNG")
        assert len(picture) > 10_000
    fronts = [cell.outputs[0].data["image/png"] for cell in cells if "vn.plot.sweep(" in cell.source]
    assert len(fronts) == 2
    assert all(len(base64.b64decode(picture)) > 10_000 for picture in fronts)


def test_the_first_one_shows_what_was_said():
    cells = code(nbformat.read(NOTEBOOKS / "01-talk.ipynb", as_version=4))
    (panel,) = (cell for cell in cells if cell.source.startswith("talk = vn.Talk("))
    told = panel.outputs[-1].data["text/plain"]
    assert "You: Hi, I would like a table for four on Friday." in told
    assert "book_table(" in told
    assert "<b" in panel.outputs[-1].data["text/html"]


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
