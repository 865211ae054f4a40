"""SpatialThinker's dense spatial reward. `spatialthinker_compat` gives the numbers of the published system, its defects
included, so that published results can be checked.

    reward = 0.1 format + 0.2 count + 0.5 accuracy + 0.2 spatial

Format gates everything, accuracy gates spatial. Not bounded below: a box reversed on both axes against a small true box
can cost thousands. Relations are only counted and labels only steer the matching. Where the original ends the run
(coordinates that are no finite numbers, an image of unknown size) the completion is `Unscored`.
"""

import math

from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards.boxes import mapped_ciou, scaled
from spatialrl.rewards.labels import SIMILARITIES, Similarity, label
from spatialrl.rewards.matching import match
from spatialrl.rewards.parse import Malformed, Response, read_response
from spatialrl.types import LETTERS, Completion, SceneGraph, SceneObject, Score, Scored, Task, Unscored

LABEL_COST = 2.0
BOX_COST = 1.0
OBJECT_SHARE = 0.7
RELATION_SHARE = 0.3


def spatialthinker_compat(task: Task, completion: Completion, *, similarity: str = "exact") -> Score:
    """`similarity` is a name in `SIMILARITIES`; it steers the matching of objects."""
    if similarity not in SIMILARITIES:
        raise ConfigError(f"reward.args.similarity is {similarity!r}; choose one of {', '.join(SIMILARITIES)}.")
    if not task.media or min(task.media[0].width, task.media[0].height) <= 0:
        return Unscored(reason=f"task {task.id} has no image size, in which its boxes are measured")
    response = read_response(completion.text)
    if isinstance(response, Malformed):
        return weighted(format=0.0, count=0.0, accuracy=0.0, spatial=0.0)
    accuracy = accuracy_part(response.answer, expected_answer(task))
    try:
        spatial = spatial_part(response.scene, task, SIMILARITIES[similarity]) if accuracy else 0.0
    # Model text: NaN, infinities and integers of 309 digits pass the format and have no distance to anything.
    except ArithmeticError as error:
        return Unscored(reason=f"a predicted box can't be compared: {error}")
    return weighted(format=1.0, count=count_part(response, task.scene), accuracy=accuracy, spatial=spatial)


def weighted(*, format: float, count: float, accuracy: float, spatial: float) -> Scored:
    reward = 0.1 * format + 0.2 * count + 0.5 * accuracy + 0.2 * spatial
    return Scored(reward=reward, parts={"format": format, "count": count, "accuracy": accuracy, "spatial": spatial})


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
    objects = count_agreement(len(response.scene.objects), len(truth.objects))
    if not truth.relationships:
        return objects
    relations = count_agreement(len(response.scene.relationships), len(truth.relationships))
    return OBJECT_SHARE * objects + RELATION_SHARE * relations


def count_agreement(num_predicted: int, num_true: int) -> float:
    """1 - |predicted - true| / true, at least 0."""
    return max(0.0, 1 - abs(num_predicted - num_true) / max(num_true, 1))


def spatial_part(predicted: SceneGraph, task: Task, similarity: Similarity) -> float:
    """Mean over the true objects of the mapped CIoU with the matched prediction; an unmatched one counts 0."""
    true_objects = task.scene.objects if task.scene else ()
    if not true_objects:
        has_relations = task.scene is not None and bool(task.scene.relationships)
        return 1.0 if has_relations or not predicted.objects else 0.0
    guesses, truths = in_fractions(predicted.objects, task), in_fractions(true_objects, task)
    matched = match([[pair_cost(guess, truth, similarity) for truth in truths] for guess in guesses])
    return math.fsum(mapped_ciou(truths[column].bbox, guesses[row].bbox) for row, column in matched) / len(truths)


def pair_cost(guess: SceneObject, truth: SceneObject, similarity: Similarity) -> float:
    labels = similarity(label(guess.id), label(truth.id))
    return LABEL_COST * (1 - labels) + BOX_COST * (1 - mapped_ciou(truth.bbox, guess.bbox))


def in_fractions(objects: tuple[SceneObject, ...], task: Task) -> list[SceneObject]:
    """Each side by its own length: the aspect ratio of a box is then not that of its pixels."""
    in_thousandths = task.scene is not None and task.scene.frame == "thousandths"
    width, height = (1000, 1000) if in_thousandths else (task.media[0].width, task.media[0].height)
    return [SceneObject(id=thing.id, bbox=scaled(thing.bbox, width=width, height=height)) for thing in objects]
