"""Where the answer stands in a response, for models that were trained on a format and for models that were not.

The last `<answer>..</answer>` or `\\boxed{..}` counts, as in the rewards. A response without either is its own answer, less
what it thought; one that was cut off while it thought has none.
"""

import re

from spatialrl.rewards.parse import Malformed, answer_text

OPENING, CLOSING = "<think>", "</think>"
CUE = re.compile(
    r"(?:^|[\n.!?*]\s{0,3})[*_#\s]{0,4}(?:the |my )?(?:final |correct )?answer(?: is)?\s?[*_]{0,2}\s?[:=]", re.I
)
"""`Answer:` and `The final answer is:` at the start of a line or of a sentence."""
LEFTOVER = re.compile(r"</?answer>")


def final_answer(response: str) -> str | Malformed:
    inside = answer_text(response)
    if not isinstance(inside, Malformed) or inside.code != "no_answer":
        return inside
    _, closing, after = response.rpartition(CLOSING)
    if not closing and OPENING in response:
        return Malformed("no_answer: it was cut off while thinking")
    text = LEFTOVER.sub(" ", after if closing else response).strip()
    return after_cue(text) or Malformed("empty")


def after_cue(text: str) -> str:
    """What follows the last `Answer:`; the whole text where nothing does."""
    cues = list(CUE.finditer(text))
    return (text[cues[-1].end() :].strip() if cues else "") or text
