"""Every part a composed reward can be made of: a task and a completion in, a value out, or the reason why the task has
none. Adding one is one file and one line.
"""

from collections.abc import Callable

from spatialrl.rewards.cognitive_map import map_accuracy
from spatialrl.rewards.general_text import length_in_band, overlong_penalty, repetition_penalty
from spatialrl.rewards.geometry_parts import (
    depth_order,
    direction_accuracy,
    distance_accuracy,
    grounding_giou,
    grounding_iou,
    point_in_mask,
    trajectory_accuracy,
)
from spatialrl.rewards.judge import judged
from spatialrl.rewards.math_answer import boxed_format, math_accuracy
from spatialrl.rewards.spacer import (
    answer_accuracy,
    free_form_accuracy,
    mean_relative_accuracy,
    ocr_accuracy,
    regression_accuracy,
    think_format,
)
from spatialrl.rewards.spatialreasoner import process_3d, reasoning_steps
from spatialrl.rewards.spatialthinker import (
    choice_accuracy,
    scene_boxes,
    scene_count,
    scene_format,
    scene_relations,
)
from spatialrl.rewards.ssrl import label_pair_accuracy, sequence_accuracy, think_boxed_format
from spatialrl.types import Unscored

PartFn = Callable[..., float | Unscored]
"""(task, completion, **args): total, and the same value for the same text."""
Range = tuple[float, float]
"""Least and greatest value; an infinity where there is none."""

SHARES: tuple[PartFn, ...] = (
    answer_accuracy,
    boxed_format,
    choice_accuracy,
    depth_order,
    direction_accuracy,
    distance_accuracy,
    free_form_accuracy,
    grounding_giou,
    grounding_iou,
    judged,
    label_pair_accuracy,
    length_in_band,
    map_accuracy,
    math_accuracy,
    mean_relative_accuracy,
    ocr_accuracy,
    point_in_mask,
    process_3d,
    reasoning_steps,
    regression_accuracy,
    scene_boxes,
    scene_count,
    scene_format,
    scene_relations,
    sequence_accuracy,
    think_boxed_format,
    think_format,
    trajectory_accuracy,
)
"""0 for nothing, 1 for all that could be had."""
PENALTIES: tuple[PartFn, ...] = (overlong_penalty, repetition_penalty)
"""0 where there is nothing to find fault with, -1 at worst."""

FORMS = frozenset(
    part.__name__
    for part in (
        boxed_format,
        length_in_band,
        reasoning_steps,
        scene_format,
        think_boxed_format,
        think_format,
        *PENALTIES,
    )
)
"""Parts that look at how a response is written, not at the truth: whoever does not look at the image earns them in full.
Give them a tenth of the weight at most."""

PARTS: dict[str, PartFn] = {part.__name__: part for part in (*SHARES, *PENALTIES)}
RANGES: dict[str, Range] = {part.__name__: (0.0, 1.0) for part in SHARES}
RANGES |= {part.__name__: (-1.0, 0.0) for part in PENALTIES}
