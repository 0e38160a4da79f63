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


def test_a_kernel_that_is_made_otherwise_says_what_it_always_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[Any, ...]] = []

    class Theirs:
        _publish_status = staticmethod(lambda *told: said.append(told))

    kernel = Theirs()
    module = SimpleNamespace(Kernel=SimpleNamespace(initialized=lambda: True, instance=lambda: kernel))
    monkeypatch.setitem(sys.modules, "ipykernel.kernelbase", cast(ModuleType, module))
    keep_quiet(SimpleNamespace(comm_id="c1"))
    keep_quiet(SimpleNamespace(comm_id="c2"))
    kernel._publish_status("busy", "shell")
    kernel._publish_status("idle", "shell")
    assert said == [("busy", "shell"), ("idle", "shell")]
