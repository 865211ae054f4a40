"""The families of questions. A new family is one function, a line here, and its name in `spatialrl.scenes.make`."""

from spatialrl.scenes.questions.draft import Family
from spatialrl.scenes.questions.metric import absolute_distance, distance, room_size
from spatialrl.scenes.questions.pairs import relative_depth, relative_distance, relative_size
from spatialrl.scenes.questions.sides import relation
from spatialrl.scenes.questions.single import orientation, position, size
from spatialrl.scenes.questions.tour import appearance_order, relative_direction
from spatialrl.scenes.questions.whole import counting, existence, video_counting

FAMILIES: dict[str, Family] = {
    "relation": relation,
    "relative_depth": relative_depth,
    "position": position,
    "counting": counting,
    "existence": existence,
    "distance": distance,
    "relative_distance": relative_distance,
    "size": size,
    "relative_size": relative_size,
    "orientation": orientation,
    "appearance_order": appearance_order,
    "video_counting": video_counting,
    "absolute_distance": absolute_distance,
    "room_size": room_size,
    "relative_direction": relative_direction,
}
