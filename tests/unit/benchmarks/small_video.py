"""Benchmarks about videos, in small."""

from small_sources import Asked, Row, Small

ROOM = {"dataset": "arkitscenes", "scene_name": "41069025"}


def room(index: int, kind: str, question: str, truth: str, options: list[str] | None = None) -> Row:
    return ROOM | {
        "id": index,
        "question_type": kind,
        "question": question,
        "options": options,
        "ground_truth": truth,
    }


CAPTIONS = ("A man walks from left to right.", "A man walks from right to left.")


def matching(question: str, names: tuple[str, str], *, right: int) -> Row:
    lines = [f"{name}: {caption}" for name, caption in zip(names, CAPTIONS, strict=True)]
    return {
        "video_id": "1034419625",
        "question": "\n".join([question, *lines]),
        "answer": lines[right],
        "dim": "direction",
    }


VIDEO = {
    "vsi_bench": Small(
        file="test-00000-of-00001.parquet",
        clips=["arkitscenes/41069025.mp4"],
        rows=[
            room(0, "object_counting", "How many table(s) are in this room?", "4"),
            room(1, "object_rel_direction_easy", "Left or right of the sofa?", "B", ["A. left", "B. right"]),
            room(2, "room_size_estimation", "What is the size of this room?", "17.5"),
        ],
        asked=[
            Asked(
                question="How many table(s) are in this room?", answer="4", media="video", category="object_counting"
            ),
            Asked(
                question="Left or right of the sofa?",
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
    "sti_bench": Small(
        file="qa.parquet",
        clips=["video/desk.mp4"],
        rows=[
            {
                "ID": 7,
                "Video": "desk.mp4",
                "time_start": 0.5,
                "time_end": 2.0,
                "Question": "How long is the pen?",
                "Candidates": {"A": "10 cm", "B": "14 cm", "C": "20 cm", "D": "30 cm", "E": None},
                "Answer": "B",
                "Task": "Dimensional Measurement",
            }
        ],
        asked=[
            Asked(
                question="From 0.5 seconds to 2 seconds. How long is the pen?",
                options=("10 cm", "14 cm", "20 cm", "30 cm"),
                answer="B",
                media="video",
                category="Dimensional Measurement",
            )
        ],
    ),
    "video_mme": Small(
        file="videomme/test-00000-of-00001.parquet",
        clips=["data/fFjv93ACGo8.mp4"],
        rows=[
            {
                "video_id": "001",
                "videoID": "fFjv93ACGo8",
                "question_id": "001-1",
                "duration": "short",
                "domain": "Knowledge",
                "sub_category": "Humanity & History",
                "task_type": "Counting Problem",
                "question": "How many gifts are there?",
                "options": ["A. 2.", "B. 3.", "C. 4.", "D. 5."],
                "answer": "C",
            }
        ],
        asked=[
            Asked(
                question="How many gifts are there?",
                options=("2.", "3.", "4.", "5."),
                answer="C",
                media="video",
                category="short, Counting Problem",
            )
        ],
    ),
    "longvideobench": Small(
        file="lvb_val.json",
        clips=["videos/86CxyhFV9MI.mp4"],
        rows=[
            {
                "id": "86CxyhFV9MI_0",
                "video_id": "86CxyhFV9MI",
                "video_path": "86CxyhFV9MI.mp4",
                "question": "What did the woman do after she sat down?",
                "candidates": ["read", "slept", "sang", "ate"],
                "correct_choice": 0,
                "question_category": "E3E",
                "duration_group": 600,
                "position": [1, 2],
            }
        ],
        asked=[
            Asked(
                question="What did the woman do after she sat down?",
                options=("read", "slept", "sang", "ate"),
                answer="A",
                media="video",
                category="E3E",
            )
        ],
    ),
    "tempcompass": Small(
        file="multi-choice/test-00000-of-00001.parquet",
        clips=["videos/1021488277.mp4"],
        rows=[
            {
                "video_id": "1021488277",
                "question": "What is the person doing?\nA. sitting\nB. standing up\nC. lying down",
                "answer": "B. standing up",
                "dim": "action",
            }
        ],
        asked=[
            Asked(
                question="What is the person doing?",
                options=("sitting", "standing up", "lying down"),
                answer="B",
                media="video",
                category="action",
            )
        ],
    ),
    "tempcompass_yes_no": Small(
        file="yes_no/test-00000-of-00001.parquet",
        clips=["videos/1021488277.mp4"],
        rows=[
            {
                "video_id": "1021488277",
                "question": "Is the person sitting?",
                "answer": "no",
                "dim": "action",
            }
        ],
        asked=[
            Asked(
                question="Is the person sitting?",
                options=("yes", "no"),
                answer="B",
                media="video",
                category="action",
            )
        ],
    ),
    "tempcompass_caption_matching": Small(
        file="caption_matching/test-00000-of-00001.parquet",
        clips=["videos/1034419625.mp4"],
        rows=[
            matching("Which description fits?", ("Option 1", "Option 2"), right=1),
            matching("Which sentence fits?", ("Sentence A", "Sentence B"), right=0),
            matching("Which caption fits?", ("Caption A", "Caption B"), right=1),
        ],
        asked=[
            Asked(question=question, options=CAPTIONS, answer=answer, media="video", category="direction")
            for question, answer in (
                ("Which description fits?", "B"),
                ("Which sentence fits?", "A"),
                ("Which caption fits?", "B"),
            )
        ],
    ),
}
