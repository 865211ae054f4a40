"""One letter from an answer to a choice: written as a letter, as a letter with its option's text, or as that text.

Two letters, or a letter with another option's text, are ambiguous; the word "a" in a sentence is no letter, and nothing
is ever chosen for the model.
"""

import re
from collections.abc import Sequence

from spatialrl.rewards.parse.letters import letters_in
from spatialrl.rewards.parse.text import MAX_ANSWER, Malformed, undressed
from spatialrl.types import LETTERS

WORD = re.compile(r"-?\d+(?:[.,/]\d+)*|[^\W\d_]+|[<>=+%°]")
ARTICLES = {"a", "an", "the"}
BARE = re.compile(r"[(\[{]?\s?([A-Za-z])\s?[)\]}]?\s?[.:,;!]?")
LED = re.compile(r"[(\[{]?\s?([A-Za-z])(\s{0,3}[)\]}.:,-]{1,3}\s{0,3}|\s)(.+)", re.DOTALL)
NEGATION = re.compile(r"\b(?:not|never|neither|nor|no|isn|aren|cannot|except)\b|n['’]t\b", re.IGNORECASE)

Letters = set[str]


def choice(answer: str, options: Sequence[str]) -> str | Malformed:
    """The letter of the option that an answer text names; `options` come without letters."""
    if len(answer) > MAX_ANSWER:
        return Malformed("too_long")
    text = undressed(answer)
    if not text:
        return Malformed("empty")
    lettered = dict(zip(LETTERS, options, strict=False))
    for read in (_bare_letter, _verbatim, _letter_and_text, _whole_text, _mentioned):
        letters = read(text, lettered)
        if letters:
            return _only(letters, lettered)
    return Malformed("not_an_option")


def _only(letters: Letters, lettered: dict[str, str]) -> str | Malformed:
    if len(letters) > 1:
        return Malformed("ambiguous")
    (letter,) = letters
    return letter if letter in lettered else Malformed("not_an_option")


def _bare_letter(text: str, lettered: dict[str, str]) -> Letters:
    """`A`, `(A)`, `A.`; of options that are letters themselves, what the letter and what the text says."""
    found = BARE.fullmatch(text)
    if found is None:
        return set()
    letter = found[1].upper()
    named = _with_text(found[1], lettered)
    return named if letter in named or (named and letter not in lettered) else named | {letter}


def _verbatim(text: str, lettered: dict[str, str]) -> Letters:
    return {letter for letter, option in lettered.items() if option.strip().casefold() == text.casefold()}


def _letter_and_text(text: str, lettered: dict[str, str]) -> Letters:
    """`(A) left of`, `A: left of`, `A left of`. `a lamp` is a lamp, `A lamp` could be either."""
    found = LED.fullmatch(text)
    if found is None:
        return set()
    letter, named = found[1].upper(), _with_text(found[3], lettered)
    if letter in named or (letter not in lettered and not found[2].isspace()):
        return {letter}
    is_article = found[2].isspace() and found[1].islower()
    return named | {letter} if named and not is_article else set()


def _whole_text(text: str, lettered: dict[str, str]) -> Letters:
    return _with_text(text, lettered)


def _with_text(text: str, lettered: dict[str, str]) -> Letters:
    words = _words(text)
    return {letter for letter, option in lettered.items() if words and _words(option) == words}


def _words(text: str) -> list[str]:
    """In lower case, without punctuation and articles. What ends a text is no article, nor a capital A within it."""
    words = WORD.findall(text)
    articles = {i for i, word in enumerate(words[:-1]) if word.lower() in ARTICLES and (word != "A" or i == 0)}
    return [word.casefold() for i, word in enumerate(words) if i not in articles]


def _mentioned(text: str, lettered: dict[str, str]) -> Letters:
    """In a sentence: its letters, else the options whose text stands in it."""
    named, rest = _texts_in(text, lettered)
    letters = letters_in(rest, lettered.keys())
    if len(letters) == 1:
        return letters | _contradictions(letters, named, lettered)
    # `Not left` names an option and means another.
    refused = not letters and NEGATION.search(rest) is not None
    return set() if refused else letters or named


def _contradictions(letters: Letters, named: Letters, lettered: dict[str, str]) -> Letters:
    """Other options that the text names beside the letter, unless it names the letter's own."""
    (letter,) = letters
    namesakes = _with_text(letter, lettered)
    others = named or namesakes
    return set() if letter in others else others


def _texts_in(text: str, lettered: dict[str, str]) -> tuple[Letters, str]:
    """The options whose text stands in a text, the longest first, and the text without them."""
    patterns = {_pattern(option): option for option in lettered.values() if _can_be_found(option)}
    if not patterns:
        return set(), text
    longest_first = sorted(patterns, key=len, reverse=True)
    anywhere = re.compile("|".join(f"({pattern})" for pattern in longest_first), re.IGNORECASE)
    indices = {found.lastindex for found in anywhere.finditer(text)}
    found_options = [patterns[longest_first[index - 1]] for index in indices if index]
    named = {letter for option in found_options for letter in _with_text(option, lettered)}
    return named, anywhere.sub(" … ", text)


def _can_be_found(option: str) -> bool:
    """Options that are a letter would hide the letters of the answer."""
    words = _words(option)
    return bool(words) and not (len(words) == 1 and len(words[0]) == 1 and words[0].isalpha())


def _pattern(option: str) -> str:
    words = _words(option)
    between = r"[\W_]{1,5}(?:(?:a|an|the)[\W_]{1,5})?"
    before = r"(?<![\w.,-])" if words[0][0].isdigit() else r"(?<!\w)"
    return before + between.join(re.escape(word) for word in words) + r"(?!\w|[.,]\d)"
