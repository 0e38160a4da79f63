"""What a caller does with a few words: agree, refuse, ask again, say goodbye, and so on."""

from __future__ import annotations

import re
from dataclasses import dataclass

_POLITE = r"(?:please|thanks|thank you|sir|then|now|again|there|oh|well|so|okay|ok|and|but|i'm)"
_YES = (
    r"(?:yes|yeah|yep|yup|ya|ja|sure|of course|correct|right|exactly|please do|go ahead|absolutely|"
    r"definitely|certainly|"
    r"indeed|perfect|(?:that's|that is) (?:quite|absolutely|perfectly|all) (?:right|correct|fine|good)|"
    r"that's (?:right|correct|fine|perfect|good|great|it|okay|ok)|that is "
    r"(?:right|correct|fine)|"
    r"sounds (?:good|great|fine|perfect|lovely)|that (?:works|would be (?:great|nice|lovely|"
    r"good|fine|perfect))|"
    r"fine|great|good(?! (?:morning|evening|afternoon|day|night|bye))|do (?:it|that|so)|"
    r"(?:book|take|order|send|cancel|confirm|make|reserve) "
    r"it(?! for\b)|why not|"
    r"lovely|wonderful|brilliant|excellent|all right|alright|ok|okay|mhm|mm hm|uh huh|aha|yes "
    r"please|i do|i would|"
    r"it is|you can|no problem|by all means|works for me|let's do (?:it|that)|please$|k$|kay$|"
    r"true|agreed|deal|"
    r"i (?:think|guess|suppose|believe) so|go (?:for it|on)|looks (?:good|great|right|fine)|"
    r"sounds (?:right|like a plan)|that'll do|that should (?:work|be (?:fine|ok|okay|good))|"
    r"you got it|cool|awesome|nice(?! to)|super|splendid|fantastic|affirmative|you bet|let's go)"
)
_NO = (
    r"(?:no|nope|nah|nay|negative|hold off|not exactly|i'd rather not|no thanks|no thank you|"
    r"not really|not quite|not now|not yet|not that|don't|"
    r"do not|please don't|wrong|"
    r"that's (?:wrong|not right|not correct|not it)|that is (?:wrong|not right)|incorrect|i "
    r"don't(?! mind| know| care)|rather not|better not)"
)
_PATTERNS: dict[str, str] = {
    "yes": rf"(?:(?:oh|well|so|and|thanks|thank you|actually|yay) )*{_YES}\b(?! (?:you|i) (?:know|mean))",
    "no": rf"(?:(?:oh|well|sorry|wait|but|thanks|thank you) )*{_NO}\b(?! problem| worries| idea)",
}
_WHOLE: dict[str, str] = {
    "repeat": (
        r"(?:sorry|pardon(?: me)?|excuse me|what|huh|come again|what was that|(?:sorry )?what did "
        r"you (?:just )?say|"
        r"(?:sorry )?(?:could|can|would) you (?:please )?(?:repeat|say) (?:that|it|this)|(?:please "
        r")?(?:say|repeat) (?:that|it)|"
        r"(?:sorry )?i (?:didn't|did not|couldn't|could not) (?:hear|catch|get|understand|follow) "
        r"(?:that|you|it)|once more|"
        r"one more time|again|repeat)"
    ),
    "help": (
        r"(?:help(?: me)?|what can (?:you|i) (?:do|say|ask)(?: for me| here)?|what (?:do|are) you "
        r"(?:do|able to do)|"
        r"how does this work|what do you mean|what does that mean|"
        r"what are (?:my|the) options|(?:i )?(?:don't|do not) know(?: what to (?:say|do)| yet)?|"
        r"(?:i'm )?not sure(?: yet)?|(?:i have )?no idea|"
        r"(?:can|could) you help(?: me)?|i need(?: some)? help|what else can you do|what is this|what now)"
    ),
    "bye": (
        r"(?:(?:thank you|thanks|okay|great|no|perfect|all right|well|that's all|that is all|that's "
        r"it|that will be all|nothing else) )*"
        r"(?:(?:good ?)?bye(?: bye)?|see you(?: (?:then|later|soon|on \w+))?|talk to you later|good ?"
        r"night|cheers|farewell|ciao|cheerio|"
        r"have a (?:nice|good|great|lovely) (?:day|evening|night|one|weekend)|"
        r"i(?:'ve| have)? (?:got to|have to|must|gotta) (?:go|run)(?: now)?|"
        r"i'll (?:call|ring|phone) (?:you )?(?:back|again|later)(?: later)?)"
        r"(?: (?:bye|goodbye|then|thank you|thanks|now))*"
    ),
    "finished": (
        r"(?:(?:no|okay|great|perfect|thank you|thanks) )*(?:that's all|that is all|that's it|"
        r"that'll be all|that will be all|"
        r"that's everything|nothing(?: else| more| further)?|i'm (?:good|fine|done|all set)|we're (?:good|"
        r"done)|all good)"
        r"(?: (?:thanks|thank you|for now|very much|so much|then|today))*"
    ),
    "thanks": (
        r"(?:(?:okay|great|perfect|oh|all right|well|lovely|good|and) )*(?:thanks|thank you|cheers|much "
        r"appreciated|ta)"
        r"(?: (?:very much|so much|a lot|again|for (?:your|the) help|you too|very kind|that's "
        r"(?:great|kind|lovely)))*"
    ),
    "hello": (
        r"(?:(?:oh|yes|well) )*(?:hello|hi|hey|good (?:morning|evening|afternoon|day)|hi there|"
        r"hello there|greetings)"
        r"(?: (?:hello|hi|there|again|good (?:morning|evening|afternoon)))*"
        r"(?: (?!yes|yeah|no|nope|help|wait)\w+)?"  # whoever is greeted
        r"(?: (?:(?:can|do) you hear me|is (?:anyone|anybody|somebody) there|are you (?:still )?there))?"
    ),
    "present": r"(?:hello )?(?:(?:can|do) you hear me|are you (?:still )?there|is (?:anyone|anybody|"
    r"someone) there|still there)",
    "how": r"(?:(?:hi|hello|hey|and) )*how(?:'s it going| are you(?: doing)?(?: today)?| do you do)",
    "wait": (
        r"(?:(?:oh|um|okay|sorry|yes|no) )*(?:(?:just )?(?:a|one) (?:moment|second|sec|minute|"
        r"momento)|hold on|hang on|wait|"
        r"let me (?:think|see|check|count|ask)\b.{0,30}|give me a (?:moment|second|minute)|bear with me)"
        r"(?: (?:a (?:moment|second|minute)|please|let me (?:think|see|check)))*"
    ),
    "stop": (
        r"(?:(?:no|oh|actually|okay|sorry|well|wait|you know what) )*(?:never ?mind|forget (?:it|"
        r"about it|that|about that)|"
        r"stop(?: it)?|cancel(?: (?:it|that|this|everything))?|drop it|leave it|abort|let's stop|"
        r"(?:please )?don't (?:book|order|send|reserve|buy|make|do) (?:it|that|this|anything)(?: please)?|"
        r"(?:i )?changed my mind|i've changed my mind|i (?:don't|do not) want (?:it|that|to|one|"
        r"this)(?: any ?more)?|forget the whole thing)"
    ),
    "restart": (
        r"(?:(?:no|oh|okay|sorry|well|wait|please|can we|could we|let's|let us) )*(?:start|begin) "
        r"(?:over|again|anew|from (?:the )?(?:start|beginning|scratch))(?: again| please)*|"
        r"from the (?:start|beginning)|restart"
    ),
    "summary": (
        r"(?:(?:so|okay|and|wait) )*(?:(?:can|could|would) you )?(?:please )?"
        r"(?:what (?:have|do) you (?:got|have|noted)(?: so far| down)?|"
        r"(?:read|say) (?:it|that|everything|all of it) back(?: to me)?|"
        r"what did i (?:just )?say|what have i said|where (?:were|are) we)"
    ),
    "any": (
        r"(?:(?:well|oh|um|i think) )*(?:either(?: one)?(?: is fine)?|any(?: of them| one| time)?|"
        r"whichever|whatever|"
        r"(?:i )?don't mind|i don't care|you (?:choose|pick|decide)|(?:it )?doesn't matter|no "
        r"preference|both(?: are fine| work)?)"
    ),
    "none": r"(?:(?:no|oh|well|sorry) )*(?:neither|none)(?: of (?:them|those|these|the two))?(?: .{0,30})?",
}
_NOTED = (
    r"\b(?:what|which|how many|when)\b.*\b(?:did|have|do) (?:you|i)\b.*"
    r"\b(?:write|noted?|got|get|put|said|say|book(?:ed)?|order(?:ed)?)\b|"
    r"\b(?:what|which|how many|when)\b.*\b(?:was (?:that|it)|were we|again)$"
)
_WHO = (
    r"\b(?:(?:are you|is this|is it|am i (?:talking|speaking) (?:to|with)) (?:a |an |just a )?"
    r"(?:real|robot|human|person|machine|computer|ai|bot|recording)|"
    r"who (?:are you|is this|am i (?:talking|speaking) to)|who's (?:this|there)|"
    r"what (?:model |kind of (?:model|ai|bot|robot) )?are you|"
    r"(?:talk|speak) (?:to|with) (?:a |an |the |some )?(?:real |actual |live )?"
    r"(?:human|person|someone|somebody|manager|operator|agent|boss))\b"
)
_RUDE = (
    r"\b(?:go to hell|fuck\w*|shut up|screw you|damn you|piss off|bullshit|(?:you|you're|this is|that's|how) "
    r"(?:are |so |such |really |bloody )*(?:an? )?"
    r"(?:stupid|useless|idiots?|moron|dumb|rubbish|terrible|awful))\b"
)
_DOUBT = (
    r"(?!^)\b(?:wait|hold on|not yet|actually(?= \w)|but|"
    r"no(?! problem| worries| doubt| need| thanks| thank you| more| rush))\b"
)
"""What takes back the yes before it."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts in one utterance; ``yes`` and ``no`` may have more words with them, the others have none."""

    names: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def acts_of(plain: str) -> Acts:
    """The acts of an utterance that was made plain (see :func:`voicenb.emulator.brains.line.plain`)."""
    names = {name for name, pattern in _PATTERNS.items() if re.match(pattern, plain)}
    bare = re.sub(rf"^(?:{_POLITE} )+|(?: {_POLITE})+$", "", plain)
    for name, pattern in _WHOLE.items():
        if re.fullmatch(pattern, plain) or re.fullmatch(pattern, bare):
            names.add(name)
    if re.search(_NOTED, plain) and "repeat" not in names:
        names.add("summary")
    if re.search(_WHO, plain):
        names.add("who")
    if re.search(_RUDE, plain):
        names.add("rude")
    if re.search(r"\b(?:bye|goodbye|good bye)$", plain) and len(plain.split()) <= 12:
        names.add("bye")
    if "yes" in names and re.search(_DOUBT, plain):
        names.add("doubt")
    if names & {"finished", "bye", "wait", "stop", "restart", "none", "rude"}:
        names -= {"yes", "doubt"}
    return Acts(frozenset(names))
