"""Porter's stemmer (Porter 1980), with the later departures that ROUGE scorers use: `hopping` and `hopes` become `hop`
and `hope`, so that forms of one word overlap. Lower-case ASCII words in; time linear in the length of a word."""

from collections.abc import Callable, Sequence

IRREGULAR = {
    "skies": "sky",
    "sky": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "news": "news",
    "innings": "inning",
    "inning": "inning",
    "outings": "outing",
    "outing": "outing",
    "cannings": "canning",
    "canning": "canning",
    "howe": "howe",
    "proceed": "proceed",
    "exceed": "exceed",
    "succeed": "succeed",
}
Rules = Sequence[tuple[str, str]]
"""Suffix and what takes its place. The first suffix that fits decides, even where its condition then fails."""
STEP_2: Rules = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("fulli", "ful"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
)
STEP_3: Rules = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
STEP_4: Rules = (
    *((suffix, "") for suffix in ("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent")),
    ("sion", "s"),
    ("tion", "t"),
    *((suffix, "") for suffix in ("ou", "ism", "ate", "iti", "ous", "ive", "ize")),
)


def stem(word: str) -> str:
    if word in IRREGULAR or len(word) <= 2:
        return IRREGULAR.get(word, word)
    word = _y_to_i(_without_past(_without_plural(word)))
    word = _single_suffix(word)
    word = _replaced(word, STEP_3, lambda stem: measure(stem) > 0)
    word = _replaced(word, STEP_4, _is_long)
    return _tidy_end(word)


def measure(stem: str) -> int:
    """How often a vowel is followed by a consonant: 0 for `tree`, 1 for `trees`, 2 for `oaten`."""
    return _pattern(stem).count("vc")


def _pattern(word: str) -> str:
    """`toy` -> `cvc`, `syzygy` -> `cvcvcv`: y is a vowel after a consonant."""
    kinds = []
    for letter in word:
        is_vowel = letter in "aeiou" or (letter == "y" and bool(kinds) and kinds[-1] == "c")
        kinds.append("v" if is_vowel else "c")
    return "".join(kinds)


def _replaced(word: str, rules: Rules, condition: Callable[[str], bool]) -> str:
    for suffix, replacement in rules:
        if word.endswith(suffix):
            # Of -sion and -tion the s and t belong to the stem that is measured.
            kept = word.removesuffix(suffix) + (replacement if suffix in ("sion", "tion") else "")
            return word.removesuffix(suffix) + replacement if condition(kept) else word
    return word


def _is_long(stem: str) -> bool:
    return measure(stem) > 1


def _ends_short(word: str) -> bool:
    """Like `hop`: an e was cut off it, or could have been."""
    pattern = _pattern(word)
    return pattern == "vc" or (pattern.endswith("cvc") and word[-1] not in "wxy")


def _without_plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix) and "v" in _pattern(word.removesuffix(suffix)):
            return _restored(word.removesuffix(suffix))
    return word


def _restored(word: str) -> str:
    """What -ed and -ing leave behind: `conflat` -> `conflate`, `hopp` -> `hop`, `fil` -> `file`."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if len(word) > 1 and word[-1] == word[-2] and _pattern(word)[-1] == "c":
        return word if word[-1] in "lsz" else word[:-1]
    return word + "e" if measure(word) == 1 and _ends_short(word) else word


def _y_to_i(word: str) -> str:
    ends_in_consonant_y = len(word) > 2 and word[-1] == "y" and _pattern(word)[-2] == "c"
    return word[:-1] + "i" if ends_in_consonant_y else word


def _single_suffix(word: str) -> str:
    if word.endswith("alli") and measure(word[:-4]) > 0:
        return _single_suffix(word[:-2])
    if word.endswith("logi"):
        return word[:-1] if measure(word[:-3]) > 0 else word
    return _replaced(word, STEP_2, lambda stem: measure(stem) > 0)


def _tidy_end(word: str) -> str:
    if word.endswith("e"):
        bare = word[:-1]
        word = bare if measure(bare) > 1 or (measure(bare) == 1 and not _ends_short(bare)) else word
    return word[:-1] if word.endswith("ll") and _is_long(word[:-1]) else word
