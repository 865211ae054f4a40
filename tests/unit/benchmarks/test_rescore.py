import json

import pytest

from spatialrl.benchmarks.rescore import rescore
from spatialrl.benchmarks.samples import read_samples
from spatialrl.errors import ConfigError, DataError, UserError
from tests.unit.benchmarks.workbook import write_xlsx


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_a_workbook_of_vlmevalkit_is_scored_by_both_rules(tmp_path, capsys):
    names = ["index", "question", "A", "B", "answer", "category", "source", "prediction", "hit"]
    write_xlsx(
        tmp_path / "model.xlsx",
        [
            names,
            [0, "Where?", "left", "right", "A", "Relation", "COCO", "(A)", 1],
            [1, "Where?", "left", "right", "B", "Relation", "COCO", "It is a thing. B or A", 1],
            [2, "How many?", "1", "2", "B", "Count", "ADE20K", "I see a cup and a pot, so 2", 1],
            [3, "How deep?", "near", "far", "A", "Depth", "Omni3D", None, 0],
        ],
    )
    found = rescore(str(tmp_path / "model.xlsx"), form="vlmevalkit", benchmark="cv_bench", output=str(tmp_path / "out"))
    # 2D: COCO .5 and ADE20K 1 strictly; 3D: the one question has no prediction.
    assert found.summaries["strict"].headline == pytest.approx(37.5)
    # The last text is more than twice as long as both options.
    assert found.summaries["official"].headline == pytest.approx(12.5)
    assert (found.claimed, found.num_changed, found.summaries["official"].num_errors) == (75, 2, 1)
    samples = read_samples(tmp_path / "out/model/cv_bench/strict/samples.jsonl")
    assert [sample.score for sample in samples] == [1, 0, 1, 0]
    assert samples[3].reason == "error: the file has no prediction"
    assert "official   12.50 %" in capsys.readouterr().out


def test_circular_variants_are_known_by_their_index(tmp_path):
    rows = [{"index": i, "question": "?", "A": "left", "B": "right", "answer": answer, "category": "height", "prediction": said} for i, answer, said in [(5, "A", "A"), (1_000_005, "B", "B"), (6, "A", "A"), (1_000_006, "B", "A")]]  # fmt: skip
    file = lines(tmp_path / "m.jsonl", rows)
    rescore(file, form="vlmevalkit", benchmark="cv_bench", output=str(tmp_path / "out"))
    samples = read_samples(tmp_path / "out/m/cv_bench/official/samples.jsonl")
    assert [(sample.group, sample.extra["rotation"]) for sample in samples] == [("5", "0"), ("5", "1"), ("6", "0"), ("6", "1")]  # fmt: skip


def test_hallusionbench_keeps_its_figures_and_questions(tmp_path):
    rows = [{"index": f"VD_chart_1_{n}_0_0", "question": "?", "answer": "Yes", "category": "VD", "l2-category": kind, "prediction": said, "score": 1} for n, kind, said in [(0, "chart", "Yes."), (0, "map", "No, it is not.")]]  # fmt: skip
    rows[1]["index"] = "VD_map_1_0_0_0"
    found = rescore(
        lines(tmp_path / "m.jsonl", rows), form="vlmevalkit", benchmark="hallusionbench", output=str(tmp_path / "out")
    )
    assert {line.name: line.score for line in found.summaries["strict"].lines} == {"aAcc": 50, "fAcc": 50, "qAcc": 50}


def test_a_failed_call_is_an_error_and_not_a_guess(tmp_path):
    row = {
        "index": 0,
        "question": "?",
        "A": "x",
        "B": "y",
        "answer": "A",
        "prediction": "Failed to obtain answer via API.",
    }
    found = rescore(
        lines(tmp_path / "m.jsonl", [row]), form="vlmevalkit", benchmark="cv_bench", output=str(tmp_path / "out")
    )
    assert found.summaries["official"].num_errors == 1


def test_spatialthinkers_records_are_scored_by_what_the_model_wrote(tmp_path):
    prompt = "Where is it?\nOptions:\n(A) left\n(B) right"
    records = [
        {"prompt": prompt, "correct_answer": "(B) right", "reasoning": "<answer>(B) right</answer>", "pred_answer": "b", "correct": True, "task": "Relation"},
        {"prompt": prompt, "correct_answer": "b", "reasoning": "<answer>B</answer>", "pred_answer": "A", "correct": False, "task": "Relation"},
    ]  # fmt: skip
    (tmp_path / "cv.json").write_text(json.dumps(records))
    found = rescore(
        str(tmp_path / "cv.json"), form="spatialthinker", benchmark="cv_bench_2d", output=str(tmp_path / "out")
    )
    # Theirs is half: a letter alone became A.
    assert found.claimed == 50
    samples = read_samples(tmp_path / "out/cv/cv_bench_2d/strict/samples.jsonl")
    assert [(sample.answer, sample.score) for sample in samples] == [("B", 1), ("B", 1)]


def test_spacers_lines_are_scored_as_published_and_as_written(tmp_path):
    rows = [
        {"id": 1, "scene_name": "s", "question": "How far?", "ground_truth": "3.5", "predicted_answer": "<answer>a distance of 3.5 meters</answer>", "question_type": "object_abs_distance"},
        {"id": 2, "scene_name": "s", "question": "Which?", "ground_truth": "B", "predicted_answer": "(B)", "question_type": "route_planning", "promt": "Which?\nA. left\nB. right\nAnswer with the letter."},
        {"id": 3, "scene_name": "t", "question": "How many?", "ground_truth": "4", "predicted_answer": "", "question_type": "object_counting"},
    ]  # fmt: skip
    found = rescore(
        lines(tmp_path / "r.jsonl", rows), form="spacer", benchmark="vsi_bench", output=str(tmp_path / "out")
    )
    assert found.summaries["official"].headline == 0
    assert found.summaries["strict"].headline == pytest.approx(200 / 3)
    assert found.summaries["strict"].num_errors == 1
    samples = read_samples(tmp_path / "out/r/vsi_bench/strict/samples.jsonl")
    assert [(sample.extra["scene_id"], sample.extra["num_options"]) for sample in samples] == [("s", "0"), ("s", "2"), ("t", "0")]  # fmt: skip


def test_spatial_ssrls_lines_have_options_with_letters(tmp_path):
    row = {"mp4_path": "/a/s.mp4", "question_type": "route_planning", "question": "Which?", "answer": "B", "A": "A. left", "B": "B. right", "pred": r"\boxed{right}"}  # fmt: skip
    found = rescore(
        lines(tmp_path / "r.jsonl", [row]), form="spatial_ssrl", benchmark="vsi_bench", output=str(tmp_path / "out")
    )
    assert (found.summaries["official"].headline, found.summaries["strict"].headline) == (0, 100)


def test_the_official_harness_agrees_with_its_own_score(tmp_path):
    doc = {"id": 7, "scene_name": "s", "question_type": "object_counting", "question": "How many?", "options": None, "ground_truth": "4"}  # fmt: skip
    row = {"doc_id": 7, "doc": doc, "filtered_resps": ["3"], "vsibench_score": {**doc, "MRA:.5:.95:.05": 0.6}}
    found = rescore(lines(tmp_path / "r.jsonl", [row]), form="vsi", benchmark="vsi_bench", output=str(tmp_path / "out"))
    assert (found.claimed, found.num_changed, found.summaries["official"].headline) == (60, 0, 60)


@pytest.mark.parametrize(("row", "told"), [({"index": 0, "A": "x", "B": "y", "answer": "A"}, "row 1: The line has no 'prediction'"), ({"index": 0, "A": "x", "B": "y", "answer": "Q", "prediction": "A"}, "row 1: Its answer 'Q' is none of its 2 options")])  # fmt: skip
def test_a_line_that_can_not_be_scored_is_named(tmp_path, row, told):
    with pytest.raises(DataError, match=told):
        rescore(
            lines(tmp_path / "r.jsonl", [row]), form="vlmevalkit", benchmark="cv_bench", output=str(tmp_path / "out")
        )


def test_a_form_that_does_not_exist_and_a_file_of_another_kind_are_named(tmp_path):
    with pytest.raises(ConfigError, match="form=lmms: there are: spacer, "):
        rescore("x.jsonl", form="lmms", benchmark="cv_bench")
    with pytest.raises(DataError, match=r"rescore=x\.pdf: expected a file that ends in \.xlsx, "):
        rescore("x.pdf", form="vsi", benchmark="vsi_bench", output=str(tmp_path))


def test_two_lines_with_one_id_are_an_error(tmp_path):
    row = {"index": 0, "A": "x", "B": "y", "answer": "A", "prediction": "A"}
    with pytest.raises(UserError, match="row 2: the id 0 is used before"):
        rescore(lines(tmp_path / "r.jsonl", [row, row]), form="vlmevalkit", benchmark="cv_bench", output=str(tmp_path))
