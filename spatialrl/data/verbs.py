"""`spatialrl data make=NAME`, `import=NAME`, `unpack=ARCHIVE`, `inspect=PATH`, `validate=PATH`, `schema=PATH`, `benchmarks=PAGE`
and `push=FOLDER`."""

import inspect
import sys
from pathlib import Path
from typing import Any

from spatialrl.data.json_schema import write_task_schema
from spatialrl.data.push import push
from spatialrl.data.unpack import unpack
from spatialrl.data.validate import validate
from spatialrl.errors import ConfigError, DataError
from spatialrl.generators import GENERATORS
from spatialrl.words import call_with_words, read_words

USAGE = "Say `spatialrl data` with make=scenes, import=stvqa, unpack=ARCHIVE, inspect=PATH, validate=PATH, schema=PATH, benchmarks=PAGE or push=FOLDER; docs/data.md has the arguments."


def data(words: list[str]) -> None:
    arguments = read_words(words)
    if "make" in arguments:
        make(str(arguments.pop("make")), arguments)
    elif "inspect" in arguments:
        inspect_from(arguments.pop("inspect"), arguments)
    elif "validate" in arguments:
        report(Path(str(arguments["validate"])))
    elif "import" in arguments:
        import_from(str(arguments.pop("import")), arguments)
    elif "unpack" in arguments:
        call_with_words(unpack, arguments, archive=str(arguments.pop("unpack")))
    elif "push" in arguments:
        call_with_words(push, arguments, folder=Path(str(arguments.pop("push"))))
    elif "schema" in arguments:
        write_task_schema(Path(str(arguments["schema"])))
    elif "benchmarks" in arguments:
        write_benchmarks(Path(str(arguments["benchmarks"])))
    else:
        raise ConfigError(USAGE)


def write_benchmarks(page: Path) -> None:
    from spatialrl.benchmarks.page import write_tables  # noqa: PLC0415  loads hydra and pyarrow

    write_tables(page)


def make(name: str, arguments: dict[str, Any]) -> None:
    if name not in GENERATORS:
        raise ConfigError(f"make={name}: there are: {', '.join(sorted(GENERATORS))}.")
    folder = Path(str(arguments.pop("folder", f"outputs/data/{name}")))
    call_with_words(GENERATORS[name], {"seed": 1, **arguments}, folder=folder)
    sys.stdout.write(f"{folder}\n")


def import_from(name: str, arguments: dict[str, Any]) -> None:
    """Arguments that the importer takes go to it, the others to the import."""
    from spatialrl.data.importers import IMPORTERS  # noqa: PLC0415  loads av and pyarrow
    from spatialrl.data.importers.run import Order, import_rows  # noqa: PLC0415

    if name not in IMPORTERS:
        raise ConfigError(f"import={name}: there are: {', '.join(sorted(IMPORTERS))}.")
    own = {key: arguments.pop(key) for key in inspect.signature(IMPORTERS[name]).parameters if key in arguments}
    import_rows(name, call_with_words(Order, arguments), own)


def inspect_from(path: Any, arguments: dict[str, Any]) -> None:
    from spatialrl.data.inspection.order import Order  # noqa: PLC0415
    from spatialrl.data.inspection.run import inspect_rows  # noqa: PLC0415  loads av and pyarrow

    inspect_rows(call_with_words(Order, arguments, path=path))


def report(path: Path) -> None:
    """One line per bad row; an error if there is any."""
    problems = validate(path)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    if problems:
        raise DataError(f"{path}: {len(problems)} bad rows.")
    sys.stdout.write(f"{path}: every row is good.\n")
