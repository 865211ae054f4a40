import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from spatialrl.data.unpack import MARKER
from spatialrl.data.verbs import data
from spatialrl.errors import ConfigError, DataError, UserError

FILES = {"videos/a.mp4": b"a" * 5000, "videos/b.mp4": b"b" * 7000, "list.txt": b"a\nb\n"}


def tar_of(files: dict[str, bytes], *, mode: str = "w", extra: tarfile.TarInfo | None = None) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        if extra:
            archive.addfile(extra)
    return content.getvalue()


def zip_of(files: dict[str, bytes], *, mode: int = 0) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return content.getvalue()


def in_parts(folder: Path, content: bytes, names: list[str]) -> Path:
    size = -(-len(content) // len(names))
    for index, name in enumerate(names):
        (folder / name).write_bytes(content[index * size : (index + 1) * size])
    return folder / names[0]


def unpacked(archive: Path, folder: Path, **arguments: object) -> dict[str, bytes]:
    data([f"unpack={archive}", f"folder={folder}", *(f"{key}={value}" for key, value in arguments.items())])
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize(
    "content",
    [tar_of(FILES), tar_of(FILES, mode="w:gz"), tar_of(FILES, mode="w:bz2"), tar_of(FILES, mode="w:xz"), zip_of(FILES)],
    ids=["tar", "tar.gz", "tar.bz2", "tar.xz", "zip"],
)
@pytest.mark.parametrize(
    "names",
    [
        ["files"],
        [f"SpaceR-151k.part_{number:02}" for number in range(10)],
        [f"SR_Video.part_{number:02}" for number in range(1, 11)],
        ["files.tar.part-aa", "files.tar.part-ab", "files.tar.part-ac"],
        ["files.001", "files.002"],
    ],
    ids=lambda names: names[0],
)
def test_an_archive_is_unpacked_whole_or_in_parts(tmp_path, content, names):
    assert unpacked(in_parts(tmp_path, content, names), tmp_path / "out") == FILES


def test_an_archive_can_be_named_without_its_parts(tmp_path):
    in_parts(tmp_path, tar_of(FILES), ["all.part_00", "all.part_01"])
    assert unpacked(tmp_path / "all", tmp_path / "out") == FILES


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("all.part_00", "cut off"),
        ("all.part_01", "Part 1 of all is missing: there are 2 parts, up to 2"),
        ("all.part_02", "cut off"),
    ],
)
def test_a_missing_part_is_named(tmp_path, missing, told):
    names = [f"all.part_{number:02}" for number in range(3)]
    in_parts(tmp_path, tar_of(FILES), names)
    (tmp_path / missing).unlink()
    with pytest.raises(DataError, match=told):
        unpacked(tmp_path / "all", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_parts_of_one_number_are_told(tmp_path):
    in_parts(tmp_path, tar_of(FILES), ["all.part_00", "all.part_01", "all.part_1"])
    with pytest.raises(DataError, match="all has two parts with the number 1"):
        unpacked(tmp_path / "all.part_00", tmp_path / "out")


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


@pytest.mark.parametrize(
    "content",
    [
        tar_of({"../evil": b"x"}),
        tar_of({"/etc/evil": b"x"}),
        tar_of({"a/../../evil": b"x"}),
        zip_of({"../evil": b"x"}),
        zip_of({"C:\\evil": b"x"}),
        zip_of({"..\\evil": b"x"}),
        tar_of({}, extra=special("link", tarfile.SYMTYPE, "/etc/passwd")),
        tar_of({"a": b"x"}, extra=special("hard", tarfile.LNKTYPE, "a")),
        tar_of({}, extra=special("device", tarfile.CHRTYPE)),
        tar_of({}, extra=special("pipe", tarfile.FIFOTYPE)),
        zip_of({"link": b"/etc/passwd"}, mode=0o120777),
    ],
)
def test_what_could_reach_outside_the_folder_is_refused(tmp_path, content):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/bad").write_bytes(content)
    with pytest.raises(DataError, match="refused"):
        unpacked(tmp_path / "in/bad", tmp_path / "in/out")
    assert not (tmp_path / "in/out").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"in"}


@pytest.mark.parametrize(
    ("limit", "told"),
    [({"max_gb": 1e-5}, "more than 1e-05 GB; max_gb"), ({"max_files": 2}, "more than 2 files; max_files")],
)
@pytest.mark.parametrize("content", [tar_of(FILES, mode="w:gz"), zip_of(FILES)], ids=["tar", "zip"])
def test_size_and_number_of_files_have_limits(tmp_path, content, limit, told):
    (tmp_path / "files").write_bytes(content)
    with pytest.raises(DataError, match=told):
        unpacked(tmp_path / "files", tmp_path / "out", **limit)
    assert not (tmp_path / "out").exists()


def test_an_archive_that_was_cut_off_is_told_wherever_that_is(tmp_path):
    content = tar_of(FILES)
    for length in (300, 512, 700, 5000, 6144, 6400, 7168, 14000):
        (tmp_path / "cut.tar").write_bytes(content[:length])
        with pytest.raises(DataError, match="cut off"):
            unpacked(tmp_path / "cut.tar", tmp_path / "out")
        (tmp_path / "cut.tar").unlink()
        for path in (tmp_path / ".out.partial").rglob("*"):
            assert path.is_dir() or path.read_bytes() in (*FILES.values(), b"") or path.name.startswith(".")
        subprocess.run(["rm", "-r", str(tmp_path / ".out.partial")], check=True)


def test_what_is_no_archive_is_told(tmp_path):
    (tmp_path / "words.tar").write_bytes(b"words " * 1000)
    with pytest.raises(DataError, match=r"words\.tar is no tar or zip archive"):
        unpacked(tmp_path / "words.tar", tmp_path / "out")
    with pytest.raises(DataError, match=r"nowhere\.tar does not exist, and no parts of it"):
        unpacked(tmp_path / "nowhere.tar", tmp_path / "out")


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_a_checksum_is_of_the_whole_archive(tmp_path, kind):
    content = tar_of(FILES)
    archive = in_parts(tmp_path, content, ["all.part_00", "all.part_01"])
    assert unpacked(archive, tmp_path / "out", checksum=hashlib.new(kind, content).hexdigest()) == FILES
    with pytest.raises(DataError, match=rf"has the {kind} [0-9a-f]+, not [0-9a-f]+; download it again"):
        unpacked(archive, tmp_path / "other", checksum=hashlib.new(kind, b"other").hexdigest())
    with pytest.raises(ConfigError, match="is no md5, sha1 or sha256"):
        unpacked(archive, tmp_path / "other", checksum="abc")


def test_the_same_command_again_does_nothing(tmp_path, capsys):
    archive = in_parts(tmp_path, tar_of(FILES), ["all.part_00", "all.part_01"])
    unpacked(archive, tmp_path / "out")
    before = (tmp_path / "out/list.txt").stat().st_mtime_ns
    assert unpacked(archive, tmp_path / "out") == FILES
    assert (tmp_path / "out/list.txt").stat().st_mtime_ns == before
    assert "holds" in capsys.readouterr().out
    (tmp_path / "other.zip").write_bytes(zip_of(FILES))
    with pytest.raises(UserError, match="is there already"):
        unpacked(tmp_path / "other.zip", tmp_path / "out")


WITH_LIMIT = """
import resource, sys
from spatialrl.data.verbs import data
from spatialrl.errors import ResourceError
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
try:
    data(sys.argv[1:])
except ResourceError as error:
    print(error)
"""


def test_a_run_that_was_stopped_goes_on_with_the_file_it_was_at(tmp_path):
    (tmp_path / "files.tar").write_bytes(tar_of(FILES))
    command = [sys.executable, "-c", WITH_LIMIT, f"unpack={tmp_path / 'files.tar'}", f"folder={tmp_path / 'out'}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "File too large" in done.stdout, done.stderr
    assert not (tmp_path / "out").exists()
    first = tmp_path / ".out.partial/videos/a.mp4"
    assert first.read_bytes() == FILES["videos/a.mp4"]
    assert not (tmp_path / ".out.partial/videos/b.mp4").exists()
    inode = first.stat().st_ino
    assert unpacked(tmp_path / "files.tar", tmp_path / "out") == FILES
    assert (tmp_path / "out/videos/a.mp4").stat().st_ino == inode
    assert [path.name for path in (tmp_path / "out").rglob(".*")] == [MARKER]
