import dataclasses
import inspect
import warnings
from dataclasses import dataclass

import pytest

from voicenb import names
from voicenb.errors import InvalidConfiguration


@names.strict("A cup", told="It has a size in ml and a handle.")
@dataclass(frozen=True, slots=True, kw_only=True)
class Cup:
    """A cup."""

    size: int = 200
    handle: bool = True


def test_what_is_near_is_named_and_nothing_else():
    assert names.did_you_mean("ivvy", ["ivy", "george"]) == "Did you mean 'ivy'? "
    assert names.did_you_mean("IVY", ["ivy", "george"]) == "Did you mean 'ivy'? "
    assert names.did_you_mean("Lid", ["Lido"]) == "Did you mean 'Lido'? "
    assert names.did_you_mean("voices", ["ivy"]) == ""
    assert names.did_you_mean("silence", ["max_silence", "min_silence", "vad_threshold"]) == (
        "Did you mean 'min_silence' or 'max_silence'? "
    )
    assert names.did_you_mean("min_silense", ["max_silence", "min_silence"]) == "Did you mean 'min_silence'? "
    assert names.did_you_mean("prompt", ["system_prompt"]) == "Did you mean 'system_prompt'? "
    assert names.did_you_mean("nosuch", ["ivy", "george"]) == ""


def test_an_unknown_setting_is_told_with_those_that_exist():
    with pytest.raises(InvalidConfiguration) as caught:
        names.refuse_unknown("A cup", {"siz": 1, "size": 2}, ["size", "handle"])
    assert str(caught.value) == "A cup has no siz. Did you mean 'size'? It has size, handle."
    assert caught.value.facts["param"] == "siz"
    names.refuse_unknown("A cup", ["size"], ["size"])


def test_what_belongs_elsewhere_is_told_where():
    with pytest.raises(InvalidConfiguration, match=r"A cup has no saucer\. It lies below\.$") as caught:
        names.refuse_unknown("A cup", ["saucer"], [], elsewhere={"saucer": "It lies below."}, prefix="c.")
    assert caught.value.facts["param"] == "c.saucer"


def test_a_strict_dataclass_stays_one():
    assert Cup(size=100) == dataclasses.replace(Cup(), size=100)
    assert list(inspect.signature(Cup).parameters) == ["size", "handle"]


def test_a_strict_dataclass_refuses_what_it_does_not_have():
    for wrong in (lambda: Cup(siz=100), lambda: dataclasses.replace(Cup(), siz=100)):
        with pytest.raises(InvalidConfiguration, match=r"no siz\. Did you mean 'size'\? It has a size in ml"):
            wrong()
    with pytest.raises(InvalidConfiguration, match=r"Cup takes its settings by name.*Write Cup\(size=…\)"):
        Cup(100)


def test_a_warning_points_at_the_caller_of_voicenb():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        names.warn("Careful.")
    assert [(w.filename, str(w.message), w.category) for w in caught] == [(__file__, "Careful.", UserWarning)]
