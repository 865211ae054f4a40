"""How VSI-Bench judges an answer, and how SpaceR's evaluator does: one prediction and one target in, 0 to 1 out. Their
rules to the letter, so that published tables can be checked; training and evaluation here use the parser instead."""

import re

from spatialrl.rewards.mra import official_mra

SPACER_LETTER = re.compile(r"[A-Da-d]\.?")
PREFIX = "Answer:"


def vsi_choice(prediction: str, letter: str) -> float:
    """The text before the first space, without closing stops, is the letter, case aside."""
    return 1.0 if _first_word(prediction).lower() == letter.lower() else 0.0


def vsi_number(prediction: str, target: float) -> float:
    """MRA of the text before the first space; `2.5m` is no number."""
    try:
        return official_mra(float(_first_word(prediction)), target)
    # Any text may stand there; VSI-Bench scores what is no number as missed.
    except ValueError:
        return 0.0


def spacer_choice(prediction: str, letter: str) -> float:
    """SpaceR's evaluator: the first word after `Answer:` is a letter A to D, with a stop or without."""
    words = prediction.replace(PREFIX, " ").split(maxsplit=1)
    if not words or SPACER_LETTER.fullmatch(words[0]) is None:
        return 0.0
    return 1.0 if words[0].removesuffix(".").lower() == letter.lower() else 0.0


def _first_word(prediction: str) -> str:
    return prediction.split(" ", 1)[0].rstrip(".").strip()
