"""The corrected parts of SpatialReasoner's reward: steps that are counted where they stand, and a chain of thought in
explicit 3D whose numbers are recomputed, compared with the scene, and followed to the answer.

    process_3d = grounding * soundness, and 0 where the answer contradicts the numbers

Random numbers have no grounding, words without numbers no soundness. Without a true scene grounding is whether the answer
is right, for a consistent story can be invented around any answer.
"""

import math
import re
from collections import Counter

from spatialrl.rewards.parse import (
    CAMERA,
    Malformed,
    Statement,
    answer_text,
    choice,
    last_block,
    says_something,
    statements,
)
from spatialrl.rewards.process import Program, cosine, names
from spatialrl.rewards.process_decisions import DECISIONS, follows
from spatialrl.rewards.process_truth import axis_vector, by_name, places
from spatialrl.rewards.spatialreasoner_compat import REQUIRED
from spatialrl.types import LETTERS, Completion, Task, Unscored, Vector

STEP = re.compile(
    r"^[ \t]*(?:\*\*)?(step[ \t]+[0-9]+[ \t]*[:.)]|[0-9]+[.)]|[-*+][ \t]+[^\n]*)", re.IGNORECASE | re.MULTILINE
)
TRANSITION = re.compile(r"\b(first|second|third|next|then|finally|therefore),", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?;])[ \t]+(?=[A-Z])")
EMPTY_WORDS = {"a", "an", "and", "in", "of", "on", "or", "the", "to", "with"}
MAX_READ = 200_000
"""Characters of a chain of thought that are looked at."""
FULL_SHARE = 0.5
"""Of a tolerance: up to here a place or direction counts as right; from there its worth falls to 0 at the tolerance."""


def reasoning_steps(task: Task, completion: Completion, *, num_steps: int = 3) -> float:
    """Share of `num_steps` different steps: `Step 1:`, `1.`, a bullet with words, `First,`. Each counts once, however
    often it stands there. It knows nothing of what a step says: give it a small weight, behind a gate."""
    text = _reasoning(completion.text)[:MAX_READ]
    marks = {" ".join(found.lower().split()).rstrip(":.)") for found in STEP.findall(text) if says_something(found)}
    words = {found.lower() for found in TRANSITION.findall(text)}
    return min(1.0, (len(marks) + len(words)) / num_steps)


def process_3d(
    task: Task, completion: Completion, *, location_tolerance: float = 0.2, direction_tolerance_deg: float = 20.0
) -> float | Unscored:
    """Whether the numbers of a chain of thought are true, follow from one another, and lead to the answer.

    `location_tolerance` is a share of a thing's distance from the camera, or of 1 m where that is more. Which sentences
    a question needs depends on `Task.family`; a family that is not one of 3DSRBench's has no such rule: Unscored.
    """
    if task.family not in DECISIONS:
        return Unscored(reason=f"task {task.id} is of family {task.family!r}, for which no 3D process is known")
    program = Program(_statements(task, completion))
    conclusion = _conclusion(task, completion, program)
    if conclusion == "contradicted":
        return 0.0
    if task.objects_3d:
        grounding = _grounding(task, program, location_tolerance, direction_tolerance_deg)
    else:
        grounding = float(_said(task, completion) == task.answer)
    return grounding * _soundness(task, program, conclusion)


def _reasoning(text: str) -> str:
    """Inside the last <think>, else before the answer."""
    thought = last_block(text, "think")
    return text.partition("<answer>")[0] if isinstance(thought, Malformed) else thought


def _statements(task: Task, completion: Completion) -> list[Statement]:
    """Those about the things in the question and its options, which share a word with them."""
    asked = set(re.findall(r"\w+", " ".join([task.question, *task.options]).lower())) - EMPTY_WORDS | {CAMERA}
    # A line of its own for each sentence: no name reaches from one sentence into the next.
    found = statements(SENTENCE_END.sub("\n", _reasoning(completion.text)[:MAX_READ]))
    return [item for item in found if all(asked & set(name.split()) for name in names(item))]


def _soundness(task: Task, program: Program, conclusion: str) -> float:
    """Right statements among those the question needs. A wrong one costs even where it is not needed, a right one more
    than needed is worth nothing. The conclusion counts as one statement, unless its words do not tell what it says."""
    checks, required = program.checks(), REQUIRED[task.family]
    right = Counter(check.group for check in checks if check.right)
    wrong = Counter(check.group for check in checks if not check.right)
    passed = {group: min(right[group], required.get(group, 0)) for group in {*right, *wrong, *required}}
    needed = {group: max(required.get(group, 0), passed[group] + wrong[group]) for group in passed}
    counted = conclusion != "open"
    return (sum(passed.values()) + (conclusion == "follows")) / (sum(needed.values()) + counted)


def _conclusion(task: Task, completion: Completion, program: Program) -> str:
    """`follows`, `contradicted`, `open` where words or a close call do not tell, `missing` without numbers or answer."""
    decision = DECISIONS[task.family](program, task.question)
    said = _said(task, completion)
    if decision is None or isinstance(said, Malformed):
        return "missing"
    option = task.options[LETTERS.index(said)] if task.options else said
    verdict = follows(option, task.question, decision)
    return "open" if verdict is None else "follows" if verdict else "contradicted"


def _said(task: Task, completion: Completion) -> str | Malformed:
    """The letter of an option; where there are none, the answer."""
    answer = answer_text(completion.text)
    return answer if isinstance(answer, Malformed) or not task.options else choice(answer, task.options)


def _grounding(task: Task, program: Program, location_tolerance: float, direction_tolerance_deg: float) -> float:
    """Mean worth of the stated places and directions, those that are needed and missing included. Of a thing that is
    not in the scene everything is wrong."""
    named, true_places = by_name(task.objects_3d), places(task.objects_3d)
    worths = {"location": [], "front": [], "left": []}
    for name in program.things:
        thing = named.get(name)
        place = None if thing is None else true_places[thing.id]
        worths["location"].append(_place_worth(program.places[name], place, location_tolerance))
    for axis, value in program.axes.items():
        true_axis = None if axis.name not in named else axis_vector(named[axis.name], axis)
        worths[axis.side].append(_direction_worth(value, true_axis, direction_tolerance_deg))
    required = REQUIRED[task.family]
    counted = sum(max(len(found), required.get(group, 0)) for group, found in worths.items())
    return math.fsum(worth for found in worths.values() for worth in found) / counted


def _place_worth(stated: Vector, true: Vector | None, tolerance: float) -> float:
    return 0.0 if true is None else _worth(math.dist(stated, true), tolerance * max(1.0, math.hypot(*true)))


def _direction_worth(stated: Vector, true: Vector | None, tolerance_deg: float) -> float:
    value = None if true is None else cosine(stated, true)
    return 0.0 if value is None else _worth(math.degrees(math.acos(value)), tolerance_deg)


def _worth(error: float, tolerance: float) -> float:
    """1 within half the tolerance, falling to 0 at it."""
    return max(0.0, min(1.0, (1 - error / tolerance) / (1 - FULL_SHARE)))
