"""Benchmarks about space in images, in small."""

from small_sources import Asked, Row, Small, base64_of, picture, stored

PLACES = {"type": "2D", "idx": 0, "image": stored(1), "source": "ADE20K", "task": "Count"}
DEPTHS = {"type": "3D", "idx": 1, "image": stored(2), "source": "Omni3D", "task": "Depth"}
COLOURS = ("red", "blue", "green", "white")


def order(index: int, qid: str, left: str, right: str, answer: str) -> Row:
    """A row of 3DSRBench; those about one image refer to the first."""
    image = base64_of(picture(9 if "flip" in qid else 8)) if index in (0, 2) else str(2 * (index // 2))
    row = {"index": index, "qid": qid, "question": "Which is closer?", "A": left, "B": right, "C": "", "D": ""}
    return row | {"answer": answer, "category": "location_closer_to_camera", "image": image}


def closer(*options: str, answer: str) -> Asked:
    category = "location_closer_to_camera"
    return Asked(question="Which is closer?", options=options, answer=answer, category=category, group="KX2V")


def seen_by_blink(index: str, task: str, prompt: str, choices: list[str], answer: str, *, images: int) -> Row:
    shown = {f"image_{n}": stored(n) if n <= images else None for n in range(1, 5)}
    return {"idx": index, "sub_task": task, "prompt": prompt, "choices": choices, "answer": answer} | shown


def bricks(question: str, category: str, answer: str) -> Row:
    return {
        "image": [stored(1), stored(2)],
        "prompt": question,
        "choices": list(COLOURS),
        "answer": answer,
        "category": category,
    }


def table(name: str, caption: str, *others: str) -> Row:
    return {"image_path": f"data/controlled_images/{name}.jpeg", "caption_options": [caption, *others]}


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
    "blink": Small(
        file="Jigsaw/val-00000-of-00001.parquet",
        rows=[
            seen_by_blink(
                "val_Jigsaw_1",
                "Jigsaw",
                "Which part is missing?\nSelect from the following choices.\n(A) the second image\n(B) the third image",
                ["the second image", "the third image"],
                "(B)",
                images=3,
            ),
            seen_by_blink(
                "val_Relative_Depth_1",
                "Relative_Depth",
                "Which point is closer?\nSelect from the following choices.\n(A) A is closer\n(B) B is closer",
                ["A is closer", "B is closer"],
                "(A)",
                images=1,
            ),
        ],
        asked=[
            Asked(
                question="Which part is missing?",
                options=("the second image", "the third image"),
                answer="B",
                media="image image image",
                category="Jigsaw",
            ),
            Asked(
                question="Which point is closer?",
                options=("A is closer", "B is closer"),
                answer="A",
                category="Relative_Depth",
            ),
        ],
    ),
    "realworldqa": Small(
        file="data/test-00000-of-00002.parquet",
        rows=[
            {
                "image": stored(),
                "question": "Which way is the car facing?\nA. Left\nB. Right\nC. Away\n"
                "Please answer directly with only the letter of the correct option and nothing else.",
                "answer": "C",
            },
            {
                "image": stored(1),
                "question": "How many cars are there?\nPlease answer directly with a single word or number.",
                "answer": "3",
            },
            {
                "image": stored(2),
                "question": "Is it wet?\nPlease answer directly with a single word or number.",
                "answer": "Yes",
            },
        ],
        asked=[
            Asked(question="Which way is the car facing?", options=("Left", "Right", "Away"), answer="C"),
            Asked(question="How many cars are there?", answer="3"),
            Asked(question="Is it wet?", answer="Yes"),
        ],
    ),
    "spatialbench": Small(
        file="data/train-00000-of-00001.parquet",
        rows=[
            {"image": stored(), "text": "How many chairs are there?", "answer": "4", "category": "counting"},
            {
                "image": stored(1),
                "text": "Which is in front? (A) the cup (B) the plate",
                "answer": "B",
                "category": "positional",
            },
        ],
        asked=[
            Asked(question="How many chairs are there?", answer="4", category="counting"),
            Asked(question="Which is in front?", options=("the cup", "the plate"), answer="B", category="positional"),
        ],
    ),
    "mmvp": Small(
        file="Questions.csv",
        pictures=["MMVP Images/1.jpg", "MMVP Images/2.jpg"],
        rows=[
            {"Index": 1, "Question": "Are the wings open?", "Options": "(a) Open (b) Closed", "Correct Answer": "(a)"},
            {"Index": 2, "Question": "Are the wings open?", "Options": "(a) Open (b) Closed", "Correct Answer": "(b)"},
        ],
        asked=[
            Asked(question="Are the wings open?", options=("Open", "Closed"), answer="A", group="Questions.csv:1"),
            Asked(question="Are the wings open?", options=("Open", "Closed"), answer="B", group="Questions.csv:1"),
        ],
    ),
    "lego_puzzles": Small(
        file="data/train-00000-of-00001.parquet",
        rows=[bricks("Which brick is highest?", "height", "D"), bricks("What comes next?", "next_step", "A")],
        asked=[
            Asked(
                question="Which brick is highest?", options=COLOURS, answer="D", media="image image", category="height"
            ),
            Asked(question="What comes next?", options=COLOURS, answer="A", media="image image", category="next_step"),
        ],
    ),
    "spatialreasoner_eval": Small(
        file="data/train-00000-of-00001.parquet",
        rows=[
            {
                "image": stored(),
                "prompt": "Which is closer?",
                "choices": ["(A) bed", "(B) tv"],
                "answer": "(A)",
                "task": "Depth",
            }
        ],
        asked=[Asked(question="Which is closer?", options=("bed", "tv"), answer="A", category="Depth")],
    ),
    "robospatial_home": Small(
        file="data/train-00000-of-00001.parquet",
        rows=[
            {
                "image": stored(),
                "depth_image": stored(7),
                "prompt": "Does the cup fit left of the plate?",
                "options": ["Yes", "No"],
                "answer": "No",
                "category": "compatibility",
            }
        ],
        asked=[
            Asked(
                question="Does the cup fit left of the plate?",
                options=("Yes", "No"),
                answer="B",
                media="image depth",
                category="compatibility",
            )
        ],
    ),
    "robospatial_home_context": Small(
        file="data/context-00000-of-00001.parquet",
        rows=[
            {
                "category": "context",
                "question": "Point at the free space left of the cup.",
                "answer": "[(0.1, 0.1), (0.4, 0.1), (0.4, 0.5), (0.1, 0.5)]",
                "img": stored(),
                "depth_image": stored(7),
            }
        ],
        asked=[
            Asked(
                question="Point at the free space left of the cup.",
                answer="[(0.1, 0.1), (0.4, 0.1), (0.4, 0.5), (0.1, 0.5)]",
                media="image depth",
                category="context",
            )
        ],
    ),
    "stvqa": Small(
        file="data/val-00000-of-00001.parquet",
        rows=[
            {
                "image_id": "107900",
                "images": stored(),
                "problem": "long",
                "question_only": "Where is the cat?",
                "options": ["left", "right", "behind"],
                "answer": "<scene>{}</scene>\n<answer>B</answer>".replace("{}", '{"objects":[],"relationships":[]}'),
                "answer_only": "B",
                "answer_text_only": "right",
                "category": "relation",
                "level": "easy",
                "rating": 7,
            }
        ],
        asked=[
            Asked(question="Where is the cat?", options=("left", "right", "behind"), answer="B", category="relation")
        ],
    ),
    "whatsup": Small(
        file="controlled_images_dataset.json",
        pictures=["controlled_images/mug_on_table.jpeg", "controlled_images/mug_under_table.jpeg"],
        rows=[
            table("mug_on_table", "A mug on a table", "A mug under a table", "A mug left of it", "A mug right of it"),
            table(
                "mug_under_table", "A mug under a table", "A mug on a table", "A mug left of it", "A mug right of it"
            ),
        ],
        asked=[
            Asked(
                question="Which caption describes the image?",
                options=("A mug on a table", "A mug under a table", "A mug right of it", "A mug left of it"),
                answer="A",
                category="on",
                group="data/controlled_images/mugtable.jpeg",
            ),
            Asked(
                question="Which caption describes the image?",
                options=("A mug on a table", "A mug under a table", "A mug right of it", "A mug left of it"),
                answer="B",
                category="under",
                group="data/controlled_images/mugtable.jpeg",
            ),
        ],
    ),
    "viewspatial": Small(
        file="ViewSpatial-Bench.json",
        pictures=[
            "scannetv2_val/scene0011_00/original_images/1.jpg",
            "scannetv2_val/scene0011_00/original_images/2.jpg",
        ],
        rows=[
            {
                "question_type": "Person perspective - Relative Direction",
                "image_path": [
                    "ViewSpatial-Bench/scannetv2_val/scene0011_00/original_images/1.jpg",
                    "ViewSpatial-Bench/scannetv2_val/scene0011_00/original_images/2.jpg",
                ],
                "question": "Where is the lamp for somebody at the door?",
                "choices": "A. front-left\nB. back\nC. right\nD. back-right",
                "answer": "D. back-right",
            }
        ],
        asked=[
            Asked(
                question="Where is the lamp for somebody at the door?",
                options=("front-left", "back", "right", "back-right"),
                answer="D",
                media="image image",
                category="Person perspective - Relative Direction",
            )
        ],
    ),
}
