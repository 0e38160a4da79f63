"""A part of a call, which is a recording by itself: its second 0 is where it begins."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from voicenb.recording.annotations import Annotations, Note, new_note
from voicenb.recording.events import Events
from voicenb.recording.layout import RATE, JSONObject
from voicenb.recording.reading import FRAME, EventLog, Replayed
from voicenb.recording.recording import Recording

if TYPE_CHECKING:
    from voicenb.recording.recording import Track

LATE = 60.0
"""Seconds behind its moment within which what was heard is noted."""

LONGEST = 600.0
"""Seconds before a part in which a reply may have come that is heard in it."""

_SETTINGS = frozenset(
    {"session.update", "session.ready", "session.updated", "session.ended", "closed", "barge_in"}
)
"""What the session was told before counts on, and whether it was open."""

_MOMENTS = {"duck": "onset", "ducked": "t"}
"""Events that tell how loud the voice is from then on, and which moment they name in their message."""

_SPANS = ("turn", "spoken")
"""Events of a call from elsewhere, whose messages name the ``start`` and ``end`` of what was said."""

Heard = tuple[str, int, int, float]
"""What was heard of a reply: its id, first sample, the one after the last, when the first was heard."""


class Excerpt(Recording):
    """A part of a call; what :class:`Recording` can, it can.

    Its clock begins where it does: second 0 is second ``begin`` of the call. Of a turn that lies wholly in it
    the figures are those of the whole call, but for what rests on what comes behind. Speech boundaries are
    found anew, in frames of 32 ms that begin where the part does: where a turn begins and ends they may
    differ by 0.02 s, and at a pause inside of it, with what rests on that, by 0.12 s. Of a reply that began
    before, what is heard of it here is there; a turn of the caller's whose answer was decided before has no
    part in it.

    Args:
        call: the whole call, or a part of it.
        begin: seconds on its clock.
        end: seconds on its clock, behind ``begin``.

    Attributes:
        call: the call that it is a part of.
        begin: where in that it begins, in seconds.
        end: where in that it ends.
    """

    def __init__(self, call: Recording, begin: float, end: float) -> None:
        self.call, self.begin, self.end = call, begin, end
        self.folder = call.folder
        cut = _Cut(call, begin, end)
        self._log = _Kept(call.folder, cut.events)
        self._replayed = Replayed()
        self._noted = False
        self._decoded = cut.tracks
        self._session = _session(call, begin, end, cut)

    @property
    def session(self) -> JSONObject:
        """What the call's ``session.json`` says, and of ``excerpt`` what part of it this is."""
        return self._session

    @property
    def name(self) -> str:
        """The call's name and the part of it."""
        return f"{self.call.name} {_clock(self.begin)} to {_clock(self.end)}"

    @property
    def _annotations(self) -> Annotations:
        return self.call._annotations.between(self.begin, self.end)

    def note(self, text: str, *, at: float | None = None) -> Note:
        """Note something of the call; ``at`` is on this clock."""
        note = new_note(text, at, self.duration)
        self.call._annotate(self.call._annotations.with_note(self._of_call(note)))
        return note

    def remove_note(self, note: Note) -> None:
        """Take a note of the call away."""
        self.call._annotate(self.call._annotations.without_note(self._of_call(note)))

    def _of_call(self, note: Note) -> Note:
        at = None if note.at is None else round(note.at + self.begin, 6)
        return Note(note.text, at, note.written)

    def _set_tags(self, tags: Iterable[str]) -> None:
        self.call._set_tags(tags)

    def _write(self, draft: Path) -> None:
        from voicenb.recording.recorder import Recorder

        about = {name: value for name, value in self.session.items() if name not in ("format", "ended")}
        recorder = Recorder(draft, about=about)
        recorder.caller(self.caller.tobytes())
        recorder.agent(self.agent.tobytes())
        for event in self.events:
            recorder.event(event)
        ended = self.session["ended"]
        recorder.close({name: value for name, value in ended.items() if name != "events"})
        if recorder.failure is not None:
            raise recorder.failure
        self._annotations.write(draft)

    @property
    def _is_whole(self) -> bool:
        return False


class _Kept(EventLog):
    """Events that do not grow."""

    def __init__(self, folder: Path, events: Events) -> None:
        super().__init__(folder)
        self.events = events

    def refresh(self) -> Events:
        return self.events


class _Cut:
    """What of a call lies between two moments, on a clock of its own.

    Attributes:
        events: numbered anew.
        replies: ids of those that have a part in it.
        tracks: both, as far as these events speak of them.
        points: when the caller's samples were captured.
    """

    def __init__(self, call: Recording, begin: float, end: float) -> None:
        self.begin, self.end = begin, end
        self._call = call
        self._events = call.events
        self.replies: set[str] = set()
        self._calls: set[str] = set()  # of tools
        self._moments: list[tuple[float, int, JSONObject]] = []
        self.tracks: dict[str, Track] = {}
        self.points: list[dict[str, Any]] = []
        self._shift = 0
        notes = self._heard()
        self._find_replies(notes)
        self._frames()
        self._notes(notes)
        self._others()
        self.events = self._numbered()

    # --- which -------------------------------------------------------------------------------------------

    def _heard(self) -> list[tuple[int, JSONObject, Heard]]:
        """What was heard, with the events that tell it."""
        found = []
        notes = self._events.find("heard", direction="local")
        times = self._events.t[notes]
        near = (times >= self.begin - LONGEST) & (times <= self.end + LATE)
        for number in notes[near].tolist():
            event = self._events[number]
            fields = event.get("msg") or event
            try:
                at = float(fields.get("t", event["t"]))
                note = str(fields.get("reply_id") or ""), int(fields["from"]), int(fields["to"]), at
            except (KeyError, TypeError, ValueError):
                continue
            found.append((number, event, note))
        return found

    def _find_replies(self, notes: list[tuple[int, JSONObject, Heard]]) -> None:
        """Those that began here, or of which something came or was heard here."""
        self.replies = {
            str((event.get("msg") or {}).get("reply_id") or "")
            for event in map(self._events.__getitem__, self._between("reply.started", "reply.audio"))
        }
        self.replies |= {
            reply
            for _, _, (reply, first, last, at) in notes
            if at < self.end and at + (last - first) / RATE > self.begin
        }

    def _between(self, *types: str) -> list[int]:
        """What came of these types here."""
        found = self._events.find(*types, direction="in")
        times = self._events.t[found]
        numbers: list[int] = found[(times >= self.begin) & (times < self.end)].tolist()
        return numbers

    # --- sound -------------------------------------------------------------------------------------------

    def _frames(self) -> None:
        """The caller's, by when they were said."""
        which, times, sound = self._events.places("caller")
        pieces = self._call.said_pieces()
        starts = [first for first, _, _ in pieces]
        track, first_kept, last_kept = self._call.caller, None, 0
        low, high = round(self.begin * RATE), round(self.end * RATE)
        for number, at, (start, count) in zip(which.tolist(), times.tolist(), sound.tolist(), strict=True):
            piece = bisect_right(starts, start) - 1
            if piece < 0:
                continue
            shift = pieces[piece][2] - pieces[piece][0]
            first = max(start, low - shift)
            last = min(start + count, high - shift)
            if first >= last:
                continue
            first_kept = first if first_kept is None else first_kept
            last_kept = last
            place = {"track": "caller", "start": first - first_kept, "samples": last - first}
            moment = at - (start + count - last) / RATE  # of what was cut off, nothing was sent
            self._put(moment, number, {"dir": FRAME[0], "type": FRAME[1], "msg": {}, **place})
            if not self.points or shift != self._shift:
                self._shift = shift
                second = (first + shift - low) / RATE
                self.points.append({"start": first - first_kept, "t": second, "uncertainty": self._doubt})
        self.tracks["caller"] = track[first_kept or 0 : last_kept]

    @property
    def _doubt(self) -> float:
        clocks = self._call.session.get("clocks")
        told = clocks.get("caller") if isinstance(clocks, Mapping) else None
        return max((float(each.get("uncertainty") or 0.0) for each in told or ()), default=0.0)

    def _notes(self, notes: list[tuple[int, JSONObject, Heard]]) -> None:
        for number, event, (reply, first, last, at) in notes:
            skip = max(0, round((self.begin - at) * RATE))
            kept = min(last, first + round((self.end - at) * RATE))
            begun = first + skip
            if begun >= kept:
                continue
            told = {
                "reply_id": reply,
                "from": begun,
                "to": kept,
                "t": round(at + skip / RATE - self.begin, 6),
            }
            doubt = (event.get("msg") or event).get("uncertainty")
            note = {"dir": "local", "type": "heard", "msg": {**told, "uncertainty": doubt}}
            self._put(float(event["t"]), number, note)

    # --- the rest ----------------------------------------------------------------------------------------

    def _others(self) -> None:
        agent: list[tuple[int, float, int, JSONObject]] = []
        speaking: tuple[int, JSONObject] | None = None  # the caller, when it begins
        past = False  # whether what was decided before has its words still to come: they are no part of it
        counted: dict[str, int] = {}
        quiet: dict[str, tuple[int, JSONObject]] = {}  # by type, while the voice is quieter, when it begins
        for number, event in self._without_sound():
            at, way, kind = float(event["t"]), event["dir"], event["type"]
            message = event.get("msg") or {}
            reply = str(message.get("reply_id") or "")
            if kind in _MOMENTS:
                event = self._moved(event, _MOMENTS[kind])
            elif kind in _SPANS and way == "local":
                event = self._moved(self._moved(event, "start"), "end")
            if at >= self.end or (reply and way != "out" and reply not in self.replies):
                continue
            if kind == "reply.audio" and "start" in event:
                agent.append((int(event["start"]), at, number, event))
            elif at < self.begin:
                if kind == "input.speech.started":
                    speaking, past = (number, event), False
                elif kind == "input.speech.stopped":
                    past = speaking is not None
                elif kind == "transcript.user":
                    speaking, past = None, False
                elif kind == "frames":
                    counted = {name: value for name, value in message.items() if isinstance(value, int)}
                elif kind in _MOMENTS:
                    quiet.pop(kind, None)
                    if message.get("gain") != 1:
                        quiet[kind] = number, event
                elif kind in _SETTINGS or reply:
                    self._put(self.begin, number, event)
            elif kind == "frames":
                since = {
                    name: value - counted.get(name, 0) if isinstance(value, int) else value
                    for name, value in message.items()
                }
                self._put(at, number, {**event, "msg": since})
            elif past and kind in ("transcript.user", "transcript.user.delta"):
                if kind == "transcript.user":
                    speaking, past = None, False
            elif kind == "tool.result" and message.get("call_id") not in self._calls:
                continue  # of a call that was made before
            else:
                past = past and kind != "input.speech.started"
                if kind == "tool.call":
                    self._calls.add(str(message.get("call_id") or ""))
                self._put(at, number, event)
        for beginning in (speaking, *quiet.values()):
            if beginning is not None:
                self._put(self.begin, *beginning)
        self._agent(agent)

    def _moved(self, event: JSONObject, name: str) -> JSONObject:
        """An event whose message names a moment of the call's clock, on this one."""
        message = event.get("msg") or {}
        if not isinstance(message.get(name), int | float):
            return event
        return {**event, "msg": {**message, name: round(message[name] - self.begin, 6)}}

    def _without_sound(self) -> list[tuple[int, JSONObject]]:
        """All events but frames and heard notes, of long ago those alone that are no reply's sound."""
        times = self._events.t
        wanted = times < self.end
        wanted[self._events.find(FRAME[1], "heard")] = False
        sound = self._events.find("reply.audio", "transcript.agent.delta", direction="in")
        wanted[sound[times[sound] < self.begin - LONGEST]] = False
        return [(number, self._events[number]) for number in np.flatnonzero(wanted).tolist()]

    def _agent(self, sound: list[tuple[int, float, int, JSONObject]]) -> None:
        first = min((start for start, _, _, _ in sound), default=0)
        last = max((start + int(event.get("samples") or 0) for start, _, _, event in sound), default=0)
        self.tracks["agent"] = self._call.agent[first:last]
        for start, at, number, event in sound:
            self._put(at, number, {**event, "start": start - first})

    # --- in order ----------------------------------------------------------------------------------------

    def _put(self, at: float, number: int, event: JSONObject) -> None:
        self._moments.append((min(max(at, self.begin), self.end) - self.begin, number, event))

    def _numbered(self) -> Events:
        # Of one moment those of the settings come first: they were told before the call went on.
        order = sorted(self._moments, key=lambda each: (each[0], each[1]))
        events = Events()
        lines = [
            msgspec.json.encode({**event, "n": n, "t": round(at, 6)}) + b"\n"
            for n, (at, _, event) in enumerate(order)
        ]
        events.append(b"".join(lines))
        return events


def _session(call: Recording, begin: float, end: float, cut: _Cut) -> JSONObject:
    whole = call.session
    over = call.finished and end >= call.duration
    reason = (call.ended or {}).get("reason") if over else "cut"
    part = {"call": call.folder.name, "begin": begin, "end": end}
    if isinstance(outer := whole.get("excerpt"), Mapping):
        before = float(outer.get("begin") or 0.0)
        part = {"call": outer.get("call"), "begin": before + begin, "end": before + end}
    # Why the agent spoke, and whether its hearing was noted, only the whole call tells.
    replies = call.conversation.replies.values()
    kinds = {each.reply_id: each.kind for each in replies if each.reply_id in cut.replies}
    session = {
        **whole,
        "started": _later(whole.get("started"), begin),
        "clocks": {"caller": cut.points},
        "excerpt": part,
        "whole": {"kinds": kinds, "heard": call.tells_hearing},
        "ended": {"t": round(end - begin, 6), "reason": reason, "events": len(cut.events)},
    }
    decoded: JSONObject = msgspec.json.decode(msgspec.json.encode(session))
    return decoded


def _later(started: object, seconds: float) -> object:
    try:
        moment = datetime.datetime.fromisoformat(str(started)) + datetime.timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return started
    return moment.isoformat(timespec="milliseconds")


def _clock(seconds: float) -> str:
    tenths = round(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes}:{rest // 10:02d}" + (f".{rest % 10}" if rest % 10 else "")
