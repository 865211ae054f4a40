"""What kinds of things and predicates there are, as far as questions care. Tables only."""

from spatialrl.rewards.lexical import features

PARTS = frozenset(
    [
        "hand",
        "head",
        "hair",
        "leg",
        "arm",
        "eye",
        "ear",
        "nose",
        "mouth",
        "face",
        "tail",
        "paw",
        "wing",
        "beak",
        "neck",
        "finger",
        "foot",
        "feet",
        "horn",
        "trunk",
        "mane",
        "fur",
        "back",
        "shirt",
        "pant",
        "pants",
        "jean",
        "jeans",
        "short",
        "shorts",
        "shoe",
        "sock",
        "hat",
        "cap",
        "jacket",
        "coat",
        "tie",
        "glove",
        "sleeve",
        "collar",
        "dress",
        "skirt",
        "uniform",
        "wheel",
        "tire",
        "handle",
        "seat",
        "logo",
        "letter",
        "number",
        "line",
        "part",
        "side",
        "corner",
        "edge",
        "leaf",
        "branch",
        "door",
        "roof",
        "windshield",
        "headlight",
        "shadow",
        "reflection",
        "pocket",
        "button",
        "strap",
        "spot",
        "stripe",
    ]
)
"""Of something else, or worn: nobody asks where they are."""
STUFF = frozenset(
    [
        "sky",
        "cloud",
        "ground",
        "grass",
        "field",
        "water",
        "sea",
        "ocean",
        "sand",
        "snow",
        "road",
        "street",
        "sidewalk",
        "floor",
        "wall",
        "ceiling",
        "beach",
        "mountain",
        "hill",
        "background",
        "pavement",
        "dirt",
        "air",
        "light",
        "wood",
        "forest",
        "track",
        "platform",
        "hillside",
        "river",
        "lake",
        "wave",
        "tile",
        "paper",
    ]
)
"""Without an outline: a box says little about it."""
UPRIGHT = frozenset(
    [
        "wall",
        "pole",
        "building",
        "door",
        "tower",
        "fence",
        "tree",
        "house",
        "window",
        "post",
        "sign",
        "board",
        "curtain",
        "screen",
        "refrigerator",
        "mirror",
        "trunk",
        "billboard",
        "cabinet",
        "closet",
        "vehicle",
        "bus",
        "train",
        "truck",
        "airplane",
    ]
)
"""What is on them hangs or is painted there, and does not lie on top."""
GROUPS = frozenset(
    [
        "people",
        "crowd",
        "group",
        "men",
        "women",
        "children",
        "kids",
        "traffic",
        "food",
        "fruit",
        "vegetable",
        "furniture",
        "stuff",
    ]
)
"""One box may hold several."""
ANIMATE = frozenset(
    [
        "man",
        "woman",
        "boy",
        "girl",
        "child",
        "kid",
        "person",
        "guy",
        "lady",
        "baby",
        "player",
        "skier",
        "surfer",
        "snowboarder",
        "rider",
        "worker",
        "dog",
        "cat",
        "horse",
        "cow",
        "sheep",
        "bird",
        "elephant",
        "giraffe",
        "zebra",
        "bear",
    ]
)
DISTINCT = [
    "airplane",
    "bear",
    "bed",
    "bench",
    "bicycle",
    "boat",
    "book",
    "bowl",
    "bus",
    "cake",
    "cat",
    "clock",
    "cow",
    "dog",
    "elephant",
    "giraffe",
    "horse",
    "keyboard",
    "kite",
    "lamp",
    "laptop",
    "motorcycle",
    "pizza",
    "refrigerator",
    "sheep",
    "sink",
    "skateboard",
    "sofa",
    "surfboard",
    "table",
    "toilet",
    "train",
    "truck",
    "umbrella",
    "vase",
    "zebra",
]
"""Things that are seen, and annotated, where they are."""

CONTACTS = {
    "holding": "holding",
    "carrying": "carrying",
    "riding": "riding",
    "using": "using",
    "eating": "eating",
    "pulling": "pulling",
    "pushing": "pushing",
    "touching": "touching",
    "hugging": "hugging",
    "catching": "catching",
    "sitting on": "sitting on",
    "standing on": "standing on",
    "lying on": "lying on",
    "laying on": "lying on",
    "leaning on": "leaning on",
    "leaning against": "leaning on",
}
"""Predicates that say what a hand or a body touches, as they are asked about."""
GAZES = ("looking at", "facing", "watching", "staring at")
POSTURES = {"sitting": "sitting", "standing": "standing", "lying": "lying down", "laying": "lying down"}
POSTURES |= {"kneeling": "kneeling", "leaning": "leaning"}
"""First words of predicates."""


def is_thing(name: str) -> bool:
    """Something with an outline of its own, and one of it."""
    head = features(name).head
    return not {head, name.split()[-1]} & (PARTS | STUFF | GROUPS)


def is_part(name: str) -> bool:
    return bool({features(name).head, name.split()[-1]} & (PARTS | GROUPS))


def is_animate(name: str) -> bool:
    return features(name).head in ANIMATE


def plural(name: str) -> str:
    *before, last = name.split()
    return " ".join([*before, IRREGULAR_PLURALS.get(last) or _regular(last)])


def _regular(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o", "u"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


IRREGULAR_PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "sheep": "sheep",
    "knife": "knives",
    "shelf": "shelves",
    "leaf": "leaves",
    "mouse": "mice",
    "skis": "skis",
    "scissors": "scissors",
    "glasses": "glasses",
}
