"""Benchmarks about space in images, in small."""

from small_sources import Asked, Row, Small, base64_of, picture, stored

PLACES = {"type": "2D", "idx": 0, "image": stored(1), "source": "ADE20K", "task": "Count"}
DEPTHS = {"type": "3D", "idx": 1, "image": stored(2), "source": "Omni3D", "task": "Depth"}


def order(index: int, qid: str, left: str, right: str, answer: str) -> Row:
    """A row of 3DSRBench; those about one image refer to the first."""
    image = base64_of(picture(9 if "flip" in qid else 8)) if index in (0, 2) else str(2 * (index // 2))
    row = {"index": index, "qid": qid, "question": "Which is closer?", "A": left, "B": right, "C": "", "D": ""}
    return row | {"answer": answer, "category": "location_closer_to_camera", "image": image}


def closer(*options: str, answer: str) -> Asked:
    category = "location_closer_to_camera"
    return Asked(question="Which is closer?", options=options, answer=answer, category=category, group="KX2V")


SPATIAL = {
    "cv_bench": Small(
        file="test_2d.parquet",
        rows=[
            PLACES | {"question": "How many lamps are there?", "choices": ["1", "2", "0"], "answer": "(B)"},
            DEPTHS | {"question": "Which is closer to the camera?", "choices": ["bed", "tv"], "answer": "(A)"},
        ],
        asked=[
            Asked(question="How many lamps are there?", options=("1", "2", "0"), answer="B", category="Count"),
            Asked(question="Which is closer to the camera?", options=("bed", "tv"), answer="A", category="Depth"),
        ],
    ),
    "3dsrbench": Small(
        file="3dsrbench_v1_vlmevalkit_circular.tsv",
        rows=[
            order(0, "KX2V", "the cat", "the dog", "A"),
            order(1, "KX2V-1", "the dog", "the cat", "B"),
            order(2, "KX2V-flip", "the cat", "the dog", "A"),
            order(3, "KX2V-flip-1", "the dog", "the cat", "B"),
        ],
        asked=[
            closer("the cat", "the dog", answer="A"),
            closer("the dog", "the cat", answer="B"),
            closer("the cat", "the dog", answer="A"),
            closer("the dog", "the cat", answer="B"),
        ],
    ),
}
