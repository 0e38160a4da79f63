"""The oldest JupyterLab and ipykernel whose messages pass while a cell runs."""

from __future__ import annotations

import importlib.metadata
import re
import sys

FLOORS = {"ipykernel": "7.1", "jupyterlab": "4.4"}
"""Package -> oldest version, as in pyproject.toml; doctor and panel hold what they find against it.

ipykernel 7.0 has the subshells, but sends nothing from a thread that no message of the page has reached.
"""


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
            return complaint("ipykernel", kernel)
    if lab and too_old("jupyterlab", lab):
        return complaint("jupyterlab", lab)
    return None


def complaint(name: str, version: str) -> dict[str, str]:
    """What is said of one that is too old: ``{message, remedy}``."""
    return {
        "message": f"{name} {version} is too old: messages wait while a cell runs, and the call stalls.",
        "remedy": f'pip install "{name}>={FLOORS[name]}", then restart JupyterLab.',
    }


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
