"""YAML and JSON in which every value knows the line that it stands in, so that errors can name it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from voicenb.errors import InvalidConfiguration, MissingExtra, how_to_install

MOST = 10_000
"""Values in a file; YAML can name one value again and again, and mean more than any memory holds."""

DEEPEST = 20
"""Levels of lists and objects in one another."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A value in a file.

    Attributes:
        value: text, number, truth or None; a list of these, or a dict of them by name.
        line: where it begins, from 1 on.
    """

    value: Any
    line: int


def read_placed(path: Path) -> Placed:
    """What is in a file: ``.json``, or ``.yaml`` and ``.yml``.

    Raises:
        InvalidConfiguration: it cannot be read, or is neither; the message names the line.
        MissingExtra: it is YAML, and PyYAML is not installed.
    """
    if path.suffix.lower() not in (".json", ".yaml", ".yml"):
        raise InvalidConfiguration(
            f"{path} is neither JSON nor YAML by its name.", remedy="It ends in .yaml, .yml or .json."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidConfiguration(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidConfiguration(f"{path} is no text.", remedy="Write it in UTF-8.") from None
    return _of_json(text, path) if path.suffix.lower() == ".json" else _of_yaml(text, path)


def wrong(
    path: Path, line: int, what: str, remedy: str = "", facts: Mapping[str, Any] | None = None
) -> InvalidConfiguration:
    """An error that names the file and the line, and has the facts of another one."""
    return InvalidConfiguration(
        f"{path}, line {line}: {what}", remedy=remedy, **{**(facts or {}), "path": str(path), "line": line}
    )


# --- JSON ---


def _of_json(text: str, path: Path) -> Placed:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise wrong(path, error.lineno, f"this is no JSON: {error.msg}.") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        raise wrong(path, 1, "this is no JSON that can be read.") from None
    return _Json(text, path).value(0, 0)[0]


class _Json:
    """Walks through JSON that is known to be right."""

    def __init__(self, text: str, path: Path) -> None:
        self._text = text
        self._path = path
        self._decoder = json.JSONDecoder()

    def value(self, at: int, depth: int) -> tuple[Placed, int]:
        at = self._skip(at)
        line = self._line(at)
        if depth > DEEPEST:
            raise wrong(self._path, line, "this nests too deep.")
        if self._text[at] == "[":
            items: list[Placed] = []
            while self._text[at := self._skip(at + 1)] != "]":
                item, at = self.value(at, depth + 1)
                items.append(item)
                if self._text[at := self._skip(at)] == "]":
                    break
            return Placed(items, line), at + 1
        if self._text[at] == "{":
            found: dict[str, Placed] = {}
            while self._text[at := self._skip(at + 1)] != "}":
                name, end = self._decoder.raw_decode(self._text, at)
                if name in found:
                    raise wrong(self._path, self._line(at), f"{name!r} stands here twice.")
                found[name], at = self.value(self._skip(end) + 1, depth + 1)
                if self._text[at := self._skip(at)] == "}":
                    break
            return Placed(found, line), at + 1
        plain, end = self._decoder.raw_decode(self._text, at)
        return Placed(plain, line), end

    def _skip(self, at: int) -> int:
        while at < len(self._text) and self._text[at] in " \t\r\n":
            at += 1
        return at

    def _line(self, at: int) -> int:
        return self._text.count("\n", 0, at) + 1


# --- YAML ---


def _of_yaml(text: str, path: Path) -> Placed:
    try:
        yaml: Any = import_module("yaml")
    except ModuleNotFoundError:
        raise MissingExtra(
            f"{path} is YAML, and PyYAML is not installed.",
            remedy=f"{how_to_install('yaml')} brings it, and JupyterLab does; JSON needs nothing.",
        ) from None
    loader: Any = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise wrong(path, 1, "there is nothing in this file.")
        return _placed(loader, node, path, iter(range(MOST)), 0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = error.problem or error.context or "it cannot be read"
        raise wrong(path, mark.line + 1 if mark else 1, f"this is no YAML: {told}.") from None
    except yaml.YAMLError as error:  # a character that no file may have
        raise wrong(path, 1, f"this is no YAML: {' '.join(str(error).split())}.") from None
    except RecursionError:
        raise wrong(path, 1, "this nests too deep.") from None
    finally:
        if loader is not None:
            loader.dispose()


def _placed(loader: Any, node: Any, path: Path, left: Iterator[int], depth: int) -> Placed:
    line = node.start_mark.line + 1
    if next(left, None) is None or depth > DEEPEST:
        raise wrong(path, line, "this nests too deep, or says the same too often.")
    if node.id == "sequence":
        return Placed([_placed(loader, each, path, left, depth + 1) for each in node.value], line)
    if node.id == "mapping":
        found: dict[str, Placed] = {}
        for key, value in node.value:
            name = key.value if key.id == "scalar" else None
            if not isinstance(name, str):
                raise wrong(path, key.start_mark.line + 1, "a name is a word.")
            if name in found:
                raise wrong(path, key.start_mark.line + 1, f"{name!r} stands here twice.")
            found[name] = _placed(loader, value, path, left, depth + 1)
        return Placed(found, line)
    try:
        return Placed(loader.construct_object(node), line)
    except ValueError as error:  # a date with a 13th month
        raise wrong(path, line, f"{node.value!r} cannot be read: {error}.", "Put it in quotes.") from None
