"""Rows as EasyR1 and verl read them: a problem with its answer, and images or videos, one or a list, or none at all.

What a row does not say is read from its texts: options that stand in the problem, and whether the answer is one of them, a
number or a text; `answer_kind=` overrules that.
"""

from collections.abc import Iterator
from typing import get_args

from spatialrl.data.importers.answers import Answer, any_answer, choice_answer, number_answer, options_in, unwrapped
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import extras, optional_text, text_of
from spatialrl.data.importers.record import Converter, Record
from spatialrl.data.importers.shelf import Shelf, listed, scene_of_video
from spatialrl.data.importers.text_with_media import bind
from spatialrl.errors import ConfigError
from spatialrl.types import AnswerKind, Task


def easyr1(
    *,
    prompt_key: str = "problem",
    answer_key: str = "answer",
    image_key: str = "images",
    video_key: str = "videos",
    answer_kind: AnswerKind | None = None,
) -> Converter:
    """The keys are names of columns."""
    if answer_kind not in (None, *get_args(AnswerKind)):
        raise ConfigError(f"answer_kind is '{answer_kind}'; there are: {', '.join(get_args(AnswerKind))}.")

    def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
        row = record.row
        images, videos = listed(row.get(image_key)), listed(row.get(video_key))
        problem, media = bind(text_of(row, prompt_key), images=shelf.images(images), videos=shelf.videos(videos))
        right, question, options = read_answer(unwrapped(text_of(row, answer_key)), problem, answer_kind)
        original = {"problem": problem} if options else {}
        yield Task(
            id=optional_text(row, "id") or record.place,
            question=question,
            media=media,
            options=options,
            answer=right.answer,
            answer_kind=right.answer_kind,
            unit=right.unit,
            family=optional_text(row, "category"),
            source=optional_text(row, "data_source") or "easyr1",
            scene_id=scene_of_video(videos),
            split=record.split,
            extra=original
            | extras(row, known=("id", prompt_key, answer_key, image_key, video_key, "category", "data_source")),
        )

    return convert


def read_answer(answer: str, problem: str, kind: AnswerKind | None) -> tuple[Answer, str, tuple[str, ...]]:
    """With the question and its options; without options the question is the whole problem."""
    question, options = options_in(problem)
    if kind == "choice":
        if not options:
            raise BadRow("answer", "No options, A. ... B. ..., stand in its problem.")
        return choice_answer(answer, options), question, options
    if kind is None and options and is_choice(answer, options):
        return choice_answer(answer, options), question, options
    if kind == "number":
        return number_answer(answer), problem, ()
    return (any_answer(answer) if kind is None else Answer(answer=answer, answer_kind=kind)), problem, ()


def is_choice(answer: str, options: tuple[str, ...]) -> bool:
    """A problem may list things that are not its options."""
    try:
        choice_answer(answer, options)
    except BadRow:
        return False
    return True
