"""``voicenb lint``: what can be said about the agents in files, for people and for machines."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voicenb.agent_json import parse_wire, read_wire
from voicenb.errors import InvalidConfiguration
from voicenb.lint import Findings, examine

STDIN = "-"


def run_lint(files: Sequence[str], *, as_json: bool = False) -> int:
    """Look at agents in files, and print what is found.

    Args:
        files: each a ``session`` object, a ``session.update`` or a stored agent; ``"-"`` is standard input.
        as_json: print one JSON list instead: an object for each file, with its findings or its error.

    Returns:
        The exit code: 0 without errors, 1 with some, 2 where a file cannot be read.
    """
    told: list[dict[str, Any]] = []
    code = 0
    for file in files:
        try:
            findings = examine(_read(file))
        except InvalidConfiguration as error:
            code = 2
            told.append({"file": file, "error": str(error)})
            if not as_json:
                print(f"voicenb: {error}", file=sys.stderr)
            continue
        code = max(code, int(bool(findings.errors)))
        told.append({"file": file, "findings": [dataclasses.asdict(finding) for finding in findings]})
        if not as_json:
            print(_lines(file, findings))
    if as_json:
        print(json.dumps(told, indent=2))
    return code


def _read(file: str) -> Any:
    if file != STDIN:
        return read_wire(Path(file))
    try:
        return parse_wire(sys.stdin.read().removeprefix("\ufeff"), "Standard input")
    except UnicodeDecodeError:
        raise InvalidConfiguration("Standard input is no text.", remedy="Write JSON in UTF-8.") from None


def _lines(file: str, findings: Findings) -> str:
    first, *others = repr(findings).splitlines()
    return "\n".join([f"{file}: {first}", *(f"  {line}" for line in others)])
