import hashlib
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from spatialrl.data import pool
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.errors import UserError
from spatialrl.generators import GENERATORS
from spatialrl.scenes import build
from spatialrl.scenes.make import IMAGE_FAMILIES, VIDEO_FAMILIES, make_scenes

GOLDEN = "2bca6ff245ef6d75bd331f0d68c1ea3b694b76493b65c1c2283f5637c5589d23"
TINY = {"num_train": 4, "num_validation": 1, "num_test": 1, "image_size": 48, "depth": True, "progress": False}
EASY = {"layout": "stage", "max_objects": 3, "families": ["relation", "relative_depth", "position"]}


def make(folder: Path, **arguments) -> Path:
    make_scenes(folder, **{"seed": 1, **TINY, **arguments})
    return folder


def digest(folder: Path) -> str:
    """Of names and bytes of all files; the version of the library that parquet files name is left out."""
    total = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        data = re.sub(rb"parquet-cpp-arrow version [\d.]+", b"", file.read_bytes())
        total.update(file.relative_to(folder).as_posix().encode() + hashlib.sha256(data).digest())
    return total.hexdigest()


@pytest.fixture(scope="module")
def easy(tmp_path_factory):
    """The layout for small images."""
    folder = tmp_path_factory.mktemp("easy") / "scenes"
    return read_tasks(make(folder, num_train=60, image_size=64, depth=False, **EASY) / "train.parquet")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rooms") / "scenes"
    make(folder, num_train=50, num_test=6, image_size=64, questions_per_scene=5)
    return folder


def right_option(task):
    return task.options["ABCDEFGH".index(task.answer)]


def test_the_same_seed_gives_the_same_bytes_on_any_machine(tmp_path):
    assert digest(make(tmp_path / "a")) == GOLDEN


def test_another_seed_gives_other_scenes(tmp_path):
    assert digest(make(tmp_path / "a", seed=2)) != GOLDEN


def test_other_processes_without_wide_vector_units_make_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "PARALLEL_FROM", 1)
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "AVX2 FMA3 AVX512F")
    assert digest(make(tmp_path / "a")) == GOLDEN


def test_a_folder_can_be_moved(tmp_path):
    make(tmp_path / "a").rename(tmp_path / "b")
    assert validate(tmp_path / "b") == []


def test_what_is_made_is_valid(rooms):
    assert validate(rooms) == []


def test_every_family_is_asked(rooms):
    assert {task.family for task in read_tasks(rooms / "train.parquet")} == set(IMAGE_FAMILIES)


def test_videos_bring_their_own_families(tmp_path):
    folder = make(tmp_path / "a", num_train=0, num_test=0, num_validation=2, videos=2, questions_per_scene=5)
    tasks = [t for t in read_tasks(folder / "validation.parquet") if t.modality == "video"]
    assert {task.family for task in tasks} >= {"video_counting", "absolute_distance", "room_size"}
    assert {task.family for task in tasks} <= set(VIDEO_FAMILIES)
    assert tasks[0].media[0].frames is not None
    assert validate(folder) == []


def test_the_other_splits_get_videos_in_proportion(tmp_path):
    folder = make(tmp_path / "a", num_train=4, num_test=2, num_validation=1, videos=2)
    assert [len(list(folder.glob(f"media/{s}/*.mp4"))) for s in ("train", "test", "validation")] == [2, 1, 1]


def test_splits_share_no_scene(rooms):
    scenes = [{task.scene_id for task in read_tasks(rooms / f"{s}.parquet")} for s in ("train", "validation", "test")]
    assert sum(map(len, scenes)) == len(set.union(*scenes)) >= 50


def test_right_options_are_at_each_letter_equally_often(easy):
    """For every answer on its own, so that the order of the options tells nothing."""
    letters = defaultdict(Counter)
    for task in easy:
        answer = "" if task.family == "relative_depth" else right_option(task)
        letters[task.family, len(task.options), answer][task.answer] += 1
    for (_, num_options, _), counts in letters.items():
        if sum(counts.values()) >= num_options:
            assert len(counts) == num_options
            assert max(counts.values()) - min(counts.values()) <= 2


def test_right_answers_in_words_are_balanced(easy):
    """Any constant answer is as good as a guess."""
    words = defaultdict(Counter)
    for task in easy:
        if task.family != "relative_depth":
            words[tuple(sorted(task.options))][right_option(task)] += 1
    assert {len(options) for options in words} == {2, 3, 4}
    for counts in words.values():
        assert max(counts.values()) - min(counts.values()) <= 1 or sum(counts.values()) <= 2


def test_which_thing_is_named_first_does_not_tell_the_answer(easy):
    nearer = [task for task in easy if task.family == "relative_depth"]
    first = sum(task.question.index(right_option(task)) < 40 for task in nearer)
    assert abs(2 * first - len(nearer)) <= 1


def test_the_kinds_that_are_named_do_not_tell_the_answer(easy):
    """For each pair of kinds, either of the two is nearer equally often."""
    nearer = defaultdict(Counter)
    for task in easy:
        if task.family == "relative_depth":
            kinds = tuple(sorted(option.split()[-1] for option in task.options))
            if kinds[0] != kinds[1]:
                nearer[kinds][right_option(task).split()[-1]] += 1
    assert len(nearer) >= 3
    assert all(abs(counts[kinds[0]] - counts[kinds[1]]) <= 1 for kinds, counts in nearer.items())


def test_a_demonstration_has_its_four_blocks_once_and_in_order(rooms):
    blocks = r"<observe>[^<]+</observe>\n<scene>(.+)</scene>\n<think>.+</think>\n<answer>(.+)</answer>"
    for task in read_tasks(rooms / "train.parquet"):
        match = re.fullmatch(blocks, task.demonstration)
        assert match, task.demonstration
        scene = json.loads(match[1])
        assert scene.keys() == {"objects", "relationships"}
        assert task.scene is not None
        assert [(item["id"], tuple(item["bbox"])) for item in scene["objects"]] == [
            (item.id, item.bbox) for item in task.scene.objects
        ]
        assert all(re.fullmatch(r"[a-zA-Z_]+\.\d+", item["id"]) for item in scene["objects"])
        assert match[2] == (f"({task.answer}) {right_option(task)}" if task.options else task.answer)


def test_the_objects_of_a_question_are_those_it_names(rooms):
    for task in read_tasks(rooms / "train.parquet"):
        if task.family in ("relation", "relative_depth", "relative_distance"):
            assert task.scene is not None
            names = [item.id.split(".")[0].replace("_", " ") for item in task.scene.objects]
            places = [task.question.index(name) for name in names]
            assert places == sorted(places)


def test_a_depth_map_lies_beside_each_image(tmp_path):
    (task, *_) = read_tasks(make(tmp_path / "a") / "train.parquet")
    assert [medium.kind for medium in task.media] == ["image", "depth"]
    assert task.modality == "image"


def test_a_folder_that_is_there_is_not_touched(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        make(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_an_error_on_the_way_leaves_nothing(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no luck")

    monkeypatch.setattr(build, "ask", fail)
    with pytest.raises(RuntimeError, match="no luck"):
        make(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"families": ["colour"]}, "families has 'colour'; there are: relation, "),
        ({"families": ["room_size"]}, "nothing to ask about images"),
        ({"families": ["relation"], "videos": 1}, "nothing to ask about videos"),
        ({"min_objects": 5, "max_objects": 3}, "min_objects is 5 but max_objects is 3"),
        ({"max_objects": 9}, "layout room has place for 8"),
        ({"layout": "attic"}, "layout is 'attic'; there are: room, stage"),
        ({"image_size": 49}, "image_size is 49; it must be even"),
        ({"num_test": -1}, "can't have -1 images"),
        ({"questions_per_scene": 0}, "ask for at least 1"),
        ({"options": "few"}, "options is 'few'; there are: shuffled, fixed, none"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence(tmp_path, arguments, sentence):
    with pytest.raises(UserError, match=sentence):
        make(tmp_path / "a", **arguments)


def test_without_options_the_answer_is_the_words(tmp_path):
    tasks = read_tasks(make(tmp_path / "a", options="none", families=["position"], num_train=20) / "train.parquet")
    assert {(task.options, task.answer_kind) for task in tasks} == {((), "text")}
    assert {task.answer for task in tasks} <= {
        "left",
        "middle",
        "right",
        *(f"{a} {b}" for a in ("top", "bottom") for b in ("left", "right")),
    }
    assert all(task.demonstration.endswith(f"<answer>{task.answer}</answer>") for task in tasks)


def test_the_generator_is_listed():
    assert GENERATORS["scenes"] is make_scenes
