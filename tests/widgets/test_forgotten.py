"""Calls without a browser whose Talk has lost its variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from real_kernel import Kernel

import voicenb as vn
from voicenb.widgets import forgotten
from voicenb.widgets.talk import Talk


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The variables of a notebook."""
    known: dict[str, Any] = {}
    monkeypatch.setattr(forgotten, "variables", lambda: known)
    return known


@pytest.fixture
def begin(agent: vn.Agent, emulator: vn.Emulator, known: dict[str, Any]) -> Any:
    """Begins the call of another Talk, which has the variable of that name by then."""
    all_: list[Talk] = []

    def begin(name: str | None = "talk") -> Talk:
        talk = vn.Talk(agent, emulator)
        all_.append(talk)
        if name is not None:
            known[name] = talk
        return talk.start()

    yield begin
    for talk in all_:
        talk.end()


def runs(talk: Talk) -> bool:
    return talk.session is not None and not talk.session.over


def test_a_cell_that_runs_again_ends_the_call_before(
    begin: Any, known: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = begin(), begin()
    assert not runs(first)
    assert runs(second)
    assert first.recording is not None
    told = "A call without a browser was ended: the variable talk is another Talk now. Its recording: "
    assert capsys.readouterr().out == f"{told}{first.recording.folder}\n"
    assert first._state["error"]["message"].endswith("the variable talk is another Talk now.")
    assert begin() is known["talk"]
    assert not runs(second)


def test_two_side_by_side_go_on(begin: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = begin("a"), begin("b")
    forgotten.look()
    assert runs(first)
    assert runs(second)
    assert capsys.readouterr().out == ""


def test_one_that_is_named_after_its_call_has_begun(begin: Any, known: dict[str, Any]) -> None:
    known["talk"] = first = begin(None)  # as in talk = vn.Talk(agent).start()
    forgotten.look()
    second = begin(None)
    assert runs(first)
    known["talk"] = second
    forgotten.look()
    assert not runs(first)
    assert runs(second)


class Demo:
    __module__ = "__main__"

    def __init__(self, talk: Talk) -> None:
        self.talk = talk


@pytest.mark.parametrize(
    "keep",
    [
        lambda talk: [talk],
        lambda talk: {"a": (3, talk)},
        lambda talk: {talk},
        Demo,
        lambda talk: [Demo(talk)],
    ],
)
def test_one_that_is_kept_elsewhere_goes_on(begin: Any, known: dict[str, Any], keep: Any) -> None:
    first = begin()
    known["kept"] = keep(first)
    second = begin()
    assert runs(first)
    del known["kept"]
    forgotten.look()
    assert not runs(first)
    assert runs(second)


def test_the_last_outputs_keep_nothing(begin: Any, known: dict[str, Any]) -> None:
    known["Out"] = {}
    first = begin()
    known["Out"][1] = known["_"] = first
    del known["talk"]
    forgotten.look()
    assert not runs(first)


def test_a_variable_that_is_gone_ends_the_call_where_no_page_has_a_stop(
    begin: Any, known: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    first = begin()
    first._page.shown.set()
    known["talk"] = None
    forgotten.look()
    assert runs(first)
    second = begin("other")
    del known["other"]
    forgotten.look()
    assert not runs(second)
    assert "the variable other is gone" in capsys.readouterr().out


def test_one_that_never_had_a_variable_goes_on(begin: Any, known: dict[str, Any]) -> None:
    first = begin(None)
    begin("talk")
    forgotten.look()
    assert runs(first)


def test_a_call_that_is_over_is_no_news(begin: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first = begin()
    first.end()
    begin()
    assert capsys.readouterr().out == ""


CELL = """
talk = vn.Talk(vn.Agent(name="Lido"), emulator)
talk.start()
print([session.ended_by for session in emulator.sessions])
"""


def test_in_a_real_kernel(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run(f"import os; os.environ['VOICENB_RECORDINGS'] = {str(tmp_path)!r}")
    kernel.run("emulator = vn.Emulator(brain='rules')")
    kernel.run(CELL)
    (told,) = kernel.run(CELL)
    assert told.startswith("A call without a browser was ended: the variable talk is another Talk now.")
    assert told.splitlines()[-1] == "['session.end', '']"
    (gone,) = kernel.run("del talk")
    assert gone.startswith("A call without a browser was ended: the variable talk is gone.")
    assert kernel.run("print(emulator.sessions[-1].ended_by)") == ["session.end\n"]
    kernel.new_talk()
