import json

import pytest

from spatialrl.benchmarks.verbs import asks_no_model, look_at_answers
from spatialrl.errors import ConfigError
from tests.unit.benchmarks.comparison.folders import answered, write_result


def test_comparing_and_rescoring_need_no_model():
    assert asks_no_model(["compare=[a,b]"])
    assert asks_no_model(["form=vsi", "rescore=x.jsonl"])
    assert not asks_no_model(["benchmark=scenes", "source=rescore"])


def test_words_become_a_comparison(tmp_path, capsys):
    for name in ("a", "b"):
        write_result(tmp_path / name, answered([1, 0]), model=name)
    look_at_answers([f"compare=[{tmp_path}/a,{tmp_path}/b]", f"output={tmp_path}/out"])
    assert (tmp_path / "out/comparison.html").exists()
    assert "| CV-Bench, strict |" in capsys.readouterr().out


def test_words_become_a_rescoring(tmp_path, capsys):
    row = {"index": 0, "A": "left", "B": "right", "answer": "A", "prediction": "A", "hit": 1}
    (tmp_path / "x.jsonl").write_text(json.dumps(row) + "\n")
    look_at_answers([f"rescore={tmp_path}/x.jsonl", "form=vlmevalkit", "benchmark=cv_bench", f"output={tmp_path}/out"])
    assert "the file  100.00 %, mean over its lines; 0 of them score otherwise" in capsys.readouterr().out


def test_a_word_nobody_knows_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"There is no argument .ouput.\. Did you mean output"):
        look_at_answers([f"compare=[{tmp_path}]", "ouput=x"])
