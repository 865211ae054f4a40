import pytest

from spatialrl.compose import choices, load_config
from spatialrl.errors import ConfigError


def test_the_command_line_wins_over_the_files():
    assert load_config(["cluster=cpu", "actor.num_ranks=1"]).actor.num_ranks == 1


def test_an_experiment_wins_over_the_groups():
    assert load_config(["experiment=spatialthinker_7b"]).trainer.tasks_per_step == 512


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("trainer.max_step=3", "Did you mean trainer.max_steps?"),
        ("modle=tiny", "Did you mean model?"),
        ("model=huge", "Could not find 'model/huge'"),
        ("trainer.max_steps=many", "'many'"),
        ("nonsense", "section.key=value"),
    ],
)
def test_a_mistake_is_named_with_what_was_meant(override: str, told: str):
    with pytest.raises(ConfigError, match=r".") as caught:
        load_config([override])
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_arguments_of_a_recipe_need_no_plus():
    assert load_config(["data.recipe_args.image_size=112"]).data.recipe_args["image_size"] == 112


def test_a_free_dictionary_can_be_given_whole_or_key_by_key():
    whole = load_config(["reward.contrasts={temporal: {bonus: 0.5}, length: {}}"]).reward.contrasts
    assert whole == {"temporal": {"bonus": 0.5}, "length": {}}
    keys = ["reward.contrasts.temporal.bonus=0.5", "reward.contrasts.length=null"]
    assert load_config(keys).reward.contrasts == {"temporal": {"bonus": 0.5}, "length": None}


@pytest.mark.parametrize("group", ["model", "data", "algorithm", "reward", "cluster", "experiment"])
def test_every_choice_composes(group: str):
    for choice in choices(group):
        load_config([f"{group}={choice}"])
