import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spatialrl.config import RunConfig
from spatialrl.data.media.pixel_file import HEADER
from spatialrl.data.media.store import PREFIX, SUFFIX, MediaStore, open_store, pictures, store_key, sweep
from spatialrl.data.vision import PromptReader
from spatialrl.types import FramePlan, Media
from tests.small_disk import disk_of
from tests.tiny_policy import film, picture, tiny_config, with_media

KEY = "0" * 64


def pixels(value: int = 7, num_bytes: int = 1000) -> np.ndarray:
    return np.full(num_bytes, value, np.uint8)


def name(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MediaStore]:
    with MediaStore(tmp_path / "store", max_bytes=10 * (1000 + HEADER.size)) as store:
        yield store


def names(store: MediaStore) -> list[str]:
    return sorted(path.stem for path in store.folder.glob(f"*{SUFFIX}"))


def test_a_picture_is_decoded_once_and_read_only_afterwards(store: MediaStore):
    for _ in range(3):
        found = store.fetch(KEY, pixels)
    assert found.tolist() == [7] * 1000
    assert not found.flags.writeable
    assert store.counts == {"decoded": 1, "found": 2}


def fetch_slowly(folder: str, decoded: str) -> None:
    def decode() -> np.ndarray:
        time.sleep(0.2)
        with open(decoded, "a") as file:
            file.write("x")
        return pixels()

    with MediaStore(Path(folder), max_bytes=2**20) as store:
        assert store.fetch(KEY, decode).tolist() == [7] * 1000


def test_processes_that_ask_at_the_same_time_decode_once(tmp_path: Path):
    fork, decoded = multiprocessing.get_context("fork"), tmp_path / "decoded"
    with MediaStore(tmp_path / "store", max_bytes=2**20):
        processes = [fork.Process(target=fetch_slowly, args=(str(tmp_path / "store"), str(decoded))) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(20)
    assert [process.exitcode for process in processes] == [0] * 4
    assert decoded.read_text() == "x"


def test_what_was_not_used_for_longest_leaves_first(store: MediaStore):
    for number in range(10):
        store.fetch(name(number), pixels)
        os.utime(store.folder / f"{name(number)}{SUFFIX}", ns=(number, number))
    store.fetch(name(0), pixels)
    store.fetch(name(10), pixels)
    # Eleven are one more than fit; nine tenths of the limit are nine, and number 0 was used again.
    assert names(store) == [name(number) for number in (0, *range(3, 11))]
    assert store.counts["evicted"] == 2


def test_a_picture_in_use_survives_its_eviction(store: MediaStore):
    store.fetch(KEY, pixels)
    held = store.fetch(KEY, pixels)
    for number in range(1, 30):
        store.fetch(name(number), pixels)
    assert KEY not in names(store)
    assert (held == 7).all()


def test_the_limit_holds_while_many_threads_write(tmp_path: Path):
    with MediaStore(tmp_path / "store", max_bytes=40 * (1000 + HEADER.size)) as store:
        jobs = [
            threading.Thread(target=lambda part=part: [store.fetch(name(part * 1000 + n), pixels) for n in range(50)])
            for part in range(4)
        ]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        assert 30 <= len(names(store)) <= 40
        assert store.counts["decoded"] == 200


def test_the_limit_holds_for_all_processes_together(tmp_path: Path):
    """Four that count by themselves write in turn; each takes an eighth of the room for granted before it counts anew."""
    stores = [MediaStore(tmp_path / "store", max_bytes=40 * (1000 + HEADER.size)) for _ in range(4)]
    most = 0
    for number in range(160):
        stores[number % 4].fetch(name(number), pixels)
        most = max(most, len(names(stores[0])))
    assert 36 <= most <= 40
    for store in stores:
        store.close(wait_s=0)


def test_no_config_gives_pictures_more_than_half_of_the_node(tmp_path: Path):
    with MediaStore(tmp_path / "store", max_bytes=2**60) as store:
        assert store.max_bytes == shutil.disk_usage(tmp_path).total // 2


def test_who_comes_while_the_last_one_clears_away_holds_a_folder_that_is_there(tmp_path: Path):
    lost, gone = [], []

    def come_and_go() -> None:
        for _ in range(150):
            store = MediaStore(tmp_path / "store", max_bytes=2**20)
            try:
                is_there = os.path.samestat(os.fstat(store.users.fileno()), (store.folder / ".users").stat())
            except FileNotFoundError:
                is_there = False
            lost.extend([] if is_there else [store])
            store.close(wait_s=0)
        gone.append(True)

    guests = [threading.Thread(target=come_and_go) for _ in range(4)]
    for guest in guests:
        guest.start()
    for guest in guests:
        guest.join()
    assert len(gone) == 4
    assert lost == []


@pytest.mark.parametrize("put", [Path.touch, lambda place: place.symlink_to("nowhere")])
def test_a_store_does_not_wait_for_ever_for_a_place_that_something_else_has(
    tmp_path: Path, put: Callable[[Path], None]
):
    put(tmp_path / "store")
    with pytest.raises(FileExistsError):
        MediaStore(tmp_path / "store", max_bytes=1000)


def test_a_picture_larger_than_the_store_is_used_and_not_kept(store: MediaStore):
    assert len(store.fetch(KEY, lambda: pixels(num_bytes=20_000))) == 20_000
    assert names(store) == []
    assert store.counts["without_room"] == 1


def test_a_picture_for_which_shared_memory_has_no_room_is_used_and_not_kept(store: MediaStore):
    with disk_of(600):
        assert store.fetch(KEY, pixels).tolist() == [7] * 1000
    assert [path.name for path in store.folder.iterdir() if not path.name.startswith(".")] == []
    assert store.counts == {"decoded": 1, "without_room": 1}
    store.fetch(KEY, pixels)
    assert names(store) == [KEY]


def test_a_decoder_that_fails_leaves_nothing_behind(store: MediaStore):
    def broken() -> np.ndarray:
        raise ValueError("cut off")

    with pytest.raises(ValueError, match="cut off"):
        store.fetch(KEY, broken)
    assert names(store) == []
    assert (store.fetch(KEY, pixels) == 7).all()


def test_the_last_one_to_leave_clears_away(tmp_path: Path):
    first, second = (MediaStore(tmp_path / "store", max_bytes=2**20) for _ in range(2))
    first.fetch(KEY, pixels)
    threading.Timer(0.2, second.users.close).start()
    first.close()
    assert not (tmp_path / "store").exists()


def test_a_store_of_a_run_that_was_killed_is_removed_by_the_next_run(tmp_path: Path):
    old = tmp_path / f"{PREFIX}{os.getuid()}-old"
    killed = MediaStore(old, max_bytes=2**20)
    killed.fetch(KEY, pixels)
    others = tmp_path / f"{PREFIX}{os.getuid()}-nobody-claimed"
    others.mkdir()
    sweep(tmp_path, prefix=f"{PREFIX}{os.getuid()}-")
    assert old.exists()
    killed.users.close()
    store = open_store(RunConfig(output_dir="outputs/new"), root=tmp_path)
    assert store is not None
    assert sorted(tmp_path.iterdir()) == sorted([store.folder, others])
    store.close()


def test_no_store_is_opened_where_it_is_switched_off(tmp_path: Path):
    config = RunConfig()
    config.data.store_gb = 0
    assert open_store(config, root=tmp_path) is None


def test_a_key_names_what_is_seen(tmp_path: Path):
    medium = Media(kind="image", path="a.png", width=10, height=10, sha256="f00d")
    same = replace(medium, path="/elsewhere/b.png", shown=(28, 28))
    assert store_key(medium, (28, 28)) == store_key(same, (28, 28))
    plan = FramePlan(indices=(0, 1), source_fps=1.0, num_source_frames=2)
    others = [
        replace(medium, sha256="beef"),
        replace(medium, mirrored=True),
        replace(medium, kind="video", frames=plan),
    ]
    keys = {store_key(other, (28, 28)) for other in [medium, *others]} | {store_key(medium, (56, 28))}
    assert len(keys) == 5
    (tmp_path / "c.png").write_bytes(b"one")
    plain = Media(kind="image", path=str(tmp_path / "c.png"), width=10, height=10)
    before = store_key(plain, (28, 28))
    (tmp_path / "c.png").write_bytes(b"other")
    assert store_key(plain, (28, 28)) != before


def test_a_reader_sees_the_same_with_and_without_a_store(tmp_path: Path, store: MediaStore):
    config = tiny_config(tmp_path)
    store.max_bytes = 2**24
    task = with_media("t", (picture(tmp_path, seed=1), film(tmp_path)))
    plain = PromptReader(config.model.path, config.data)
    shared = PromptReader(config.model.path, config.data, store=store)
    for _ in range(2):
        ours, theirs = (reader.model_inputs(task, reader.load(task)) for reader in (shared, plain))
        assert ours.prompt_ids == theirs.prompt_ids
        assert all((ours.pixels[key] == theirs.pixels[key]).all() for key in theirs.pixels)
    assert store.counts == {"decoded": 2, "found": 2}


def test_what_others_take_away_while_files_are_counted_is_left_out(tmp_path: Path):
    for name in "abc":
        (tmp_path / name).write_bytes(b"12")
    found = pictures(tmp_path)
    _, size, kept = next(found)
    assert size == 2
    for path in tmp_path.iterdir():
        if str(path) != kept:
            path.unlink()
    assert list(found) == []
