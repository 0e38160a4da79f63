"""Which Talk a variable names, and which it named before."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.widgets.succession import Succession, variables


class One:
    pass


def followed(before: dict[str, Any], after: dict[str, Any], first: One) -> tuple[str, Any] | None:
    """What has followed ``first`` when another was made between the two."""
    now = [before]
    succession = Succession(first, One, lambda: now[0])
    succession.note()
    now[0] = after
    return succession.heir()


def test_a_cell_that_runs_again_gives_its_variable_to_the_later_one() -> None:
    first, second = One(), One()
    assert followed({"talk": first}, {"talk": second}, first) == ("talk", second)
    assert followed({"talk": first, "_": first}, {"talk": second, "_": first}, first) == ("talk", second)


@pytest.mark.parametrize("names", [("a", "b"), ("_", "b")])
def test_two_side_by_side_have_a_variable_each(names: tuple[str, str]) -> None:
    first, second = One(), One()
    assert followed({names[0]: first}, {names[0]: first, names[1]: second}, first) is None


def test_one_that_kept_another_name_or_never_had_one_is_not_followed() -> None:
    first, second = One(), One()
    assert followed({"talk": first, "old": first}, {"talk": second, "old": first}, first) is None
    assert followed({}, {"talk": second}, first) is None
    assert followed({"_": first}, {"_": second}, first) is None


def test_a_variable_that_is_gone_or_something_else_names_no_later_one() -> None:
    first = One()
    assert followed({"talk": first}, {}, first) is None
    assert followed({"talk": first}, {"talk": 3}, first) is None


def test_outside_of_a_notebook_there_are_no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(__import__("sys").modules, "IPython", raising=False)
    assert variables() == {}
