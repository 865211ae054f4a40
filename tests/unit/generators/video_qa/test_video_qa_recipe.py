import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from spatialrl.compose import load_config
from spatialrl.data import verbs
from spatialrl.data.exclusion import excluded_scene, read_exclusion
from spatialrl.data.importers.vsi_questions import UNITS, family_of
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.errors import DataError, UserError
from spatialrl.generators import GENERATORS
from spatialrl.generators.video_qa.build import room_of
from spatialrl.generators.video_qa.families import FAMILIES as KINDS
from spatialrl.generators.video_qa.make import make_video_qa
from spatialrl.generators.video_qa.recipe import FAMILIES
from spatialrl.generators.video_qa.scene import cognitive_map
from spatialrl.generators.video_qa.tours import draw_scene
from spatialrl.rewards import REWARDS
from spatialrl.types import Completion, Scored
from tests.unit.generators.folders import digest, killed_after
from tests.unit.generators.video_qa.layouts import box, info, write_infos, write_scan

COUNTS = {"num_train": 11, "num_validation": 1, "num_test": 1}
QUIET = {"progress": False, "image_size": 64}
SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "video_qa"
    make_video_qa(folder, seed=1, processes=1, **COUNTS, **QUIET)
    return folder


@pytest.fixture(scope="module")
def rows(made):
    return {split: read_tasks(made / f"{split}.parquet") for split in SPLITS}


@pytest.fixture(scope="module")
def reward():
    config = load_config(["reward=spacer", "data.train=a", "data.test=b", "model.path=c"]).reward

    def score(task, text):
        found = REWARDS[config.name](task, Completion(prompt_ids=(), token_ids=(), text=text), **config.args)
        assert isinstance(found, Scored)
        return found.reward

    return score


def test_every_row_is_valid_and_every_family_is_asked(made, rows):
    assert validate(made) == []
    assert {task.family for task in rows["train"]} == set(FAMILIES) == set(KINDS)


def test_questions_are_told_by_their_wording_and_numbers_have_units(rows):
    for task in rows["train"]:
        assert family_of(task.question) == task.family
        assert task.unit == UNITS.get(task.family, "")


def test_a_perfect_oracle_earns_the_full_reward(rows, reward):
    for task in rows["train"]:
        assert reward(task, task.demonstration) == pytest.approx(1.0), task.demonstration


def test_a_wrong_answer_and_a_wrong_map_cost(rows, reward):
    task = next(task for task in rows["train"] if task.family == "object_rel_direction_hard")
    other = "A" if task.answer != "A" else "B"
    assert reward(task, re.sub(r"<answer>.*</answer>", f"<answer>{other}</answer>", task.demonstration)) < 0.1
    in_one_place = re.sub(r"\[\d, \d\]", "[5, 5]", task.demonstration)
    assert reward(task, in_one_place) == pytest.approx(0.8)


def test_the_commonest_answer_stays_near_chance(rows):
    """Of the choices the commonest letter and the commonest words; of the numbers one constant for each family."""
    letters: dict[str, Counter] = defaultdict(Counter)
    words: dict[str, Counter] = defaultdict(Counter)
    for task in rows["train"]:
        if task.options:
            letters[task.family][task.answer] += 1
            words[task.family][task.answer_text] += 1
    for family, counts in letters.items():
        total, options = counts.total(), max(len(t.options) for t in rows["train"] if t.family == family)
        assert max(counts.values()) <= total / options + 3, (family, counts)
        assert max(words[family].values()) <= total / options + 3, (family, words[family])


def test_no_scene_is_in_two_splits(rows):
    scenes = [{task.scene_id for task in rows[split]} for split in SPLITS]
    assert sum(map(len, scenes)) == len(set.union(*scenes))


def test_another_seed_draws_other_rooms(made, tmp_path):
    few = {"num_train": 3, "num_validation": 0, "num_test": 0, "families": ["room_size_estimation"]}
    make_video_qa(tmp_path / "made", seed=2, processes=1, **few, **QUIET)
    videos, others = ({v for k, v in digest(folder).items() if "media" in k} for folder in (made, tmp_path / "made"))
    assert others
    assert not videos & others


def test_drawn_maps_are_those_of_the_renderer(rows, tmp_path):
    scene = draw_scene("one", "one.mp4", folder=tmp_path, image_size=64, max_things=8)
    assert cognitive_map(scene)
    width, length = scene.floor[1]
    for thing, cell in zip(scene.things, cognitive_map(scene), strict=True):
        x, y, _ = thing.block.centre
        assert (cell.column, cell.row) == (int(10 * x / width), int(10 * y / length))
    true = {item.id: item.centre_world for item in scene.objects_3d}
    assert {thing.block.centre for thing in scene.things} <= set(true.values())


def test_what_two_processes_began_before_they_were_killed_one_finishes_with_the_same_bytes(made, tmp_path):
    folder, size = tmp_path / "video_qa", QUIET["image_size"]
    begun = killed_after(3, "video_qa", folder, seed=1, image_size=size, **COUNTS)
    make_video_qa(folder, seed=1, processes=1, **COUNTS, **QUIET)
    assert digest(folder) == digest(made)
    assert len(begun.names) >= 3
    for name in begun.names:
        _, _, file, number = name.split("-")
        assert begun.is_kept(folder, f"media/{file}/{number}.mp4")


PLACES = {
    "bed": (1.0, 1.0),
    "tv": (5.0, 1.2),
    "sofa": (3.0, 4.0),
    "lamp": (1.0, 4.4),
    "desk": (5.4, 3.6),
    "rug": (3.2, 2.2),
}


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Six rooms, the first of which was scanned twice; each is the same furniture, shifted round."""
    root = tmp_path_factory.mktemp("scans")
    names = ["scene0000_00", "scene0000_01", *(f"scene000{number}_00" for number in range(1, 6))]
    infos = {}
    for number, name in enumerate(names):
        write_scan(root / "scannet", name, 40 + 20 * number)
        spots = list(PLACES.values())
        moved = dict(zip(PLACES, spots[number:] + spots[:number], strict=False))
        boxes = {category: [box(*moved.get(category, spots[0]))] for category in PLACES}
        sights = {category: [0.2 * place, 0.2 * place + 0.1] for place, category in enumerate(PLACES)}
        infos[name] = info(boxes | {"chair": [box(7, 0.5), box(7, 2)]}, first_seen=sights)
    write_infos(root / "train.json", infos)
    (root / "val.txt").write_text("# validation scenes\nscene0003_00.mp4\n")
    return root


def made_of(scans, folder, **arguments):
    given = {"seed": 1, "num_train": 4, "num_validation": 1, "num_test": 0, **arguments}
    make_video_qa(folder, source=str(scans / "train.json"), processes=1, progress=False, **given)
    return [task for split in ("train", "validation") for task in read_tasks(folder / f"{split}.parquet")]


def test_meta_info_gives_rows_that_earn_the_full_reward(scans, tmp_path, reward):
    tasks = made_of(scans, tmp_path / "made")
    assert validate(tmp_path / "made") == []
    assert len({task.family for task in tasks}) >= 8
    for task in tasks:
        assert reward(task, task.demonstration) == pytest.approx(1.0), task.demonstration
        assert Path(task.media[0].path).parent == scans / "scannet"
        assert task.extra["dataset"] == "scannet"
        assert len(task.cognitive_map) == 8


def test_excluded_rooms_are_in_no_split(scans, tmp_path):
    scenes = read_exclusion(scans / "val.txt")
    tasks = made_of(scans, tmp_path / "made", exclude=str(scans / "val.txt"))
    assert tasks
    assert [task.id for task in tasks if excluded_scene(task, scenes)] == []
    with_all = made_of(scans, tmp_path / "all", num_train=5)
    assert any(excluded_scene(task, scenes) for task in with_all)


def test_another_scan_of_an_excluded_room_is_excluded_too(scans, tmp_path):
    (tmp_path / "list.txt").write_text("scene0000_01.mp4\n")
    tasks = made_of(scans, tmp_path / "made", exclude=str(tmp_path / "list.txt"))
    assert {task.scene_id for task in tasks}.isdisjoint({"scene0000_00", "scene0000_01"})


def test_an_exclusion_of_everything_is_an_error(scans, tmp_path):
    (tmp_path / "list.txt").write_text("\n".join(f"scene000{number}_00.mp4" for number in range(6)))
    with pytest.raises(DataError, match="is on the exclusion list"):
        made_of(scans, tmp_path / "made", exclude=str(tmp_path / "list.txt"))


@pytest.mark.parametrize("seed", range(4))
def test_scans_of_one_room_stay_together(scans, tmp_path, seed):
    made_of(scans, tmp_path / "made", num_train=3, num_validation=3, seed=seed)
    rooms = [
        {room_of(task.scene_id) for task in read_tasks(tmp_path / f"made/{split}.parquet")}
        for split in ("train", "validation")
    ]
    assert sum(map(len, rooms)) == 6
    assert rooms[0].isdisjoint(rooms[1])


def test_a_scene_without_its_video_is_told(scans, tmp_path):
    infos = json.loads((scans / "train.json").read_text())
    (tmp_path / "videos").mkdir()
    for name in [*infos][1:]:
        write_scan(tmp_path / "videos", name, 90 + len(list((tmp_path / "videos").iterdir())))
    write_infos(tmp_path / "train.json", infos)
    source: dict[str, Any] = {"source": str(tmp_path / "train.json"), "videos": str(tmp_path / "videos")}
    make_video_qa(tmp_path / "made", seed=1, num_train=5, num_validation=1, num_test=0, progress=False, **source)
    told = [json.loads(line) for line in (tmp_path / "made/rejected.jsonl").read_text().splitlines()]
    assert [line["scene"].rpartition("#")[2] for line in told if not line["what"]] == ["scene0000_00"]
    assert "does not exist" in told[0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"source": "nowhere"}, "source is nowhere, which does not exist"),
        ({"videos": "nowhere"}, "videos is nowhere, which is no folder"),
        ({"num_train": -1}, "num_train is -1"),
        ({"num_train": 0, "num_validation": 0, "num_test": 0}, "No rooms are asked for"),
        ({"families": ["direction"]}, "families has 'direction'; there are: object_counting"),
        ({"questions_per_scene": 0}, "questions_per_scene is 0"),
        ({"media": "link"}, "media is 'link'; there are: reference, copy"),
        ({"fps": 0}, "fps is 0"),
        ({"min_frames": 20}, "min_frames is 20 and max_frames is 16"),
        ({"image_size": 31}, "image_size is 31"),
        ({"max_objects": 2}, "max_objects is 2"),
        ({"exclude": "nowhere.txt"}, "The exclusion list nowhere.txt does not exist"),
        ({"processes": -1}, "processes is -1"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence(tmp_path, arguments, sentence):
    with pytest.raises(UserError, match=sentence):
        make_video_qa(tmp_path / "made", seed=1, progress=False, **arguments)
    assert not (tmp_path / "made").exists()


def test_the_command_line_makes_questions_about_videos(tmp_path, capsys):
    words = [f"folder={tmp_path / 'made'}", "num_train=2", "num_validation=0", "num_test=0", "image_size=64"]
    verbs.data(["make=video_qa", *words, "progress=false", "families=[room_size_estimation]"])
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 'made'}\n"
    assert re.search(r"video_qa: 2 rows; 2 scenes looked at in .* rows/s\.", told.err)
    assert {task.unit for task in read_tasks(tmp_path / "made/train.parquet")} == {"m2"}
    assert GENERATORS["video_qa"] is make_video_qa
