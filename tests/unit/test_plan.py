from spatialrl.compose import load_config
from spatialrl.plan import plan


def test_a_plan_names_every_role_and_the_size_of_a_step():
    told = plan(load_config(["experiment=spatialthinker_7b", "model.path=outputs/nowhere"]))
    assert "512 tasks x 8 completions = 4096 completions a step" in told
    assert "reference  4 ranks" in told
    assert "memory     not estimated: outputs/nowhere" in told


def test_a_plan_names_the_contrasts_there_are():
    told = plan(load_config(["experiment=spatialthinker_7b", "reward.contrasts.mirrored={}"]))
    assert "contrasts  mirrored:" in told
    assert "contrasts" not in plan(load_config(["experiment=spatialthinker_7b"]))
