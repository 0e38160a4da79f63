"""How the description of a tool begins: with a verb or not."""

from __future__ import annotations

from voicenb.lint.prose import bag

VERBS = bag(
    """
    accept activate add adjust allocate announce answer append apply approve arrange ask assign
    attach authenticate authorize authorise block book bring browse build buy calculate call cancel
    change charge check choose clear close collect compare complete compute confirm connect contact
    convert count create deactivate decline delete deliver describe determine dial dispatch display
    do download drop edit email enable end enroll enter escalate estimate exchange execute explain
    export extend extract fetch file fill filter find finish flag forward generate get give grant
    hang help hold identify import increase inform initiate insert inspect invite issue join launch
    leave list load locate lock log look lower make mark match measure merge message modify move
    mute note notify obtain offer open order park pause pay perform pick place play post print
    process produce provide publish purchase push put query quote raise read rebook receive
    recommend record redeem reduce refund register reject release remind remove rename renew rent
    repeat replace reply report request reschedule reserve reset resolve restart restore resume
    retrieve return reverse review route run save scan schedule search select sell send set share
    ship show sign skip sort split start stop store submit subscribe suggest summarize summarise
    swap switch sync take tell test text toggle track transfer translate trigger try turn unlock
    unsubscribe update upgrade upload use validate verify view wait warn write
    """
)

_OTHERS = bag(
    """
    a an the this that these those it its tool function api endpoint helper method allows allow used
    for to when if whenever information info data details weather price prices user users caller
    callers customer customers your my our any all some with from in on about here there
    """
)
_ENDINGS = ("tion", "tions", "ment", "ness", "ing")


def begins_with_verb(word: str) -> bool | None:
    """Whether a first word is a verb; None where that cannot be told."""
    lower = word.lower()
    if lower in VERBS or _third_person(lower) in VERBS:
        return True
    if lower in _OTHERS or (lower.endswith(_ENDINGS) and len(lower) > 5):
        return False
    return None


def _third_person(word: str) -> str:
    """The verb of "gets", "fetches" or "verifies"; the word itself where it is none of these."""
    for ending, instead in (
        ("ies", "y"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("sses", "ss"),
        ("oes", "o"),
        ("s", ""),
    ):
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word
