"""The families of questions, by the names that VSI-Bench gives them."""

from spatialrl.generators.video_qa.choices import obj_appearance_order, object_rel_distance
from spatialrl.generators.video_qa.directions import direction_family
from spatialrl.generators.video_qa.draft import Family
from spatialrl.generators.video_qa.numbers import (
    object_abs_distance,
    object_counting,
    object_size_estimation,
    room_size_estimation,
)
from spatialrl.generators.video_qa.routes import route_planning

FAMILIES: dict[str, Family] = {
    "object_counting": object_counting,
    "object_abs_distance": object_abs_distance,
    "object_size_estimation": object_size_estimation,
    "room_size_estimation": room_size_estimation,
    "object_rel_distance": object_rel_distance,
    "object_rel_direction_easy": direction_family("easy"),
    "object_rel_direction_medium": direction_family("medium"),
    "object_rel_direction_hard": direction_family("hard"),
    "route_planning": route_planning,
    "obj_appearance_order": obj_appearance_order,
}
