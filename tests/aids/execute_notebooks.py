"""Runs the notebooks and keeps them with what came out: ``python tests/aids/execute_notebooks.py [NAME …]``.

Without names it runs all. Each runs in a folder of its own, on the emulator, without a key. What tells of the
machine is left out: paths, times of execution, widgets (which nobody can show without their kernel).
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from voicenb.demo import copy_notebooks

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

WIDGET = "application/vnd.jupyter.widget-view+json"

SECRETS = ("ASSEMBLYAI_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
"""What would let somebody else answer."""

TEMPORARY = re.compile(r"…/tmp/voicenb-\w+/call")
"""Where ``vn.run`` keeps a call that nobody keeps."""

LONGEST = 300
"""Seconds for a cell."""


def execute(name: str) -> nbformat.NotebookNode:
    """Run a notebook; it with its outputs, cleaned."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made).resolve()
        folder = place / "notebooks"
        copy_notebooks(folder)
        (place / "tmp").mkdir()
        own = {"VOICENB_RECORDINGS": place / "recordings", "IPYTHONDIR": place / "ipython"}
        environment = {
            **{name: value for name, value in os.environ.items() if name not in SECRETS},
            **{name: str(path) for name, path in own.items()},
            "TMPDIR": str(place / "tmp"),
            "TZ": "UTC",
        }
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        NotebookClient(
            notebook,
            timeout=LONGEST,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
        ).execute(env=environment)
        return clean(notebook, place)


def clean(notebook: nbformat.NotebookNode, place: Path) -> nbformat.NotebookNode:
    """Take out of a notebook that ran below ``place`` what tells of the machine or of its kernel."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "code":
            cell.outputs = [_cleaned(output, place) for output in cell.outputs if _readable(output)]
    return notebook


def _readable(output: nbformat.NotebookNode) -> bool:
    """Whether there is something in it for somebody without the kernel."""
    return "data" not in output or bool(output.data.get("text/plain"))


def _cleaned(output: Any, place: Path) -> Any:
    """The same without widgets, and without the folders that it ran in."""
    if isinstance(output, dict):
        kept = {key: _cleaned(value, place) for key, value in output.items() if key != WIDGET}
        return nbformat.from_dict(kept)
    if isinstance(output, list):
        return [_cleaned(each, place) for each in output]
    if isinstance(output, str):
        told = output.replace(f"{place}/notebooks/", "").replace(f"{place}/", "…/")
        return TEMPORARY.sub("…/call", told)
    return output


def main(names: list[str]) -> None:
    """Run those that are named, or all."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not names or path.stem in names:
            notebook = execute(path.stem)
            nbformat.validate(notebook)
            nbformat.write(notebook, path)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
