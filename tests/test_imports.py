"""Imports: `import voicenb` is light, the public names are complete, and modules import downwards only."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import voicenb

ROOT = Path(voicenb.__file__).parent
HEAVY = (
    "numpy",
    "matplotlib",
    "httpx",
    "anywidget",
    "websockets",
    "msgspec",
    "ipywidgets",
    "onnxruntime",
    "asyncio",
)


def in_a_fresh_process(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_voicenb_loads_nothing_heavy():
    loaded = in_a_fresh_process("import voicenb, sys, json; print(json.dumps(sorted(sys.modules)))")
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
    assert [name for name in loaded if name.startswith("voicenb.")] == []


def test_an_agent_can_be_written_without_the_heavy_ones():
    code = """
import voicenb as vn, sys, json
agent = vn.Agent(name="Lido", turn_detection=vn.TurnDetection.recommended())
@agent.tool
def f(x: int) -> int:
    "Do it."
    return x
agent.to_session()
print(json.dumps(sorted(sys.modules)))
"""
    loaded = {name.partition(".")[0] for name in in_a_fresh_process(code)}
    assert not loaded & {"numpy", "matplotlib", "httpx", "anywidget", "websockets", "onnxruntime"}


@pytest.mark.parametrize("name", voicenb.__all__)
def test_every_public_name_stands_for_something(name):
    value = getattr(voicenb, name)
    home = voicenb._HOMES.get(name)
    if home is not None:
        assert value is getattr(importlib.import_module(home), name)
        assert value.__doc__


def test_the_names_for_people_and_those_for_type_checkers_are_the_same():
    tree = ast.parse((ROOT / "__init__.py").read_text("utf-8"))
    (guarded,) = [
        node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    typed = {
        (alias.asname, node.module)
        for node in guarded.body
        for alias in node.names
        if node.module != "voicenb"
    }
    assert typed == set(voicenb._HOMES.items())
    assert set(voicenb.__all__) == {name for name, _ in typed} | {*voicenb._MODULES, "__version__"}


def test_all_errors_are_public():
    from voicenb import errors

    tree = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and kind.__module__ == errors.__name__
    }
    assert tree <= set(voicenb.__all__)
    for name in tree:
        assert issubclass(getattr(voicenb, name), voicenb.VoicenbError)


def test_unknown_names_are_refused_and_known_ones_listed():
    with pytest.raises(AttributeError, match="module 'voicenb' has no attribute 'Tolk'"):
        voicenb.Tolk  # noqa: B018
    assert set(voicenb.__all__) <= set(dir(voicenb))


# Imports point one way: a part may import parts of a lower number, and itself.
LAYERS = [
    {"errors", "loopback", "names", "progress", "server_extension", "unchecked", "voices"},
    {"protocol", "audio"},
    {
        "turn_taking",
        "agent",
        "agent_json",
        "agent_settings",
        "comparison",
        "tools",
        "turn_detection",
        "lint",
        "policy",
    },
    {"recording", "service", "emulator", "elsewhere"},
    {"analysis", "extraction", "session"},
    {"plot", "exports"},
    {"tuning"},
    {
        "widgets",
        "sharing",
        "cli",
        "testing",
        "demo",
        "doctor",
        "doctor_call",
        "doctor_live",
        "doctor_symptoms",
        "agent_file",
        "tab_program",
        "lint_program",
        "__main__",
    },
]
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
# Within a layer: who may import whom.
BESIDE = {
    ("names", "errors"),
    ("agent", "tools"),
    ("agent", "turn_detection"),
    ("agent", "lint"),
    ("agent", "agent_json"),
    ("agent", "agent_settings"),
    ("agent", "comparison"),
    ("agent_json", "tools"),
    ("agent_settings", "tools"),
    ("agent_settings", "turn_detection"),
    ("agent_json", "turn_detection"),
    ("comparison", "tools"),
    ("policy", "turn_detection"),
    ("lint", "tools"),
    ("lint", "turn_detection"),
    ("cli", "demo"),
    ("cli", "doctor"),
    ("cli", "doctor_live"),
    ("cli", "doctor_symptoms"),
    ("cli", "tab_program"),
    ("cli", "lint_program"),
    ("tab_program", "agent_file"),
    ("tab_program", "widgets"),
    ("doctor", "widgets"),
    ("doctor_call", "doctor"),
    ("doctor_live", "testing"),
    ("doctor_live", "widgets"),
    ("doctor_symptoms", "doctor"),
    ("doctor_symptoms", "doctor_call"),
    ("__main__", "cli"),
    ("widgets", "testing"),
    # A page for people without Jupyter and the widget show the same: one has the other's modules joined, and
    # the other has what they show from there.
    ("widgets", "sharing"),
    ("sharing", "widgets"),
}
# Hosted is the face of what is read from its history, which is a matter of recordings.
# The emulator's recordings of what it heard and said are nobody else's; it shares addresses with the clients.
# A recording's to_html is the page's, which shows all that is measured; it imports that inside.
# The picture of a sweep knows its type, inside, to refuse what is none; it asks nothing else of tuning.
# Its own turns, for `call.turn(3)`, are found by the analysis, which is loaded when they are asked for.
# A silence that would be cut is played by the widget, which is imported when it is.
# What was expected and did not come true is heard in the widget, which is imported when it is.
# A replayed call is held as vn.run holds one: the virtual clock is a matter of tests, and imported inside.
MAY = {
    ("recording", "analysis"),
    ("recording", "sharing"),
    ("plot", "tuning"),
    ("emulator", "service"),
    ("recording", "service"),
    ("emulator", "recording"),
    ("elsewhere", "recording"),
    ("elsewhere", "service"),
    ("service", "elsewhere"),
    ("testing", "widgets"),
    ("tuning", "testing"),
    ("tuning", "widgets"),
}


def imports_of(path):
    """The parts of voicenb that a module imports, wherever in it, with the line."""
    package = path.relative_to(ROOT.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(filter(None, [base, node.module or ""]))
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "voicenb" else [module]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "voicenb" and len(name.split(".")) > 1:
                yield name.split(".")[1], node.lineno


def may_import(part, other):
    """Whether a part may import another; one that has no place in the layers may not be imported."""
    if other == part or (part, other) in BESIDE | MAY or other.startswith("__"):
        return True
    return other in LEVEL and LEVEL[other] < LEVEL[part]


def test_imports_point_one_way():
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        part = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        assert part in LEVEL, f"{part} has no place in the layers yet"
        for other, line in imports_of(path):
            if not may_import(part, other):
                wrong.append(f"{path.relative_to(ROOT.parent)}:{line} imports {other}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("part", "other", "may"),
    [
        ("session", "session", True),
        ("session", "errors", True),
        ("errors", "session", False),
        ("session", "analysis", False),
        ("emulator", "service", True),
        ("cli", "__version__", True),
        ("cli", "no_such_part", False),
        ("cli", "Agent", False),  # the package's front is for its users: it leads anywhere
    ],
)
def test_what_may_be_imported(part, other, may):
    assert may_import(part, other) == may


def test_session_and_emulator_do_not_know_each_other():
    for part, other in (("session", "emulator"), ("emulator", "session")):
        for path in (ROOT / part).rglob("*.py"):
            assert other not in {name for name, _ in imports_of(path)}, path


def test_every_package_is_typed_and_says_what_it_is():
    assert (ROOT / "py.typed").exists()
    for path in ROOT.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path
