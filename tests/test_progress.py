"""How far it is."""

import threading
import types

import nbformat
import pytest
from nbclient import NotebookClient
from terminal import in_a_terminal, told

from voicenb import progress as module
from voicenb.progress import Progress, of_sound, progress

CELL = """
from voicenb.progress import Progress

with Progress("Calls", 3) as bar:
    box = bar._bar.container
    assert box.comm is not None
    bar.step()
    bar.step()
print(type(box).__mro__[1].__name__, "closed" if box.comm is None else "open")
"""


def test_a_bar_in_a_terminal(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with Progress("Calls", 2) as shown:
        shown.step()
        shown.step()
    assert told(terminal)[0] == "Calls 0/2"
    assert told(terminal)[-1] == "Calls 2/2"
    assert "left" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")


def test_items(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    assert list(progress("ab", "Letters")) == ["a", "b"]
    assert (told(terminal)[0], told(terminal)[-1]) == ("Letters 0/2", "Letters 2/2")


def test_items_of_which_nobody_knows_how_many(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    assert list(progress(iter("ab"), "Letters")) == ["a", "b"]
    assert terminal.getvalue() == ""
    assert list(progress(iter("ab"), "Letters", total=2)) == ["a", "b"]
    assert told(terminal)[-1] == "Letters 2/2"


def test_parts_of_a_step_and_no_more_than_all(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with Progress("Listening", 600, "min", per_unit=60) as shown:
        shown.step(30)
        shown.step(30)
        assert shown._told == "Listening 1/10 min"
        shown.step(5000)
    assert told(terminal)[-1] == "Listening 10/10 min"


def test_nothing_where_nothing_is_to_be_done(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with Progress("Calls", 0) as shown:
        shown.step()
    assert terminal.getvalue() == ""


def test_nothing_elsewhere(capsys):
    with Progress("Calls", 1) as shown:
        shown.step()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("seconds", "shown"), [(299.9, False), (600.0, True)])
def test_sound_is_told_in_minutes_where_it_is_long(monkeypatch, seconds, shown):
    terminal = in_a_terminal(monkeypatch)
    with of_sound("Listening", seconds) as bar:
        bar.step(120)
    said = told(terminal)
    assert (said[0], said[-1]) == ("Listening 0/10 min", "Listening 2/10 min") if shown else said == []


def test_one_inside_another_says_nothing(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    for _ in progress(["one"], "Calls"):
        with Progress("Listening", 5) as inner:
            inner.step()
    assert "Listening" not in terminal.getvalue()
    with Progress("Listening", 5):
        pass
    assert "Listening" in terminal.getvalue()


def test_a_task_that_fails_leaves_room_for_the_next(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with pytest.raises(ZeroDivisionError), Progress("Calls", 2):
        raise ZeroDivisionError
    assert terminal.getvalue().endswith("\n")
    with Progress("Others", 2):
        pass
    assert "Others" in terminal.getvalue()


def test_a_thread_behind_the_cell_says_nothing(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    behind = threading.Thread(target=lambda: list(progress("ab", "Letters")))
    behind.start()
    behind.join()
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(
    ("shell", "notebook"),
    [(None, False), (types.SimpleNamespace(), False), (types.SimpleNamespace(kernel=object()), True)],
)
def test_a_notebook_is_where_a_kernel_is(monkeypatch, shell, notebook):
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert module._in_notebook() == notebook


def test_a_bar_in_a_notebook_that_becomes_a_line(tmp_path):
    """In a real kernel: a saved notebook would say of a widget that it cannot be found."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    first, second = notebook.cells[0].outputs
    assert first.data == {"text/plain": "Calls 2/3"}
    assert second.text == "HBox closed\n"
