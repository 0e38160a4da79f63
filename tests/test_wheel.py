import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=CHECKOUT,
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
        f"voicenb/notebooks/{p.relative_to(CHECKOUT / 'notebooks').as_posix()}"
        for p in (CHECKOUT / "notebooks").rglob("*")
        if p.suffix in {".ipynb", ".wav", ".md"} and ".ipynb_checkpoints" not in p.parts
    }
    wanted |= {
        f"voicenb/{p.relative_to(source).as_posix()}"
        for p in source.rglob("*")
        if p.suffix in {".js", ".css", ".py", ".md"}
    }
    wanted.add("voicenb/py.typed")
    assert wanted <= names
    assert any(name.endswith("frontend/capture.worklet.js") for name in names)


def test_the_wheel_carries_nothing_else(wheel):
    strays = [n for n in wheel.namelist() if not n.startswith(("voicenb/", "voicenb-"))]
    assert strays == []
    assert not [n for n in wheel.namelist() if "tests" in n or "__pycache__" in n]


def test_the_licence_is_ours(wheel):
    (metadata,) = [n for n in wheel.namelist() if n.endswith("METADATA")]
    assert "License-Expression: BSD-3-Clause" in wheel.read(metadata).decode()
