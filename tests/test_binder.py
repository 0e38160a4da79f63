"""What Binder installs is what the notebooks need: it reads ``binder/`` only, and serves pages over https."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

CHECKOUT = Path(__file__).parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def brought_by(extra):
    """The packages of an extra, those of the extras that it names included."""
    for need in map(Requirement, EXTRAS[extra]):
        if need.name == PROJECT["name"]:
            for other in need.extras:
                yield from brought_by(other)
        else:
            yield need.name


def test_the_checkout_is_installed_with_all_that_talking_there_needs():
    (line,) = (CHECKOUT / "binder" / "requirements.txt").read_text("utf-8").split()
    # Read in the checkout's root, which is copied whole only when a line begins with a dot.
    (extra,) = re.fullmatch(r"\.\[([\w-]+)\]", line).groups()
    # The page is not on loopback there: the sound goes through the proxy.
    assert {"jupyterlab", "ipykernel", "jupyter-server-proxy", "piper-tts", "moonshine-voice"} <= set(
        brought_by(extra)
    )


def test_its_python_is_one_that_the_project_names():
    runtime = (CHECKOUT / "binder" / "runtime.txt").read_text("utf-8").strip()
    (version,) = re.fullmatch(r"python-(3\.\d+)", runtime).groups()
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]
    assert version in SpecifierSet(PROJECT["requires-python"])
