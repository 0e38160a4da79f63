from __future__ import annotations

import importlib.metadata

import pytest
from packaging.requirements import Requirement

from voicenb.widgets import floors


def test_the_floors_are_the_project_s() -> None:
    stated = map(Requirement, importlib.metadata.requires("voicenb") or ())
    floors_stated = {need.name: str(need.specifier) for need in stated}
    assert {name: f">={floor}" for name, floor in floors.FLOORS.items()}.items() <= floors_stated.items()


@pytest.mark.parametrize(
    ("name", "version", "old"),
    [
        ("ipykernel", "6.29.5", True),
        ("ipykernel", "7.0.1", True),
        ("ipykernel", "7.1.0", False),
        ("ipykernel", "7.10.0", False),
        ("jupyterlab", "4.3.99", True),
        ("jupyterlab", "4.4", False),
        ("jupyterlab", "4.10.1", False),
        ("jupyterlab", "5.0.0a1", False),
    ],
)
def test_what_is_too_old(name: str, version: str, old: bool) -> None:
    assert floors.too_old(name, version) is old


def test_what_is_new_enough_needs_no_word() -> None:
    assert floors.notice("4.4.0") is None
    assert floors.notice("4.6.6") is None
    assert floors.notice("5.0.0a1") is None
    assert floors.notice(None) is None


def test_an_old_lab_is_told_with_the_remedy() -> None:
    told = floors.notice("4.3.1")
    assert told is not None
    assert "jupyterlab 4.3.1" in told["message"]
    assert 'pip install "jupyterlab>=4.4"' in told["remedy"]


def test_an_old_kernel_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ipykernel", object())
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "6.29.5")
    told = floors.notice("4.3.1")
    assert told is not None
    assert "ipykernel 6.29.5" in told["message"]
    assert 'pip install "ipykernel>=7.1"' in told["remedy"]
