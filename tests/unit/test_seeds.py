from spatialrl.seeds import stable_seed


def test_a_seed_depends_on_its_parts_alone():
    assert stable_seed(1, "step", 2) == 253558431
    assert stable_seed(1, "step", 2) != stable_seed(1, "step", 3)
