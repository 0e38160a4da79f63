from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from real_kernel import Kernel

from voicenb.widgets.quiet import keep_quiet


def states(came: list[dict[str, Any]]) -> list[str]:
    return [m["content"]["execution_state"] for m in came if m["msg_type"] == "status"]


def test_a_kernel_does_not_call_itself_busy_with_a_pages_message(kernel: Kernel) -> None:
    came = kernel.until_idle(kernel.page_says(type="page", texts=[{"type": "heard"}]))
    assert states(came) == ["idle"], "by which the page forgets the message"
    assert kernel.run("print(1)") == ["1\n"], "while a cell is told as ever"


def test_another_widgets_message_is_told_as_ever(kernel: Kernel) -> None:
    (comm,) = kernel.run("import ipywidgets; slider = ipywidgets.IntSlider(); print(slider.comm.comm_id)")
    ours, kernel._comm = kernel._comm, comm.strip()
    came = kernel.until_idle(kernel.page_says())
    kernel._comm = ours
    assert states(came) == ["busy", "idle"]


def test_without_a_kernel_nothing_happens() -> None:
    keep_quiet(object())


class Theirs:
    """A kernel that is made otherwise than ipykernel's; keeps what it says."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []

    def _publish_status(self, *told: Any) -> None:
        self.said.append(told)


class Comm:
    def __init__(self, comm_id: str) -> None:
        self.comm_id = comm_id


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> Theirs:
    kernel = Theirs()
    module = SimpleNamespace(Kernel=SimpleNamespace(initialized=lambda: True, instance=lambda: kernel))
    monkeypatch.setitem(sys.modules, "ipykernel.kernelbase", cast(ModuleType, module))
    return kernel


def test_a_kernel_that_is_made_otherwise_says_what_it_always_says(theirs: Theirs) -> None:
    comms = [Comm("c1"), Comm("c2")]
    for comm in comms:
        keep_quiet(comm)
    theirs._publish_status("busy", "shell")
    theirs._publish_status("idle", "shell")
    assert theirs.said == [("busy", "shell"), ("idle", "shell")]


def test_when_the_last_comm_has_gone_the_kernel_is_as_it_was(theirs: Theirs) -> None:
    before = theirs._publish_status
    comms = [Comm("c1"), Comm("c2")]
    for comm in comms:
        keep_quiet(comm)
    changed = theirs._publish_status
    assert changed != before
    comms.pop()
    del comm
    assert theirs._publish_status is changed, "one is there still"
    comms.pop()
    assert theirs._publish_status == before
    again = Comm("c3")
    keep_quiet(again)
    assert theirs._publish_status != before


def test_what_somebody_else_has_put_over_it_stays(theirs: Theirs) -> None:
    comms = [Comm("c1")]
    keep_quiet(comms[0])
    below = theirs._publish_status
    theirs._publish_status = over = lambda *told: below(*told, "theirs")  # type: ignore[method-assign]
    comms.clear()
    assert theirs._publish_status is over
    theirs._publish_status("busy", "shell")
    assert theirs.said == [("busy", "shell", "theirs")]


def test_a_panel_that_is_closed_leaves_the_kernel_as_it_was(kernel: Kernel) -> None:
    kernel.run("import ipywidgets\nipywidgets.Widget.close_all()")  # those of other tests
    kernel.new_talk()
    look = "print(ours._publish_status == type(ours)._publish_status.__get__(ours))"
    assert kernel.run(f"ours = get_ipython().kernel\n{look}") == ["False\n"]
    # What still works for the panel at that moment, on a thread, holds it a little longer.
    patience = "import time\nuntil = time.monotonic() + 10\nbare = type(ours)._publish_status.__get__(ours)"
    wait = "while ours._publish_status != bare and time.monotonic() < until: time.sleep(0.01)"
    assert kernel.run(f"talk.close()\n{patience}\n{wait}\n{look}") == ["True\n"]
    kernel.new_talk()
    assert kernel.run(look) == ["False\n"]
