"""What the service's guides to prompts and tools ask for, checked.

Rules are called as the reference of the API calls them: ``P1`` to ``P18`` are about the prompt and the
greeting, ``T1`` to ``T19`` about the tools. It has no names for four more groups: ``D1`` to ``D3`` are about
turn detection, ``K1`` to ``K3`` about keyterms, ``S1`` to ``S4`` about settings that the service refuses,
ignores or does not know.

Severities are the reference's: an *error* is refused by the service or read aloud as it stands, a *warning*
makes the agent worse, an *info* is advice. Three rules have a second one: ``P12`` is an info where only the
descriptions of the tools say when to use them; ``S2`` warns of a name that is not refused, but ignored or
new; ``T16`` warns of a pattern that is none.

The rules for prompts go by the words, and rather miss something than accuse the innocent. The wording that
they look for is English: what a prompt in another language lacks is not judged; how it is written is.

What no program can see, and so is not checked: which rule of a prompt counts most (``P16`` sees what calls
itself so); whether the phrases to avoid are the right ones (``P7``); whether a time or number will be spoken
(``P10`` names the exact ones); whether ``You …`` tells a good identity (``P4``); what a tool is really for
(``T8`` to ``T10`` go by its name and its first words); whether a description that tells of a result tells its
unit (``T3``); whether a pattern fits what people say (``T16`` looks at spaces between digits).
"""

from voicenb.lint.examine import examine
from voicenb.lint.finding import Finding
from voicenb.lint.findings import Findings

__all__ = ["Finding", "Findings", "examine"]
