import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from voicenb import server_extension

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    for part in ("voicenb", "notebooks", "etc"):
        shutil.copytree(CHECKOUT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / part, checkout)
    # What running the first notebook leaves behind.
    (checkout / "notebooks" / "calls" / "lido").mkdir(parents=True, exist_ok=True)
    (checkout / "notebooks" / "calls" / "lido" / "caller.wav").write_bytes(b"somebody's voice")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_carries_notebooks_front_end_and_guide(wheel):
    names = set(wheel.namelist())
    source = CHECKOUT / "voicenb"
    wanted = {
        f"voicenb/notebooks/{path.relative_to(CHECKOUT / 'notebooks').as_posix()}"
        for pattern in ("*.ipynb", "audio/*", "sample-call/*")
        for path in (CHECKOUT / "notebooks").glob(pattern)
    }
    wanted |= {
        f"voicenb/{p.relative_to(source).as_posix()}"
        for p in source.rglob("*")
        if p.suffix in {".js", ".css", ".py", ".md"}
    }
    wanted.add("voicenb/py.typed")
    assert wanted <= names
    assert any(name.endswith("frontend/capture.worklet.js") for name in names)


def test_the_wheel_switches_the_server_extension_on(wheel):
    place = ".data/data/etc/jupyter/jupyter_server_config.d/voicenb.json"
    (name,) = [n for n in wheel.namelist() if n.endswith(place)]
    extensions = json.loads(wheel.read(name))["ServerApp"]["jpserver_extensions"]
    assert extensions == {server_extension.NAME: True}


def test_no_call_that_was_held_here_gets_into_the_wheel(wheel):
    carried = {name for name in wheel.namelist() if name.startswith("voicenb/notebooks/")}
    assert carried == {
        "voicenb/notebooks/01-talk.ipynb",
        "voicenb/notebooks/02-tune.ipynb",
        "voicenb/notebooks/03-ci.ipynb",
        "voicenb/notebooks/audio/README.md",
        "voicenb/notebooks/audio/austen-0930.wav",
        "voicenb/notebooks/sample-call/README.md",
        "voicenb/notebooks/sample-call/agent.flac",
        "voicenb/notebooks/sample-call/caller.flac",
        "voicenb/notebooks/sample-call/events.jsonl",
        "voicenb/notebooks/sample-call/session.json",
    }


def test_the_wheel_carries_nothing_else(wheel):
    strays = [n for n in wheel.namelist() if not n.startswith(("voicenb/", "voicenb-"))]
    assert strays == []
    assert not [n for n in wheel.namelist() if "tests" in n or "__pycache__" in n]


def test_the_licence_is_ours(wheel):
    (metadata,) = [n for n in wheel.namelist() if n.endswith("METADATA")]
    assert "License-Expression: BSD-3-Clause" in wheel.read(metadata).decode()
