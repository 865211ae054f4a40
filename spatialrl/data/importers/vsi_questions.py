"""The kinds of question of VSI-Bench: told from their wording, which SpaceR's rows follow too, and the unit each kind of
number is in.
"""

import re

FAMILIES = {
    "room_size_estimation": r"size of (?:this|the) room|room.{0,40}square met",
    "object_size_estimation": r"longest dimension",
    "object_abs_distance": r"distance between",
    "object_rel_distance": r"which of these objects",
    "obj_appearance_order": r"appearance order",
    "route_planning": r"you are a robot|please fill in",
    "object_rel_direction_hard": r"front-left|back-right",
    "object_rel_direction_medium": r"left, right, or back",
    "object_rel_direction_easy": r"to the left or the right|left or right",
    "object_counting": r"how many",
}
"""Words that only one kind has; the first that is found decides."""
UNITS = {"object_abs_distance": "m", "object_size_estimation": "cm", "room_size_estimation": "m2"}


def family_of(question: str) -> str:
    """Empty for questions of other kinds."""
    text = " ".join(question.lower().split())
    return next((family for family, words in FAMILIES.items() if re.search(words, text)), "")
