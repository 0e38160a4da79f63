"""How far it is."""

import threading
import types

import ipywidgets
import pytest
from terminal import in_a_terminal

from voicenb import progress as module
from voicenb.progress import Progress, of_sound, progress


def test_a_line_in_a_terminal(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with Progress("Calls", 2) as shown:
        shown.step()
        shown.step()
    assert terminal.getvalue() == "\rCalls 0/2\rCalls 1/2\rCalls 2/2\rCalls 2/2\n"


def test_items(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    assert list(progress("ab", "Letters")) == ["a", "b"]
    assert terminal.getvalue().split("\r")[1:] == [
        "Letters 0/2",
        "Letters 1/2",
        "Letters 2/2",
        "Letters 2/2\n",
    ]


def test_items_of_which_nobody_knows_how_many(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    assert list(progress(iter("ab"), "Letters")) == ["a", "b"]
    assert terminal.getvalue() == ""
    assert list(progress(iter("ab"), "Letters", total=2)) == ["a", "b"]
    assert "Letters 1/2" in terminal.getvalue()


def test_parts_of_a_step_and_what_is_left(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    with Progress("Listening", 10, "min") as shown:
        now[0] += 1
        shown.step(0.5)
        now[0] += 9
        shown.step(0.5)
        now[0] += 20
        shown.step(4)
        shown.step(50)
    said = terminal.getvalue().split("\r")[1:]
    assert [text.rstrip() for text in said] == [
        "Listening 0/10 min",
        "Listening 0/10 min",
        "Listening 1/10 min · about 2 min left",
        "Listening 5/10 min · about 30 s left",
        "Listening 10/10 min",
        "Listening 10/10 min",
    ]
    assert len(said[4]) == len(said[3].rstrip()), "nothing of a longer line stays"


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
    said = terminal.getvalue().split("\r")[1:-1]
    assert said == (["Listening 0/10 min", "Listening 2/10 min"] if shown else [])


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


def test_a_bar_in_a_notebook_that_becomes_a_line(monkeypatch):
    shown, kept = [], []

    class Place:
        def update(self, data, *, raw):
            assert raw
            kept.append(data)

    def display(widget, *, display_id):
        assert display_id
        shown.append(widget)
        return Place()

    monkeypatch.setattr(module, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    with Progress("Calls", 3) as bar:
        (widget,) = shown
        assert isinstance(widget, ipywidgets.FloatProgress)
        assert (widget.value, widget.max) == (0, 3)
        bar.step()
        assert (widget.value, widget.description) == (1, "Calls 1/3")
        assert kept == []
    assert widget.comm is None
    assert kept == [{"text/plain": "Calls 1/3"}]
