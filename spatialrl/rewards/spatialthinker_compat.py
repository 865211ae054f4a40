"""SpatialThinker's dense spatial reward. `spatialthinker_compat` gives the numbers of the published system, its defects
included, so that published results can be checked.

    reward = 0.1 format + 0.2 count + 0.5 accuracy + 0.2 spatial_score

Format gates everything, accuracy gates spatial_score. Not bounded below: a box reversed on both axes against a small
true box can cost thousands. Relations are only counted and labels only steer the matching. Where the original ends the
run (coordinates that are no finite numbers, an image of unknown size) the completion is `Unscored`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from spatialrl.errors import DataError
from spatialrl.rewards.boxes import all_pairs, in_fractions, mapped_ciou
from spatialrl.rewards.labels import Similarity, label_similarity, similarity_tables
from spatialrl.rewards.matching import match
from spatialrl.rewards.parse import Malformed, Response, read_response
from spatialrl.types import LETTERS, Completion, SceneGraph, SceneObject, Score, Scored, Task, Unscored

LABEL_COST = 2.0
BOX_COST = 1.0
OBJECT_SHARE = 0.7
RELATION_SHARE = 0.3
COMPLETIONS_AT_ONCE = 128
"""More of them only keep more scenes in memory."""
PAIRS_AT_ONCE = 16_384
"""Of a predicted and a true object: what is computed of so many stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A well-formed response with the right answer, whose objects are still to be compared with the true ones."""

    count: float
    response: Response
    truths: tuple[SceneObject, ...]
    size: tuple[float, float]
    """Of the frame in which both are written."""

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.response.ids), len(self.truths)


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
    scores = compare([each for each in readings if isinstance(each, Comparison)], measure)
    return [next(scores) if isinstance(each, Comparison) else each for each in readings]


def weighted(*, format: float, count: float, accuracy: float, spatial_score: float) -> Scored:
    reward = 0.1 * format + 0.2 * count + 0.5 * accuracy + 0.2 * spatial_score
    parts = {"format": format, "count": count, "accuracy": accuracy, "spatial_score": spatial_score}
    return Scored(reward=reward, parts=parts)


def read(task: Task, completion: Completion) -> Score | Comparison:
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
    if not response.ids or not truths:
        return weighted(format=1.0, count=count, accuracy=1.0, spatial_score=empty_part(response, task.scene))
    return Comparison(count, response, truths, frame_size(task))


def expected_answer(task: Task) -> str:
    """`(A) left` for a choice, else the answer itself."""
    if task.answer_kind != "choice":
        return task.answer
    letters = LETTERS[: len(task.options)]
    if len(task.answer) != 1 or task.answer not in letters:
        raise DataError(
            f"Task {task.id} has answer {task.answer!r}; expected the letter of one of its {len(letters)} options."
        )
    return f"({task.answer}) {task.answer_text}"


def accuracy_part(answer: str, expected: str) -> float:
    """1 if the answer is the expected text, letter and all; case and outer blanks aside."""
    return 1.0 if answer.strip().lower() == expected.strip().lower() else 0.0


def count_part(response: Response, truth: SceneGraph | None) -> float:
    """How well the numbers of objects and relations agree; relations are ignored where the truth has none."""
    if truth is None or not response.lists_objects:
        return 0.0
    objects = count_agreement(len(response.ids), len(truth.objects))
    if not truth.relationships:
        return objects
    relations = count_agreement(len(response.relationships), len(truth.relationships))
    return OBJECT_SHARE * objects + RELATION_SHARE * relations


def count_agreement(num_predicted: int, num_true: int) -> float:
    """1 - |predicted - true| / true, at least 0."""
    return max(0.0, 1 - abs(num_predicted - num_true) / max(num_true, 1))


def empty_part(response: Response, truth: SceneGraph | None) -> float:
    """The spatial part where one side has no objects: given away where it is the true one and it has relations."""
    if truth is not None and truth.objects:
        return 0.0
    has_relations = truth is not None and bool(truth.relationships)
    return 1.0 if has_relations or not response.ids else 0.0


def frame_size(task: Task) -> tuple[float, float]:
    """Each side is measured by its own length: the aspect ratio of a box is then not that of its pixels."""
    in_thousandths = task.scene is not None and task.scene.frame == "thousandths"
    return (1000, 1000) if in_thousandths else (task.media[0].width, task.media[0].height)


def compare(comparisons: Sequence[Comparison], measure: Similarity) -> Iterator[Score]:
    """Scores in the order of the comparisons; those with equally many objects on both sides are computed together."""
    by_shape: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, each in enumerate(comparisons):
        by_shape[each.shape].append(index)
    scores: dict[int, Score] = {}
    for (num_guesses, num_truths), indices in by_shape.items():
        step = max(1, PAIRS_AT_ONCE // (num_guesses * num_truths))
        for start in range(0, len(indices), step):
            some = indices[start : start + step]
            scores.update(zip(some, compare_alike([comparisons[i] for i in some], measure), strict=True))
    return (scores[index] for index in range(len(comparisons)))


def compare_alike(comparisons: Sequence[Comparison], measure: Similarity) -> list[Score]:
    """All of one shape: (comparisons, predicted, true)."""
    sizes = [each.size for each in comparisons]
    try:
        guesses = in_fractions([each.response.boxes for each in comparisons], sizes)
        truths = in_fractions([[thing.bbox for thing in each.truths] for each in comparisons], sizes)
    # Model text: integers of 309 digits pass the format. One must not spoil the others.
    except OverflowError as error:
        if len(comparisons) == 1:
            return [Unscored(reason=f"a predicted box can't be compared: {error}")]
        return [score for each in comparisons for score in compare_alike([each], measure)]
    names = [(each.response.ids, [thing.id for thing in each.truths]) for each in comparisons]
    closeness = mapped_ciou(*all_pairs(guesses, truths))
    costs = LABEL_COST * (1 - similarity_tables(names, measure)) + BOX_COST * (1 - closeness)
    return list(map(finish, comparisons, costs, closeness))


def finish(comparison: Comparison, costs: np.ndarray, closeness: np.ndarray) -> Score:
    """Spatial part: mean over the true objects of the mapped CIoU with the matched prediction, 0 without one."""
    try:
        total = fsum([closeness[pair] for pair in match(costs)])
    # Model text: NaN, infinities and numbers whose squares are infinite have no distance to anything.
    except ArithmeticError as error:
        return Unscored(reason=f"a predicted box can't be compared: {error}")
    spatial_score = total / len(comparison.truths)
    return weighted(format=1.0, count=comparison.count, accuracy=1.0, spatial_score=spatial_score)
