"""Recordings at an address of fsspec's: each is brought here when it is looked at."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration, MissingExtra, RecordingError, how_to_install
from voicenb.recording.layout import (
    EVENTS,
    FLACS,
    LABELS,
    NOTES,
    SESSION,
    SPEECH,
    TIMELINE,
    TRACKS,
    TURN_ENDS,
)
from voicenb.recording.recording import Recording
from voicenb.tuning.spread import NotHere

if TYPE_CHECKING:
    from voicenb.recording.annotations import Annotations

FILES = (SESSION, EVENTS, *TRACKS.values(), *FLACS.values(), NOTES, TIMELINE, SPEECH, TURN_ENDS, LABELS)
"""What a recording may consist of."""

_LATER = frozenset({"folder", "_session", "_log", "_replayed", "_noted", "_decoded"})
"""What a recording knows of its folder."""


class Far(Recording):
    """A recording at an address; nothing is ever written there.

    Its files are copied to a temporary folder, piece by piece, the first time that something of them is asked
    for, and go with it.

    Args:
        files: a file system of fsspec's.
        path: of the recording, as that names it.
        sizes: bytes of each of its files.
    """

    def __init__(self, files: Any, path: str, sizes: Mapping[str, int]) -> None:
        self._files, self._path, self._sizes = files, path, dict(sizes)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._files, self._path, self._sizes)

    def __getattr__(self, name: str) -> Any:
        if name not in _LATER:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._bring()
        return getattr(self, name)

    @property
    def address(self) -> str:
        """Where it is."""
        return str(self._files.unstrip_protocol(self._path))

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self._path.rstrip("/").rpartition("/")[2]

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each of its files."""
        return dict(self._sizes)

    @property
    def everywhere(self) -> bool:
        """Whether another process finds it at its address; what lies in this one's memory it does not."""
        return "memory" not in _protocols(self._files)

    def again(self) -> Far:
        """The same recording, of which nothing has been brought here."""
        return Far(self._files, self._path, self._sizes)

    def let_go(self) -> None:
        """Delete what was brought here; it is brought once more when it is asked for."""
        if "folder" in vars(self):
            self._gone()
            for name in _LATER:
                vars(self).pop(name, None)

    def _annotate(self, annotations: Annotations) -> None:
        self.refuse_to_write()

    def refuse_to_write(self) -> None:
        """Whatever would be written beside it would be lost.

        Raises:
            RecordingError: always.
        """
        raise RecordingError(
            f"{self.address} is an address: nothing is written there.",
            remedy="Save the call to a folder of yours (recording.save), and load that.",
            address=self.address,
        )

    def _bring(self) -> None:
        above = Path(tempfile.mkdtemp(prefix="voicenb-"))
        gone = weakref.finalize(self, shutil.rmtree, above, ignore_errors=True)
        folder = above / self.name
        try:
            folder.mkdir()
            for name in self._sizes:
                self._files.get_file(f"{self._path}/{name}", str(folder / name))
        except FileNotFoundError as error:
            gone()
            raise NotHere(f"There is no recording at {self.address}.", address=self.address) from error
        except Exception as error:  # each file system has its own
            gone()
            raise _unreadable(self.address, error) from error
        self._gone = gone
        super().__init__(folder)


def is_address(given: str) -> bool:
    """Whether a text is an address, and no path."""
    return "://" in given


def find(address: str) -> list[Far | Path]:
    """The recordings at an address: a recording, a folder of them, or a pattern (``s3://calls/2026-*``).

    Args:
        address: as fsspec takes it; what it needs to know (keys, regions) comes from the environment or from
            fsspec's configuration.

    Returns:
        By name; those of this machine (``file://``) as paths.

    Raises:
        MissingExtra: fsspec, or what it needs for the address, is not installed.
        InvalidConfiguration: an address of a kind that it does not know.
        RecordingError: there is none, or the address cannot be read.
    """
    files, path = _opened(address)
    local = "file" in _protocols(files)
    try:
        paths = sorted(files.glob(path)) if any(each in path for each in "*?[") else [path]
        found: list[Far | Path] = []
        for each in paths:
            found += _at(files, str(each).rstrip("/"), local, inside=True)
    except FileNotFoundError:
        found = []
    except Exception as error:  # each file system has its own
        raise _unreadable(address, error) from error
    if not found:
        raise RecordingError(
            f"There is no recording at {address}.",
            remedy="Give a recording's folder, the folder above it, or a pattern.",
            address=address,
        )
    return found


def _at(files: Any, path: str, local: bool, *, inside: bool) -> list[Far | Path]:
    """The recording at a path, or those in it."""
    listed = files.ls(path, detail=True)
    names = {str(each["name"]).rstrip("/").rpartition("/")[2]: each for each in listed}
    if SESSION in names:
        sizes = {name: int(names[name]["size"] or 0) for name in FILES if name in names}
        return [Path(path) if local else Far(files, path, sizes)]
    if not inside:
        return []
    folders = sorted(str(each["name"]).rstrip("/") for each in listed if each["type"] == "directory")
    return [one for each in folders if each != path for one in _at(files, each, local, inside=False)]


def _opened(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingExtra(
            f"{address} is an address, which fsspec reads, and that is not installed.",
            remedy=f"{how_to_install('remote')} brings it.",
        ) from error
    try:
        files, path = url_to_fs(address)
    except ImportError as error:  # fsspec says which package knows the protocol
        raise MissingExtra(f"{address} cannot be read: {error}.") from error
    except ValueError as error:
        raise InvalidConfiguration(f"{address} cannot be read: {error}.", param="recordings") from error
    return files, str(path).rstrip("/")


def _protocols(files: Any) -> tuple[str, ...]:
    protocol = files.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _unreadable(address: str, error: Exception) -> RecordingError:
    return RecordingError(
        f"{address} cannot be read: {type(error).__name__}: {str(error).rstrip('.')}.", address=address
    )
