import pytest

from spatialrl.data.journal import Journal


def test_what_is_finished_is_found_again_in_any_order(tmp_path):
    journal = Journal(tmp_path / "journal")
    journal.add(2, {"answer": "zwei"})
    journal.add("one", {"answer": "äñ\n"})
    journal.close()
    again = Journal(tmp_path / "journal")
    assert [key in again for key in (2, "one", 3)] == [True, True, False]
    assert list(again.records(["one", 2])) == [{"answer": "äñ\n"}, {"answer": "zwei"}]


@pytest.mark.parametrize("num_bytes_lost", [1, 5, 12])
def test_a_line_that_was_cut_off_is_not_finished(tmp_path, num_bytes_lost):
    journal = Journal(tmp_path / "journal")
    for number in range(3):
        journal.add(number, {"n": number})
    journal.close()
    data = (tmp_path / "journal").read_bytes()
    (tmp_path / "journal").write_bytes(data[:-num_bytes_lost])
    again = Journal(tmp_path / "journal")
    assert len(again) == 2
    again.add(2, {"n": 2})
    assert (tmp_path / "journal").read_bytes() == data
    assert list(again.records(range(3))) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_journal_is_removed_at_the_end(tmp_path):
    Journal(tmp_path / "journal").remove()
    assert list(tmp_path.iterdir()) == []
