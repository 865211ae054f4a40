"""The similarities that need a library, with the real library and tiny models made here."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import spacy
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, BertTokenizer

from spatialrl.errors import ConfigError
from spatialrl.rewards.labels import label_similarity
from spatialrl.rewards.spatialthinker import scene_boxes
from spatialrl.types import Completion, SceneGraph, SceneObject
from tests.fakes import make_image, make_task

VECTORS = {"cup": (1, 0, 0), "mug": (4, 3, 0), "fire": (0, 1, 0), "hydrant": (0, 0, 1), "pump": (0, 3, 4)}
"""By hand: cup and mug 4/5; the mean of fire and hydrant and pump (3 + 4) / (5 * sqrt(2))."""
WORDS = ["cup", "mug", "fire", "hydrant", "lamp"]


@pytest.fixture(scope="module")
def spacy_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    pipeline = spacy.blank("en")
    for word, vector in VECTORS.items():
        pipeline.vocab.set_vector(word, np.array(vector, dtype=np.float32))  # type: ignore[arg-type]
    folder = tmp_path_factory.mktemp("spacy") / "model"
    pipeline.to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    bert, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("encoder") / "model"
    vocabulary = bert / "words.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))
    BertTokenizer(vocab=str(vocabulary)).save_pretrained(bert)
    torch.manual_seed(1)
    sizes = {"vocab_size": 5 + len(WORDS), "hidden_size": 16, "intermediate_size": 16, "initializer_range": 0.5}
    BertModel(BertConfig(num_hidden_layers=1, num_attention_heads=2, **sizes)).save_pretrained(bert)
    words = Transformer(str(bert))
    SentenceTransformer(modules=[words, Pooling(16, "mean")], device="cpu").save(str(folder))
    return str(folder)


def embedded(folder: str, texts: Sequence[str]) -> np.ndarray:
    """As the model card of any sentence-transformers model says: the mean over the tokens."""
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    with torch.no_grad():
        return np.stack([model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(0) for text in texts])


def test_spacy_is_the_cosine_of_the_mean_word_vectors(spacy_folder: str):
    table = label_similarity("spacy", model=spacy_folder)(["cup", "fire hydrant"], ["mug", "pump", "cup"])
    assert table == pytest.approx(np.array([[0.8, 0, 1], [3 / 5 / 2**0.5, 7 / 5 / 2**0.5, 0]]))


def test_spacy_gives_0_to_words_it_does_not_know_and_1_to_equal_labels(spacy_folder: str):
    table = label_similarity("spacy", model=spacy_folder)(["zyx", "cup"], ["zyx", "wvu", "cup"])
    assert table.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_a_spacy_model_that_is_not_installed_is_a_sentence():
    with pytest.raises(ConfigError, match=r"needs spaCy and its model en_core_web_xxl.*choose `lexical`"):
        label_similarity("spacy", model="en_core_web_xxl")


def test_embedding_is_the_cosine_of_the_sentence_embeddings(encoder_folder: str):
    first, second = ["cup", "fire hydrant"], ["mug", "lamp", "fire hydrant"]
    a, b = embedded(encoder_folder, first), embedded(encoder_folder, second)
    cosines = [[x @ y / np.linalg.norm(x) / np.linalg.norm(y) for y in b] for x in a]
    table = label_similarity("embedding", model=encoder_folder)(first, second)
    assert table == pytest.approx(np.array(cosines), abs=1e-5)
    assert table[1, 2] == 1
    # No two of them are alike: a table of ones would not tell.
    assert np.abs(table[0]).max() < 0.99


def test_a_folder_that_holds_no_encoder_is_a_sentence(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"can't load .*choose `lexical`"):
        label_similarity("embedding", model=str(tmp_path))


def test_a_reward_takes_either_by_name(spacy_folder: str, encoder_folder: str):
    box = "[0, 0, 10, 10]"
    scene = SceneGraph(objects=(SceneObject(id="cup.1", bbox=(0, 0, 10, 10)),), relationships=())
    task = make_task(scene=scene, media=(make_image(size=100),))
    text = f'<scene>{{"objects": [{{"id": "mug.1", "bbox": {box}}}], "relationships": []}}</scene>'
    completion = Completion(prompt_ids=(), token_ids=(), text=text)
    worth = {
        name: scene_boxes(task, completion, similarity=name, similarity_model=folder)
        for name, folder in (("exact", ""), ("spacy", spacy_folder), ("embedding", encoder_folder))
    }
    mug, cup = embedded(encoder_folder, ["mug", "cup"])
    cosine = mug @ cup / np.linalg.norm(mug) / np.linalg.norm(cup)
    assert worth == pytest.approx({"exact": 0, "spacy": 0.8, "embedding": cosine}, abs=1e-5)
