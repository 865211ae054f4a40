"""Parts for answers that are measured: boxes, points, orders of depth, directions, distances, paths. Each is 1 for the
truth and 0 for an answer that can't be read; how far an answer may be off is an option of each.

The truth is `Task.answer`, written as the answer is: `[x1, y1, x2, y2]`, `[[x, y], ...]`, `3, 1, 2`, a number. Its
coordinates are in the frame of the task's scene graph, in pixels without one; the model writes in that of the task's
`coordinates`.
"""

import math
from itertools import combinations

import numpy as np

from spatialrl.coordinate_frames import Size, frame_size, scale_between, true_frame, written_frame
from spatialrl.rewards.masks import contains, read_mask
from spatialrl.rewards.parse import Malformed, Number, answer_text, in_metres, number
from spatialrl.rewards.parse.coordinates import Groups, coordinates
from spatialrl.rewards.parse.order import order
from spatialrl.types import Box, Completion, Task, Unscored

OUTSIDE = 0.01
"""Of the image's side, by which a box may reach beyond it."""
PATH_POINTS = 32
"""Evenly spaced along each of two paths; there they are compared."""


def grounding_iou(task: Task, completion: Completion) -> float | Unscored:
    """Intersection over union of the one box of the answer; 0 for a box that is reversed or reaches out of the image."""
    boxes = _box_pair(task, completion)
    return boxes if isinstance(boxes, Unscored) else 0.0 if boxes is None else _iou(*boxes)


def grounding_giou(task: Task, completion: Completion) -> float | Unscored:
    """Generalised IoU (Rezatofighi et al. 2019, arXiv:1902.09630): IoU less the share of the enclosing box that neither
    covers; at least 0, so that boxes far apart earn nothing."""
    boxes = _box_pair(task, completion)
    return boxes if isinstance(boxes, Unscored) else 0.0 if boxes is None else max(0.0, _giou(*boxes))


def point_in_mask(task: Task, completion: Completion) -> float | Unscored:
    """Share of the answer's points that lie on the true mask, see `masks`; a box is a mask too."""
    mask = read_mask(task.answer)
    if mask is None:
        return _no_truth(task, "a mask, a polygon or a box")
    points = _answered_coordinates(task, completion)
    if isinstance(points, Unscored):
        return points
    if not points or any(len(point) != 2 for point in points):
        return 0.0
    return sum(contains(mask, (point[0], point[1])) for point in points) / len(points)


def depth_order(task: Task, completion: Completion, *, partial: bool = True) -> float | Unscored:
    """Nearest first, by names or by the numbers of markers. `partial`: the square of Kendall's tau, 0 where it is not
    positive: a random order of n earns hardly more than its chance of being right, n = 2: 1/2, n = 3: 0.2, n = 4: 0.12.

    An answer with a unit is a measure: 12 ft are no order of 1 and 2."""
    truth = order(task.answer)
    if task.unit or isinstance(truth, Malformed):
        return _no_truth(task, "an order of two things or more")
    answer = answer_text(completion.text)
    given = answer if isinstance(answer, Malformed) else order(answer)
    if isinstance(given, Malformed) or sorted(given) != sorted(truth):
        return 0.0
    if not partial:
        return float(given == truth)
    ranks = [truth.index(name) for name in given]
    pairs = list(combinations(ranks, 2))
    tau = 1 - 2 * sum(first > second for first, second in pairs) / len(pairs)
    return max(0.0, tau) ** 2


def direction_accuracy(task: Task, completion: Completion, *, tolerance_deg: float = 30.0) -> float | Unscored:
    """Falls from 1 to 0 over `tolerance_deg`, the short way round the circle: 350 and 10 are 20 degrees apart."""
    true = _true_number(task)
    true_deg = None if true is None else _degrees(true)
    if true_deg is None:
        return _no_truth(task, "an angle in degrees or radians")
    given = _answered_number(completion)
    degrees = None if given is None else _degrees(given)
    return 0.0 if degrees is None else max(0.0, 1 - angle_between(degrees, true_deg) / tolerance_deg)


def distance_accuracy(task: Task, completion: Completion, *, factor: float = 1.5) -> float | Unscored:
    """1 - |ln(given / true)| / ln(factor), at least 0: half as much and twice as much are equally wrong. An answer
    without a unit is in the task's; one in another unit of length is converted."""
    true = _true_number(task)
    if true is None or true.value <= 0:
        return _no_truth(task, "a positive number")
    given = _answered_number(completion)
    value = None if given is None else _in_unit_of(given, true)
    if value is None or value <= 0:
        return 0.0
    return max(0.0, 1 - abs(math.log(value) - math.log(true.value)) / math.log(factor))


def trajectory_accuracy(task: Task, completion: Completion, *, tolerance: float = 0.2) -> float | Unscored:
    """Falls from 1 to 0 as the mean distance between the two paths, walked at even pace, grows to `tolerance` of the
    true path's extent. A path the other way round is another path. Points have two coordinates or three."""
    truth = coordinates(task.answer)
    if isinstance(truth, Malformed) or not _is_path(truth) or not (extent := _extent(truth)):
        return _no_truth(task, "a path of two different points or more")
    given = _answered_coordinates(task, completion)
    if isinstance(given, Unscored):
        return given
    if not _is_path(given) or len(given[0]) != len(truth[0]):
        return 0.0
    apart = np.linalg.norm(_even(given) - _even(truth), axis=1).mean()
    return max(0.0, 1 - float(apart) / (tolerance * extent))


def angle_between(a_deg: float, b_deg: float) -> float:
    """0 to 180."""
    return abs((a_deg - b_deg + 180) % 360 - 180)


def _no_truth(task: Task, expected: str) -> Unscored:
    return Unscored(reason=f"task {task.id} has the answer {task.answer[:80]!r}, which is not {expected}")


def _box_pair(task: Task, completion: Completion) -> tuple[Box, Box] | Unscored | None:
    """None where the answer gives no box, or one that can't be."""
    groups = coordinates(task.answer)
    truth = None if isinstance(groups, Malformed) else _only_box(groups)
    if truth is None or not _is_ordered(truth):
        return _no_truth(task, "a box [x1, y1, x2, y2]")
    given = _answered_coordinates(task, completion)
    if isinstance(given, Unscored):
        return given
    box = _only_box(given)
    is_box = box and _is_ordered(box) and _is_inside(box, frame_size(task, true_frame(task)))
    return (box, truth) if box and is_box else None


def _answered_coordinates(task: Task, completion: Completion) -> Groups | Unscored:
    """In the frame of the truth; empty where there are none. What has a unit or three dimensions is not in an image."""
    answer = answer_text(completion.text)
    groups = answer if isinstance(answer, Malformed) else coordinates(answer)
    if isinstance(groups, Malformed):
        return ()
    if task.unit or any(len(group) == 3 for group in groups):
        return groups
    scale = scale_between(task, written_frame(task), true_frame(task))
    if scale is None:
        return Unscored(reason=f"task {task.id} has no image size, by which {written_frame(task)} could be converted")
    return tuple(tuple(value * scale[i % 2] for i, value in enumerate(group)) for group in groups)


def _only_box(groups: Groups) -> Box | None:
    """Four numbers, or two corners."""
    if [len(group) for group in groups] not in ([4], [2, 2]):
        return None
    left, top, right, bottom = (value for group in groups for value in group)
    return left, top, right, bottom


def _is_ordered(box: Box) -> bool:
    return box[0] < box[2] and box[1] < box[3]


def _is_inside(box: Box, size: Size | None) -> bool:
    if size is None:
        return True
    across, down = OUTSIDE * size[0], OUTSIDE * size[1]
    return min(box[0] + across, box[1] + down) >= 0 and box[2] <= size[0] + across and box[3] <= size[1] + down


def _iou(a: Box, b: Box) -> float:
    both = _area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
    return both / (_area(a) + _area(b) - both)


def _giou(a: Box, b: Box) -> float:
    both = _area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
    union = _area(a) + _area(b) - both
    around = _area((min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])))
    return both / union - (around - union) / around


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _true_number(task: Task) -> Number | None:
    """In the unit of the answer, else in the task's."""
    found = number(task.answer)
    return None if isinstance(found, Malformed) else found if found.unit else Number(found.value, task.unit)


def _answered_number(completion: Completion) -> Number | None:
    answer = answer_text(completion.text)
    found = answer if isinstance(answer, Malformed) else number(answer)
    return None if isinstance(found, Malformed) else found


def _degrees(angle: Number) -> float | None:
    if angle.unit == "rad":
        return math.degrees(angle.value) % 360
    return angle.value % 360 if angle.unit in ("", "deg") else None


def _in_unit_of(given: Number, true: Number) -> float | None:
    """None where the units measure different things."""
    if given.unit in ("", true.unit):
        return given.value
    metres, one = in_metres(given), in_metres(Number(1.0, true.unit))
    return None if metres is None or one is None else metres / one


def _is_path(points: Groups) -> bool:
    return len(points) >= 2 and len({len(point) for point in points}) == 1 and len(points[0]) in (2, 3)


def _extent(points: Groups) -> float:
    """Diagonal of the box around all points."""
    return float(np.linalg.norm(np.ptp(np.array(points), axis=0)))


def _even(points: Groups) -> np.ndarray:
    """Points at even distances along a path."""
    path = np.array(points)
    walked = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    stops = np.linspace(0.0, walked[-1], PATH_POINTS)
    return np.stack([np.interp(stops, walked, axis) for axis in path.T], axis=1)
