"""Three steps on a small file of every importer's form and of every generator at once: images, RGB-D, videos and text
alone."""

from pathlib import Path

import pytest

from spatialrl.data.tasks import read_tasks
from spatialrl.generators import GENERATORS
from tests.ray.conftest import read_rows, spatialrl
from tests.unit.data.importers import test_import_conversations as conversations
from tests.unit.data.importers import test_import_easyr1 as easyr1
from tests.unit.data.importers import test_import_spacer as spacer
from tests.unit.data.importers import test_import_spatial_ssrl as ssrl
from tests.unit.data.importers import test_import_spatialreasoner as reasoner
from tests.unit.data.importers import test_import_stvqa as stvqa
from tests.unit.data.importers import test_import_vlmevalkit as vlmevalkit
from tests.unit.data.importers import test_import_vsi_bench as vsi
from tests.unit.data.importers.sources import (
    imported,
    put,
    put_json,
    put_json_lines,
    put_parquet,
    put_picture,
    put_video,
)
from tests.unit.generators.pretext.photographs import fill
from tests.unit.generators.scene_graph_qa.graphs import write_source

REWARD = """
from hashlib import sha256

def differs(task, completion):
    return sha256(completion.text.encode()).digest()[0] / 255
"""
"""A random model earns nothing; here every answer earns something else, so that every group is learned from."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the media that the sources name."""
    place = tmp_path_factory.mktemp("sources")
    for index, name in enumerate(("a.png", "b.png", "data/openimages/a1.png", "images/chart.png")):
        put_picture(place / name, shade=index)
    for index, name in enumerate(("shuffle/1", "crop/1", "crop/a", "crop/b", "crop/c", "crop/d")):
        put_picture(place / f"images/{name}.png", shade=40 + index)
    for name in ("clip.mp4", "SR-91k/scene0000_00.mp4", "scannet/scene0011_00.mp4"):
        put_video(place / name)
    return place


@pytest.fixture(scope="module")
def sources(place: Path) -> list[Path]:
    """One file of tasks for every importer's form, and for every generator."""
    tsv = put(place / "bench.tsv", b"")
    row = vlmevalkit.row(1)
    tsv.write_text("\t".join(row) + "\n" + "\t".join(map(str, row.values())) + "\n")
    crop = ssrl.row(ssrl.CROP, "B", "crop/1", "crop/a", "crop/b", "crop/c", "crop/d")
    mixed = [
        easyr1.row("Two and two?", "4"),
        easyr1.row("<video>Is <image> in it?", "yes", images="a.png", videos="clip.mp4"),
    ]
    forms = {
        "stvqa": put_parquet(place / "stvqa.parquet", [stvqa.row()]),
        "spacer": put_json_lines(place / "SR-91k.jsonl", [spacer.row()]),
        "spatial_ssrl": put_parquet(
            place / "spatialssrl.parquet", [ssrl.row(ssrl.SHUFFLE, "0-2-3-1", "shuffle/1"), crop]
        ),
        "spatialreasoner": put_parquet(place / "reasoner.parquet", [reasoner.cot()]),
        "vlmevalkit": tsv,
        "easyr1": put_json_lines(place / "rows.jsonl", mixed),
    }
    folders = [imported(name, source, folder=place / name).folder for name, source in forms.items()]
    return [*(next(folder.glob("*.parquet")) for folder in folders), *generated(place)]


def generated(place: Path) -> list[Path]:
    """A row or a few of every generator; those of `scenes` have depth."""
    photographs, graphs = fill(place / "photographs", 4), write_source(place / "graphs", num_images=4)
    own = {
        "scenes": {"image_size": 64, "layout": "stage", "depth": True},
        "spatial_3d": {"image_size": 64, "num_sft": 0, "questions_per_scene": 1},
        "video_qa": {"image_size": 64, "questions_per_scene": 1},
        "scene_graph_qa": {"source": str(graphs)},
        "pretext": {"source": str(photographs), "min_side": 96, "max_side": 192},
    }
    assert own.keys() == GENERATORS.keys()
    for name, options in own.items():
        counts = {"num_train": 1, "num_validation": 0, "num_test": 0}
        GENERATORS[name](place / f"made_{name}", seed=1, **counts, **options)
    return [place / f"made_{name}/train.parquet" for name in own]


def words(place: Path, sources: list[Path], *, name: str) -> list[str]:
    data = ",".join(f"{{path:{path}}}" for path in sources)
    return [
        "cluster=cpu",
        "model=tiny",
        f"model.path={place}/models/{name}",
        f"data.train=[{data}]",
        "data.template=compact",
        f"output_dir={place}/{name}",
        "trainer.sinks=[console]",
    ]


def metrics(run: Path) -> list[dict]:
    return read_rows(run / "metrics.jsonl")


def test_three_steps_of_rl_learn_from_every_form(place: Path, sources: list[Path]):
    held_out = imported("vsi_bench", put_parquet(place / "vsi.parquet", [vsi.row()]), folder=place / "vsi").folder
    tasks = [task for path in sources for task in read_tasks(path)]
    assert {task.modality for task in tasks} == {"text", "image", "images", "video"}
    assert any(medium.kind == "depth" for task in tasks for medium in task.media)
    put(place / "reward.py", REWARD.encode())
    done = spatialrl(
        "train",
        *words(place, sources, name="rl"),
        f"data.test={held_out}/test.parquet",
        "reward=user",
        f"reward.args.function={place}/reward.py:differs",
        "rollout.sampling.max_tokens=12",
        "rollout.completions_per_task=4",
        "rollout.kv_cache_gb=0.25",
        f"trainer.tasks_per_step={len(tasks)}",
        "trainer.max_steps=3",
        "trainer.eval_tasks=1",
    )
    assert done.returncode == 0, done.stderr
    for step, row in enumerate(metrics(place / "rl"), start=1):
        answers = read_rows(place / f"rl/rollouts/step_{step:06}.jsonl")
        assert {answer["task_id"] for answer in answers} == {task.id for task in tasks}
        gaps = {key: gap for key, gap in row.items() if key.startswith("actor/logprob_gap_max/")}
        assert {key.rpartition("/")[2] for key in gaps} == {"text", "image", "images", "video"}
        assert max(gaps.values()) < 1e-3
    assert len(metrics(place / "rl")) == 3


def test_three_steps_of_sft_learn_from_demonstrations(place: Path):
    turns = [conversations.human("<image>\nWhat is it?"), conversations.gpt("A cube.")]
    forms = {
        "llava": put_json(place / "llava.json", [{"id": "c1", "image": "a.png", "conversations": turns}]),
        "sharegpt": put_json(
            place / "sharegpt.json",
            [{"videos": ["clip.mp4"], "conversations": [conversations.human("<video>What?"), turns[1]]}],
        ),
        "alpaca": put_json(place / "alpaca.json", [{"instruction": "Two and two?", "output": "4"}]),
        "spatial_ssrl": put_json(
            place / "cold.json",
            [
                {
                    "instruction": ssrl.SHUFFLE,
                    "input": "",
                    "output": r"\boxed{0-2-3-1}",
                    "images": ["images/shuffle/1.png"],
                }
            ],
        ),
        "spatialreasoner": put_parquet(place / "cot.parquet", [reasoner.cot()]),
    }
    files = [
        imported(name, source, folder=place / f"sft_{name}").folder / "train.parquet" for name, source in forms.items()
    ]
    done = spatialrl(
        "sft",
        *words(place, files, name="sft"),
        f"data.test={files[0]}",
        "sft.max_steps=3",
        f"sft.tasks_per_step={len(files)}",
        "sft.optim.lr=1e-3",
    )
    assert done.returncode == 0, done.stderr
    losses = [row["loss/policy"] for row in metrics(place / "sft")]
    assert len(losses) == 3
    assert losses[-1] < losses[0]
