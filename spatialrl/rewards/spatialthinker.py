"""SpatialThinker's parts, corrected: a scene earns what it says about the true one, and nothing for being long, empty,
or written without looking. Each is 0 to 1; a scene that can't be read is worth 0.

The truth is in the frame of the task's scene graph, the model writes in that of the task's coordinates.
"""

from collections.abc import Sequence
from functools import lru_cache

from spatialrl.coordinate_frames import frame_size, true_frame, written_frame
from spatialrl.rewards.labels import label_similarity
from spatialrl.rewards.parse import Malformed, scene_graph
from spatialrl.rewards.relation_f1 import relation_f1
from spatialrl.rewards.scene_match import (
    Pair,
    match_objects,
    names_found,
    num_found,
    one_name_each,
    total_worth,
)
from spatialrl.rewards.spacer import are_blocks_in_order, choice_answer
from spatialrl.types import Completion, SceneGraph, Task, Unscored

BLOCKS = ("observe", "scene", "think", "answer")
OBJECT_SHARE = 0.7
RELATION_SHARE = 0.3

NO_SCENE = SceneGraph(objects=(), relationships=())
_read_scene = lru_cache(maxsize=4)(scene_graph)
_match_objects = lru_cache(maxsize=4)(match_objects)
"""Every part of a reward reads the same text and matches the same objects."""


def scene_format(task: Task, completion: Completion) -> float:
    """1 where observe, scene, think and answer stand in this order, each once and none empty, with nothing around them,
    and the scene can be read. A scene without objects is empty where the true one has some."""
    scene, truth = _scene(completion), task.scene or NO_SCENE
    is_empty = scene is None or bool(truth.objects) > bool(scene.objects)
    return float(not is_empty and are_blocks_in_order(completion.text, BLOCKS))


def scene_count(
    task: Task,
    completion: Completion,
    *,
    similarity: str = "lexical",
    similarity_model: str = "",
) -> float | Unscored:
    """How near the scene is to having every true object and no other (70 %), 1 - (missed + made up) / true, and the true
    number of relations (30 %), times what the boxes are worth by true object: a number that is right without looking
    earns nothing, and one more object only helps where it is found.

    An empty scene earns nothing, unless the true one is empty.
    """
    pairs = _pairs(task, completion, similarity, similarity_model)
    if isinstance(pairs, Unscored):
        return pairs
    guess, truth = _scene(completion), task.scene or NO_SCENE
    if guess is None or bool(guess.objects) != bool(truth.objects):
        return 0.0
    num_wrong = len(guess.objects) + len(truth.objects) - 2 * num_found(pairs)
    num_relations_off = abs(len(guess.relationships) - len(truth.relationships))
    objects = share_without(num_wrong, len(truth.objects))
    relations = share_without(num_relations_off, len(truth.relationships))
    seen = total_worth(pairs) / len(truth.objects) if truth.objects else 1.0
    return (OBJECT_SHARE * objects + RELATION_SHARE * relations) * seen


def share_without(num_wrong: int, num_true: int) -> float:
    """1 without mistakes, 0 from as many on as there are true ones."""
    return max(0.0, 1 - num_wrong / max(num_true, 1))


def choice_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """1 for the letter or the text of the right option."""
    return choice_answer(task, completion)


def scene_boxes(
    task: Task,
    completion: Completion,
    *,
    similarity: str = "lexical",
    similarity_model: str = "",
) -> float | Unscored:
    """Likeness of the labels times closeness of the boxes, summed over matched objects, by the number of objects of the
    larger side; see `scene_match`.

    1 where neither side has objects. A box written for several objects counts for one.
    """
    pairs = _pairs(task, completion, similarity, similarity_model)
    if isinstance(pairs, Unscored):
        return pairs
    return _share(total_worth(pairs), _scene(completion), task.scene or NO_SCENE)


def scene_relations(
    task: Task,
    completion: Completion,
    *,
    similarity: str = "lexical",
    similarity_model: str = "",
) -> float | Unscored:
    """F1 of what the relations say about objects that are found, either way round and in any of the usual words.

    Where neither side has relations it is the share of the objects that are found: having nothing to say about things
    not seen earns nothing.
    """
    pairs = _pairs(task, completion, similarity, similarity_model)
    if isinstance(pairs, Unscored):
        return pairs
    guess, truth = _scene(completion) or NO_SCENE, task.scene or NO_SCENE
    if not guess.relationships and not truth.relationships:
        return _share(num_found(pairs), _scene(completion), truth)
    true_names = one_name_each(truth.objects)
    names = {guessed: true_names[true] for guessed, true in names_found(pairs, guess.objects).items()}
    return relation_f1(guess.relationships, truth.relationships, names=names, true_names=true_names)


def _pairs(task: Task, completion: Completion, similarity: str, similarity_model: str) -> Sequence[Pair] | Unscored:
    """None of them where the scene can't be read."""
    measure = label_similarity(similarity, model=similarity_model)
    if task.scene is None:
        return _unknown(task, "scene graph")
    written, true = frame_size(task, written_frame(task)), frame_size(task, true_frame(task))
    if written is None or true is None:
        return _unknown(task, "image size")
    guesses = (_scene(completion) or NO_SCENE).objects
    return _match_objects(guesses, task.scene.objects, sizes=(written, true), similarity=measure)


def _scene(completion: Completion) -> SceneGraph | None:
    scene = _read_scene(completion.text)
    return None if isinstance(scene, Malformed) else scene


def _share(amount: float, guess: SceneGraph | None, truth: SceneGraph) -> float:
    """Of the objects of the larger side. An empty scene has the whole of nothing, an unreadable one has none."""
    if guess is None:
        return 0.0
    num_objects = max(len(guess.objects), len(truth.objects))
    return amount / num_objects if num_objects else 1.0


def _unknown(task: Task, what: str) -> Unscored:
    return Unscored(reason=f"task {task.id} has no {what}")
