"""The names of voicenb.testing: found on first use, and no dearer than what they stand for."""

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from voicenb import testing


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_stands_for_something(name):
    value = getattr(testing, name)
    assert value.__module__.startswith("voicenb.testing.")
    assert value is getattr(import_module(value.__module__), name)
    assert name in dir(testing)


def test_the_names_for_people_and_those_for_type_checkers_are_the_same():
    tree = ast.parse(Path(testing.__file__).read_text("utf-8"))
    [guarded] = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {
        (alias.asname, node.module.removeprefix("voicenb.testing."))
        for node in guarded.body
        for alias in node.names
    }
    assert typed == set(testing._HOMES.items())


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"'voicenb\.testing' has no attribute 'Coller'"):
        testing.Coller  # noqa: B018


def test_the_clock_comes_without_the_emulator():
    code = "from voicenb.testing import run_virtually; import sys, json; print(json.dumps(list(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = json.loads(told.stdout)
    assert "voicenb.testing.virtual_clock" in loaded
    assert not [
        name for name in loaded if name.startswith(("voicenb.emulator", "voicenb.testing.caller", "numpy"))
    ]
