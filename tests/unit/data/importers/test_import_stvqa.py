import json
from dataclasses import replace

import pytest

from spatialrl.types import Relation, SceneGraph, SceneObject
from tests.unit.data.importers.sources import imported, picture, put_parquet

SCENE = {
    "objects": [{"id": "man.1", "bbox": [1, 2, 20, 25]}, {"id": "bike.1", "bbox": [10, 5, 38, 30]}],
    "relationships": [{"subject": "man.1", "predicate": "behind", "object": "bike.1"}],
}


def row(scene: dict = SCENE, **changes):
    """With exactly the published columns."""
    scene_text = f"<scene>{json.dumps(scene)}</scene>\n"
    return {
        "image_id": "2400861",
        "images": {"bytes": picture(), "path": None},
        "problem": "<image> You are ... Image size: (40 x 30)\n\nNow answer ...\n\nQ. Where is the man?\nOptions: ...",
        "question_only": "Where is the man relative to the bike?",
        "question_with_options": "Where is the man relative to the bike?\nOptions:\n(A) behind\n(B) in front",
        "options": ["behind", "in front"],
        "answer": f"{scene_text}<answer>A</answer>",
        "answer_only": "A",
        "answer_text": f"{scene_text}<answer>behind</answer>",
        "answer_text_only": "behind",
        "answer_option_text": f"{scene_text}<answer>(A) behind</answer>",
        "answer_option_text_only": "(A) behind",
        "category": "relation",
        "level": "medium",
        "rating": 7,
    } | changes


def test_a_row_becomes_a_choice_with_its_scene(tmp_path):
    task = imported("stvqa", put_parquet(tmp_path / "train-00000-of-00001.parquet", [row()])).task
    assert task.id == "train-00000-of-00001.parquet:1"
    assert task.question == "Where is the man relative to the bike?"
    assert (task.options, task.answer, task.answer_kind) == (("behind", "in front"), "A", "choice")
    assert task.scene == SceneGraph(
        objects=(SceneObject(id="man.1", bbox=(1, 2, 20, 25)), SceneObject(id="bike.1", bbox=(10, 5, 38, 30))),
        relationships=(Relation(subject="man.1", predicate="behind", object="bike.1"),),
        frame="pixels",
    )
    assert (task.family, task.scene_id, task.source) == ("relation", "2400861", "STVQA-7K")
    assert task.extra == {"image_id": "2400861", "level": "medium", "rating": "7"}


def test_the_embedded_image_is_written_as_it_is(tmp_path):
    result = imported("stvqa", put_parquet(tmp_path / "train.parquet", [row(), row(image_id="2")]))
    (path,) = (result.folder / "media").rglob("*.png")
    assert path.read_bytes() == picture()
    medium = result.tasks()[0].media[0]
    assert (medium.path, medium.width, medium.height, medium.sha256) == (str(path), 40, 30, path.stem)


def test_a_folder_with_train_and_val_gives_two_splits(tmp_path):
    put_parquet(tmp_path / "stvqa/data/train-00000-of-00001.parquet", [row()])
    put_parquet(tmp_path / "stvqa/data/val-00000-of-00001.parquet", [row(image_id="2")])
    result = imported("stvqa", tmp_path / "stvqa")
    assert [len(result.tasks(split)) for split in ("train", "validation", "test")] == [1, 1, 0]
    assert result.tasks("validation")[0].split == "validation"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"answer": "<answer>C</answer>"}, "answer"),
        ({"answer_only": "B"}, "answer"),
        ({"answer_text_only": "beside"}, "answer"),
        ({"answer": "<scene>{objects}</scene><answer>A</answer>"}, "scene"),
        ({"scene": {"objects": [{"id": "man.1", "bbox": [1, 2, 41, 25]}], "relationships": []}}, "box"),
        ({"scene": {**SCENE, "objects": SCENE["objects"][:1]}}, "scene"),
        ({"question_only": " "}, "fields"),
        ({"images": {"bytes": picture()[:60], "path": None}}, "corrupt media"),
        ({"options": ["behind"]}, "answer"),
    ],
)
def test_a_bad_row_is_dropped_with_its_reason_and_the_good_one_stays(tmp_path, change, kind):
    result = imported("stvqa", put_parquet(tmp_path / "train.parquet", [row(**change), row(image_id="2")]))
    assert [error for _, error in result.rejected] == [kind]
    assert result.task.scene_id == "2"


def test_nothing_but_the_forms_of_the_answer_and_the_prompt_is_left_out(tmp_path):
    """Every column is in the task, or can be made from it."""
    task = imported("stvqa", put_parquet(tmp_path / "train.parquet", [row()])).task
    lettered = [f"({letter}) {option}" for letter, option in zip("AB", task.options, strict=True)]
    assert row()["question_with_options"] == "\n".join([task.question, "Options:", *lettered])
    assert row()["answer_option_text_only"] == lettered[0]
    assert replace(task, media=()) != task
