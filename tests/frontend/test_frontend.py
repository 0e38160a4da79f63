"""The front end without a page: its unit tests under node, its types under tsc."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FRONTEND = HERE.parents[1] / "voicenb" / "frontend"


def node(program: str = "node") -> str:
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"The front end's tests need {program}: apt-get install nodejs npm", pytrace=False)
    return path


def test_units(tmp_path: Path) -> None:
    # Node takes .js for ES modules where a package.json says so; a browser needs no such file.
    folder = tmp_path / "frontend"
    shutil.copytree(FRONTEND, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    assert files
    run = subprocess.run(
        [node(), "--test", "--test-reporter=spec", *files],
        env={**os.environ, "VOICENB_FRONTEND": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


@pytest.mark.slow
def test_types() -> None:
    npm = node("npm")
    if not (HERE / "node_modules" / "typescript").is_dir():
        command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HERE, check=True, timeout=300)
    run = subprocess.run(
        [npm, "run", "--silent", "types"], cwd=HERE, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout
