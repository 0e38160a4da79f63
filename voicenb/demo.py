"""``voicenb demo``: the notebooks that ship in the wheel, copied to a folder and opened in JupyterLab."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from voicenb.errors import InvalidConfiguration, MissingExtra, how_to_install

FIRST = "01-talk.ipynb"

WHAT = ("*.ipynb", "audio/*.wav", "audio/*.md", "sample-call/*")
"""What is copied: not the calls that a notebook of a checkout may have left beside it."""


def notebooks_folder() -> Path:
    """Where the notebooks are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / FIRST).is_file():
            return folder
    raise InvalidConfiguration(
        f"The notebooks are missing from the installation in {package}.", remedy="Install voicenb again."
    )


def copy_notebooks(folder: Path) -> list[Path]:
    """Copy the notebooks, without outputs, into ``folder``; what is there already is left as it is.

    Returns:
        The files that were copied.

    Raises:
        InvalidConfiguration: ``folder`` cannot be made or written.
    """
    copied = []
    try:
        origin = notebooks_folder()
        for source in sorted(file for pattern in WHAT for file in origin.glob(pattern)):
            target = folder / source.relative_to(origin)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                content = source.read_bytes()
                target.write_bytes(_not_run(content) if source.suffix == ".ipynb" else content)
                copied.append(target)
    except OSError as error:
        raise InvalidConfiguration(
            f"The notebooks cannot be copied to {folder}: {error.strerror}.", remedy="Name another folder."
        ) from error
    return copied


def _not_run(content: bytes) -> bytes:
    """A notebook without what came out of it elsewhere: that would pass for one's own."""
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def run_demo(folder: Path, *, browser: bool = True, port: int | None = None) -> int:
    """Copy the notebooks to ``folder`` and run JupyterLab on the first until it is stopped.

    Returns:
        JupyterLab's exit code.

    Raises:
        MissingExtra: JupyterLab is not installed.
        InvalidConfiguration: ``folder`` cannot be written, or the port is taken.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise MissingExtra("JupyterLab is not installed.", remedy=f"{how_to_install('lab')} brings it.")
    if port is not None:
        _check(port)
    copied = copy_notebooks(folder)
    files = f"{len(copied)} file{'' if len(copied) == 1 else 's'} copied to {folder}"
    if not copied:
        files = (
            f"Your notebooks are in {folder} already, and stay as they are (another folder gets fresh ones)"
        )
    print(f"{files}; {'opening' if browser else 'the address below opens'} {FIRST}.", flush=True)
    command = [
        *(sys.executable, "-P", "-m", "jupyterlab"),  # not the `token.py` of where one happens to stand
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        # No call to anywhere.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if not browser:
        command.append("--no-browser")
    if port is not None:
        # Whoever names a port may have forwarded it: another one is of no use.
        command += ["--port", str(port), "--ServerApp.port_retries=0"]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # In a container one often is root, and JupyterLab then refuses; the demo listens on loopback only.
        command.append("--allow-root")
    # JupyterLab's question about news would lie over the first notebook; a person's own setting still counts.
    paths = [str(Path(__file__).parent / "demo_config"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return _stand_aside(command, {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))})


def _check(port: int) -> None:
    try:
        with socket.create_server(("127.0.0.1", port)):
            pass
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidConfiguration(
            f"JupyterLab cannot listen on port {port}: {why}.",
            remedy="Name another port, or leave it out: then the first free one from 8888 is taken.",
        ) from None


def _stand_aside(command: list[str], more: dict[str, str]) -> int:
    """Run a program that answers Ctrl+C by itself: JupyterLab asks first, and then ends its kernels."""
    signal.signal(signal.SIGINT, lambda *_: None)  # a terminal sends it to both
    process = subprocess.Popen(command, env={**os.environ, **more})
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()
