"""Benchmarks about videos, in small."""

from small_sources import Asked, Small

ROOM = {"dataset": "arkitscenes", "scene_name": "41069025"}

VIDEO = {
    "vsi_bench": Small(
        file="test-00000-of-00001.parquet",
        clips=["arkitscenes/41069025.mp4"],
        rows=[
            ROOM
            | {
                "id": 0,
                "question_type": "object_counting",
                "question": "How many table(s) are in this room?",
                "options": None,
                "ground_truth": "4",
            },
            ROOM
            | {
                "id": 1,
                "question_type": "object_rel_direction_easy",
                "question": "Is the stove to the left or the right of the sofa?",
                "options": ["A. left", "B. right"],
                "ground_truth": "B",
            },
            ROOM
            | {
                "id": 2,
                "question_type": "room_size_estimation",
                "question": "What is the size of this room?",
                "options": None,
                "ground_truth": "17.5",
            },
        ],
        asked=[
            Asked(
                question="How many table(s) are in this room?", answer="4", media="video", category="object_counting"
            ),
            Asked(
                question="Is the stove to the left or the right of the sofa?",
                options=("left", "right"),
                answer="B",
                media="video",
                category="object_rel_direction_easy",
            ),
            Asked(
                question="What is the size of this room?",
                answer="17.5",
                unit="m2",
                media="video",
                category="room_size_estimation",
            ),
        ],
    ),
}
