"""Every example in a docstring of these modules runs."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "module", ["agent", "lint.findings", "service.webhook_signature", "turn_detection", "tools.function"]
)
def test_examples_run(module):
    failed, tried = doctest.testmod(importlib.import_module(f"voicenb.{module}"))
    assert tried
    assert not failed
