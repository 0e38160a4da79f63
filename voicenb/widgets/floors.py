"""The oldest JupyterLab and ipykernel whose messages pass while a cell runs."""

from __future__ import annotations

import importlib.metadata
import re
import sys

FLOORS = {"ipykernel": "7", "jupyterlab": "4.4"}
"""Package -> oldest version, as in pyproject.toml; doctor and panel hold what they find against it."""


def too_old(name: str, version: str) -> bool:
    """Whether a version of one of these packages is older than its floor."""
    return _parts(version) < _parts(FLOORS[name])


def notice(lab: str | None = None) -> dict[str, str] | None:
    """What the panel says about versions that are too old.

    Args:
        lab: JupyterLab's version, as its page tells it; None where the page is something else.

    Returns:
        ``{message, remedy}``, or None when all is well.
    """
    if "ipykernel" in sys.modules:
        kernel = importlib.metadata.version("ipykernel")
        if too_old("ipykernel", kernel):
            return _old("ipykernel", kernel)
    if lab and too_old("jupyterlab", lab):
        return _old("jupyterlab", lab)
    return None


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def _old(name: str, version: str) -> dict[str, str]:
    return {
        "message": f"{name} {version} lets no message through while a cell runs: the call will stall then.",
        "remedy": f'pip install "{name}>={FLOORS[name]}", then restart JupyterLab.',
    }
