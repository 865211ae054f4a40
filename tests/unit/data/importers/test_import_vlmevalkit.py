import csv

import pytest

from tests.unit.data.importers.sources import base64_picture, imported, put_picture

COLUMNS = ("index", "image", "question", "A", "B", "C", "answer", "category", "l2-category")


def row(index: int, **changes):
    given = {
        "image": base64_picture(),
        "question": "Which side?",
        "A": "left",
        "B": "right",
        "answer": "B",
        "category": "side",
    }
    return dict.fromkeys(COLUMNS, "") | given | {"index": index} | changes


@pytest.fixture
def write(tmp_path):
    """Writes rows as a TSV and imports them."""

    def written(*rows, name="CV-Bench-2D.tsv"):
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter="\t")
            writer.writeheader()
            writer.writerows(rows)
        return imported("vlmevalkit", tmp_path / name)

    return written


def test_a_row_is_a_choice_about_its_image(write):
    task = write(row(3, **{"l2-category": "2D"})).task
    assert (task.id, task.question, task.options, task.answer) == ("3", "Which side?", ("left", "right"), "B")
    assert (task.family, task.source, task.split, task.extra) == ("side", "CV-Bench-2D", "test", {"l2-category": "2D"})
    assert (task.media[0].width, task.media[0].height) == (40, 30)


def test_rows_may_show_the_image_of_another_row_before_or_after_them(write):
    tasks = write(row(1, image="2"), row(2, image=base64_picture(9)), row(3, image="2")).tasks("test")
    assert sorted(task.id for task in tasks) == ["1", "2", "3"]
    assert len({task.media for task in tasks}) == 1


def test_a_row_that_shows_the_image_of_no_row_is_dropped(write):
    result = write(row(1, image="9"), row(2))
    assert (result.rejected, result.task.id) == ([("1", "media")], "2")


def test_several_images_stand_in_one_cell(write):
    task = write(row(1, image=f"['{base64_picture(1)}', '{base64_picture(2)}']")).task
    assert len({medium.sha256 for medium in task.media}) == 2


def test_images_may_be_files(write, tmp_path):
    put_picture(tmp_path / "images/a.png")
    given = row(1, image="") | {"image_path": "images/a.png"}
    assert write(given).task.media[0].path == str(tmp_path / "images/a.png")


def test_a_hint_stands_before_the_question_and_a_split_column_counts(write):
    task = write(row(1) | {"hint": "Seen from the door.", "split": "val"}).task
    assert (task.question, task.split) == ("Seen from the door.\nWhich side?", "validation")


def test_a_row_without_options_has_a_free_answer(write):
    task = write(row(1, A="", B="", answer="Yes")).task
    assert (task.options, task.answer, task.answer_kind) == ((), "Yes", "text")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"answer": "C"}, "answer"),
        ({"answer": ""}, "fields"),
        ({"image": "!" * 80}, "corrupt media"),
        ({"image": base64_picture()[:80]}, "corrupt media"),
    ],
)
def test_a_bad_row_is_named_by_its_index(write, change, kind):
    result = write(row(1, **change), row(2))
    assert (result.rejected, result.task.id) == ([("1", kind)], "2")


def test_a_row_that_was_cut_off_is_dropped(write, tmp_path):
    write(row(1), row(2), name="whole.tsv")
    text = (tmp_path / "whole.tsv").read_text()
    (tmp_path / "cut.tsv").write_text(text[: text.rindex("\tWhich")])
    result = imported("vlmevalkit", tmp_path / "cut.tsv")
    assert (result.rejected, result.task.id) == ([("cut.tsv:2", "unreadable")], "1")
