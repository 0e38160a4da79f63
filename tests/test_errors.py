"""The tree of errors: it is the tree that is drawn, and an error keeps its facts wherever it goes."""

import copy
import pickle
import re
from pathlib import Path

import pytest

import voicenb
from voicenb import errors
from voicenb.errors import MissingExtra, ServiceError, VoicenbError, WaitTimeout

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, VoicenbError)]


def drawn() -> dict[str, tuple[str, str]]:
    """What the module's docstring draws: the parent of each error, and what is said of it."""
    parents: dict[str, tuple[str, str]] = {}
    path = ["VoicenbError"]
    for line in (errors.__doc__ or "").splitlines():
        if found := re.fullmatch(r"    ([│ ├└─]+)(\w+)\s+(.*)", line):
            level = len(found[1]) // 4
            parents[found[2]] = (path[level - 1], found[3])
            path[level:] = [found[2]]
    return parents


def test_the_tree_is_the_one_that_is_drawn():
    tree = {kind.__name__: kind.__bases__[0].__name__ for kind in KINDS if kind is not VoicenbError}
    assert {name: parent for name, (parent, _) in drawn().items()} == tree


@pytest.mark.parametrize("name", [kind.__name__ for kind in KINDS if kind is not VoicenbError])
def test_one_who_knows_only_python_catches_them_too(name):
    """``(also a ValueError)`` in the drawing: an error is that, or inherits it."""
    parent, text = drawn()[name]
    also = re.search(r"also an? (\w+)", text)
    builtin = {"ValueError", "TimeoutError", "ImportError"}
    caught = {base.__name__ for base in getattr(errors, name).__mro__} & builtin
    inherited = {base.__name__ for base in getattr(errors, parent).__mro__} & builtin
    assert caught - inherited == ({also[1]} if also else set())


def test_the_remedy_is_shown_behind_the_message():
    assert str(VoicenbError("It broke.", remedy="Mend it.")) == "It broke. Mend it."
    assert str(VoicenbError("It broke.")) == "It broke."
    assert str(VoicenbError("It broke", remedy="Mend it.")) == "It broke. Mend it."
    assert str(VoicenbError("", remedy="Mend it.")) == "Mend it."
    assert str(VoicenbError("It broke")) == "It broke"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "move", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy], ids=["p", "c", "d"]
)
def test_an_error_that_is_copied_or_goes_to_another_process_keeps_everything(kind, move):
    error = kind("It broke.", remedy="Mend it.", place="here", count=3)
    error.add_note("seen")
    moved = move(error)
    assert type(moved) is kind
    assert str(moved) == "It broke. Mend it."
    assert (moved.message, moved.remedy) == ("It broke.", "Mend it.")
    assert moved.facts == error.facts
    assert moved.facts["count"] == 3
    assert moved.__notes__ == ["seen"]


def test_codes_of_the_service_are_compared_in_lower_case():
    error = ServiceError("No.", code="INVALID_VALUE", param="output.voice", status=1008, request_id="r")
    assert (error.code, error.param, error.status) == ("invalid_value", "output.voice", 1008)
    assert error.facts == {
        "code": "invalid_value",
        "param": "output.voice",
        "status": 1008,
        "request_id": "r",
    }


def test_a_timeout_is_no_error_of_the_system():
    """TimeoutError is an OSError, which reads its arguments as an error number and its text."""
    error = WaitTimeout("No answer within 3 s.", seconds=3.0)
    assert (error.errno, error.strerror) == (None, None)
    assert error.facts == {"seconds": 3.0}


def test_a_missing_extra_may_name_the_module():
    error = MissingExtra("The emulator needs uvicorn.", remedy="pip install it", name="uvicorn")
    assert error.facts == {"name": "uvicorn"}
    assert str(error) == "The emulator needs uvicorn. pip install it"


def test_how_extras_are_installed_is_told_in_one_form():
    package = Path(voicenb.__file__).parent
    own_words = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if path.name != "errors.py" and 'pip install "voicenb[' in path.read_text("utf-8")
    ]
    assert own_words == []
