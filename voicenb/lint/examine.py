"""All rules over one agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from voicenb.lint import (
    definitions,
    examples,
    greeting,
    keyterms,
    listening,
    numbers,
    parameters,
    persona,
    phrases,
    purpose,
    scope,
    settings,
    shape,
    tool_text,
    toolbox,
    turns,
    writing,
)
from voicenb.lint.finding import Finding
from voicenb.lint.findings import Findings
from voicenb.lint.subject import Subject

_CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    settings.check,
    turns.check,
    keyterms.check,
    greeting.check,
    writing.check,
    persona.check,
    shape.check,
    phrases.check,
    examples.check,
    numbers.check,
    scope.check,
    listening.check,
    definitions.check,
    tool_text.check,
    parameters.check,
    purpose.check,
    toolbox.check,
)


def examine(wire: Mapping[str, Any]) -> Findings:
    """Look at an agent on the wire, however broken.

    Args:
        wire: a ``session`` object, a ``session.update``, or an agent as the service stores it.

    Returns:
        All that was found, the errors first.
    """
    subject = Subject(wire)
    return Findings(finding for check in _CHECKS for finding in check(subject))
