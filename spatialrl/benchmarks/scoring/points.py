"""Points and boxes: RoboSpatial's free space, pointing at masks, and grounding.

https://github.com/chanhee-luke/RoboSpatial-Eval   evaluation.py, evaluate_answer
"""

import re

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.yes_no import strict_yes_no
from spatialrl.errors import DataError
from spatialrl.rewards.geometry_parts import grounding_iou
from spatialrl.rewards.masks import Mask, Polygon, contains, read_mask
from spatialrl.rewards.parse import Malformed, coordinates
from spatialrl.types import Completion, Task, Unscored

COORDINATE = r"\s*(\d+\.?\d*)\s*"
PAIRS = tuple(re.compile(rf"{a}{COORDINATE},{COORDINATE}{b}") for a, b in ((r"\(", r"\)"), (r"\[", r"\]")))
HIT = 0.5
"""IoU from which a box is right."""
SCALES = {"unit": 1.0, "thousandths": 1000.0}
"""What the sides of an image are in the frame `extra.frame`; pixels otherwise."""


def official_robospatial(task: Task, response: str) -> Grade:
    """What begins with `no` is No, `nothing` too; of points the first one in round brackets counts, else in square ones, in
    the same frame as the truth."""
    answer, truth = response.strip().lower(), task.answer_text.strip().lower()
    if truth in ("yes", "no"):
        return graded(answer.startswith(truth), answer[:3]) if answer else unread("empty")
    found = next((match for pair in PAIRS if (match := pair.search(response))), None)
    if found is None:
        return unread("not_a_point")
    point = float(found[1]), float(found[2])
    return graded(contains(true_mask(task), point), f"({point[0]:g}, {point[1]:g})")


def strict_robospatial(task: Task, response: str) -> Grade:
    yes_or_no = task.answer_text.strip().lower() in ("yes", "no")
    return strict_yes_no(task, response) if yes_or_no else strict_point(task, response)


def strict_point(task: Task, response: str) -> Grade:
    """Share of the answer's points that lie on the mask. `extra.point_frame` says what the model writes in, unit, thousandths
    or pixels, where that is not what the mask is in (`extra.frame`)."""
    mask = true_mask(task)
    answer = final_answer(response)
    points = answer if isinstance(answer, Malformed) else coordinates(answer)
    if isinstance(points, Malformed):
        return unread(points.reason)
    if any(len(point) != 2 for point in points):
        return unread("not_a_point")
    across, down = scale(task)
    inside = [contains(mask, (x * across, y * down)) for x, y in points]
    return graded(sum(inside) / len(inside), ", ".join(f"({x:g}, {y:g})" for x, y in points))


def official_point(task: Task, response: str) -> Grade:
    """Where2Place and RefSpatial: share of the points that are written in round brackets."""
    found = [(float(match[1]), float(match[2])) for match in PAIRS[0].finditer(response)]
    if not found:
        return unread("not_a_point")
    mask = true_mask(task)
    return graded(sum(contains(mask, point) for point in found) / len(found), str(found))


def box(task: Task, response: str) -> Grade:
    """1 where the one box of the answer overlaps the true one by half."""
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    given = Completion(prompt_ids=(), token_ids=(), text=f"<answer>{answer}</answer>")
    overlap = grounding_iou(task, given)
    if isinstance(overlap, Unscored):
        raise DataError(f"Question {task.id} can't be scored: {overlap.reason}.")
    return graded(overlap >= HIT, answer)


def true_mask(task: Task) -> Mask:
    """JSON, or a list of points as Python writes it: `[(0.1, 0.2), ...]`."""
    mask = read_mask(task.answer)
    if mask is None:
        groups = coordinates(task.answer)
        if isinstance(groups, Malformed) or len(groups) < 3 or any(len(group) != 2 for group in groups):
            raise DataError(f"The answer of question {task.id} is {task.answer[:60]!r}; expected a mask or a polygon.")
        mask = Polygon(tuple((x, y) for x, y in groups))
    return mask


def scale(task: Task) -> tuple[float, float]:
    """From what the model writes in to what the mask is in."""
    given, true = (task.extra.get(key) or "unit" for key in ("point_frame", "frame"))
    if "point_frame" not in task.extra or given == true:
        return 1.0, 1.0
    (given_x, given_y), (true_x, true_y) = sides(task, given), sides(task, true)
    return true_x / given_x, true_y / given_y


def sides(task: Task, frame: str) -> tuple[float, float]:
    if frame in SCALES:
        return SCALES[frame], SCALES[frame]
    if frame != "pixels" or not task.media:
        raise DataError(
            f"Question {task.id} has the frame {frame!r}; expected unit, thousandths, or pixels of an image."
        )
    return float(task.media[0].width), float(task.media[0].height)
