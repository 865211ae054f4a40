import pytest
from PIL import Image

from spatialrl.data.push import push
from spatialrl.data.tasks import read_tasks, write_tasks
from spatialrl.data.verbs import data
from spatialrl.errors import ConfigError, DataError, ResourceError
from spatialrl.types import Media, Task
from tests.hub_server import serve_hub


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")


def task(path, name="t1"):
    medium = Media(kind="image", path=str(path), width=4, height=4)
    return Task(id=name, question="?", media=(medium,), answer="1", answer_kind="number", family="count")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "qa"
    (folder / "media").mkdir(parents=True)
    Image.new("RGB", (4, 4), "red").save(folder / "media" / "a.png")
    write_tasks(folder / "train.parquet", [task(folder / "media/a.png"), task(folder / "media/a.png", "t2")])
    write_tasks(folder / "test.jsonl", [task(folder / "media/a.png")])
    (folder / "rejected.jsonl").write_text('{"place": "/home/me/secret"}\n')
    (folder / ".journal").write_text("x")
    return folder


def test_a_folder_of_tasks_becomes_a_data_set_with_a_card(folder, capsys):
    with serve_hub() as hub:
        data([f"push={folder}", "repo=lab/rooms", f"endpoint={hub.url}"])
    assert hub.repositories == {"lab/rooms": True}
    assert hub.tokens == {"Bearer hf_secret"}
    assert hub.files.keys() == {"README.md", "train.parquet", "test.jsonl", "media/a.png"}
    assert hub.files["train.parquet"] == (folder / "train.parquet").read_bytes()
    card = hub.files["README.md"].decode()
    assert "  - split: train\n    path: train.parquet\n" in card
    assert "| train.parquet | 2 | count |" in card
    assert "/datasets/lab/rooms/commit/" in capsys.readouterr().out


def test_what_was_sent_is_read_back_as_it_was(folder, tmp_path):
    with serve_hub() as hub:
        push(folder, repo="lab/rooms", private=False, endpoint=hub.url)
    assert hub.repositories == {"lab/rooms": False}
    for name, content in hub.files.items():
        path = tmp_path / "back" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (first, second) = read_tasks(tmp_path / "back" / "train.parquet")
    assert (first.id, second.id) == ("t1", "t2")
    assert first.media[0].path == str(tmp_path / "back/media/a.png")


@pytest.fixture
def by_lfs(monkeypatch):
    """The other way of the Hub, Xet, takes a server of its own."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)


@pytest.mark.usefixtures("by_lfs")
def test_large_files_are_sent_once_and_stand_beside_the_small_ones(folder):
    with serve_hub() as hub:
        hub.large = (".parquet", ".png")
        push(folder, repo="lab/rooms", endpoint=hub.url)
        assert sorted(hub.objects.values()) == sorted(
            (folder / n).read_bytes() for n in ("train.parquet", "media/a.png")
        )
        hub.objects.update(dict.fromkeys(hub.objects, b"was here"))
        push(folder, repo="lab/rooms", endpoint=hub.url)
    assert hub.files.keys() == {"README.md", "train.parquet", "test.jsonl", "media/a.png"}
    assert hub.files["train.parquet"] == b"was here"


@pytest.mark.usefixtures("by_lfs")
def test_a_large_file_that_does_not_get_through_is_a_sentence(folder):
    with serve_hub() as hub:
        hub.large, hub.refuses_objects = (".parquet",), 403
        with pytest.raises(ResourceError, match=r"does not take .*qa as lab/rooms: .*train\.parquet.* 403"):
            push(folder, repo="lab/rooms", endpoint=hub.url)
    assert "train.parquet" not in hub.files


def test_a_card_of_ones_own_stays(folder):
    (folder / "README.md").write_text("# Mine")
    with serve_hub() as hub:
        push(folder, repo="lab/rooms", endpoint=hub.url)
    assert hub.files["README.md"] == b"# Mine"


def test_media_that_lie_elsewhere_are_told_before_anything_is_sent(folder, tmp_path):
    Image.new("RGB", (4, 4), "red").save(tmp_path / "b.png")
    write_tasks(folder / "validation.parquet", [task(tmp_path / "b.png")])
    with serve_hub() as hub:
        with pytest.raises(DataError, match="media=copy"):
            push(folder, repo="lab/rooms", endpoint=hub.url)
        assert hub.repositories == {}


@pytest.mark.parametrize("code", [401, 403])
def test_what_the_hub_refuses_is_a_sentence(folder, code):
    with serve_hub() as hub:
        hub.refuses = code
        with pytest.raises(ResourceError, match=rf"does not take .*qa as lab/rooms: .*{code}"):
            push(folder, repo="lab/rooms", endpoint=hub.url)


def test_what_can_not_be_pushed_is_named(folder, tmp_path):
    with pytest.raises(ConfigError, match="expected user/name"):
        push(folder, repo="rooms")
    with pytest.raises(DataError, match="is no folder"):
        push(tmp_path / "none", repo="lab/rooms")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no file of rows"):
        push(tmp_path / "empty", repo="lab/rooms")
