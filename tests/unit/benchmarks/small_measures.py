"""Benchmarks about space whose answers are not all choices, and rendered or drawn ones, in small."""

from small_sources import Asked, Row, Small, base64_of, picture, stored

ROUTE = "Consider a map. In which direction is the inn of the mill? Available options:\nA. North\nB. South"


def spar(index: int, task: str, question: str, answer: str, *, views: int) -> Row:
    images = [stored(n) for n in range(views)]
    kind = "single_view" if views == 1 else "multi_view"
    return {
        "id": f"spar_{index}",
        "image": images,
        "question": question,
        "answer": answer,
        "task": task,
        "img_type": kind,
    }


def vehicles(index: int, question: str, answer: str, category: str) -> Row:
    image = base64_of(picture(index))
    return {"index": index, "image": image, "question": question, "answer": answer, "category": category}


MEASURES = {
    "spar_bench": Small(
        file="data/test-00000-of-00004.parquet",
        rows=[
            spar(1, "depth_prediction_oc", "How far is the lamp from the camera, in metres?", "2.4", views=1),
            spar(2, "position_matching", "Which box is the lamp's?\nA. (1,2),(3,4)\nB. (5,6),(7,8)", "B", views=2),
            spar(3, "view_change_infer", "How did the camera move?", "move_right:0.4,move_up:0.1", views=2),
        ],
        asked=[
            Asked(
                question="How far is the lamp from the camera, in metres?", answer="2.4", category="depth_prediction_oc"
            ),
            Asked(
                question="Which box is the lamp's?\nThe values represent the bounding box coordinates normalized to a "
                "0-1000 scale, with the top-left corner as the origin of the image.",
                options=("(1,2),(3,4)", "(5,6),(7,8)"),
                answer="B",
                media="image image",
                category="position_matching",
            ),
            Asked(
                question="How did the camera move?",
                answer="move_right:0.4,move_up:0.1",
                media="image image",
                category="view_change_infer",
            ),
        ],
    ),
    "spatial457": Small(
        file="Spatial457.tsv",
        rows=[
            vehicles(0, "What shape is the large blue thing?", "airliner", "L1_single"),
            vehicles(1, "How many red things are left of the bus?", "3", "L3_2d_spatial"),
            vehicles(2, "Will the car hit something?", "Yes", "L5_collision"),
        ],
        asked=[
            Asked(question="What shape is the large blue thing?", answer="airliner", category="L1_single"),
            Asked(question="How many red things are left of the bus?", answer="3", category="L3_2d_spatial"),
            Asked(question="Will the car hit something?", answer="Yes", category="L5_collision"),
        ],
    ),
    "spatialeval": Small(
        file="vqa/test-00000-of-00001.parquet",
        rows=[
            {"id": "spatialmap.vqa.0.0", "text": ROUTE, "image": stored(), "oracle_option": "A"},
            {"id": "mazenav.vqa.0.1", "text": "How many turns?\nA. 2\nB. 5", "image": stored(1), "oracle_option": "B"},
        ],
        asked=[
            Asked(
                question="Consider a map. In which direction is the inn of the mill?",
                options=("North", "South"),
                answer="A",
                category="spatialmap",
            ),
            Asked(question="How many turns?", options=("2", "5"), answer="B", category="mazenav"),
        ],
    ),
    "qspatial_plus": Small(
        file="data/QSpatial_plus-00000-of-00001.parquet",
        rows=[
            {
                "question": "How far apart are the cups?",
                "answer_value": 32.5,
                "answer_unit": "centimeters",
                "question_type": "direct",
                "image_path": "1.jpg",
                "image": stored(),
            },
            {
                "question": "How far is it from wall to wall?",
                "answer_value": 12.0,
                "answer_unit": "feet",
                "question_type": "width",
                "image_path": "2.jpg",
                "image": stored(1),
            },
        ],
        asked=[
            Asked(question="How far apart are the cups?", answer="32.5", unit="cm", category="direct"),
            Asked(question="How far is it from wall to wall?", answer="12", unit="ft", category="width"),
        ],
    ),
}
