"""How much two texts share, in words: word error rate and ROUGE (Lin 2004). Pure: words in, numbers out; the words of
the reference set the time per word of the other text."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from spatialrl.rewards.porter import stem

Words = Sequence[str]
STEMMED_FROM = 4
"""Letters; shorter words stay as they are."""
STEMMED_TO = 64


def word_errors(reference: Words, hypothesis: Words) -> int:
    """Least number of words put in, left out or replaced (Levenshtein 1966). Symmetric."""
    codes = {word: code for code, word in enumerate({*reference, *hypothesis})}
    across = np.array([codes[word] for word in hypothesis], dtype=np.int64)
    steps = np.arange(len(hypothesis) + 1)
    row = steps
    for word in reference:
        replaced = row[:-1] + (across != codes[word])
        best = np.concatenate(([row[0] + 1], np.minimum(row[1:] + 1, replaced)))
        # A word put in costs 1 more than the cell to its left: a running minimum once each cell's index is taken off.
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])


def word_error_rate(reference: Words, hypothesis: Words) -> float:
    """Word errors per word of the reference, which is not empty; above 1 for a long hypothesis."""
    return word_errors(reference, hypothesis) / len(reference)


def word_accuracy(reference: Words, hypothesis: Words) -> float:
    """1 - WER, at least 0."""
    # Every word beyond the length of the reference is an error: nothing is left to count at twice its length.
    if len(hypothesis) >= 2 * len(reference):
        return 0.0
    return max(0.0, 1 - word_error_rate(reference, hypothesis))


def rouge_tokens(text: str) -> list[str]:
    """As the ROUGE scorers cut: runs of a-z and 0-9 in lower case, stemmed from 4 letters. Other scripts give none."""
    return _stemmed(re.findall(r"[a-z0-9]+", text.lower()))


def word_tokens(text: str) -> list[str]:
    """The words of any script, case aside, stemmed where they are ASCII."""
    return _stemmed(re.findall(r"\w+", text.casefold()))


def _stemmed(words: list[str]) -> list[str]:
    stems = {
        word: stem(word) if word.isascii() and STEMMED_FROM <= len(word) <= STEMMED_TO else word for word in {*words}
    }
    return [stems[word] for word in words]


def rouge_n(reference: Words, hypothesis: Words, n: int) -> float:
    """F-measure over runs of n words, each counted as often as it occurs. Symmetric."""
    true_runs, runs = _runs(reference, n), _runs(hypothesis, n)
    return _f_measure((true_runs & runs).total(), true_runs.total(), runs.total())


def rouge_l(reference: Words, hypothesis: Words) -> float:
    """F-measure of the longest common subsequence. Symmetric."""
    return _f_measure(longest_common(reference, hypothesis), len(reference), len(hypothesis))


def longest_common(reference: Words, hypothesis: Words) -> int:
    """Words of the longest common subsequence (Hyyrö 2004): one bit per word of the reference, 0 where matched."""
    places: dict[str, int] = {}
    for index, word in enumerate(reference):
        places[word] = places.get(word, 0) | 1 << index
    full = open_bits = (1 << len(reference)) - 1
    for word in hypothesis:
        hits = open_bits & places.get(word, 0)
        open_bits = ((open_bits + hits) | (open_bits - hits)) & full
    return len(reference) - open_bits.bit_count()


def _runs(words: Words, n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(n)), strict=False))


def _f_measure(num_shared: int, num_reference: int, num_hypothesis: int) -> float:
    """2PR / (P + R), which is twice the shared over the sum; 0 where nothing is shared."""
    return 2 * num_shared / (num_reference + num_hypothesis) if num_shared else 0.0
