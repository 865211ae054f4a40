"""Benchmarks of general ability, in small."""

from small_sources import Asked, Row, Small, stored

NONE = {f"image_{n}": None for n in range(1, 8)}


def figure(set_id: str, figure_id: str, question: str, answer: str) -> Row:
    return {
        "category": "VS",
        "subcategory": "chart",
        "visual_input": "1",
        "set_id": set_id,
        "figure_id": figure_id,
        "question_id": "0",
        "question": question,
        "gt_answer": answer,
        "image": stored(int(figure_id)),
    }


def vista(
    pid: str, question: str, answer: str, *, choices: list[str] | None = None, precision: float | None = None
) -> Row:
    return {
        "pid": pid,
        "question": question,
        "image": f"images/{pid}.jpg",
        "decoded_image": stored(int(pid)),
        "choices": choices,
        "unit": None,
        "precision": precision,
        "answer": answer,
        "question_type": "multi_choice" if choices else "free_form",
        "answer_type": "text" if choices else "float",
        "metadata": {"task": "geometry problem solving", "source": "GEOS"},
    }


GENERAL = {
    "hallusionbench": Small(
        file="data/image-00000-of-00001.parquet",
        rows=[figure("0", "0", "Is the bar higher?", "1"), figure("0", "1", "Is the bar higher?", "0")],
        asked=[
            Asked(question="Is the bar higher?", options=("Yes", "No"), answer="A", category="VS"),
            Asked(question="Is the bar higher?", options=("Yes", "No"), answer="B", category="VS"),
        ],
    ),
    "mathvista": Small(
        file="data/testmini-00000-of-00001.parquet",
        rows=[
            vista("1", "What is the radius?", "1.2", precision=1.0),
            vista("2", "Which angle is larger?", "the left one", choices=["the left one", "the right one", "neither"]),
        ],
        asked=[
            Asked(question="What is the radius?", answer="1.2", category="geometry problem solving"),
            Asked(
                question="Which angle is larger?",
                options=("the left one", "the right one", "neither"),
                answer="A",
                category="geometry problem solving",
            ),
        ],
    ),
    "mathverse": Small(
        file="testmini.parquet",
        rows=[
            {
                "sample_index": "1",
                "problem_index": "1",
                "problem_version": "Text Dominant",
                "question": "Find angle C.\nChoices:\nA:20°\nB:30°\nC:40°\nD:50°",
                "query_wo": "Answer directly.",
                "image": stored(),
                "answer": "C",
                "question_type": "multi-choice",
            },
            {
                "sample_index": "5",
                "problem_index": "1",
                "problem_version": "Vision Only",
                "question": "",
                "query_wo": "Answer the question in the image with the letter of the option.",
                "image": stored(1),
                "answer": "C",
                "question_type": "multi-choice",
            },
        ],
        asked=[
            Asked(question="Find angle C.", options=("20°", "30°", "40°", "50°"), answer="C", category="Text Dominant"),
            Asked(
                question="Answer the question in the image with the letter of the option.",
                answer="C",
                category="Vision Only",
            ),
        ],
    ),
    "mathvision": Small(
        file="data/test-00000-of-00001.parquet",
        rows=[
            {
                "id": "1",
                "question": "How many cubes are hidden?\n<image1>",
                "options": [],
                "decoded_image": stored(),
                "answer": "9",
                "level": 2,
                "subject": "solid geometry",
            },
            {
                "id": "2",
                "question": "Which net folds into the box?\n<image1>",
                "options": ["A", "B", "C", "D", "E"],
                "decoded_image": stored(1),
                "answer": "D",
                "level": 3,
                "subject": "transformation geometry",
            },
        ],
        asked=[
            Asked(question="How many cubes are hidden?", answer="9", category="solid geometry"),
            Asked(
                question="Which net folds into the box?",
                options=("A", "B", "C", "D", "E"),
                answer="D",
                category="transformation geometry",
            ),
        ],
    ),
    "emma": Small(
        file="Math/test-00000-of-00001.parquet",
        rows=[
            NONE
            | {
                "pid": "math_1",
                "question": "Which of <image_2> and <image_3> is <image_1> turned?",
                "options": ["the first", "the second"],
                "answer": "A",
                "image_1": stored(1),
                "image_2": stored(2),
                "image_3": stored(3),
                "subject": "Math",
                "task": "Rotation",
                "category": "2D Transformation",
                "type": "Multiple Choice",
            }
        ],
        asked=[
            Asked(
                question="Which of <image> and <image> is <image> turned?",
                options=("the first", "the second"),
                answer="A",
                media="image image image",
                category="Math",
            )
        ],
    ),
    "mmmu_pro": Small(
        file="standard (10 options)/test-00000-of-00001.parquet",
        rows=[
            NONE
            | {
                "id": "test_Geography_1",
                "question": "What does <image 1> show?",
                "options": "['a delta', 'a fjord', 'a dune', 'a mesa']",
                "answer": "B",
                "image_1": stored(),
                "subject": "Geography",
                "topic_difficulty": "Easy",
            },
            NONE
            | {
                "id": "test_Art_2",
                "question": "Which came before <image 2>?",
                "options": "['<image 1>', 'neither']",
                "answer": "A",
                "image_1": stored(1),
                "image_2": stored(2),
                "subject": "Art",
                "topic_difficulty": "Hard",
            },
        ],
        asked=[
            Asked(
                question="What does <image> show?",
                options=("a delta", "a fjord", "a dune", "a mesa"),
                answer="B",
                category="Geography",
            ),
            Asked(
                question="Which came before <image>?",
                options=("<image>", "neither"),
                answer="A",
                media="image image",
                category="Art",
            ),
        ],
    ),
    "mmmu_pro_vision": Small(
        file="vision/test-00000-of-00001.parquet",
        rows=[{"id": "t_1", "image": stored(), "options": "['x', 'y']", "answer": "B", "subject": "Geography"}],
        asked=[
            Asked(
                question="Answer the question in the image with the letter of the right option.",
                options=tuple("ABCDEFGHIJ"),
                answer="B",
                category="Geography",
            )
        ],
    ),
    "mmstar": Small(
        file="mmstar.parquet",
        rows=[
            {
                "index": 0,
                "question": "What is the cat's colour?\nOptions: A: Black and white, B: Red, C: Grey, D: White",
                "image": picture_bytes,
                "answer": "A",
                "category": "coarse perception",
                "l2_category": "image scene",
            }
            for picture_bytes in [stored()["bytes"]]
        ],
        asked=[
            Asked(
                question="What is the cat's colour?",
                options=("Black and white", "Red", "Grey", "White"),
                answer="A",
                category="coarse perception",
            )
        ],
    ),
}
