"""Talk to voice agents inside a Jupyter notebook, see what happened in every turn, and tune the agent.

Importing this module loads names only; what a name stands for is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicenb import plot as plot
    from voicenb import tools as tools
    from voicenb.agent import Agent as Agent
    from voicenb.analysis.report import report as report
    from voicenb.analysis.stops import stops as stops
    from voicenb.analysis.turns import turns as turns
    from voicenb.elsewhere.import_wav import import_wav as import_wav
    from voicenb.emulator.emulator import Emulator as Emulator
    from voicenb.emulator.faults import Fault as Fault
    from voicenb.errors import AudioError as AudioError
    from voicenb.errors import CassetteMismatch as CassetteMismatch
    from voicenb.errors import ExtractionError as ExtractionError
    from voicenb.errors import ImmutableField as ImmutableField
    from voicenb.errors import InvalidConfiguration as InvalidConfiguration
    from voicenb.errors import MalformedMessage as MalformedMessage
    from voicenb.errors import MissingExtra as MissingExtra
    from voicenb.errors import RecordingError as RecordingError
    from voicenb.errors import ServiceError as ServiceError
    from voicenb.errors import ServiceUnreachable as ServiceUnreachable
    from voicenb.errors import SessionNotOpen as SessionNotOpen
    from voicenb.errors import ToolError as ToolError
    from voicenb.errors import Unauthorized as Unauthorized
    from voicenb.errors import UnspeakableText as UnspeakableText
    from voicenb.errors import VoicenbError as VoicenbError
    from voicenb.errors import WaitTimeout as WaitTimeout
    from voicenb.exports.export import export as export
    from voicenb.extraction.extract import extract as extract
    from voicenb.policy import AfterQuestion as AfterQuestion
    from voicenb.policy import ByState as ByState
    from voicenb.policy import Policy as Policy
    from voicenb.recording.library import load as load
    from voicenb.recording.library import recordings as recordings
    from voicenb.recording.recording import Recording as Recording
    from voicenb.service.address import Address as Address
    from voicenb.service.address import Service as Service
    from voicenb.service.hosted import Hosted as Hosted
    from voicenb.service.webhook_signature import verify_webhook as verify_webhook
    from voicenb.session.microphones import Says as Says
    from voicenb.session.microphones import Silence as Silence
    from voicenb.session.microphones import WavFile as WavFile
    from voicenb.session.session import Session as Session
    from voicenb.session.speakers import Captured as Captured
    from voicenb.session.speakers import Muted as Muted
    from voicenb.testing.caller import Answer as Answer
    from voicenb.testing.caller import BackChannel as BackChannel
    from voicenb.testing.caller import BargeIn as BargeIn
    from voicenb.testing.caller import Caller as Caller
    from voicenb.testing.caller import Conditions as Conditions
    from voicenb.testing.caller import Cough as Cough
    from voicenb.testing.caller import FirstWord as FirstWord
    from voicenb.testing.caller import HangUp as HangUp
    from voicenb.testing.caller import Pause as Pause
    from voicenb.testing.caller import Say as Say
    from voicenb.testing.cassette import Cassette as Cassette
    from voicenb.testing.expectations.expect import expect as expect
    from voicenb.testing.run import run as run
    from voicenb.testing.runs import repeat as repeat
    from voicenb.tuning.compare import compare as compare
    from voicenb.tuning.replay import replay as replay
    from voicenb.tuning.sweep import Sweep as Sweep
    from voicenb.tuning.whatif import whatif as whatif
    from voicenb.turn_detection import TurnDetection as TurnDetection
    from voicenb.turn_taking.smart_turn import SmartTurn as SmartTurn
    from voicenb.voices import VOICES as VOICES
    from voicenb.widgets.player import Player as Player
    from voicenb.widgets.talk import Talk as Talk
    from voicenb.widgets.turn_detection_panel import TurnDetectionPanel as TurnDetectionPanel

__version__ = "0.1.0.dev0"

_ERRORS = (
    "AudioError",
    "CassetteMismatch",
    "ExtractionError",
    "ImmutableField",
    "InvalidConfiguration",
    "MalformedMessage",
    "MissingExtra",
    "RecordingError",
    "ServiceError",
    "ServiceUnreachable",
    "SessionNotOpen",
    "ToolError",
    "Unauthorized",
    "UnspeakableText",
    "VoicenbError",
    "WaitTimeout",
)

# Public name -> the module that has it.
_HOMES = {
    "Address": "voicenb.service.address",
    "AfterQuestion": "voicenb.policy",
    "ByState": "voicenb.policy",
    "Agent": "voicenb.agent",
    "Answer": "voicenb.testing.caller",
    "BackChannel": "voicenb.testing.caller",
    "BargeIn": "voicenb.testing.caller",
    "Caller": "voicenb.testing.caller",
    "Cassette": "voicenb.testing.cassette",
    "Captured": "voicenb.session.speakers",
    "Conditions": "voicenb.testing.caller",
    "Cough": "voicenb.testing.caller",
    "Emulator": "voicenb.emulator.emulator",
    "Fault": "voicenb.emulator.faults",
    "FirstWord": "voicenb.testing.caller",
    "HangUp": "voicenb.testing.caller",
    "Hosted": "voicenb.service.hosted",
    "Muted": "voicenb.session.speakers",
    "Pause": "voicenb.testing.caller",
    "Player": "voicenb.widgets.player",
    "Policy": "voicenb.policy",
    "Recording": "voicenb.recording.recording",
    "Say": "voicenb.testing.caller",
    "Says": "voicenb.session.microphones",
    "Service": "voicenb.service.address",
    "Session": "voicenb.session.session",
    "Silence": "voicenb.session.microphones",
    "SmartTurn": "voicenb.turn_taking.smart_turn",
    "Sweep": "voicenb.tuning.sweep",
    "Talk": "voicenb.widgets.talk",
    "TurnDetection": "voicenb.turn_detection",
    "TurnDetectionPanel": "voicenb.widgets.turn_detection_panel",
    "VOICES": "voicenb.voices",
    "WavFile": "voicenb.session.microphones",
    "compare": "voicenb.tuning.compare",
    "expect": "voicenb.testing.expectations.expect",
    "export": "voicenb.exports.export",
    "extract": "voicenb.extraction.extract",
    "import_wav": "voicenb.elsewhere.import_wav",
    "load": "voicenb.recording.library",
    "recordings": "voicenb.recording.library",
    "repeat": "voicenb.testing.runs",
    "replay": "voicenb.tuning.replay",
    "report": "voicenb.analysis.report",
    "run": "voicenb.testing.run",
    "stops": "voicenb.analysis.stops",
    "turns": "voicenb.analysis.turns",
    "verify_webhook": "voicenb.service.webhook_signature",
    "whatif": "voicenb.tuning.whatif",
    **dict.fromkeys(_ERRORS, "voicenb.errors"),
}
_MODULES = ("plot", "tools")

__all__ = sorted([*_HOMES, *_MODULES, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"voicenb.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'voicenb' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
