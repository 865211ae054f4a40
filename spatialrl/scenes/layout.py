"""What a world may look like: ranges to draw from. `room` is a furnished room, `stage` an empty one with two or three
large simple solids for small images, `tour` a room to walk a camera through.
"""

from dataclasses import dataclass

from spatialrl.scenes.catalogue import KINDS, Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    kinds: tuple[str, ...] = tuple(KINDS)
    scale: Range = (1.0, 1.0)
    room_width: Range = (4.5, 6.5)
    room_length: Range = (5.0, 7.0)
    room_height: Range = (2.6, 3.0)
    camera_height: Range = (1.6, 2.0)
    camera_pitch: Range = (0.3, 0.42)
    """Radians below the horizon."""
    camera_turn: Range = (-0.2, 0.2)
    """Radians away from looking straight along the room."""
    camera_x: Range = (0.4, 0.6)
    """Share of the room's width."""
    focal: Range = (0.8, 0.95)
    """Share of the image's width."""
    repeats: float = 0.4
    """Probability of a world with few kinds, where there is something to count."""
    holding: float = 0.4
    """Probability that a small thing is put on or into another, where that is possible."""
    hiding: float = 0.5
    """Most that the boxes of two things may overlap in the image, as a share of the smaller."""
    shared_colours: bool = True
    """Whether two things may have the same colour before every colour is taken."""


LAYOUTS: dict[str, Layout] = {
    "room": Layout(),
    "stage": Layout(
        kinds=("cube", "sphere", "cylinder", "cone"),
        scale=(1.7, 1.9),
        room_width=(6.0, 6.0),
        room_length=(6.0, 6.0),
        room_height=(2.8, 2.8),
        camera_height=(2.4, 2.4),
        camera_pitch=(0.54, 0.54),
        camera_turn=(0.0, 0.0),
        camera_x=(0.5, 0.5),
        focal=(0.85, 0.85),
        repeats=0.0,
        holding=0.0,
        hiding=0.2,
        shared_colours=False,
    ),
    "tour": Layout(
        room_width=(4.5, 8.0),
        room_length=(4.5, 8.0),
        camera_height=(1.5, 1.8),
        camera_pitch=(0.26, 0.36),
        focal=(0.6, 0.7),
        holding=0.25,
    ),
}
