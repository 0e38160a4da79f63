"""A recording: what a call was, for whoever wants to hear, read or measure it."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voicenb.errors import InvalidConfiguration, RecordingError, VoicenbError
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.lines import Line
from voicenb.recording.annotations import Annotations, Note, Tags, new_note
from voicenb.recording.events import Events
from voicenb.recording.layout import (
    EVENTS,
    FLACS,
    FORMAT,
    LABELS,
    NOTES,
    RATE,
    SAVED,
    SESSION,
    TRACKS,
    JSONObject,
    foreign,
    is_recording,
)
from voicenb.recording.lock import is_locked
from voicenb.recording.reading import EventLog, Replayed, count_samples, read_track, track_file

if TYPE_CHECKING:
    from typing import Literal

    import numpy as np
    import numpy.typing as npt
    import pandas

    from voicenb.recording.alignment import LaidOut, Piece
    from voicenb.recording.excerpt import Excerpt
    from voicenb.recording.part import TurnLike
    from voicenb.recording.played import Played, Unplayed
    from voicenb.service.hosted import Hosted
    from voicenb.service.sessions import PastSession
    from voicenb.service.timeline import Timeline

    Track = npt.NDArray[np.int16]


class Recording:
    """A recorded call, read from its folder; also while the call runs, and after a crash.

    While it runs, everything is read anew when asked for and grows. Nothing here changes the files.

    Args:
        folder: with the files of format 1.

    Attributes:
        folder: where it is, absolute.
        rate: samples per second of all tracks.

    Raises:
        InvalidConfiguration: ``folder`` is no path.
        RecordingError: there is no recording, or one of a format that this version does not know.
    """

    rate = RATE

    def __init__(self, folder: str | PathLike[str]) -> None:
        self.folder = as_path(folder, "Recording").absolute()  # whoever goes elsewhere finds it still
        self._session = _read_session(self.folder)
        self._log = EventLog(self.folder)
        self._replayed = Replayed()
        self._noted = False  # whether it is known that somebody noted what was heard
        self._decoded: dict[str, Track] = {}

    # --- what it says ---

    @property
    def session(self) -> JSONObject:
        """What ``session.json`` says: format, agent, service, versions, clocks, how it ended."""
        if self._session.get("ended") is None and self.folder.is_dir():
            self._session = _read_session(self.folder)
        return self._session

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name

    @property
    def absent(self) -> dict[str, str]:
        """What a recording from elsewhere has not, beside one that was made here: by name, in a sentence.

        Figures that would rest on it are None, not a guess. Empty for a recording that was made here.
        """
        absent = self.session.get("absent")
        return {str(name): str(what) for name, what in absent.items()} if isinstance(absent, dict) else {}

    @property
    def events(self) -> Events:
        """The numbered events, oldest first; a last line that a crash tore off is left out.

        Each is a dict, read when it is looked at; they grow while the call runs.
        """
        return self._log.refresh()

    @property
    def conversation(self) -> Conversation:
        """The conversation that the events amount to: lines, replies, tool calls, configuration."""
        events = self.events
        if self._replayed.hears and not self._noted and self.finished:
            self._noted = len(events.find("heard")) > 0 or bool(self._whole.get("heard"))
            if not self._noted:
                # Nobody noted what was heard: sound then counts as heard when it came.
                self._replayed = Replayed(hears=False)
        conversation = self._replayed.follow(events)
        for reply_id, kind in (self._whole.get("kinds") or {}).items():
            if reply_id in conversation.replies:
                conversation.replies[reply_id].kind = kind
        return conversation

    @property
    def tells_hearing(self) -> bool:
        """Whether somebody noted what was heard; where nobody did, sound counts as heard when it came."""
        _ = self.conversation
        return self._replayed.hears

    @property
    def _whole(self) -> JSONObject:
        """Of a part of a call, what it must know of the whole."""
        whole = self.session.get("whole")
        return whole if isinstance(whole, dict) else {}

    @property
    def transcript(self) -> list[Line]:
        """Who said what, in order; the agent's lines tell what of them was heard.

        A line begins when the service said so. Of a file that was imported nobody did: there it begins with
        its first sound, which is known to 0.15 s, or where the file's transcript has it.
        """
        lines = self.conversation.lines
        found = [event.get("msg") or {} for event in self.events.select("turn", "spoken", direction="local")]
        begun = {span.get("reply_id") or span.get("item_id"): span.get("start") for span in found}
        if not begun:
            return lines
        starts = ((begun.get(line.reply_id or line.item_id), line) for line in lines)
        told = [
            line if start is None else replace(line, started=max(0.0, float(start)))  # in a part of a call
            for start, line in starts
        ]
        return sorted(told, key=lambda line: line.started)

    @property
    def tool_calls(self) -> list[ToolCallState]:
        """The agent's tool calls, in order."""
        return list(self.conversation.calls.values())

    @property
    def agent_name(self) -> str:
        """The agent's name, or ``"agent"``."""
        agent = self.session.get("agent")
        return str((agent.get("name") if isinstance(agent, dict) else None) or "agent")

    @property
    def ended(self) -> JSONObject | None:
        """How the call ended; None while it runs, and after a crash."""
        ended = self.session.get("ended")
        return ended if isinstance(ended, dict) else None

    @property
    def finished(self) -> bool:
        """Whether the recording is complete."""
        return self.ended is not None

    @property
    def duration(self) -> float:
        """Seconds on the engine's clock, from its start to the last event."""
        events = self.events
        return max(float(events.t[-1]) if events else 0.0, float((self.ended or {}).get("t") or 0.0))

    # --- what people say of it ---

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noted with :meth:`note`, by time; notes of the whole call come first.

        Raises:
            RecordingError: the file that they are in cannot be read.
        """
        return self._annotations.notes

    def note(self, text: str, *, at: float | None = None) -> Note:
        """Note something; it is kept in ``notes.json`` beside the recording, and saved and listed with it.

        A call of the library that has notes or tags is never deleted to make room.

        Args:
            text: what.
            at: where in the call, in seconds on its clock; None for the call as a whole.

        Raises:
            InvalidConfiguration: an empty text, or no second of the call.
            RecordingError: the folder cannot be written to.

        Example:
            >>> call.note("cut off in the middle of a number", at=12.3)  # doctest: +SKIP
        """
        note = new_note(text, at, self.duration if self.finished else None)
        self._annotate(self._annotations.with_note(note))
        return note

    def remove_note(self, note: Note) -> None:
        """Take a note away.

        Args:
            note: one of :attr:`notes`.

        Raises:
            InvalidConfiguration: it is none of them.
            RecordingError: the folder cannot be written to.
        """
        self._annotate(self._annotations.without_note(note))

    @property
    def tags(self) -> Tags:
        """A set of words to find the call by: ``call.tags.add("billing")``, ``"billing" in call.tags``.

        What is changed in it, or put in its place, is written down at once, beside the notes.
        """
        return Tags(lambda: self._annotations.tags, self._set_tags)

    @tags.setter
    def tags(self, tags: Iterable[str]) -> None:
        self._set_tags(tags)

    def _set_tags(self, tags: Iterable[str]) -> None:
        self._annotate(self._annotations.with_tags(tags))

    @property
    def _annotations(self) -> Annotations:
        return Annotations.read(self.folder)

    def _annotate(self, annotations: Annotations) -> None:
        annotations.write(self.folder)

    # --- what the service says of it ---

    @property
    def timeline(self) -> Timeline | None:
        """The service's own timeline of the session: attached, or what the recording was made from.

        Raises:
            RecordingError: the file that it is in cannot be read.
        """
        from voicenb.recording.attached import read_timeline

        return read_timeline(self.folder, self.session)

    def attach(self, timeline: Timeline | PastSession | Hosted) -> Timeline:
        """Keep the service's timeline of this session beside the recording, in ``timeline.json``.

        ``vn.turns(call)`` then has the service's own time to first audio (``service_first_audio``) beside
        what was measured here.

        Args:
            timeline: the service, which is asked for it and may need 90 s after a call; a session of its
                history; or the timeline.

        Raises:
            InvalidConfiguration: it is none of these, or of another session.
            RecordingError: the folder cannot be written to.
            WaitTimeout: the service has not written it.
            ServiceError: the service does not give it.

        Example:
            >>> call.attach(vn.Hosted())  # doctest: +SKIP
        """
        from voicenb.recording.attached import timeline_of, write_timeline

        found = timeline_of(timeline, self.conversation.session_id)
        write_timeline(self.folder, found)
        return found

    # --- parts of it ---

    def __getitem__(self, part: slice | TurnLike) -> Excerpt:
        """A part of the call, as a recording whose second 0 is where it begins.

        ``call[10:25]`` is what was said and heard from second 10 to second 25 of the call's clock,
        ``call[-30:]`` the last half minute. ``call[turn]`` is the turn of a row of ``vn.turns(call)``, with
        half a second to either side: the caller's until its answers were heard, the agent's alone. Everything
        that takes a recording takes it, and ``save`` makes a recording of its own of it.

        Raises:
            InvalidConfiguration: that is no part of the call.
        """
        from voicenb.recording.part import part_of

        return part_of(self, part)

    __iter__: None = None

    def turn(self, number: int | TurnLike) -> Excerpt:
        """A turn of the call, as ``call[row]`` is for the row of ``vn.turns(call)`` that has this number.

        Args:
            number: as in the table of ``vn.turns``: 1 for the first turn of either side; or a row of it.

        Raises:
            InvalidConfiguration: there is no such turn.
        """
        from voicenb.analysis.turns import turns
        from voicenb.recording.part import TurnLike

        if isinstance(number, TurnLike):
            return self[number]
        found = {turn.number: turn for turn in turns(self)}
        if not isinstance(number, int) or isinstance(number, bool) or number not in found:
            raise InvalidConfiguration(
                f"The call has no turn {number!r}.",
                remedy=f"It has 1 to {len(found)}: see vn.turns(call)." if found else "Nobody spoke in it.",
                param="number",
            )
        return self[found[number]]

    # --- what it sounds like ---

    @property
    def caller(self) -> Track:
        """Exactly the samples that were sent: int16 at 24 kHz, shape ``(n,)``, mapped from the file.

        A track that was saved with ``flac=True`` is decoded the first time and then kept in memory.

        Raises:
            MissingExtra: it is FLAC, and soundfile is not installed.
            RecordingError: it is FLAC, and damaged.
        """
        return self._track("caller")

    @property
    def agent(self) -> Track:
        """Every sample that was received, heard or not: int16, 24 kHz, ``(n,)``, mapped from the file.

        Of FLAC what :attr:`caller` says.
        """
        return self._track("agent")

    def _track(self, track: str) -> Track:
        if track in self._decoded:
            return self._decoded[track]
        samples = read_track(self.folder, track)
        if track_file(self.folder, track).name == FLACS[track]:  # never one that grows
            self._decoded[track] = samples
        return samples

    def said(self) -> Track:
        """The caller on the engine's clock: int16 at 24 kHz, sample 0 at second 0, silence in the gaps."""
        from voicenb.recording.alignment import lay_out

        return lay_out(self.caller, self.said_pieces())

    def heard(self) -> Track:
        """The agent as it was heard, on the engine's clock: int16 at 24 kHz, sample 0 at its second 0.

        What was never played is not in it, every stretch stands where it was heard, and what was made quieter
        (``barge_in="duck"``) is.
        """
        from voicenb.recording.alignment import lay_out
        from voicenb.recording.loudness import Loudness

        return Loudness.of(self.events).over(lay_out(self.agent, self.heard_pieces()), 0)

    def lanes(self) -> tuple[LaidOut, LaidOut]:
        """:meth:`said` and :meth:`heard`, laid out slice by slice when it is asked for: little memory."""
        from voicenb.recording.alignment import LaidOut
        from voicenb.recording.loudness import Loudness

        heard = LaidOut(self.agent, self.heard_pieces(), loudness=Loudness.of(self.events))
        return LaidOut(self.caller, self.said_pieces()), heard

    def said_pieces(self, *, since: float = 0.0, until: float = math.inf) -> list[Piece]:
        """Where :attr:`caller` belongs on the engine's clock.

        By the clock of the browser that captured it, else by when it was sent; see
        :func:`voicenb.recording.alignment.caller_pieces`.

        Args:
            since: seconds; what was sent before is left out, …
            until: … and what was sent later.

        Returns:
            (first sample of the track, how many, first sample on the clock), in order.
        """
        from voicenb.recording.alignment import caller_pieces

        return caller_pieces(self.events, self.session.get("clocks"), since=since, until=until)

    def heard_pieces(self) -> list[Piece]:
        """Where what was heard of :attr:`agent` belongs on the engine's clock, as of :meth:`said_pieces`."""
        from voicenb.recording.alignment import heard_pieces

        _ = self.conversation
        return heard_pieces(self._log.events, self._replayed.sound)

    def stereo(self) -> Track:
        """Both sides on the engine's clock: int16 at 24 kHz, ``(n, 2)``, left the caller, right the agent."""
        import numpy as np

        return np.concatenate([np.zeros((0, 2), np.int16), *self._in_stereo()])

    def _in_stereo(self) -> Iterator[Track]:
        """:meth:`stereo` a minute at a time: an hour is never in memory whole."""
        import numpy as np

        lanes = self.lanes()
        length = max(*map(len, lanes), round(self.duration * RATE))
        for begin in range(0, length, 60 * RATE):
            both = np.zeros((min(60 * RATE, length - begin), 2), np.int16)
            for side, lane in enumerate(lanes):
                part = lane[begin : begin + len(both)]
                both[: len(part), side] = part
            yield both

    def played(self) -> list[Played]:
        """What of the agent's voice was played, and when, from the heard notes.

        Each stretch without a pause, by time; the last of a reply that was cut off says when. Empty where
        nobody noted what was heard.
        """
        from voicenb.recording.played import played

        _ = self.conversation
        return played(self._log.events.select("heard", direction="local"), self._replayed.flushes)

    def unplayed(self) -> list[Unplayed]:
        """What was received of the agent's voice and never played, and why; it is in :attr:`agent` only.

        Empty where nobody noted what was heard: nobody knows then.
        """
        from voicenb.recording.played import unplayed

        if not len(self.events.find("heard", "unheard", direction="local")):
            return []
        return unplayed(self.conversation.replies.values(), self.played(), over=self.finished)

    def sound(self, reply_id: str) -> list[tuple[int, int, int]]:
        """Where a reply's samples are: runs of (first in the reply, first in :attr:`agent`, how many)."""
        _ = self.conversation
        return list(self._replayed.sound.get(reply_id, ()))

    # --- what one can do with it ---

    def to_dataframe(self) -> pandas.DataFrame:
        """The events, a row each, on all three clocks; ``vn.turns(call).to_dataframe()`` has the turns.

        Columns: ``n``, ``t`` (wire: sent or received, in the engine's seconds), ``acoustic`` (when the first
        sample of a frame of the caller's was said), ``heard`` (when the first sample of a piece of the
        agent's sound was heard; NaN where it never was), ``uncertainty`` (seconds that a frame's ``acoustic``
        and a heard note's ``heard`` may be off; NaN where nothing but the engine's clock was asked),
        ``dir``, ``type``, ``reply_id``, ``item_id``, ``call_id``, ``text``, ``track``, ``start`` and
        ``samples`` (places in it), ``msg`` (the message).

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import frame
        from voicenb.recording.table import columns

        table = frame([])  # which says so where pandas is not installed
        for name, values in columns(self).items():
            table[name] = values
        for name in ("start", "samples"):
            table[name] = table[name].astype("Int64")
        return table

    def export_wav(self, path: str | PathLike[str]) -> Path:
        """Write :meth:`stereo` as a WAV file and return its path.

        Parents are made; an existing file is replaced.

        Args:
            path: of the file, e.g. ``"lido.wav"``.

        Raises:
            InvalidConfiguration: ``path`` is no path.
            RecordingError: the file cannot be written.
        """
        from voicenb.audio.wav import WavWriter
        from voicenb.errors import AudioError

        target = as_path(path, "export_wav")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with WavWriter(target, RATE, channels=2) as writer:
                for both in self._in_stereo():
                    writer.write(both.tobytes())
        except (OSError, AudioError) as error:
            raise _not_written(target, error) from error
        return target

    def to_html(
        self, path: str | PathLike[str], *, include_audio: bool | Literal["opus", "flac"] = True
    ) -> Path:
        """Write a page that explains the call, for people without Jupyter, and return its path.

        One file that opens anywhere, without a network: the summary, both lanes, a player with a transcript
        that follows and seeks, the waits turn by turn, and what stands out. Parents are made; an existing
        file is replaced. What was said is in it, what the tools were given and gave, notes and tags: whoever
        has the file can read and hear the call.

        The voices are in stereo, the caller left, the agent as it was heard right: Opus in Ogg, written by
        libsndfile (through soundfile), which makes the page 0.5 to 0.8 MB larger for each minute and takes
        about a second of a processor for it. Chromium and Firefox play that, and Safari from 18.4 on; for an
        older one there is ``"flac"``, without loss, 1.5 to 5 MB a minute.

        Args:
            path: of the file, e.g. ``"lido.html"``.
            include_audio: False leaves the voices out, and the page says so; the lanes stay.

        Raises:
            InvalidConfiguration: ``path`` is no path, or ``include_audio`` something else.
            MissingExtra: soundfile is not installed, and the voices are wanted.
            RecordingError: the file cannot be written.
        """
        from voicenb.sharing.page import page

        target = as_path(path, "to_html")
        text = page(self, include_audio)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise _not_written(target, error) from error
        return target

    def save(self, path: str | PathLike[str], *, overwrite: bool = False, flac: bool = False) -> Recording:
        """Copy the recording to a folder of your choice; parents are made.

        While the call runs, what there is so far is copied, and the call stays among ``vn.recordings()``. A
        call whose only copy gives way to this one is listed there again.

        Args:
            path: the folder.
            overwrite: whether a recording that is there gives way; anything else that is there never does,
                nor does a recording with other files beside its own, or with notes that this one has not.
            flac: compress the copy's tracks without loss, to about half the size; needs soundfile, as does
                reading them. A recording whose tracks are FLAC is copied with those.

        Returns:
            The copy.

        Raises:
            InvalidConfiguration: ``path`` is no path.
            RecordingError: there is something at ``path`` already, or it cannot be written.
            MissingExtra: ``flac``, and soundfile is not installed.
        """
        from voicenb.recording.library import mark_saved

        target = as_path(path, "save")
        taken = _taken(target, self.folder, overwrite)
        if taken is not None:
            replaceable = not overwrite and _taken(target, self.folder, True) is None
            raise RecordingError(
                f"There is something at {target} already{taken}; nothing was saved.",
                remedy="Choose another path, or pass overwrite=True to replace the recording that is there."
                if replaceable
                else "Choose another path, or move what is there.",
                path=str(target),
            )
        draft = target.with_name(f".{target.name}.part")
        whole = self.finished or not is_locked(self.folder)  # nobody adds anything to it
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(draft, ignore_errors=True)
            self._write(draft)
            if flac:
                _compress(draft)
            _put(draft, target)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise _not_written(target, error) from error
        except VoicenbError:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        copy = Recording(target)
        if self._is_whole and (whole or copy.finished):  # half a call must not hide the whole
            mark_saved(self.folder, target)
        return copy

    def _write(self, draft: Path) -> None:
        """Write a copy to a folder that does not exist."""
        _copy(self.folder, draft)

    @property
    def _is_whole(self) -> bool:
        """Whether it is all of what its folder holds."""
        return True

    def __repr__(self) -> str:
        from voicenb.recording.story import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.recording.story import html

        return html(self)


def as_path(path: str | PathLike[str], name: str) -> Path:
    """What somebody gave to ``name`` as a path; ``~`` is one's own folder.

    Raises:
        InvalidConfiguration: it is none.
    """
    if not isinstance(path, str | PathLike) or not isinstance(os.fspath(path), str):
        raise InvalidConfiguration(f"{name} takes a path, not {path!r}.", param="path")
    try:
        return Path(path).expanduser()
    except RuntimeError:  # ~nobody
        return Path(path)


def _copy(source: Path, target: Path) -> None:
    """Copy a recording that may grow meanwhile: what speaks of something else goes before it.

    The session says that all the rest is complete, and the events speak of samples of the tracks.
    """
    target.mkdir()
    first = [name for name in (SESSION, EVENTS) if (source / name).exists()]
    for name in first:
        shutil.copy2(source / name, target)

    def left_out(folder: str, names: list[str]) -> set[str]:
        others = {name for name in names if name.endswith(".part") or name == SAVED}
        return others | set(first) if Path(folder) == source else others

    shutil.copytree(source, target, ignore=left_out, dirs_exist_ok=True)


def _compress(folder: Path) -> None:
    """Keep the tracks of a copy that nobody writes any more as FLAC; one without a sample stays as it is."""
    from voicenb.recording import flac

    for track, name in TRACKS.items():
        if (folder / name).exists() and count_samples(folder, track):
            flac.write(folder / FLACS[track], read_track(folder, track))
            (folder / name).unlink()


def _put(draft: Path, target: Path) -> None:
    """Put a whole copy in its place; what was there before goes last, and stays where that fails."""
    if not target.exists():
        draft.rename(target)
        return
    from voicenb.recording.library import forget_copy

    before = target.with_name(f".{target.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    target.rename(before)
    try:
        draft.rename(target)
    except OSError:
        before.rename(target)
        raise
    forget_copy(target)
    shutil.rmtree(before, ignore_errors=True)


def _taken(target: Path, own: Path, overwrite: bool) -> str | None:
    """What must not give way to a copy of ``own``, as the message names it; None where nothing does."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return None
    if not (overwrite and is_recording(target)) or target.resolve() == own.resolve():
        return ""
    others = foreign(target)
    if not others and _noted_there_alone(target, own):
        others = [NOTES]
    if not others and _labelled_there_alone(target, own):
        others = [LABELS]
    return f" ({', '.join(others[:3])})" if others else None


def _noted_there_alone(target: Path, own: Path) -> bool:
    """Whether the copy at ``target`` has notes or tags that would be gone with it."""
    try:
        there, here = Annotations.read(target), Annotations.read(own)
    except RecordingError:
        return True  # nobody knows
    return not (set(there.notes) <= set(here.notes) and set(there.tags) <= set(here.tags))


def _labelled_there_alone(target: Path, own: Path) -> bool:
    """Whether the copy at ``target`` has labels set by ear that would be gone with it."""

    def lines(folder: Path) -> set[bytes]:
        try:
            return set((folder / LABELS).read_bytes().splitlines())
        except FileNotFoundError:
            return set()

    return not lines(target) <= lines(own)


def _read_session(folder: Path) -> JSONObject:
    try:
        text = (folder / SESSION).read_bytes()
    except (OSError, ValueError) as error:  # no file can have such a name
        raise _no_recording(folder) from error
    try:
        session = msgspec.json.decode(text, type=JSONObject)
        known = session["format"]
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError) as error:
        raise RecordingError(
            f"{folder / SESSION} cannot be read: {error}.",
            remedy="The folder is damaged, or its session.json is not one of voicenb's.",
            folder=str(folder),
        ) from error
    if not isinstance(known, int) or known < 1:
        raise RecordingError(f"{folder} has no known format: {known!r}.", folder=str(folder), format=known)
    if known > FORMAT:
        raise RecordingError(
            f"{folder} is a recording of format {known}; this voicenb reads up to format {FORMAT}.",
            remedy="pip install --upgrade voicenb",
            folder=str(folder),
            format=known,
        )
    return session


def _no_recording(folder: Path) -> RecordingError:
    if inside := _recordings_in(folder):
        many = f"{len(inside)} recordings" if len(inside) > 1 else "a recording"
        return RecordingError(
            f"{folder} is not a recording, it holds {many}.",
            remedy=f"Name one of them: the newest is vn.load({str(inside[-1])!r}).",
            folder=str(folder),
            recordings=[str(each) for each in inside],
        )
    if not folder.exists():
        what = f"There is nothing at {folder}."
    elif not folder.is_dir():
        what = f"{folder} is a file; a recording is a folder."
    else:
        what = f"{folder} is not a recording: it has no {SESSION}."
    return RecordingError(
        what,
        remedy='Give the folder that was saved, as in vn.load("calls/lido"); calls that nobody saved are in '
        "vn.recordings().",
        folder=str(folder),
    )


def _recordings_in(folder: Path) -> list[Path]:
    """Those that lie in a folder, the newest last."""
    try:
        inside = [path for path in folder.iterdir() if is_recording(path)]
        return sorted(inside, key=lambda path: (path / SESSION).stat().st_mtime)
    except (OSError, ValueError):
        return []


def _not_written(target: Path, error: Exception) -> RecordingError:
    while not isinstance(error, OSError) and isinstance(error.__cause__, OSError):
        error = error.__cause__  # what it says of the file is said here
    what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return RecordingError(
        f"{target} cannot be written: {what.rstrip('.')}.", remedy="Choose another path.", path=str(target)
    )
