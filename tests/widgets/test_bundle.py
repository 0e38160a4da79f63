from __future__ import annotations

import re
from pathlib import Path

import pytest

from voicenb.widgets.bundle import FRONTEND, BundleError, bundle, stylesheet


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('__', '.')}.js").write_text(text)
    return folder


def test_joins_what_the_entry_reaches_once_and_in_order(tmp_path: Path) -> None:
    written(
        tmp_path,
        entry=(
            'import { b } from "./b.js";\nimport { a as first } from "./a.js";\n'
            "export default function go() { return first + b; }\n"
        ),
        b='import { a } from "./a.js";\nexport const b = a + 1;\n',
        a="export const a = 1;\n",
        unused="export const c = 3;\n",
    )
    joined = bundle("entry.js", tmp_path)
    assert joined.count("// a.js") == 1
    assert joined.index("// a.js") < joined.index("// b.js") < joined.index("// entry.js")
    assert "const { a: first } = $a;" in joined
    assert joined.rstrip().endswith("export default $entry.default;")
    assert "unused" not in joined


@pytest.mark.parametrize("kind", ["worklet", "worker"])
def test_what_runs_in_a_thread_of_its_own_becomes_a_blob(tmp_path: Path, kind: str) -> None:
    written(
        tmp_path,
        entry=f'export default function go() {{ return new URL("./sound.{kind}.js", import.meta.url); }}\n',
        rate="export const rate = 24000;\n",
    )
    (tmp_path / f"sound.{kind}.js").write_text(
        'import { rate } from "./rate.js";\nregisterProcessor("x", rate);\n'
    )
    joined = bundle("entry.js", tmp_path)
    assert "URL.createObjectURL(new Blob([" in joined
    assert "const rate = 24000" in joined
    assert "import.meta" not in joined


@pytest.mark.parametrize(
    "source",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        'import { a } from "elsewhere";',
        'import { a } from "../a.js";',
        'import "./a.js";',
        'export { a } from "./a.js";',
        'const a = await import("./a.js");',
        'const a = new URL("./a.wasm", import.meta.url);',
        "export default class A {}",
        "export let a = 1;",
    ],
)
def test_any_other_form_is_refused_by_name(tmp_path: Path, source: str) -> None:
    written(tmp_path, entry=source + "\n", a="export const a = 1;\n")
    with pytest.raises(BundleError, match="cannot be joined") as caught:
        bundle("entry.js", tmp_path)
    assert source in str(caught.value)


def test_what_is_missing_or_goes_in_a_circle_is_named(tmp_path: Path) -> None:
    written(
        tmp_path,
        entry='import { b } from "./b.js";\n',
        b='import { e } from "./entry.js";\nexport const b = 1;\n',
    )
    with pytest.raises(BundleError, match=r"entry\.js imports b\.js imports entry\.js"):
        bundle("entry.js", tmp_path)
    (tmp_path / "b.js").write_text("export const c = 1;\n")
    with pytest.raises(BundleError, match=r"imports 'b', which b\.js does not export"):
        bundle("entry.js", tmp_path / ".")
    (tmp_path / "b.js").unlink()
    with pytest.raises(BundleError, match=r"b\.js is missing"):
        bundle("entry.js", tmp_path / "../" / tmp_path.name)


def test_the_front_end_joins() -> None:
    entries = ("talk.js", "tuning.js", "recorded.js", "tab.js", "player.js", "view_page.js")
    joined = "".join(bundle(entry) for entry in entries)
    for file in FRONTEND.glob("*.js"):
        # The worklets and what only they use stand in it as text of their own.
        assert f"// {file.name}\n" in joined or f"// {file.name}\\n" in joined, file.name


def test_every_class_is_ours() -> None:
    names = set(
        re.findall(r"\.(-?[a-zA-Z_][\w-]*)(?=[^{}]*\{)", re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.S))
    )
    assert {name for name in names if not name.startswith("voicenb-")} == {"vscode-dark"}


def test_every_class_that_a_script_gives_is_known_to_the_style_sheet_or_only_a_name() -> None:
    given = set(re.findall(r"voicenb-[a-z-]+", stylesheet()))
    assert {"voicenb-talk", "voicenb-button", "voicenb-captions", "voicenb-unheard"} <= given
