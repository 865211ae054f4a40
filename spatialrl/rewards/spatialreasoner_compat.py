"""SpatialReasoner's rewards. `spatialreasoner_compat` gives the numbers of the published system, its defects included, so
that published results can be checked.

    reward = accuracy + format [+ process + reasoning_steps]

Numbers in the chain of thought are never checked, and an empty one earns up to 0.75 of the process part. The kind of
question is `Task.family`, in the words of 3DSRBench; where the original ends the run on an unknown kind, the completion
is `Unscored`. Where the original returns one 0 for a whole batch (an answer that begins with a letter and names another
option's text), the completion itself earns 0 here, and its neighbours keep their rewards.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from spatialrl.errors import ConfigError
from spatialrl.rewards.parse import Malformed, read_block
from spatialrl.types import LETTERS, Completion, Score, Scored, Task, Unscored

MAX_OPTIONS = 4
MARKS = str.maketrans(dict.fromkeys(".()[],:;!*#{}", " "))
FAILURES = "Failed to obtain answer via API"
REFUSALS = (
    "Sorry, I can't help with images of people yet.",
    "I can't process this file.",
    "I'm sorry, but without the image provided",
    "Cannot determine the answer",
)
STEP = re.compile(r"Step \d+:|^\d+\.|\n[-*]|(?:First|Second|Next|Finally|Therefore),")
FULL_STEPS = 3

_TUPLE = r" \(-?\d+\.\d+, -?\d+\.\d+, -?\d+\.\d+\)"
PHRASES: dict[str, tuple[str, ...]] = {
    "location": ("3D location of ", _TUPLE),
    "vector": ("vector from ", " to ", _TUPLE),
    "from camera": ("distance from ", r" to the camera ", r" \d+\.\d+"),
    "between": ("distance between ", r" \d+\.\d+"),
    "front": ("front direction of ", _TUPLE),
    "left": ("left direction of ", _TUPLE),
    "cosine": ("cosine similarity between ", r" -?\d+\.\d+"),
    "angle": ("angle between ", r" \d+"),
}
"""Pieces that follow one another on one line, with anything between them."""
_PATTERNS = {name: tuple(re.compile(piece, re.IGNORECASE) for piece in pieces) for name, pieces in PHRASES.items()}
GROUPS = ("location", "vector", "from camera", "between", "front", "left", "turn")
"""`turn` is a cosine or an angle: one of each counts once."""
REQUIRED: dict[str, dict[str, int]] = {
    "height_higher": {"location": 2},
    "location_above": {"location": 2},
    "location_closer_to_camera": {"location": 2, "from camera": 2},
    "location_next_to": {"location": 2, "between": 1},
    "orientation_in_front_of": {"location": 2, "vector": 1, "front": 1, "turn": 1},
    "orientation_on_the_left": {"location": 2, "vector": 1, "left": 1, "turn": 1},
    "orientation_viewpoint": {"location": 1, "vector": 1, "front": 1, "left": 1, "turn": 2},
    "multi_object_closer_to": {"location": 3, "between": 2},
    "multi_object_parallel": {"front": 2, "turn": 1},
    "multi_object_same_direction": {"front": 2, "turn": 1},
    "multi_object_facing": {"location": 3, "vector": 2, "front": 1, "turn": 2},
    "multi_object_viewpoint_towards_object": {"location": 2, "vector": 1, "front": 1, "left": 1, "turn": 2},
}


def spatialreasoner_compat(
    task: Task, completion: Completion, *, rewards: Sequence[str] = ("accuracy", "format")
) -> Score:
    """`rewards` are names in `PARTS`; each has weight 1. The run with the 3D process reward used all four."""
    unknown = [name for name in rewards if name not in PARTS]
    if unknown or not rewards:
        raise ConfigError(f"reward.args.rewards is {list(rewards)}; choose some of {', '.join(PARTS)}.")
    if "process" in rewards and task.family not in REQUIRED:
        return Unscored(reason=f"task {task.id} is of the unknown family {task.family!r}")
    parts = {name: PARTS[name](task, completion.text) for name in rewards}
    return Scored(reward=sum(parts.values()), parts=parts)


def accuracy_part(task: Task, text: str) -> float:
    """1 if the answer lets infer the right letter, or all options read the same."""
    block = read_block(text, "answer")
    answer = text.strip() if isinstance(block, Malformed) else block
    options = dict(zip(LETTERS, task.options[:MAX_OPTIONS], strict=False))
    if _names_another(answer, options):
        return 0.0
    letter = _inferred_letter(answer, options)
    lowered = options if letter else {key: option.lower() for key, option in options.items()}
    letter = letter or _inferred_from_text(answer.lower(), lowered)
    return float((letter != "" and letter == task.answer) or len(set(lowered.values())) == 1)


def format_part(task: Task, text: str) -> float:
    """1 if <think> opens the text and an <answer> block follows it and ends a line; what stands after is not read."""
    link = re.compile(r"</think>\s*<answer>").search(text, len("<think>"))
    if not text.startswith("<think>") or link is None:
        return 0.0
    return float(re.compile(r"</answer>$", re.MULTILINE).search(text, link.end()) is not None)


def steps_part(task: Task, text: str) -> float:
    """A third for each word or mark that looks like a step; numbers only count at the start of the text."""
    return min(1.0, sum(1 for _ in STEP.finditer(text)) / FULL_STEPS)


def process_part(task: Task, text: str) -> float:
    """(TP + TN) / (TP + TN + FP + FN) over the groups of phrases that the family requires."""
    found, required = count_phrases(text), Counter(REQUIRED[task.family])
    true_positives = sum(min(found[group], required[group]) for group in GROUPS)
    errors = sum(abs(found[group] - required[group]) for group in GROUPS)
    true_negatives = sum(found[group] == required[group] == 0 for group in GROUPS)
    return (true_positives + true_negatives) / (true_positives + true_negatives + errors)


def count_phrases(text: str) -> Counter[str]:
    """By group."""
    counts = Counter(
        {name: sum(_count_on_line(line, pieces) for line in text.split("\n")) for name, pieces in _PATTERNS.items()}
    )
    cosines, angles = counts.pop("cosine"), counts.pop("angle")
    counts["turn"] = cosines + angles - (cosines > 0 and angles > 0)
    return counts


def _count_on_line(line: str, pieces: tuple[re.Pattern[str], ...]) -> int:
    """How often the pieces follow one another without overlap. The nearest next piece is always the one to take, so
    that no position is read twice."""
    count, position = 0, 0
    while True:
        for piece in pieces:
            match = piece.search(line, position)
            if match is None:
                return count
            position = match.end()
        count += 1


def _names_another(answer: str, options: dict[str, str]) -> bool:
    """An answer like `A. ...` that contains the text of another option."""
    named = next((letter for letter in options if answer.startswith(f"{letter}.")), None)
    return named is not None and any(option in answer for letter, option in options.items() if letter != named)


def _inferred_letter(answer: str, options: dict[str, str]) -> str:
    """Z for a refusal, empty where no letter, or more than one, stands alone. A in more than three words is an article."""
    if FAILURES in answer:
        return ""
    if any(refusal in answer for refusal in REFUSALS):
        return "Z"
    words = answer.translate(MARKS).split()
    letters = [letter for letter in options if letter in words]
    if not letters and "Z" in words:
        return "Z"
    is_article = "A" in words and len(words) > 3
    return "" if len(letters) != 1 or is_article else letters[0]


def _inferred_from_text(answer: str, options: dict[str, str]) -> str:
    named = [letter for letter, option in options.items() if option in answer]
    return named[0] if len(named) == 1 else ""


PARTS: dict[str, Callable[[Task, str], float]] = {
    "accuracy": accuracy_part,
    "format": format_part,
    "process": process_part,
    "reasoning_steps": steps_part,
}
