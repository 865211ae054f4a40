import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from spatialrl.compose import load_config
from spatialrl.contrasts.mirror import mirrored
from spatialrl.data import verbs
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.errors import DataError, UserError
from spatialrl.generators import GENERATORS
from spatialrl.generators.spatial_3d.make import make_spatial_3d
from spatialrl.generators.spatial_3d.questions import FAMILIES as KINDS
from spatialrl.generators.spatial_3d.recipe import FAMILIES
from spatialrl.generators.spatial_3d.rooms import draw_scene
from spatialrl.rewards import REWARDS
from spatialrl.rewards.process_truth import places
from spatialrl.types import LETTERS, Completion, Scored
from tests.unit.generators.folders import digest, killed_after
from tests.unit.generators.spatial_3d.truths import detection, write_truth

COUNTS = {"num_sft": 8, "num_train": 24, "num_validation": 4, "num_test": 4}
QUIET = {"progress": False, "image_size": 96}
FILES = ("sft", "train", "validation", "test")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "spatial_3d"
    make_spatial_3d(folder, seed=1, processes=1, **COUNTS, **QUIET)
    return folder


@pytest.fixture(scope="module")
def rows(made):
    return {file: read_tasks(made / f"{file}.parquet") for file in FILES}


@pytest.fixture(scope="module")
def reward():
    overrides = ["reward=spatialreasoner", "data.train=a", "data.test=b", "model.path=c"]
    config = load_config(overrides).reward

    def score(task, text):
        found = REWARDS[config.name](task, Completion(prompt_ids=(), token_ids=(), text=text), **config.args)
        assert isinstance(found, Scored)
        return found.reward

    return score


def test_every_row_is_valid_and_every_family_is_asked(made, rows):
    assert validate(made) == []
    assert {task.family for task in rows["train"]} == set(FAMILIES) == set(KINDS)


def test_every_chain_of_thought_earns_full_marks(rows, reward):
    for task in (task for file in FILES for task in rows[file]):
        assert reward(task, task.demonstration) == pytest.approx(1.0), task.demonstration
        completion = Completion(prompt_ids=(), token_ids=(), text=task.demonstration)
        compat = REWARDS["spatialreasoner_compat"](task, completion, rewards=["accuracy", "format", "process"])
        assert isinstance(compat, Scored)
        assert compat.reward == pytest.approx(3.0), task.demonstration


def test_places_that_are_not_those_of_the_scene_cost_the_process_part(rows, reward):
    """All x and z are off by 5 m: still consistent, and not grounded."""
    moved = 0
    for task in rows["train"]:
        if task.family == "height_higher":
            text = re.sub(r"\((-?\d+\.\d+),", lambda found: f"({float(found[1]) + 5:.2f},", task.demonstration)
            assert reward(task, text) == pytest.approx(0.7)
            moved += 1
    assert moved > 4


def test_no_scene_is_in_two_files(rows):
    scenes = [{task.scene_id for task in rows[file]} for file in FILES]
    assert sum(map(len, scenes)) == len(set.union(*scenes))
    assert {task.split for task in rows["sft"]} == {"train"}


def test_answers_are_balanced(rows):
    """Commonest letter and commonest answer of each family stay near chance."""
    letters: dict[str, Counter] = defaultdict(Counter)
    words: dict[str, Counter] = defaultdict(Counter)
    for task in rows["train"]:
        letters[task.family][task.answer] += 1
        named = [option for option in task.options if option[4:] in task.question and option.startswith("the ")]
        words[task.family][named.index(task.answer_text) if len(named) == 2 else task.answer_text] += 1
    chance = 0.0
    for family, counts in letters.items():
        total, options = counts.total(), len(next(task for task in rows["train"] if task.family == family).options)
        assert max(counts.values()) <= total / options + 2, (family, counts)
        assert max(words[family].values()) <= total / options + 3, (family, words[family])
        chance += total / options
    guessed = sum(max(counts.values()) for counts in letters.values())
    assert guessed / len(rows["train"]) < chance / len(rows["train"]) + 0.05


def test_every_question_is_asked_about_the_mirrored_image_too(rows):
    by_id = {task.id: task for task in rows["train"]}
    pairs = [(task, by_id[f"{name}-mirrored"]) for name, task in by_id.items() if f"{name}-mirrored" in by_id]
    assert 2 * len(pairs) == len(by_id)
    turned = Counter()
    for task, other in pairs:
        assert other.media[0].mirrored
        assert task.question == other.question
        sides = {"on the left": "on the right", "on the right": "on the left", "left": "right", "right": "left"}
        assert other.answer_text == sides.get(task.answer_text, task.answer_text)
        turned[other.answer_text != task.answer_text] += 1
        image = mirrored(task)
        assert image is not None
        assert image.scene == other.scene
        assert image.objects_3d == other.objects_3d
    assert turned[True] >= 5


def test_without_flips_no_image_is_mirrored(tmp_path):
    make_spatial_3d(
        tmp_path / "made",
        seed=1,
        processes=1,
        num_sft=0,
        num_train=3,
        num_validation=0,
        num_test=0,
        flips=False,
        **QUIET,
    )
    tasks = read_tasks(tmp_path / "made/train.parquet")
    assert tasks
    assert not any(task.media[0].mirrored for task in tasks)


def test_drawn_places_are_those_that_the_reward_compares_with(tmp_path):
    scene = draw_scene("one", "one.png", folder=tmp_path, image_size=96, max_things=8)
    true = places(scene.objects_3d)
    assert scene.things
    for thing in scene.things:
        assert true[thing.id] == pytest.approx(thing.place, abs=0.002)


def test_what_two_processes_began_before_they_were_killed_one_finishes_with_the_same_bytes(made, tmp_path):
    folder, size = tmp_path / "spatial_3d", QUIET["image_size"]
    begun = killed_after(5, "spatial_3d", folder, seed=1, image_size=size, **COUNTS)
    make_spatial_3d(folder, seed=1, processes=1, **COUNTS, **QUIET)
    assert digest(folder) == digest(made)
    assert len(begun.names) >= 5
    for name in begun.names:
        _, _, file, number = name.split("-")
        assert begun.is_kept(folder, f"media/{file}/{number}.png")


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """Ten photographs; in each another chair, so that every answer comes up."""
    folder = tmp_path_factory.mktemp("truth")
    for number in range(10):
        write_truth(
            folder / "images",
            f"{number:02d}",
            detection("chair", (1.2, 0.4, 3.0), yaw_degrees=90 * number),
            detection("dog", (-1.2, 0.3, 4.5), yaw_degrees=90 * (number // 4)),
            detection("lamp", (0.1, 1.6, 6.5)),
            detection("cup", (2.6, 0.8, 2.0), confidence=0.2),
            colour=number,
        )
    (folder / "images/bad.json").write_text("{}")
    (folder / "images/same.json").write_text((folder / "images/00.json").read_text())
    return folder / "images"


def made_of(truth, folder, **arguments):
    counts = {"num_sft": 3, "num_train": 5, "num_validation": 0, "num_test": 4}
    make_spatial_3d(folder, source=str(truth), seed=1, processes=1, progress=False, **{**counts, **arguments})
    return [task for file in ("sft", "train", "test") for task in read_tasks(folder / f"{file}.parquet")]


def test_pseudo_truth_gives_rows_that_earn_full_marks(truth, tmp_path, reward):
    tasks = made_of(truth, tmp_path / "made", questions_per_scene=6)
    assert validate(tmp_path / "made") == []
    assert len({task.family for task in tasks}) >= 8
    for task in tasks:
        assert reward(task, task.demonstration) == pytest.approx(1.0), task.demonstration
        assert Path(task.media[0].path).parent == truth


def test_what_nothing_is_asked_about_is_told(truth, tmp_path):
    made_of(truth, tmp_path / "made")
    told = [json.loads(line) for line in (tmp_path / "made/rejected.jsonl").read_text().splitlines()]
    reasons = Counter((line["what"], line["reason"].partition(":")[0][:34]) for line in told)
    assert reasons["cup", "its confidence is 0.20"] == 10
    assert reasons["", "it is not 3D pseudo ground truth"] == 1
    assert (
        reasons["", "it shows the same as spatial_3d-00"[:34]] + reasons["", "it shows the same as spatial_3d-sa"] == 1
    )


def test_media_can_be_copied(truth, tmp_path):
    tasks = made_of(truth, tmp_path / "made", media="copy")
    assert all(Path(task.media[0].path).is_relative_to(tmp_path / "made/media") for task in tasks)
    (tmp_path / "made").rename(tmp_path / "moved")
    assert validate(tmp_path / "moved") == []


def test_a_scene_of_pseudo_truth_is_in_one_file_and_files_share_in_proportion(truth, tmp_path):
    made_of(truth, tmp_path / "made")
    scenes = [
        {task.scene_id for task in read_tasks(tmp_path / f"made/{file}.parquet")} for file in ("sft", "train", "test")
    ]
    assert sum(map(len, scenes)) == len(set.union(*scenes))


def test_the_classes_with_a_front_can_be_said(truth, tmp_path):
    families = ["orientation_viewpoint"]
    tasks = made_of(truth, tmp_path / "made", fronted=["dog"], families=families)
    assert {task.scene.objects[0].id for task in tasks if task.scene} == {"dog.1"}
    with pytest.raises(DataError, match=r"No scene of sft\.parquet gave a question .* Most often: "):
        made_of(truth, tmp_path / "other", fronted=["horse"], families=families)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"source": "nowhere"}, "source is nowhere, which is no folder"),
        ({"num_train": -1}, "num_train is -1"),
        ({"num_sft": 0, "num_train": 0, "num_validation": 0, "num_test": 0}, "No scenes are asked for"),
        ({"families": ["facing"]}, "families has 'facing'; there are: height_higher"),
        ({"questions_per_scene": 0}, "questions_per_scene is 0"),
        ({"media": "link"}, "media is 'link'; there are: reference, copy"),
        ({"image_size": 31}, "image_size is 31"),
        ({"max_objects": 9}, "max_objects is 9"),
        ({"min_confidence": 2}, "min_confidence is 2"),
        ({"max_distance": 0}, "max_distance is 0"),
        ({"processes": -1}, "processes is -1"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence(tmp_path, arguments, sentence):
    with pytest.raises(UserError, match=sentence):
        make_spatial_3d(tmp_path / "made", seed=1, progress=False, **arguments)
    assert not (tmp_path / "made").exists()


def test_a_source_needs_as_many_scenes_as_files(tmp_path):
    write_truth(tmp_path / "truth", "one", detection("cup", (0.0, 0.8, 2.0)))
    with pytest.raises(DataError, match="has 1 scenes for 4 files"):
        make_spatial_3d(tmp_path / "made", seed=1, source=str(tmp_path / "truth"), progress=False)


def test_the_command_line_makes_3d_questions(tmp_path, capsys):
    words = [f"folder={tmp_path / 'made'}", "num_sft=0", "num_train=2", "num_validation=0", "num_test=0"]
    verbs.data(["make=spatial_3d", *words, "image_size=96", "progress=false", "families=[height_higher]"])
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 'made'}\n"
    assert re.search(r"spatial_3d: \d+ rows; 2 scenes looked at in .* rows/s\.", told.err)
    assert {task.family for task in read_tasks(tmp_path / "made/train.parquet")} == {"height_higher"}
    assert GENERATORS["spatial_3d"] is make_spatial_3d


def test_answers_are_letters_of_their_options(rows):
    for task in rows["train"]:
        assert task.answer in LETTERS[: len(task.options)]
        assert task.demonstration.endswith(f"<answer>({task.answer}) {task.answer_text}</answer>")
