"""How alike two object names are, by their words alone: head noun, modifiers, synonyms and spelling. No model, nothing
to download, the same numbers everywhere. Equal labels are 1, synonyms too; labels without a common head noun are 0
unless they are spelled almost alike.
"""

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from spatialrl.rewards.nouns import CLASSES, IRREGULAR, SYNONYMS, UNCOUNTED

HEAD_SHARE = 0.4
"""Of labels with the same head noun and no common modifier: red cube, blue cube. The rest is for modifiers."""
CLASS_SHARE = 0.6
"""Of a noun and the name of its class: woman, person."""
SPELLING_FLOOR = 0.7
"""Cosine of trigrams from which spelling counts; `table` and `cable` have 0.6."""
GRAM_BUCKETS = 512
MAX_CACHED = 4096
MAX_LABEL = 100
"""Characters; what is longer is compared by its beginning."""
WORD = re.compile(r"[^\W_]+")
PREPOSITIONS = {"of", "in", "on", "with", "at", "by", "from", "near", "under", "over", "behind", "beside"}
"""`cup of tea`, `man in red`: the head noun stands before these."""
ARTICLES = {"a", "an", "the"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What is compared of one label."""

    head: str
    noun_class: str
    modifiers: frozenset[str]
    trigrams: np.ndarray
    """Counts in hashed buckets, of length 1."""


def lexical(a: Sequence[str], b: Sequence[str]) -> np.ndarray:
    """(N, M) for lists of N and M labels, 0 to 1."""
    if not a or not b:
        return np.zeros((len(a), len(b)))
    first, second = [features(name[:MAX_LABEL]) for name in a], [features(name[:MAX_LABEL]) for name in b]
    return np.maximum(_by_words(first, second), _by_spelling(first, second))


@lru_cache(MAX_CACHED)
def features(label: str) -> Features:
    words = [singular(word) for word in WORD.findall(label.lower()) if word not in ARTICLES]
    end = next((i for i, word in enumerate(words) if i and word in PREPOSITIONS), len(words))
    modifiers, head = _noun(words[:end])
    return Features(
        head=head,
        noun_class=CLASSES.get(head, ""),
        modifiers=frozenset(modifiers + [word for word in words[end:] if word not in PREPOSITIONS]),
        trigrams=_trigrams("".join(words)),
    )


def singular(word: str) -> str:
    """`shelves` -> `shelf`, `cubes` -> `cube`, `glass` -> `glass`."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in UNCOUNTED or len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ses", "xes", "zes", "ches", "shes")) else word[:-1]


def _noun(words: list[str]) -> tuple[list[str], str]:
    """What stands before the noun, and the noun, of one word or of two, as the synonym that stands for all."""
    last_two = " ".join(words[-2:])
    if last_two in SYNONYMS:
        return words[:-2], SYNONYMS[last_two]
    last = words[-1] if words else ""
    return words[:-1], SYNONYMS.get(last, last)


def _trigrams(text: str) -> np.ndarray:
    counts = np.zeros(GRAM_BUCKETS)
    edged = f"^{text}$"
    for gram, count in Counter(edged[i : i + 3] for i in range(len(edged) - 2)).items():
        counts[zlib.crc32(gram.encode("utf-8", "surrogatepass")) % GRAM_BUCKETS] += count
    length = math.sqrt(float(counts @ counts))
    return counts / length if length else counts


def _by_words(a: Sequence[Features], b: Sequence[Features]) -> np.ndarray:
    table = _heads(a, b)
    for row, column in np.argwhere(table > 0):
        shared = _overlap(a[row].modifiers, b[column].modifiers)
        table[row, column] *= HEAD_SHARE + (1 - HEAD_SHARE) * shared
    return table


def _heads(a: Sequence[Features], b: Sequence[Features]) -> np.ndarray:
    """1 where the heads are the same, less where one names the class of the other, else 0."""
    heads, other_heads = np.array([each.head for each in a])[:, None], np.array([each.head for each in b])
    classes, other_classes = np.array([each.noun_class for each in a])[:, None], np.array([e.noun_class for e in b])
    is_class = ((heads == other_classes) | (classes == other_heads)) & (heads != "") & (other_heads != "")
    return np.where(heads == other_heads, 1.0, np.where(is_class, CLASS_SHARE, 0.0))


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where neither has modifiers, 0.5 where one is silent, else the share of those they have in common."""
    if not a or not b:
        return 1.0 if a == b else 0.5
    return len(a & b) / len(a | b)


def _by_spelling(a: Sequence[Features], b: Sequence[Features]) -> np.ndarray:
    cosines = np.stack([each.trigrams for each in a]) @ np.stack([each.trigrams for each in b]).T
    return np.clip((cosines - SPELLING_FLOOR) / (1 - SPELLING_FLOOR), 0.0, 1.0)
