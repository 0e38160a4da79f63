"""For all tests: the contract's schema, and examples that are drawn without a stopwatch."""

import importlib
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator

sys.path.insert(0, str(Path(__file__).parent / "aids"))

pytest_plugins = ["spread", "truth_table", "wiretap"]

# What this machine happens to have must not join in: a key (which `api_key` takes away), a language model.
importlib.import_module("api_key")
os.environ["VOICENB_BRAIN"] = "rules"

# Started in the background of a shell, Ctrl+C is ignored here and in all that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines may be busy: a slow example is no failure.
settings.register_profile("voicenb", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("voicenb")

SCHEMA = Path(__file__).parent / "data" / "voice-agent-api.schema.json"


@pytest.fixture(scope="session")
def moonshine():
    """Real ears, loaded once."""
    from voicenb.emulator.ears.moonshine import Moonshine

    ears = Moonshine()
    ears.warm()
    return ears


@pytest.fixture
def endpoint():
    """What an HTTP tool calls: a server on loopback."""
    from endpoint import Endpoint

    with Endpoint() as made:
        yield made


@pytest.fixture(scope="session")
def contract():
    """``contract("ToolCall").validate(wire)`` holds a wire object against the contract's schema."""
    schema = json.loads(SCHEMA.read_text("utf-8"))

    def validator(name):
        return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})

    return validator
