from pathlib import Path

import pytest

from spatialrl.checks import check_config, check_model_folder
from spatialrl.compose import load_config
from spatialrl.errors import ConfigError


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["algorithm.loss=fancy"], "there are: clipped, nll"),
        (["reward.name=kind"], "spatialthinker_compat"),
        (["data.template=mine"], "spacer, spacer_map, spatial_ssrl"),
        (["rollout.completions_per_task=1"], "at least 2"),
        (["trainer.max_steps=0"], "at least 1"),
        (["model.max_tokens=100", "rollout.sampling.max_tokens=100"], "leaves no room for a prompt"),
        (["data.min_pixels=9000", "data.max_pixels=4000"], "swap them"),
        (
            ["data.video.min_frames=8", "data.video.max_frames=4"],
            "data.video.min_frames is 8 but data.video.max_frames is 4",
        ),
        (["data.video.min_pixels=9", "data.video.total_pixels=4"], "data.video.total_pixels is 4; swap them"),
        (["data.video.fps=0"], "data.video.fps is 0"),
        (["data.coordinates=inches"], "pixels, resized_pixels, thousandths"),
        (
            ["reward=spatialthinker_compat", "data.coordinates=thousandths"],
            "spatialthinker_compat measures in pixels of the file",
        ),
        (["trainer.tasks_per_step=1", "rollout.completions_per_task=2", "actor.num_ranks=4"], "actor.num_ranks is 4"),
        (["trainer.sinks=[console,fax]"], "'fax'"),
        (["reward.name=spacer_compat"], "say reward=NAME"),
        (["reward=spacer_compat", "reward.args.map_rewad=true"], "it takes: map_reward"),
        (["reward.args.parts.boxes.args.similarty=exact"], "boxes.args.similarty is no option"),
        (["reward.args.parts.length.part=overlong_penalty", "reward.args.parts.length.weight=1"], "is without"),
        (["rollout.sampling.top_p=0.9"], "Set it to 1"),
        (["reward.contrasts.backwards={}"], "there are: temporal"),
        (["reward.contrasts.temporal.bonsu=1"], "there are: bonus, margin, part"),
    ],
)
def test_a_contradiction_is_one_sentence_with_a_way_out(overrides: list[str], told: str):
    with pytest.raises(ConfigError) as caught:
        check_config(load_config(overrides))
    assert told in str(caught.value)


def test_a_model_folder_without_a_processor_is_refused(tmp_path: Path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"no preprocessor_config\.json"):
        check_model_folder(str(tmp_path))


def test_a_model_path_that_is_neither_folder_nor_id_is_refused():
    with pytest.raises(ConfigError, match="does not exist"):
        check_model_folder("outputs/models/none")
