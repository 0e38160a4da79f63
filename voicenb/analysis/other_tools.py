"""A report's figures by the definitions of other tools, side by side with ours."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from voicenb.analysis.figure import Figure
from voicenb.analysis.others.eva import EvaScore, turn_taking
from voicenb.analysis.others.livekit import LiveKitTurn, livekit
from voicenb.analysis.others.pipecat import user_bot_latency
from voicenb.analysis.others.tau_voice import ENOUGH, TauVoice, tau_voice
from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.names import did_you_mean

if TYPE_CHECKING:
    import pandas

    from voicenb.analysis.report import Report

WIDTH = 110
"""Letters of a line of text."""

_TITLE = "By other tools' definitions, ours beside them"

_CELL = "text-align:left;vertical-align:top;white-space:normal;font-variant-numeric:tabular-nums"

NOT_CAPTURED = "not captured"


@dataclass(frozen=True, slots=True)
class ToolFigure:
    """One figure of another tool's.

    Attributes:
        tool: whose it is, e.g. ``"LiveKit Agents"``.
        name: its name there.
        values: seconds, one for each turn; None where it is a single number.
        value: the number that is told: of ``values`` the median or the mean, as that tool does, else a score
            or a rate from 0 to 1; None where there is nothing that it rests on, or it was not captured.
        n: how much it rests on.
        what: what is counted in ``n``.
        unit: ``"s"``, or empty for scores and rates.
        ours: our own figure that is nearest to it, and what it says; empty where we have none.
        differs: how it differs from that.
        source: where the definition is from.
    """

    tool: str
    name: str
    value: float | None
    n: int
    what: str
    unit: str
    ours: str
    differs: str
    source: str
    values: Figure | None = None

    @property
    def told(self) -> str:
        """The value as text."""
        if self.values is not None:
            return str(self.values)
        if self.value is None:
            return NOT_CAPTURED if not self.what else f"none ({self.what}: 0)"
        return f"{self.value:.2f}{' ' + self.unit if self.unit else ''} ({self.what}: {self.n})"


LIVEKIT, PIPECAT, EVA, TAU = "LiveKit Agents", "Pipecat", "EVA", "τ-voice"

SOURCES = {
    LIVEKIT: "github.com/livekit/agents, voice/agent_activity.py and audio_recognition.py, August 2026",
    PIPECAT: "github.com/pipecat-ai/pipecat, observers/user_bot_latency_observer.py, August 2026",
    EVA: "github.com/ServiceNow/eva, metrics/experience/turn_taking.py v0.2",
    TAU: (
        "github.com/sierra-research/tau2-bench, docs/interaction-metrics.md 1.0; "
        f"its board hides rates of fewer than {ENOUGH}"
    ),
}


class OtherTools(Sequence[ToolFigure]):
    """Figures by other tools' definitions, so that numbers from there can be laid beside numbers from here.

    Args:
        figures: each with its tool, its name there, and how it differs from ours.
    """

    def __init__(self, figures: Sequence[ToolFigure]) -> None:
        self._figures = list(figures)

    def __getitem__(self, at: Any) -> Any:
        """One by its place or by its name (``"e2e_latency"``), or some by a slice.

        Raises:
            KeyError: there is none of that name.
        """
        if isinstance(at, str):
            found = next((each for each in self if each.name == at), None)
            if found is None:
                names = [each.name for each in self]
                raise KeyError(f"{at!r}. {did_you_mean(at, names)}There are {', '.join(names)}.")
            return found
        return self._figures[at] if isinstance(at, int) else OtherTools(self._figures[at])

    def __len__(self) -> int:
        return len(self._figures)

    def __iter__(self) -> Iterator[ToolFigure]:
        return iter(self._figures)

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dict for each: tool, name, value, n, unit, ours, differs, source."""
        names = ("tool", "name", "value", "n", "what", "unit", "ours", "differs", "source")
        return [{name: getattr(each, name) for name in names} for each in self]

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import frame

        return frame(self.to_dicts())

    def __repr__(self) -> str:
        wide = max((len(each.name) for each in self), default=0)
        lines = [_TITLE]
        for tool, figures in self._by_tool().items():
            lines += ["", f"{tool} ({SOURCES[tool]})"]
            for each in figures:
                lines.append(f"  {each.name.ljust(wide)}  {each.told}")
                ours = f"ours: {each.ours}. " if each.ours else ""
                lines += textwrap.wrap(
                    ours + each.differs[:1].upper() + each.differs[1:] + ".",
                    WIDTH,
                    initial_indent=" " * (wide + 4),
                    subsequent_indent=" " * (wide + 4),
                )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = ""
        for tool, figures in self._by_tool().items():
            about = f"<b>{escape(tool)}</b> <span style='opacity:.75'>{escape(SOURCES[tool])}</span>"
            rows += f"<tr><td colspan='2' style='{_CELL};padding-top:.8em'>{about}</td></tr>"
            for each in figures:
                ours = f"ours: {escape(each.ours)}<br>" if each.ours else ""
                rows += (
                    f"<tr><td style='{_CELL}'><code style='white-space:nowrap'>{escape(each.name)}</code><br>"
                    f"{escape(each.told)}</td>"
                    f"<td style='{_CELL}'>{ours}<span style='opacity:.75'>{escape(each.differs)}</span></td>"
                    "</tr>"
                )
        return (
            '<div class="voicenb-report" style="line-height:1.5;overflow-x:auto">'
            f"<div><b>{_TITLE}</b></div><table><tbody>{rows}</tbody></table></div>"
        )

    def _by_tool(self) -> Mapping[str, list[ToolFigure]]:
        tools: dict[str, list[ToolFigure]] = {}
        for each in self:
            tools.setdefault(each.tool, []).append(each)
        return tools


def other_tools(report: Report) -> OtherTools:
    """The figures of a report's calls by other tools' definitions.

    Each call's sound is listened to once more, for those tools count from their own detectors.

    Args:
        report: of one call or many.
    """
    turns: list[LiveKitTurn] = []
    latencies: list[float] = []
    scores: list[EvaScore] = []
    counted = TauVoice()
    for call in report.calls:
        if call.recording is not None:
            heard = SpeechProbability(call.recording)
            turns += livekit(call.recording, call.turns, heard)
            latencies += user_bot_latency(call.recording, heard).values()
        scores.append(turn_taking(call.turns))
        counted += tau_voice(call.turns)
    first = _ours("response latency", report.latency, report.first_sound, "first sound, ")
    delay = _ours("end-of-turn delay", report.end_of_turn_delay, report.tool_end_of_turn_delay)
    said = _ours("transcription delay", report.transcription_delay, report.tool_transcription_delay)
    vad = "from its detector's last frame of speech (32 ms)"
    scored = sum(len(each.turns) for each in scores)
    return OtherTools(
        [
            _seconds(
                LIVEKIT,
                "e2e_latency",
                Figure.of(turn.e2e_latency for turn in turns),
                first,
                f"{vad} to the first audio sent: leading silence is speech, the way to the ear is left out, "
                "plain and tool turns are pooled",
            ),
            _seconds(
                LIVEKIT,
                "end_of_turn_delay",
                Figure.of(turn.end_of_turn_delay for turn in turns),
                delay,
                f"{vad}, ours from the acoustic end: plain and tool turns are pooled",
            ),
            _seconds(
                LIVEKIT,
                "transcription_delay",
                Figure.of(turn.transcription_delay for turn in turns),
                said,
                f"{vad}, never below 0: plain and tool turns are pooled",
            ),
            _seconds(
                PIPECAT,
                "user_bot_latency",
                Figure.of(latencies),
                first,
                "from the last stop of any sound of the caller's to the next audio sent: no turns, no tools, "
                "leading silence is speech, the way to the ear is left out",
            ),
            _single(
                EVA,
                "turn_taking",
                statistics.mean(each.score for each in scores) if scored else None,
                scored,
                "turns",
                "",
                "",
                "from 0 to 1, by latency (1 from 0.5 to 2.0 s, with tools to 3.0 s) or, where somebody spoke "
                "over the other, by overlap and yielding; the mean of the calls",
            ),
            *_tau(counted, report),
        ]
    )


def _tau(counted: TauVoice, report: Report) -> list[ToolFigure]:
    answered = len(report.caller_turns) - report.unanswered
    rows = (
        (
            "response_latency_mean",
            counted.response_latency_mean,
            len(counted.responses),
            "responses",
            f"response latency, plain turns {_p50(report.latency)}",
            "in ticks of 0.2 s, tool turns pooled, the mean",
        ),
        (
            "response_rate",
            counted.response_rate,
            counted.response_total,
            "ends",
            f"{answered} of {len(report.caller_turns)} answered",
            "however long it took, unless the caller spoke again",
        ),
        (
            "yield_latency_mean",
            counted.yield_latency_mean,
            len(counted.yields),
            "yields",
            f"yield latency {_p50(report.yield_latency)}",
            "in ticks of 0.2 s, only where it yielded",
        ),
        (
            "yield_rate",
            counted.yield_rate,
            counted.yield_total,
            "interruptions",
            "",
            "silent within 2 s of the caller's onset over the agent, for whatever reason",
        ),
        (
            "agent_interruption_rate",
            counted.agent_interruption_rate,
            counted.response_total,
            "ends",
            "",
            "how often the agent began while the caller spoke, for each end; may be above 1",
        ),
        (
            "selectivity_backchannel",
            counted.selectivity_backchannel,
            counted.backchannel_total,
            "back-channels",
            "",
            "not silent within 1 s of a back-channel; here a sound over the agent whose words are one, or of "
            "which no turn was made",
        ),
        ("selectivity_vocal_tic", None, 0, "", "", "nobody tells which sounds were tics"),
        ("selectivity_non_directed", None, 0, "", "", "nobody tells which words were for somebody else"),
    )
    return [
        _single(TAU, name, value, n, what, "s" if "latency" in name else "", ours, differs)
        for name, value, n, what, ours, differs in rows
    ]


def _seconds(tool: str, name: str, values: Figure, ours: str, differs: str) -> ToolFigure:
    return ToolFigure(tool, name, values.p50, values.n, "turns", "s", ours, differs, SOURCES[tool], values)


def _single(
    tool: str, name: str, value: float | None, n: int, what: str, unit: str, ours: str, differs: str
) -> ToolFigure:
    return ToolFigure(tool, name, value, n, what, unit, ours, differs, SOURCES[tool])


def _ours(name: str, plain: Figure, tool: Figure, which: str = "") -> str:
    """Our own figure beside another tool's: of plain turns, and where there are some of tool turns."""
    told = f"{name}, plain turns {_p50(plain)}"
    return f"{told}; {which}tool turns {_p50(tool)}" if tool.n else told


def _p50(figure: Figure) -> str:
    return "not measured" if figure.p50 is None else f"p50 {figure.p50:.2f} s"
