"""``voicenb doctor --symptoms``: the service's table of troubles, each with what was checked and found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from voicenb.doctor import Finding, ears
from voicenb.doctor_call import Signs
from voicenb.errors import InvalidConfiguration
from voicenb.recording.library import load, recordings
from voicenb.recording.lock import is_locked
from voicenb.recording.recording import Recording

NO_CALL = Finding(
    "no call to look at",
    remedy="Hold one, or name a recording: voicenb doctor --symptoms calls/lido",
    seen=False,
)

NEVER_BEGAN = Finding("not looked at: the session never began", seen=False)

LAST = 10
"""Calls whose ends are looked at."""


def _nothing() -> Iterable[Finding]:
    return ()


@dataclass(frozen=True, slots=True)
class Symptom:
    """One row of the table.

    Attributes:
        what: what people see.
        cause: what is behind it.
        call: looks for its signs in a call.
        only: what neither shows, and where one sees it; empty where there is nothing of the kind.
        here: looks for its cause on this machine.
        anyhow: whether a call shows it whose session never began.
    """

    what: str
    cause: str
    call: Callable[[Signs], Iterable[Finding]] | None
    only: str = ""
    here: Callable[[], Iterable[Finding]] = _nothing
    anyhow: bool = False


def told(recording: Recording | None) -> Iterator[tuple[str, list[Finding]]]:
    """Every symptom with what was found.

    Args:
        recording: a call to look at; None where there is none.
    """
    signs = None if recording is None else Signs(recording)
    for symptom in SYMPTOMS:
        found = [_placed("here", finding) for finding in symptom.here()]
        if symptom.call is not None and signs is None:
            found.append(NO_CALL)
        elif symptom.call is not None and signs is not None:
            shown = symptom.call(signs) if signs.begun or symptom.anyhow else [NEVER_BEGAN]
            found += [_placed("in the call", finding) for finding in shown]
        if symptom.only:
            found.append(Finding(symptom.only, seen=False))
        yield f"{symptom.what} ({symptom.cause})", found


def _placed(where: str, finding: Finding) -> Finding:
    return replace(finding, what=f"{where}: {finding.what}")


def chosen(path: str) -> Recording | None:
    """The recording that is meant.

    Args:
        path: its folder; empty for the newest call that nobody has saved.

    Returns:
        None where nothing was named and there is none.

    Raises:
        InvalidConfiguration: that is no path.
        RecordingError: there is no recording.
    """
    if path:
        return load(path)
    return next((each for each in recordings() if each.finished or not is_locked(each.folder)), None)


def key_form(key: str | None) -> Finding:
    """Whether a key looks like one; it is never shown."""
    from voicenb.service.key import clean_key

    if not (key or "").strip():
        return Finding("ASSEMBLYAI_API_KEY is not set: the hosted service is not used")
    assert key is not None
    try:
        clean = clean_key(key)
    except InvalidConfiguration as error:
        return Finding(f"ASSEMBLYAI_API_KEY: {error.message}", broken=True, remedy=error.remedy)
    if clean[0] in "\"'" or clean[-1] in "\"'":
        return Finding(
            "ASSEMBLYAI_API_KEY has quotes in it", broken=True, remedy="Set it without the quotes around it."
        )
    return Finding("ASSEMBLYAI_API_KEY is set, and looks like a key")


def _key() -> Iterable[Finding]:
    yield key_form(os.environ.get("ASSEMBLYAI_API_KEY"))


def _ends() -> Iterable[Finding]:
    """How the last calls ended."""
    last = recordings()[:LAST]
    torn = [one for one in last if not one.finished and not is_locked(one.folder)]
    lost = [one for one in last if (one.ended or {}).get("reason") == "lost"]
    yield Finding(
        f"of the last {len(last)} calls that nobody saved {len(torn) or 'none'} broke off with its process, "
        f"{len(lost) or 'none'} with its connection",
        remedy="Press Stop, or call end(); a helper process ends a call whose kernel was killed."
        if torn or lost
        else "",
    )


def _host() -> Iterable[Finding]:
    from voicenb.service.place import HOST, REGIONS

    yield Finding(
        f"vn.Hosted() talks to {HOST}, which may be another cluster from another place; region= takes "
        f"{' or '.join(REGIONS)}"
    )


def _page() -> Iterable[Finding]:
    if os.environ.get("VSCODE_PID") or os.environ.get("TERM_PROGRAM") == "vscode":
        yield Finding(
            "this is VS Code, whose notebooks never get the microphone",
            remedy="talk.open() shows the panel in a browser tab.",
        )
    elif os.environ.get("SSH_CONNECTION"):
        yield Finding(
            "this machine is reached by SSH: a page from it over http has no microphone",
            remedy="Use https, or a tunnel and localhost: ssh -L 8888:127.0.0.1:8888.",
        )
    else:
        yield Finding("neither VS Code nor SSH: a page on localhost may have the microphone")


def _ears() -> Iterable[Finding]:
    yield ears()


SYMPTOMS: tuple[Symptom, ...] = (
    Symptom(
        "Agent cuts itself off after about a second",
        "it hears its own voice",
        Signs.own_voice,
        "whether the browser cancels the echo shows in a call only: the panel says so",
    ),
    Symptom(
        "Wrong pitch, speed, or noise",
        "wrong sample rate",
        Signs.pace,
        "how it sounds: export_wav() and listen; the panel resamples where a browser will not run at 24 kHz",
    ),
    Symptom("Stale speech goes on after an interruption", "queue not flushed", Signs.stale),
    Symptom("Caller cut off in mid-thought", "silence too short", Signs.cut),
    Symptom(
        "Agent greets but never hears",
        "sound sent too early, at a wrong rate, or not at all",
        Signs.hearing,
        here=_ears,
    ),
    Symptom(
        "UNAUTHORIZED, 1008 (1006 in browsers)",
        "bad key or stale token",
        lambda signs: signs.error("unauthorized", "forbidden"),
        "whether the service takes the key: voicenb doctor --live",
        here=_key,
        anyhow=True,
    ),
    Symptom(
        "invalid_audio",
        "WAV header, float32, bad base64",
        lambda signs: signs.error("invalid_audio"),
        "voicenb sends raw PCM16; in a client of your own do the same",
        anyhow=True,
    ),
    Symptom(
        "invalid_format",
        "a message that is not as it must be",
        lambda signs: signs.error("invalid_format"),
        "in a client of your own: type, audio, and valid JSON",
        anyhow=True,
    ),
    Symptom(
        "immutable_field",
        "greeting or voice changed in mid-call",
        lambda signs: signs.error("immutable_field"),
        "voicenb refuses that before it is sent: set it in the agent",
        anyhow=True,
    ),
    Symptom(
        "About 30 s billed too much", "closed without session.end", Signs.ending, here=_ends, anyhow=True
    ),
    Symptom("Model says nothing after a tool", "no result, or not a text", Signs.results),
    Symptom("Double answer after a tool", "reply.create sent as well", Signs.doubles),
    Symptom("Tool never called", "vague description", Signs.uncalled, "the rest of it: agent.lint()"),
    Symptom("Agent keeps asking again", "pattern too strict for what is spoken", Signs.again),
    Symptom(
        "Microphone refused",
        "not a secure context",
        None,
        "what the browser says: the panel tells it; localhost and https may have the microphone",
        here=_page,
    ),
    Symptom(
        "Agent id not found though it exists",
        "created on another regional host",
        lambda signs: signs.error("agent_not_found"),
        "where it is: vn.Hosted(region=...).list() for each",
        here=_host,
        anyhow=True,
    ),
    Symptom("Support request", "what to send", Signs.support, anyhow=True),
)
"""The service's table, in its order."""


def lines(path: str) -> Iterator[tuple[str, bool]]:
    """What the command prints, line by line, and whether a line tells of a sign of trouble.

    Raises:
        VoicenbError: the recording that was named cannot be read.
    """
    recording = chosen(path)
    where = "no call was held here yet" if recording is None else f"the call in {recording.folder}"
    yield f"Looked at: this machine, and {where}. Nobody was called.", False
    for title, findings in told(recording):
        yield f"\n{title}", False
        for finding in findings:
            yield "  " + str(finding).replace("\n", "\n  "), finding.broken
