"""In what boxes and points are measured: pixels of the file, pixels of the image as the model sees it, or thousandths of
each side. Prompts, demonstrations, rewards and reports all ask here, so that they can't disagree.

A task's truth is in one frame and the model may write in another. Both belong to its first medium.
"""

from spatialrl.types import Frame, Task

Size = tuple[float, float]
"""Width and height."""

THOUSAND = 1000.0


def true_frame(task: Task) -> Frame:
    return task.scene.frame if task.scene else "pixels"


def written_frame(task: Task) -> Frame:
    return task.coordinates or true_frame(task)


def frame_size(task: Task, frame: Frame) -> Size | None:
    """Of the first medium in a frame; None where the task does not say."""
    if frame == "thousandths":
        return THOUSAND, THOUSAND
    if not task.media:
        return None
    medium = task.media[0]
    size = medium.shown if frame == "resized_pixels" else (medium.width, medium.height)
    return (size[0], size[1]) if size is not None and min(size) > 0 else None


def scale_between(task: Task, source: Frame, target: Frame) -> Size | None:
    """What x and y are multiplied with to go from one frame to the other."""
    if source == target:
        return 1.0, 1.0
    given, wanted = frame_size(task, source), frame_size(task, target)
    return None if given is None or wanted is None else (wanted[0] / given[0], wanted[1] / given[1])
