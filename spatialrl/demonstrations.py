"""Supervised learning as the actor sees it: a demonstration is a trajectory written by a teacher and worth 1."""

import re
from collections.abc import Sequence
from itertools import cycle

from spatialrl.coordinate_frames import Size, scale_between, true_frame, written_frame
from spatialrl.data.vision import PromptReader
from spatialrl.errors import DataError
from spatialrl.evaluate import blanked
from spatialrl.types import Completion, Scored, Task, Trajectory

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
POINTS = re.compile(r"\[[^\[\]]*\]")
"""Numbers in one pair of brackets: a box, a corner, a point."""
BOX_IN_SCENE = re.compile(r'(?<="bbox":)\s*\[[^\[\]]*\]')
ANSWER = re.compile(r"(?<=<answer>).*?(?=</answer>)|\\boxed\{.*?\}", re.DOTALL)


class DemonstrationReader:
    """Turns tasks into trajectories, without opening their media: token ids depend only on sizes."""

    def __init__(self, reader: PromptReader) -> None:
        self.reader = reader
        self.known: dict[str, Trajectory] = {}

    def read(self, tasks: Sequence[Task]) -> list[Trajectory]:
        return [self.known.get(task.id) or self.add(task) for task in tasks]

    def add(self, task: Task) -> Trajectory:
        (blank,) = blanked([task])
        inputs = self.reader.model_inputs(blank, self.reader.load(blank))
        text = demonstration_as_asked(task)
        completion = Completion(
            prompt_ids=tuple(inputs.prompt_ids), token_ids=tuple(self.reader.completion_ids(text)), text=text
        )
        self.known[task.id] = Trajectory(task=task, completion=completion, score=Scored(reward=1.0), advantage=1.0)
        return self.known[task.id]


def demonstration_as_asked(task: Task) -> str:
    """With its boxes in the frame the prompt asks for; whole numbers stay whole."""
    scale = scale_between(task, true_frame(task), written_frame(task))
    if scale is None:
        raise DataError(
            f"Task {task.id} has no medium whose size could turn its boxes from {true_frame(task)} into "
            f"{written_frame(task)}; set data.coordinates={true_frame(task)}."
        )
    if scale == (1.0, 1.0):
        return task.demonstration
    text = BOX_IN_SCENE.sub(lambda box: rescaled(box[0], scale), task.demonstration)
    if task.answer_kind != "box":
        return text
    return ANSWER.sub(lambda answer: POINTS.sub(lambda points: rescaled(points[0], scale), answer[0]), text)


def rescaled(numbers: str, scale: Size) -> str:
    """x and y by turns."""
    factors = cycle(scale)
    return NUMBER.sub(lambda number: multiplied(number[0], next(factors)), numbers)


def multiplied(number: str, factor: float) -> str:
    value = float(number) * factor
    return f"{value:.2f}" if "." in number else str(round(value))


def check_demonstrations(tasks: Sequence[Task]) -> None:
    missing = [task.id for task in tasks if not task.demonstration]
    if missing:
        raise DataError(
            f"data.train has {len(missing)} rows without a demonstration (the first is {missing[0]}); SFT learns from them."
        )
