import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["backchannel", "completeness", "decide", "floor"])
def test_every_example_in_a_docstring_runs(module: str) -> None:
    failed, tried = doctest.testmod(import_module(f"voicenb.turn_taking.{module}"))
    assert tried
    assert not failed
