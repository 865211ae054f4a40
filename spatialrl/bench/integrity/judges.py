"""What the suite judges: the corrected presets as `configs/reward` has them, every part that looks at the truth, and the
presets that keep the original holes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spatialrl.compose import load_config
from spatialrl.rewards import REWARDS
from spatialrl.rewards.parts import PARTS
from spatialrl.types import Completion, Score, Scored, Task, Unscored

CHOICES = ("choice of 2", "choice of 3", "choice of 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    name: str
    style: str
    kinds: tuple[str, ...]
    score: Callable[[Task, Completion], Score]
    answers: bool = True
    """Whether a right answer alone earns something: then guessing may."""
    is_bound: bool = True
    knows_answer: bool = False
    """Cheap policies write the right answer: what is left is what the rest may be had for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a reward is asked."""

    style: str
    kinds: tuple[str, ...]
    args: Mapping[str, Any] = field(default_factory=dict)
    answers: bool = True
    knows_answer: bool = False


PRESETS: dict[str, Form] = {
    "spatialthinker": Form(style="scene", kinds=(*CHOICES, "count", "measure", "text", "description")),
    "spacer": Form(style="map", kinds=(*CHOICES, "count", "measure", "regression", "text", "description", "reading")),
    "ssrl": Form(style="boxed", kinds=(*CHOICES, "sequence", "label pair")),
    "spatialreasoner": Form(style="answer", kinds=(*CHOICES, "explicit 3D", "explicit 3D, unlocated")),
    "r1v": Form(style="answer", kinds=(*CHOICES, "count")),
    "math": Form(style="boxed", kinds=("count",)),
}
JUDGED_PARTS: dict[str, Form] = {
    "answer_accuracy": Form(
        style="answer",
        kinds=(
            *CHOICES,
            "count",
            "measure",
            "regression",
            "text",
            "description",
            "reading",
            "sequence",
            "label pair",
            "box",
        ),
    ),
    "choice_accuracy": Form(style="answer", kinds=CHOICES),
    "depth_order": Form(style="answer", kinds=("order",)),
    "direction_accuracy": Form(style="answer", kinds=("direction",)),
    "distance_accuracy": Form(style="answer", kinds=("measure",)),
    "free_form_accuracy": Form(style="answer", kinds=("text", "description")),
    "grounding_giou": Form(style="answer", kinds=("box",)),
    "grounding_iou": Form(style="answer", kinds=("box",)),
    "label_pair_accuracy": Form(style="boxed", kinds=("label pair",)),
    "map_accuracy": Form(style="map", kinds=("choice of 2",), answers=False),
    "math_accuracy": Form(style="boxed", kinds=("count",)),
    "mean_relative_accuracy": Form(style="answer", kinds=("count", "measure")),
    "ocr_accuracy": Form(style="answer", kinds=("reading",)),
    "point_in_mask": Form(style="answer", kinds=("point",)),
    "process_3d": Form(style="answer", kinds=("explicit 3D",), answers=False),
    "process_3d:unlocated": Form(style="answer", kinds=("explicit 3D, unlocated",)),
    "regression_accuracy": Form(style="answer", kinds=("regression",)),
    "scene_boxes": Form(style="scene", kinds=CHOICES, answers=False),
    "scene_count": Form(style="scene", kinds=CHOICES, answers=False),
    "scene_relations": Form(style="scene", kinds=("choice of 2",), answers=False),
    "sequence_accuracy": Form(style="boxed", kinds=("sequence",)),
    "sequence_accuracy:position": Form(style="boxed", kinds=("sequence",), args={"partial": "position"}),
    "sequence_accuracy:kendall": Form(style="boxed", kinds=("sequence",), args={"partial": "kendall"}),
    "trajectory_accuracy": Form(style="answer", kinds=("path",)),
}
"""What follows a colon tells options apart."""
COMPAT: dict[str, Form] = {
    "spatialthinker_compat": Form(style="scene", kinds=CHOICES),
    "spatialthinker_compat:answer_known": Form(style="scene", kinds=CHOICES, knows_answer=True),
    "spacer_compat": Form(
        style="map in thought", kinds=(*CHOICES, "count", "measure", "regression", "text", "reading")
    ),
    "spacer_compat:answer_known": Form(style="map in thought", kinds=CHOICES, knows_answer=True),
    "ssrl_compat": Form(style="boxed", kinds=(*CHOICES, "sequence", "label pair")),
    "spatialreasoner_compat": Form(style="answer", kinds=(*CHOICES, "explicit 3D")),
    "spatialreasoner_compat:process": Form(style="answer", kinds=("explicit 3D",), args={"rewards": ["process"]}),
    "r1v_compat": Form(style="answer in full", kinds=CHOICES),
    "r1v_scene_compat": Form(style="scene", kinds=CHOICES),
    "math_compat": Form(style="boxed", kinds=("count",)),
}


def presets() -> list[Judge]:
    return [_configured(name, form, is_bound=True) for name, form in PRESETS.items()]


def compat() -> list[Judge]:
    return [_configured(name, form, is_bound=False) for name, form in COMPAT.items()]


def parts() -> list[Judge]:
    return [_part(name, form) for name, form in JUDGED_PARTS.items()]


def _configured(name: str, form: Form, *, is_bound: bool) -> Judge:
    config = load_config([f"reward={_first(name)}"]).reward
    function, args = REWARDS[config.name], {**config.args, **form.args}
    score = lambda task, completion: function(task, completion, **args)  # noqa: E731
    return Judge(
        name=name,
        style=form.style,
        kinds=form.kinds,
        score=score,
        is_bound=is_bound,
        knows_answer=form.knows_answer,
    )


def _part(name: str, form: Form) -> Judge:
    part = PARTS[_first(name)]

    def score(task: Task, completion: Completion) -> Score:
        value = part(task, completion, **form.args)
        return value if isinstance(value, Unscored) else Scored(reward=value)

    return Judge(name=name, style=form.style, kinds=form.kinds, score=score, answers=form.answers)


def _first(name: str) -> str:
    return name.partition(":")[0]
