"""What a look at an agent found: a sequence of findings that shows itself as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from voicenb.lint.finding import SEVERITIES, Finding, Severity

_ORDER: tuple[Severity, ...] = ("error", "warn", "info")
_RULES = list(SEVERITIES)


class Findings(Sequence[Finding]):
    """Findings, the errors first; in a notebook a table.

    Example:
        >>> from voicenb.agent import Agent
        >>> findings = Agent(system_prompt="You are the host of Lido. Be brief!", voice="ivy").lint()
        >>> [finding.rule for finding in findings.warnings]
        ['P3']
    """

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._all = tuple(sorted(findings, key=lambda f: (_ORDER.index(f.severity), _RULES.index(f.rule))))

    @property
    def errors(self) -> list[Finding]:
        """What the service refuses, or reads aloud as it stands."""
        return self._with("error")

    @property
    def warnings(self) -> list[Finding]:
        """What makes the agent worse."""
        return self._with("warn")

    @property
    def infos(self) -> list[Finding]:
        """Advice."""
        return self._with("info")

    @property
    def summary(self) -> str:
        """How many of each severity: ``"1 error, 2 warnings"``."""
        counts = ((self.errors, "error"), (self.warnings, "warning"), (self.infos, "info"))
        told = [f"{len(some)} {name}{'' if len(some) == 1 else 's'}" for some, name in counts if some]
        return ", ".join(told) or "nothing found"

    def _with(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self._all if finding.severity == severity]

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> Findings: ...
    def __getitem__(self, place: int | slice) -> Finding | Findings:
        return Findings(self._all[place]) if isinstance(place, slice) else self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Findings) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    def __repr__(self) -> str:
        return "\n".join([f"{self.summary[0].upper()}{self.summary[1:]}.", *map(_lines, self._all)])

    def _repr_html_(self) -> str:
        from voicenb.lint.table import html

        return html(self)


def _lines(finding: Finding) -> str:
    text = f"  “{finding.text}”" if finding.text else ""
    told = f"{finding.severity:5} {finding.rule:3} {finding.place}{text}\n      {finding.reason}"
    return f"{told}\n      → {finding.remedy}" if finding.remedy else told
