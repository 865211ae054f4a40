import sys
from types import SimpleNamespace

import numpy as np
import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards import labels
from spatialrl.rewards.labels import SIMILARITIES, Vocabulary, exact, label, label_similarity, similarity_tables

VECTORS = {"cat": (1.0, 0.0), "kitten": (0.8, 0.6), "road": (0.0, 1.0), "zzz": (0.0, 0.0), "qqq": (0.0, 0.0)}


class FakeEncoder:
    """Stands for a pipeline of spaCy and for a sentence-transformers model."""

    def __init__(self, path, disable=()):
        self.seen = []

    def __call__(self, name):
        self.seen.append(name)
        return SimpleNamespace(vector=VECTORS[name])

    def encode(self, name):
        return self(name).vector


@pytest.fixture(autouse=True)
def _nothing_loaded_before():
    labels._spacy.cache_clear()
    labels._embedding.cache_clear()


def test_a_label_is_the_id_without_number_case_and_dashes():
    assert label("Fire_Hydrant.2") == label("fire-hydrant.11") == "fire hydrant"


def test_exact_similarity_is_all_or_nothing():
    assert exact(["red cube", "cup"], ["cup", "red cub", "red cube"]).tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize("name", ["exact", "lexical"])
def test_a_measure_gives_a_row_for_each_of_the_first_and_a_column_for_each_of_the_second(name):
    measure = label_similarity(name)
    assert measure(["a", "b"], ["a", "b", "c"]).shape == (2, 3)
    assert measure([], ["a"]).shape == (0, 1)
    assert measure(["a"], []).shape == (1, 0)


def coded(names: list[list[str]]) -> tuple[list[str], np.ndarray]:
    vocabulary = Vocabulary()
    codes = np.array([[vocabulary[name] for name in scene] for scene in names])
    return vocabulary.labels, codes


def tables_of(names: list[list[str]], true_names: list[list[str]]) -> np.ndarray:
    (labels, codes), (true_labels, true_codes) = coded(names), coded(true_names)
    return similarity_tables(labels, true_labels, exact)(codes, true_codes)


def test_scenes_are_measured_by_what_they_hold():
    tables = tables_of([["cup.1", "hat.1"], ["hat.3", "pen.1"]], [["cup.7"], ["pen.2"]])
    assert tables.tolist() == [[[1], [0]], [[0], [1]]]


def test_many_scenes_with_nothing_in_common_give_the_same_as_each_alone():
    names = [[f"thing{i}x{j}.1" for j in range(8)] for i in range(64)]
    tables = tables_of(names, names)
    assert tables.shape == (64, 8, 8)
    assert (tables == np.eye(8)).all()


def test_labels_are_measured_together_only_where_they_are_few(monkeypatch):
    monkeypatch.setattr(labels, "MAX_TABLE", 100)
    sizes = []

    def measure(a, b):
        sizes.append(len(a) * len(b))
        return exact(a, b)

    known, codes = coded([[f"thing{i}x{j}" for j in range(8)] for i in range(64)])
    assert (similarity_tables(known, known, measure)(codes, codes) == np.eye(8)).all()
    assert sizes == [64] * 64


def test_an_unknown_similarity_is_named_with_the_choices():
    with pytest.raises(ConfigError, match=r"'spicy'.*exact, lexical, spacy, embedding"):
        label_similarity("spicy")


def test_spacy_measures_the_cosine_of_its_vectors(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", SimpleNamespace(load=FakeEncoder))
    table = label_similarity("spacy")(["cat", "zzz", "zzz"], ["kitten", "road", "zzz"])
    # Equal labels are 1 without a vector, different ones 0 without a vector.
    assert table[0] == pytest.approx([0.8, 0.0, 0.0])
    assert table[1] == pytest.approx([0.0, 0.0, 1.0])


def test_embedding_measures_the_cosine_of_its_vectors_and_asks_once_for_each_label(monkeypatch, tmp_path):
    made = []
    module = SimpleNamespace(SentenceTransformer=lambda path, device: made.append(FakeEncoder(path)) or made[-1])
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    for _ in range(2):
        measure = label_similarity("embedding", model=str(tmp_path))
        assert measure(["cat", "cat"], ["kitten"]) == pytest.approx(np.array([[0.8], [0.8]]))
    assert len(made) == 1
    assert made[0].seen == ["cat", "kitten"]


def test_a_missing_back_end_is_one_sentence_with_a_way_out(monkeypatch, tmp_path):
    for module in ("spacy", "sentence_transformers"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=r"spatialrl\[similarity\].*spacy download.*lexical"):
        label_similarity("spacy")
    with pytest.raises(ConfigError, match=r"spatialrl\[similarity\].*lexical"):
        label_similarity("embedding", model=str(tmp_path))


@pytest.mark.parametrize("folder", ["", "no/such/folder"])
def test_an_embedding_without_its_folder_says_which_option_is_missing(folder):
    with pytest.raises(ConfigError, match="similarity_model"):
        label_similarity("embedding", model=folder)


def test_every_similarity_has_a_name():
    assert list(SIMILARITIES) == ["exact", "lexical", "spacy", "embedding"]
