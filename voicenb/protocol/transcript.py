"""The transcript of a conversation: its lines, kept in the order in which people spoke."""

from __future__ import annotations

from voicenb.protocol.lines import Line, split, spoken_text
from voicenb.protocol.replies import Reply


class Transcript:
    """Collects lines from transcripts that may come out of order, without ids, or twice."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.revision = 0
        self._by_id: dict[str, Line] = {}
        self._open_user: Line | None = None

    def changed_since(self, revision: int) -> list[Line]:
        """Lines that are new or different since that revision, in order."""
        return [line for line in self.lines if line.revision > revision]

    @property
    def caller_has_words(self) -> bool:
        """Whether words of a turn of the caller's are known that is not final yet."""
        return self._open_user is not None

    def user(self, text: str, item_id: str | None, *, final: bool, started: float, at: float) -> Line | None:
        """The caller's words so far, or for good; None when there is nothing to show."""
        line = self._user_line(item_id)
        if line is None:
            if not text.strip():
                return None
            line = self._new_user_line(item_id, started)
        elif not final and line.final and len(text) <= len(line.text):
            return line  # a straggler: its words are in the final text already
        if not final:
            self._open_user = line
        elif line is self._open_user:
            self._open_user = None
        if (text, final) != (line.text, line.final):
            line.text = line.heard = text
            line.final = final
            line.ended = at if final else None
            self._touch(line)
        return line

    def break_off(self, at: float) -> None:
        """No more words of the turn at hand will come."""
        line, self._open_user = self._open_user, None
        if line is not None:
            line.final, line.ended = True, at
            self._touch(line)

    def typed(self, text: str, at: float) -> None:
        """The caller has typed words; what the caller says aloud meanwhile is a line of its own."""
        line = self._new_user_line(None, at)
        line.text = line.heard = text
        line.final, line.ended = True, at
        self._touch(line)

    def agent(self, reply: Reply, at: float) -> Line | None:
        """Bring the line of a reply up to date; None while it has no words."""
        text = spoken_text(reply)
        line = self._by_id.get(f"agent:{reply.reply_id}")
        if line is None:
            if not text:
                return None
            line = Line(f"agent:{reply.reply_id}", "agent", "", reply.started_at, reply_id=reply.reply_id)
            self._by_id[line.id] = line
            self.lines.append(line)
        heard, rest = split(text, reply)
        never = reply.settled or (reply.done and reply.samples == 0)
        facts = (text, heard, rest if never else "", reply.interrupted, reply.finished, reply.item_id)
        if facts != (line.text, line.heard, line.unheard, line.interrupted, line.final, line.item_id):
            line.text, line.heard, line.unheard, line.interrupted, line.final, line.item_id = facts
            if line.final and line.ended is None:
                line.ended = at
            self._touch(line)
        return line

    def _user_line(self, item_id: str | None) -> Line | None:
        if item_id is not None and f"user:{item_id}" in self._by_id:
            return self._by_id[f"user:{item_id}"]
        line = self._open_user
        if line is None or (item_id is not None and line.item_id is not None):
            return None  # another item: the open line, if any, stays as it is
        if item_id is not None:
            line.item_id = item_id
            self._by_id[f"user:{item_id}"] = line
            self._touch(line)
        return line

    def _new_user_line(self, item_id: str | None, started: float) -> Line:
        name = item_id if item_id is not None else f"line-{len(self.lines) + 1}"
        line = Line(f"user:{name}", "user", "", started, item_id=item_id)
        if item_id is not None:
            self._by_id[line.id] = line
        # The reply may have come in before the transcript of what it answers.
        place = len(self.lines)
        while place and self.lines[place - 1].role == "agent" and self.lines[place - 1].started > started:
            place -= 1
        self.lines.insert(place, line)
        return line

    def _touch(self, line: Line) -> None:
        self.revision += 1
        line.revision = self.revision
