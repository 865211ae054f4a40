"""`spatialrl data push=FOLDER repo=NAME`: a folder of tasks becomes a data set of the Hugging Face Hub. What would be of no
use there is told before anything is sent: rows whose media lie elsewhere on this machine.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from spatialrl.data.folders import REJECTED
from spatialrl.data.tasks import read_rows
from spatialrl.errors import ConfigError, DataError, ResourceError

if TYPE_CHECKING:
    from huggingface_hub import HfApi

CARD = "README.md"
LEFT_OUT = [".*", "**/.*", REJECTED, "import.json"]
"""Hidden files, and those that speak of this machine."""
ROWS = (".parquet", ".jsonl")
CARD_TEXT = """---
configs:
- config_name: default
  data_files:
{files}
---

{title}

| file | rows | kinds of questions |
|---|---|---|
{table}

Every row is a task of SpatialRL: a question, its media by paths relative to the file, options, an answer, and what is known
of the scene. Download the folder and give a file as `data.train`.
"""


def push(folder: Path, *, repo: str, private: bool = True, revision: str = "main", endpoint: str = "") -> None:
    """Makes the data set where there is none, private unless said otherwise, and sends what it lacks. A folder without a
    README.md gets a card that names its files. The token is that of `hf auth login` or of HF_TOKEN; `endpoint` is the Hub
    itself or a mirror of it."""
    if repo.count("/") != 1:
        raise ConfigError(f"repo is '{repo}'; expected user/name or organisation/name.")
    files = row_files(folder)
    counts = {path.name: count_families(path) for path in files}
    from huggingface_hub import HfApi  # noqa: PLC0415  takes half a second
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError  # noqa: PLC0415

    api = HfApi(endpoint=endpoint or None)
    try:
        url = _send(api, folder, card_of(repo, counts), repo=repo, private=private, revision=revision)
    except LocalTokenNotFoundError as error:
        raise ConfigError("There is no token for the Hub; say `hf auth login`, or set HF_TOKEN.") from error
    # Of a large file that does not get through, the Hub's library says so by a RuntimeError or a ValueError.
    except (HfHubHTTPError, OSError, RuntimeError, ValueError) as error:
        raise ResourceError(f"The Hub does not take {folder} as {repo}: {told(error)}") from error
    sys.stdout.write(f"{url}\n")


def told(error: BaseException) -> str:
    """Its first line; of a file that did not get through, which one it was and why."""
    lines = str(error).splitlines() or [type(error).__name__]
    cause = error.__cause__ if isinstance(error, RuntimeError) else None
    return f"{lines[0]} {told(cause)}" if cause else lines[0]


def row_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; give one that `spatialrl data make` or `import` has written.")
    files = sorted(path for path in folder.iterdir() if path.suffix in ROWS and path.name != REJECTED)
    if not files:
        raise DataError(f"{folder} holds no file of rows ({', '.join(ROWS)}).")
    return files


def count_families(path: Path) -> Counter[str]:
    """Rows by kind of question. Raises DataError about a medium that is not in the folder."""
    families: Counter[str] = Counter()
    for row in read_rows(path):
        families[row.get("family") or "other"] += 1
        for medium in row.get("media") or ():
            place = Path(medium["path"])
            if place.is_absolute() or ".." in place.parts:
                raise DataError(
                    f"{path}: row {row.get('id')} shows {place}, which is not in the folder and would not be on the Hub; make or "
                    "import the data with media=copy."
                )
            if not (path.parent / place).is_file():
                raise DataError(f"{path}: row {row.get('id')} shows {place}, which does not exist.")
    return families


def card_of(repo: str, counts: dict[str, Counter[str]]) -> str:
    files = "\n".join(f"  - split: {Path(name).stem}\n    path: {name}" for name in counts)
    kinds = {name: ", ".join(sorted(families)) for name, families in counts.items()}
    table = "\n".join(f"| {name} | {families.total()} | {kinds[name]} |" for name, families in counts.items())
    return CARD_TEXT.format(files=files, title=f"# {repo.partition('/')[2]}", table=table)


def _send(api: "HfApi", folder: Path, card: str, *, repo: str, private: bool, revision: str) -> str:
    api.create_repo(repo, repo_type="dataset", private=private, exist_ok=True)
    if not (folder / CARD).exists():
        api.upload_file(
            path_or_fileobj=card.encode(), path_in_repo=CARD, repo_id=repo, repo_type="dataset", revision=revision
        )
    sent = api.upload_folder(
        repo_id=repo, folder_path=folder, repo_type="dataset", revision=revision, ignore_patterns=LEFT_OUT
    )
    return str(sent.commit_url)
