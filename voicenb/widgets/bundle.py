"""Joins the front end's modules into the one module that anywidget loads.

anywidget imports its module from a blob, where relative imports do not resolve. The front end stays plain ES
modules that a browser runs as they are; here they become one text. What is understood is little, and
anything else is refused: named imports from ``"./name.js"``, exported declarations, one
``export default function``, and ``new URL("./name.worklet.js", import.meta.url)`` (or ``.worker.js``), which
becomes a blob of the joined module.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

FRONTEND = Path(__file__).parent.parent / "frontend"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?=function (\w+))", re.MULTILINE)
_OTHER_THREAD = re.compile(r'new URL\("\./([\w.]+\.(?:worklet|worker)\.js)", import\.meta\.url\)')
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*|^.*\bimport(?:\(|\.meta).*", re.MULTILINE)

_BLOB = 'URL.createObjectURL(new Blob([{source}], {{ type: "text/javascript" }}))'


class BundleError(Exception):
    """A front-end file uses a form of import or export that the joiner does not know."""


@cache
def bundle(entry: str = "talk.js", folder: Path = FRONTEND) -> str:
    """The modules that ``entry`` reaches, as one ES module with the same default export.

    Raises:
        BundleError: a file is missing, imports in a circle, or uses another form of import or export.
    """
    return _Joiner(folder).join(entry)


@cache
def stylesheet(*more: str, folder: Path = FRONTEND) -> str:
    """The style sheet; ``more`` are the files that it goes on with."""
    # What a narrow panel has of its own is at the end of the last one.
    return styles("captions.css", "panel.css", *more, folder=folder)


@cache
def styles(*names: str, folder: Path = FRONTEND) -> str:
    """Style sheets of the front end as one, in this order."""
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


class _Joiner:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[str] = []
        self.names: dict[str, tuple[str, set[str]]] = {}
        self.open: list[str] = []

    def join(self, entry: str) -> str:
        variable, exported = self.module(entry)
        ending = f"export default {variable}.default;\n" if "default" in exported else ""
        return "\n".join([*self.parts, ending])

    def module(self, name: str) -> tuple[str, set[str]]:
        """Add a module and what it imports; returns the variable that holds its exports, and their names."""
        if name in self.open:
            circle = " imports ".join([*self.open, name])
            raise BundleError(f"{circle}: the front end's modules must not import in a circle.")
        if name not in self.names:
            self.open.append(name)
            self.names[name] = self.add(name)
            self.open.pop()
        return self.names[name]

    def add(self, name: str) -> tuple[str, set[str]]:
        path = self.folder / name
        if not path.is_file():
            raise BundleError(f"{path} is missing; is the package installed completely?")
        text = path.read_text(encoding="utf-8")
        text = _IMPORT.sub(lambda match: self.imported(name, match[1], match[2]), text)
        exports = {found: found for match in _EXPORT.finditer(text) for found in match.groups() if found}
        if default := _DEFAULT.search(text):
            exports["default"] = default[1]
        text = _DEFAULT.sub("", _EXPORT.sub("", text))
        text = _OTHER_THREAD.sub(self.blob, text)
        if left := _LEFT_OVER.search(_COMMENT.sub("", text)):
            raise BundleError(
                f'{path}: {left[0].strip()!r} cannot be joined. Use a named import from "./name.js", '
                f'"export function", "export class", "export const", "export default function", or '
                f'new URL("./name.worklet.js", import.meta.url).'
            )
        variable = "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
        given = ", ".join(f"{key}: {value}" for key, value in exports.items())
        self.parts.append(
            f"// {name}\nconst {variable} = (() => {{\n{text.strip()}\nreturn {{ {given} }};\n}})();\n"
        )
        return variable, set(exports)

    def imported(self, name: str, wanted: str, source: str) -> str:
        variable, exported = self.module(source)
        names = [part.strip() for part in wanted.split(",") if part.strip()]
        for wish in names:
            if wish.split(" as ")[0] not in exported:
                raise BundleError(f"{self.folder / name} imports {wish!r}, which {source} does not export.")
        renamed = ", ".join(wish.replace(" as ", ": ") for wish in names)
        return f"const {{ {renamed} }} = {variable};"

    def blob(self, match: re.Match[str]) -> str:
        source = _Joiner(self.folder).join(match[1])
        return _BLOB.format(source=json.dumps(source))
