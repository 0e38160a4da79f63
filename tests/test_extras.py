"""With no extra installed: what can work does, and what cannot says in one line what to install."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[1]


def distributions(lines):
    """The distributions that these requirements bring, and what those require themselves."""
    todo, found = list(lines), {}
    while todo:
        need = Requirement(todo.pop())
        name = canonicalize_name(need.name)
        if name in found or (need.marker is not None and not need.marker.evaluate({"extra": ""})):
            continue
        found[name] = importlib.metadata.distribution(name)
        todo += found[name].requires or ()
    return found.values()


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """``python("-c", ...)`` runs a Python that has no extra installed."""
    folder = tmp_path_factory.mktemp("packages")
    for one in distributions(importlib.metadata.requires("voicenb")):
        for name in {file.parts[0] for file in one.files} - {"..", "__pycache__"}:
            (folder / name).symlink_to(one.locate_file(name))

    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (folder, CHECKOUT)))}
        # -S: without the packages of the environment that the tests run in.
        return subprocess.run(
            [sys.executable, "-S", *arguments], capture_output=True, text=True, env=environment, cwd=folder
        )

    return run


def test_the_doctor_names_what_is_missing_and_how_it_comes(python):
    told = python("-m", "voicenb", "doctor")
    assert told.returncode == 1
    assert told.stderr == ""
    for missing in ("ipykernel is not installed", "no ears", "no mouth", "the emulator is not installed"):
        assert missing in told.stdout
    assert told.stdout.count('pip install "voicenb[') >= 4


def test_the_guide_can_be_read(python):
    assert python("-m", "voicenb", "guide").stdout.startswith("# voicenb")


@pytest.mark.parametrize(
    ("verb", "extra"), [(["demo", "folder"], "lab"), (["emulator", "--port=0"], "emulator")]
)
def test_a_verb_that_needs_an_extra_names_it_in_one_line(python, verb, extra):
    told = python("-m", "voicenb", *verb)
    assert told.returncode == 1
    assert len(told.stderr.splitlines()) == 1
    assert f'pip install "voicenb[{extra}]" (in a clone: pip install ".[{extra}]") brings it.' in told.stderr


USES = {
    "an emulator": "vn.Emulator().start()",
    "its app": "vn.Emulator().app",
    "a mouth": "vn.Session(agent, 'ws://127.0.0.1:1', microphone=vn.Says('Hello.')).start()",
    "a caller": "vn.run(agent, vn.Caller(['Hello.', vn.Answer()]))",
    "a silent caller": "vn.run(agent, vn.Caller([vn.Answer()]))",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_what_needs_the_emulator_names_the_extra(python, use):
    program = f"""
import voicenb as vn
agent = vn.Agent(name="Lido", greeting="Hello.")
try:
    {use}
except vn.MissingExtra as missing:
    print(missing)
"""
    told = python("-c", program)
    assert told.stderr == ""
    assert 'pip install "voicenb[emulator]" (in a clone: pip install ".[emulator]") brings' in told.stdout


def test_talking_to_a_service_elsewhere_needs_no_extra(python):
    program = """
import voicenb as vn
talk = vn.Talk(vn.Agent(name="Lido"), "ws://127.0.0.1:1")
try:
    talk.start()
except vn.ServiceUnreachable as nobody:
    print("nobody there")
"""
    told = python("-c", program)
    assert told.stdout == "nobody there\n", told.stderr
