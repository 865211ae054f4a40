"""The option letters that a sentence mentions. Marked letters count in any case; bare ones as capitals only, and A and
I only where they can't be the article and the pronoun."""

import re
from collections.abc import Collection

LONE = re.compile(r"(?<![\w'’])(?<!\w[.-])([A-Za-z])(?![\w'’]|[-.]\w)")
CUE = re.compile(
    r"(?:answer|option|choice|letter)(?:\s(?:is|would be|should be))?\s{0,2}[:=]?\s{0,2}[(\[]?\Z", re.IGNORECASE
)
CUE_REACH = 30
CONNECTORS = {"and", "or", "because", "since", "is", "as", "but", "not", "nor", "for", "if", "when", "which", "would"}
WORD_AFTER = re.compile(r"\s+([A-Za-z][\w'’]*)")
MARKS = frozenset(").:]}")
STOPS = frozenset(").:]},;!?/&\n")


def letters_in(text: str, known: Collection[str]) -> set[str]:
    """In upper case. Letters beyond `known` count where a mark or a cue shows that an option is meant."""
    found = set()
    for lone in LONE.finditer(text):
        letter = lone[1].upper()
        if _is_marked(text, lone) or (letter in known and _is_bare_letter(text, lone)):
            found.add(letter)
    return found


def _is_marked(text: str, lone: re.Match[str]) -> bool:
    """`(b)`, `B)`, `B.`, `answer: b`, `option B`."""
    before, after = text[max(0, lone.start() - 1) : lone.start()], text[lone.end() : lone.end() + 1]
    if after in MARKS and after and (lone[1].isupper() or after in ")]"):
        # The bracket of `object(s)` belongs to the word.
        return not (before in ("(", "[") and text[max(0, lone.start() - 2) : lone.start() - 1].isalnum())
    is_named = CUE.search(text[max(0, lone.start() - CUE_REACH) : lone.start()]) is not None
    return is_named and (lone[1].isupper() or after == "" or after in STOPS)


def _is_bare_letter(text: str, lone: re.Match[str]) -> bool:
    """A capital; `A chair` begins with an article, `A because` with a letter."""
    if lone[1].islower():
        return False
    word = WORD_AFTER.match(text, lone.end())
    if lone[1] not in "AI" or word is None:
        return True
    return word[1] in CONNECTORS or (len(word[1]) == 1 and word[1].isupper())
