"""The oldest JupyterLab and ipykernel whose messages pass while a cell runs."""

from __future__ import annotations

import importlib.metadata
import re
import sys

IPYKERNEL = (7,)
JUPYTERLAB = (4, 4)


def notice(lab: str | None = None) -> dict[str, str] | None:
    """What the panel says about versions that are too old.

    Args:
        lab: JupyterLab's version, as its page tells it; None where the page is something else.

    Returns:
        ``{message, remedy}``, or None when all is well.
    """
    if "ipykernel" in sys.modules:
        kernel = importlib.metadata.version("ipykernel")
        if _parts(kernel) < IPYKERNEL:
            return _old("ipykernel", kernel, "7")
    if lab and _parts(lab) < JUPYTERLAB:
        return _old("jupyterlab", lab, "4.4")
    return None


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def _old(name: str, version: str, floor: str) -> dict[str, str]:
    return {
        "message": f"{name} {version} lets no message through while a cell runs: the call will stall then.",
        "remedy": f'pip install "{name}>={floor}", then restart JupyterLab.',
    }
