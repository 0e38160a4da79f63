"""What a tool does, by the verb of its description or of its name: look something up, or change something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicenb.emulator.brains.bag import bag

CHANGING = bag(
    "book reserve create make add cancel delete remove order buy pay purchase send submit "
    "schedule reschedule move transfer "
    "register post charge refund place update change sign subscribe unsubscribe confirm "
    "write save note log record store renew extend return borrow lend rent hire refill prescribe "
    "request file print publish upload share forward reply invite assign enrol enroll "
    "join apply withdraw deposit donate redeem issue approve reject block unblock lock unlock rename edit "
    "modify replace reset report notify alert page call dial email deliver ship dispatch arrange put enter "
    "insert append claim leave lodge freeze unfreeze suspend terminate"
)
"""Verbs of tools that change something: asked for a yes before they are called."""

SWITCHING = bag(
    "set turn switch start stop open close play pause resume skip mute unmute dim brighten raise lower "
    "increase decrease adjust enable disable activate deactivate roll flip throw draw sing"
)
"""Verbs of tools that do what can be undone as fast: called without asking, and they find nothing out."""

UNDOING = bag("cancel delete remove refund reschedule move change update unsubscribe")
"""Verbs of tools that nobody wants who does not say so: "an appointment" is to be made."""

LOOKING = bag(
    "get find search check list show tell look lookup fetch query read see give return retrieve provide "
    "display describe explain count compute calculate estimate quote track trace answer report "
    "define spell solve sum multiply divide guess pick choose generate measure test "
    "predict summarize summarise "
    "determine identify obtain browse view verify convert translate compare suggest recommend"
)
"""Verbs of tools that find something out and leave the world as it is."""

_NOUNS = bag(
    "order schedule book place charge post transfer purchase sign refund note log record store rent request "
    "file page call report claim return email alert deposit issue quote start stop play set open close "
    "reply block lock list count leave forward answer invite print"
)
"""Verbs that are nouns as well: ``order_status`` orders nothing."""
_OF_WHAT_IS_KNOWN = bag(
    "status info information details detail history number hours times price prices total summary overview "
    "state list lookup search availability schedule options count cost costs balance finder tracker tracking"
)
"""Behind a noun, and at the end of a name: what there is to know of it."""
_LEAD = re.compile(
    r"(?:please |(?:use|call)(?: this| it)?(?: tool| function)? (?:if|when|once|whenever) (?:the |a )?"
    r"(?:caller|user|customer|guest|somebody|someone)s? (?:wants?|asks?|would like|needs?)(?: you)? to |"
    r"(?:use|call) (?:this|it)(?: tool| function)?(?: (?:if|when|once|whenever) [^,.]+,)? (?:to |for )?|"
    r"(?:this|a|the) (?:tool|function)(?: (?:that|which|to))? |used to |tool to |"
    r"(?:allows?|lets?|helps?) (?:the |a )?(?:caller|user|customer|guest|agent|you|them)s?(?: to)? )+"
)
"""What a description may begin with in front of its verb."""
_THING = re.compile(r"(?:the|what|which|when|where|who|how|whether|information|details|all|current|\w+'s)\b")
_OBJECT = re.compile(
    r"(\w+)(?: (?:on|off|up|down|out))? "
    r"(?:an?|the|some|this|that|these|those|one|my|your|all|any|every|each|new|something|somebody|someone)\b"
)
"""A word with an object behind it is a verb: "water the plants" and not "weather in a city"."""


def verb_of(name: Sequence[str], description: str) -> str:
    """The verb of a tool; what it is called where no verb is known, and empty for a noun without any.

    The name counts first where it begins with a verb that is nothing else ("cancel"), and else the
    description. A look-up that ends in a change ("find a seat and book it") is one.

    Args:
        name: the tool's name in words.
        description: its description.
    """
    first = name[0] if name else ""
    named, said = _verb(first), _leading(description)
    told, known = _verb(said.partition(" ")[0]), CHANGING | SWITCHING
    if named in CHANGING and named not in _NOUNS:
        return named
    if told in _NOUNS and _is_thing(said):
        told = ""
    if told in CHANGING and (told not in LOOKING or told == named):
        return told
    then = re.search(r"\b(?:and|then) (\w+) (?:it|them|one|that|a|an|the)\b", re.split(r"[.;]", said)[0])
    if then and _verb(then[1]) in CHANGING:
        return _verb(then[1])
    if told == "open" and re.match(r"opens? an? (?:new )?\w+", said):
        return "create"  # a ticket, an account
    if told in known | LOOKING:
        return "tell" if told in CHANGING else told  # "returns the opening hours"
    if named in _NOUNS and (_is_thing(said) or (len(name) > 1 and name[-1] in _OF_WHAT_IS_KNOWN)):
        return ""
    if named in known | LOOKING:
        return named
    done = _OBJECT.match(said)
    return _base(done[1]) if done and not _is_thing(said) else first


def is_told(description: str) -> bool:
    """Whether a description says what is known ("when the shop is open"), and not what is done."""
    said = _leading(description)
    return bool(said) and _is_thing(said)


def without_lead(description: str) -> str:
    """A description from its verb on: without "use this to" and the like."""
    return re.sub(rf"(?i)^{_LEAD.pattern}(?=\w)", "", description.strip())


def is_strange(verb: str, description: str) -> bool:
    """Whether something is done that none of the known verbs says: "water the plants"."""
    return verb not in SWITCHING and verb not in LOOKING and does(verb, description)


def does(verb: str, description: str) -> bool:
    """Whether a tool of that verb does something, rather than find something out."""
    if verb in CHANGING or verb in SWITCHING:
        return True
    said = _leading(description)
    return bool(verb not in LOOKING and _OBJECT.match(said) and not _is_thing(said))


def _leading(description: str) -> str:
    text = " ".join(re.findall(r"[a-z']+|[.,;]", description.lower().replace("-", " ")))
    return _LEAD.sub("", re.sub(r" (?=[.,;])", "", text), count=1)


def _is_thing(said: str) -> bool:
    """Whether a description says what a thing is: "the schedule of a day", "order status"."""
    words = re.findall(r"[a-z]+", said)
    return bool(_THING.match(said)) or (len(words) > 1 and words[1] in _OF_WHAT_IS_KNOWN | {"of", "for"})


def _verb(word: str) -> str:
    """A known verb, in the third person, too; empty for any other word."""
    return next((form for form in _forms(word) if form in CHANGING | SWITCHING | LOOKING), "")


def _base(word: str) -> str:
    return _forms(word)[-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _forms(word: str) -> tuple[str, ...]:
    if word.endswith("ies"):
        return word, f"{word[:-3]}y"
    shorter = re.sub(r"((?:ch|sh|ss|x|o))es$|s$", r"\1", word)
    return word, shorter
