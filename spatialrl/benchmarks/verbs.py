"""`spatialrl eval compare=[FOLDER, ...]` and `spatialrl eval rescore=FILE`: what can be done with answers that are there. Needs
no model."""

from spatialrl.words import call_with_words, read_words

COMPARE, RESCORE = "compare", "rescore"


def asks_no_model(words: list[str]) -> bool:
    return any(word.startswith((f"{COMPARE}=", f"{RESCORE}=")) for word in words)


def look_at_answers(words: list[str]) -> None:
    from spatialrl.benchmarks.compare import compare  # noqa: PLC0415  loads Pillow and av
    from spatialrl.benchmarks.rescore import rescore  # noqa: PLC0415  loads pyarrow

    arguments = read_words(words)
    if COMPARE in arguments:
        call_with_words(compare, arguments, folders=arguments.pop(COMPARE))
    else:
        call_with_words(rescore, arguments, file=str(arguments.pop(RESCORE)))
