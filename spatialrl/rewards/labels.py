"""How alike object names are. A measure compares two lists of labels at once and gives a table, because pair by pair is
the slow way. Adding one is one function and one line in `SIMILARITIES`; heavy back-ends load when they are first used.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from spatialrl.errors import ConfigError
from spatialrl.rewards.lexical import lexical

Similarity = Callable[[Sequence[str], Sequence[str]], np.ndarray]
"""N and M normalised labels to (N, M): 1 for equal labels, about 0 for unrelated ones. Cosines of vectors may be slightly
negative."""
Tables = Callable[[np.ndarray, np.ndarray], np.ndarray]

SPACY_MODEL = "en_core_web_md"
MAX_CACHED = 4096
MAX_TABLE = 65_536
"""Pairs of labels that are measured at once; scenes that have little in common are measured one by one."""
MAX_LABEL = 100
"""Characters; what is longer is compared by its beginning."""


def label(object_id: str) -> str:
    """`Fire_Hydrant.2` -> `fire hydrant`."""
    name = object_id.partition(".")[0]
    return name.lower().replace("_", " ").replace("-", " ").strip()


def exact(a: Sequence[str], b: Sequence[str]) -> np.ndarray:
    codes: dict[str, int] = {}
    first, second = ([codes.setdefault(name, len(codes)) for name in names] for names in (a, b))
    return np.equal.outer(first, second).astype(np.float64)


def label_similarity(name: str, *, model: str = "") -> Similarity:
    """The measure called `name`. `model` is the folder that `embedding` reads; `spacy` takes one in place of its own."""
    if name not in SIMILARITIES:
        raise ConfigError(f"The label similarity is {name!r}; choose one of {', '.join(SIMILARITIES)}.")
    return SIMILARITIES[name](model)


def similarity_tables(labels: Sequence[str], true_labels: Sequence[str], measure: Similarity) -> Tables:
    """Makes (scenes, N, M) of codes (scenes, N) and (scenes, M), which are indices of labels.

    What scenes have in common is measured once; scenes that have little in common are measured in halves.
    """
    if len(labels) * len(true_labels) <= MAX_TABLE:
        likeness = measure(labels, true_labels)
        return lambda codes, true_codes: likeness[codes[:, :, None], true_codes[:, None, :]]

    def tables(codes: np.ndarray, true_codes: np.ndarray) -> np.ndarray:
        (codes, some), (true_codes, others) = _trimmed(codes, labels), _trimmed(true_codes, true_labels)
        half = len(codes) // 2
        if half and len(some) * len(others) > MAX_TABLE:
            both = similarity_tables(some, others, measure)
            return np.concatenate([both(codes[:half], true_codes[:half]), both(codes[half:], true_codes[half:])])
        return measure(some, others)[codes[:, :, None], true_codes[:, None, :]]

    return tables


def _trimmed(codes: np.ndarray, labels: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Without the labels that do not occur."""
    used = np.unique(codes)
    return np.searchsorted(used, codes), [labels[int(code)] for code in used]


class Vocabulary(dict[str, int]):
    """Object id to the index of its label."""

    def __init__(self) -> None:
        self.indices: dict[str, int] = {}

    @property
    def labels(self) -> list[str]:
        return list(self.indices)

    def __missing__(self, object_id: str) -> int:
        self[object_id] = index = self.indices.setdefault(label(object_id), len(self.indices))
        return index


@cache
def _spacy(model: str) -> Similarity:
    """Cosine of mean word vectors: 1 for equal labels even if no word has a vector, else 0 where one label has none."""
    pipeline = _load_spacy(model or SPACY_MODEL)
    vector = lru_cache(MAX_CACHED)(lambda name: np.asarray(pipeline(name).vector, dtype=np.float64))
    return lambda a, b: _cosines(_rows(vector, a), _rows(vector, b), equal=exact(a, b))


@cache
def _embedding(model: str) -> Similarity:
    """Cosine of sentence embeddings."""
    encoder = _load_encoder(model)
    vector = lru_cache(MAX_CACHED)(lambda name: np.asarray(encoder.encode(name), dtype=np.float64))
    return lambda a, b: _cosines(_rows(vector, a), _rows(vector, b), equal=exact(a, b))


def _load_spacy(model: str) -> Any:
    try:
        return import_module("spacy").load(model, disable=["parser", "ner", "tagger"])
    except (ImportError, OSError) as error:
        raise ConfigError(
            f"The label similarity `spacy` needs spaCy and its model {model}, and they can't be loaded ({error}); "
            f"run `pip install 'spatialrl[similarity]' && python -m spacy download {SPACY_MODEL}`, or choose `lexical`."
        ) from error


def _load_encoder(folder: str) -> Any:
    if not folder or not Path(folder).is_dir():
        raise ConfigError(
            f"The label similarity `embedding` needs similarity_model, the folder of a sentence-transformers model; "
            f"{folder!r} is no folder."
        )
    try:
        return import_module("sentence_transformers").SentenceTransformer(folder, device="cpu")
    except (ImportError, OSError, ValueError) as error:
        raise ConfigError(
            f"The label similarity `embedding` can't load {folder} ({error}); run `pip install 'spatialrl[similarity]'`, "
            f"and check that the folder holds such a model, or choose `lexical`."
        ) from error


def _rows(vector: Callable[[str], np.ndarray], names: Sequence[str]) -> np.ndarray:
    return np.stack([vector(name[:MAX_LABEL]) for name in names]) if names else np.zeros((0, 1))


def _cosines(a: np.ndarray, b: np.ndarray, *, equal: np.ndarray) -> np.ndarray:
    """Of rows; 0 where a row is all zeros. Equal labels are 1 whatever their vectors."""
    if not equal.size:
        return equal
    lengths = np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))
    cosines = (a @ b.T) / np.where(lengths > 0, lengths, 1.0)
    return np.where(equal > 0, 1.0, cosines)


SIMILARITIES: dict[str, Callable[[str], Similarity]] = {
    "exact": lambda _: exact,
    "lexical": lambda _: lexical,
    "spacy": _spacy,
    "embedding": _embedding,
}
"""Name to a function that makes the measure from a model folder, which the first two do without."""
