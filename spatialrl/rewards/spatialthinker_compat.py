"""SpatialThinker's dense spatial reward. `spatialthinker_compat` gives the numbers of the published system, its defects
included, so that published results can be checked.

    reward = 0.1 format + 0.2 count + 0.5 accuracy + 0.2 spatial_score

Format gates everything, accuracy gates spatial_score. Not bounded below: a box reversed on both axes against a small
true box can cost thousands. Relations are only counted and labels only steer the matching. Where the original ends the
run (coordinates that are no finite numbers, an image of unknown size) the completion is `Unscored`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from spatialrl.errors import DataError
from spatialrl.rewards.labels import Similarity, label_similarity
from spatialrl.rewards.parse import Malformed, Response, read_response
from spatialrl.rewards.scene_comparison import Comparison, closeness
from spatialrl.types import LETTERS, Completion, SceneGraph, Score, Scored, Task, Unscored

OBJECT_SHARE = 0.7
RELATION_SHARE = 0.3
COMPLETIONS_AT_ONCE = 512
"""More of them only keep more scenes in memory."""
NO_DISTANCE = Unscored(reason="a predicted box can't be compared: its numbers are not finite, or not once squared")


class Open(NamedTuple):
    """A well-formed response with the right answer, whose objects are still to be compared with the true ones."""

    count: float
    scene: Comparison


def spatialthinker_compat(
    task: Task, completion: Completion, *, similarity: str = "exact", similarity_model: str = ""
) -> Score:
    """`similarity` is a name in `SIMILARITIES`; it steers the matching of objects."""
    pairs = [(task, completion)]
    return spatialthinker_compat_batch(pairs, similarity=similarity, similarity_model=similarity_model)[0]


def spatialthinker_compat_batch(
    pairs: Sequence[tuple[Task, Completion]], *, similarity: str = "exact", similarity_model: str = ""
) -> list[Score]:
    """The same scores for many completions, several times as fast: their objects are compared all at once."""
    measure = label_similarity(similarity, model=similarity_model)
    starts = range(0, len(pairs), COMPLETIONS_AT_ONCE)
    return [score for start in starts for score in score_some(pairs[start : start + COMPLETIONS_AT_ONCE], measure)]


def score_some(pairs: Sequence[tuple[Task, Completion]], measure: Similarity) -> list[Score]:
    readings = [read(task, completion) for task, completion in pairs]
    found = iter(closeness([each.scene for each in readings if isinstance(each, Open)], measure))
    return [finish(each.count, next(found)) if isinstance(each, Open) else each for each in readings]


def finish(count: float, spatial_score: float | None) -> Score:
    if spatial_score is None:
        return NO_DISTANCE
    return weighted(format=1.0, count=count, accuracy=1.0, spatial_score=spatial_score)


def weighted(*, format: float, count: float, accuracy: float, spatial_score: float) -> Scored:
    reward = 0.1 * format + 0.2 * count + 0.5 * accuracy + 0.2 * spatial_score
    parts = {"format": format, "count": count, "accuracy": accuracy, "spatial_score": spatial_score}
    return Scored(reward=reward, parts=parts)


def read(task: Task, completion: Completion) -> Score | Open:
    """Everything but the comparison of objects; those of a wrong answer are not looked at."""
    if not task.media or min(task.media[0].width, task.media[0].height) <= 0:
        return Unscored(reason=f"task {task.id} has no image size, in which its boxes are measured")
    response = read_response(completion.text)
    if isinstance(response, Malformed):
        return weighted(format=0.0, count=0.0, accuracy=0.0, spatial_score=0.0)
    count = count_part(response, task.scene)
    if not accuracy_part(response.answer, expected_answer(task)):
        return weighted(format=1.0, count=count, accuracy=0.0, spatial_score=0.0)
    truths = task.scene.objects if task.scene else ()
    if not response.objects or not truths:
        return weighted(format=1.0, count=count, accuracy=1.0, spatial_score=empty_part(response, task.scene))
    return Open(count, Comparison(response.objects, truths, frame_size(task)))


def expected_answer(task: Task) -> str:
    """`(A) left` for a choice, else the answer itself."""
    if task.answer_kind != "choice":
        return task.answer
    if len(task.answer) != 1 or task.answer not in LETTERS[: len(task.options)]:
        raise DataError(
            f"Task {task.id} has answer {task.answer!r}; expected the letter of one of its {len(task.options)} options."
        )
    return f"({task.answer}) {task.answer_text}"


def accuracy_part(answer: str, expected: str) -> float:
    """1 if the answer is the expected text, letter and all; case and outer blanks aside."""
    return 1.0 if answer == expected or answer.strip().lower() == expected.strip().lower() else 0.0


def count_part(response: Response, truth: SceneGraph | None) -> float:
    """How well the numbers of objects and relations agree; relations are ignored where the truth has none."""
    if truth is None or not response.lists_objects:
        return 0.0
    objects = count_agreement(len(response.objects), len(truth.objects))
    if not truth.relationships:
        return objects
    relations = count_agreement(len(response.relationships), len(truth.relationships))
    return OBJECT_SHARE * objects + RELATION_SHARE * relations


def count_agreement(num_predicted: int, num_true: int) -> float:
    """1 - |predicted - true| / true, at least 0."""
    if num_predicted == num_true:
        return 1.0
    return max(0.0, 1 - abs(num_predicted - num_true) / max(num_true, 1))


def empty_part(response: Response, truth: SceneGraph | None) -> float:
    """The spatial part where one side has no objects: given away where it is the true one and it has relations."""
    if truth is not None and truth.objects:
        return 0.0
    has_relations = truth is not None and bool(truth.relationships)
    return 1.0 if has_relations or not response.objects else 0.0


def frame_size(task: Task) -> tuple[float, float]:
    """Each side is measured by its own length: the aspect ratio of a box is then not that of its pixels."""
    in_thousandths = task.scene is not None and task.scene.frame == "thousandths"
    return (1000, 1000) if in_thousandths else (task.media[0].width, task.media[0].height)
