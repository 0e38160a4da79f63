"""How far it is."""

import io
import sys
import types

import ipywidgets
import pytest

from voicenb.elsewhere import progress
from voicenb.elsewhere.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def in_a_terminal(monkeypatch):
    monkeypatch.setattr(progress, "_in_notebook", lambda: False)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)  # in the test: pytest has its own between the phases
    return terminal


def test_a_line_in_a_terminal(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with Progress("Calls", 2) as shown:
        shown.step()
        shown.step()
    assert terminal.getvalue() == "\rCalls 0/2\rCalls 1/2\rCalls 2/2\n"


def test_nothing_where_nothing_is_to_be_done(monkeypatch):
    terminal = in_a_terminal(monkeypatch)
    with Progress("Calls", 0):
        pass
    assert terminal.getvalue() == ""


def test_nothing_elsewhere(capsys):
    with Progress("Calls", 1) as shown:
        shown.step()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("shell", "notebook"),
    [(None, False), (types.SimpleNamespace(), False), (types.SimpleNamespace(kernel=object()), True)],
)
def test_a_notebook_is_where_a_kernel_is(monkeypatch, shell, notebook):
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert progress._in_notebook() == notebook


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

    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    with Progress("Calls", 3) as bar:
        (widget,) = shown
        assert isinstance(widget, ipywidgets.IntProgress)
        assert (widget.value, widget.max) == (0, 3)
        bar.step()
        assert (widget.value, widget.description) == (1, "Calls 1/3")
        assert kept == []
    assert widget.comm is None
    assert kept == [{"text/plain": "Calls 1/3"}]
