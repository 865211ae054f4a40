"""What a model may write: the truth, the truth damaged, what somebody writes who wants to break a parser, and noise."""

import re
from collections.abc import Callable

from hypothesis import strategies as st

from spatialrl.types import Completion, Task
from tests.property.honest import NUM_FORMS, NUM_WAYS, honest_text

Text = st.SearchStrategy[str]
Mutation = Callable[[st.DrawFn, str], str]

TAG_NAMES = ("observe", "scene", "think", "answer", "map", "score", "box", "point")
TAG = re.compile(r"</?[a-z]+>")
BLOCK = re.compile(r"<([a-z]+)>.*?</\1>", re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NUMBERS = (
    *("0", "-1", "1e999", "-1e308", "NaN", "Infinity", "-Infinity", "9" * 400, "1" * 5000, "1e-400", "0x1F", "1_000"),
    *("1,200", "-0.0", ".5", "5.", "١٢", "½", "²", "３", "twenty-one", "1/0", "9**9**9", "null", "true", '"7"', "[]"),
)
LOOK_ALIKES = str.maketrans(
    {"a": "а", "e": "е", "o": "о", "<": "＜", ">": "›", '"': "”", "-": "−", ".": "．", "1": "１", " ": "\u00a0"}
)
MARKS = (
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x00",
    "\ud800",
    "\u2028",
    "é",
    "\U0001f600",
    "\r\n",
    "\\",
    "%s",
    "$",
    "\x1b[0m",
)
PIECES = (
    *(
        "A",
        "(B)",
        "a)",
        "left of",
        "not left",
        "3.5 m",
        "350 cm",
        "-",
        "->",
        ",",
        ":",
        ".",
        "e",
        "^",
        "/",
        "'",
        '"',
        "\n",
        " ",
    ),
    *("{", "}", "[", "]", "(", ")", "\\boxed{", "\\text{", "\\frac{1}{2}", "sqrt(", "```json\n", "```", "&lt;", "<!--"),
    *('{"objects": [', '{"id": "man.1", "bbox": [0, 0, 9, 9]}', '"relationships": [', '"bbox"', '"id": "man.1"'),
    *('{"subject": "man.1", "predicate": "on", "object": "man.1"}', '{"lamp": [[8, 2], [0, 1]]}', "(1, 2)", "[5, 5]"),
    *(
        "The 3D location of the red cube is (1.00, 2.00, 3.00).",
        "The vector from the cup to the box is (0.1, 0.2, 0.3).",
    ),
    *(
        "The cosine similarity between ",
        "front direction of ",
        "Step 1:",
        "Therefore, the answer is A.",
        "First, ",
        "None",
    ),
    *(
        "one hundred and twenty-one",
        "a dozen",
        "half a metre",
        "5 ft 6 in",
        "1.5e3",
        "10^2",
        "90°",
        "1 1/2",
        "%",
        "sorry",
    ),
)


def responses(kind: str, task: Task) -> st.SearchStrategy[Completion]:
    return completions(RESPONSE_KINDS[kind](task))


@st.composite
def completions(draw: st.DrawFn, texts: Text) -> Completion:
    """With or without token ids, cut off or not."""
    text = draw(texts)
    token_ids = draw(st.sampled_from((tuple(map(ord, text[:60])), ())))
    return Completion(
        prompt_ids=(), token_ids=token_ids, text=text, finish_reason=draw(st.sampled_from(("stop", "length")))
    )


def honest(task: Task) -> Text:
    """Every tenth of them exact."""
    seeds = st.one_of(st.just(0), *[st.integers(1, 2**32)] * 9)
    forms, ways = st.integers(0, NUM_FORMS - 1), st.integers(0, NUM_WAYS - 1)
    return st.builds(honest_text, st.just(task), form=forms, way=ways, seed=seeds)


@st.composite
def mutated(draw: st.DrawFn, task: Task) -> str:
    text = draw(honest(task))
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=4)):
        text = mutate(draw, text)
    return text


def adversarial(task: Task) -> Text:
    return st.one_of(
        _PIECED, _nested(), _crowded(), _wrapped(st.one_of(_PIECED, st.sampled_from(NUMBERS))), _scene_of_anything()
    )


def noise(task: Task) -> Text:
    raw = st.binary(max_size=120)
    decoded = st.sampled_from(
        (("utf-8", "replace"), ("utf-8", "surrogateescape"), ("latin-1", "strict"), ("utf-16", "replace"))
    )
    return st.one_of(st.text(max_size=150), st.builds(lambda some, how: some.decode(*how), raw, decoded))


RESPONSE_KINDS: dict[str, Callable[[Task], Text]] = {
    "honest": honest,
    "mutated": mutated,
    "adversarial": adversarial,
    "noise": noise,
}


def _drop_tag(draw: st.DrawFn, text: str) -> str:
    return _at_one(draw, TAG, text, lambda found: "")


def _double_tag(draw: st.DrawFn, text: str) -> str:
    return _at_one(draw, TAG, text, lambda found: found * 2)


def _double_block(draw: st.DrawFn, text: str) -> str:
    return _at_one(draw, BLOCK, text, lambda found: found * draw(st.integers(2, 3)))


def _empty_block(draw: st.DrawFn, text: str) -> str:
    return _at_one(draw, BLOCK, text, lambda found: BLOCK.sub(r"<\1></\1>", found))


def _reorder_blocks(draw: st.DrawFn, text: str) -> str:
    return "\n".join(draw(st.permutations([found.group() for found in BLOCK.finditer(text)])))


def _change_number(draw: st.DrawFn, text: str) -> str:
    number = st.sampled_from(NUMBERS) | st.integers(-2000, 2000).map(str)
    return _at_one(draw, NUMBER, text, lambda found: draw(number))


def _look_alike(draw: st.DrawFn, text: str) -> str:
    start, end = _span(draw, text)
    return text[:start] + text[start:end].translate(LOOK_ALIKES) + text[end:]


def _cut(draw: st.DrawFn, text: str) -> str:
    start, end = _span(draw, text)
    return draw(st.sampled_from((text[:start], text[end:], text[:start] + text[end:])))


def _put_in(draw: st.DrawFn, text: str) -> str:
    at, _ = _span(draw, text)
    return text[:at] + draw(st.sampled_from((*MARKS, *PIECES))) + text[at:]


def _join(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from((text + text, f"<think>{text}</think>", text + "\n" + text[::-1], text.upper() + text)))


MUTATIONS: tuple[Mutation, ...] = (
    _drop_tag,
    _double_tag,
    _double_block,
    _empty_block,
    _reorder_blocks,
    _change_number,
    _look_alike,
    _cut,
    _put_in,
    _join,
)


def _at_one(draw: st.DrawFn, pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """One of the places where the pattern is found, changed."""
    places = list(pattern.finditer(text))
    if not places:
        return text
    found = draw(st.sampled_from(places))
    return text[: found.start()] + change(found.group()) + text[found.end() :]


def _span(draw: st.DrawFn, text: str) -> tuple[int, int]:
    start = draw(st.integers(0, len(text)))
    return start, draw(st.integers(start, len(text)))


_TAGS = tuple(form.format(name) for name in TAG_NAMES for form in ("<{}>", "</{}>"))
_PIECED: Text = st.lists(st.sampled_from((*PIECES, *_TAGS, *MARKS, *NUMBERS)), max_size=30).map("".join)


def _wrapped(inside: Text) -> Text:
    forms = [f"<{name}>{{}}</{name}>" for name in TAG_NAMES] + ["\\boxed{{{}}}", "<think>so</think><answer>{}</answer>"]
    return st.builds(lambda form, text: form.format(text), st.sampled_from(forms), inside)


def _nested() -> Text:
    """Up to thousands deep, closed or not."""
    pairs = [
        ("[", "]"),
        ("{", "}"),
        ('{"a":', "}"),
        ("(", ")"),
        ("\\boxed{", "}"),
        ("\\text{", "}"),
        ("sqrt(", ")"),
        ("-", ""),
    ]
    pairs += [(f"<{name}>", f"</{name}>") for name in TAG_NAMES]
    depths = st.sampled_from((1, 2, 30, 400, 3000))

    def build(pair: tuple[str, str], opened: int, closed: int, inside: str, form: str) -> str:
        return form.format(pair[0] * opened + inside + pair[1] * closed)

    forms = ("{}", "<answer>{}</answer>", "<scene>{}</scene>", "<map>{}</map>", "<think>{}</think>")
    return st.builds(build, st.sampled_from(pairs), depths, depths, st.sampled_from(PIECES), st.sampled_from(forms))


def _crowded() -> Text:
    """Hundreds or thousands of the same."""
    units = [
        *PIECES,
        "<answer>A</answer>",
        "1. step\n",
        "<scene>{}</scene>",
        "The 3D location of a is (1.0, 2.0, 3.0). ",
    ]
    many = st.builds(lambda unit, number: unit * number, st.sampled_from(units), st.sampled_from((2, 100, 1000)))
    return st.one_of(many, st.sampled_from((3, 150, 201, 1500)).map(_crowd))


def _crowd(number: int) -> str:
    things = ",".join(f'{{"id":"cube.{i}","bbox":[{i},{i},{i + 9},{i + 9}]}}' for i in range(number))
    relations = ",".join(f'{{"subject":"cube.{i}","predicate":"on","object":"cube.0"}}' for i in range(number))
    scene = f'{{"objects":[{things}],"relationships":[{relations}]}}'
    return f"<observe>cubes</observe><scene>{scene}</scene><think>t</think><answer>(A) left</answer>"


def _scene_of_anything() -> Text:
    """Valid JSON whose values are of any kind, in the four blocks."""
    number = st.sampled_from(NUMBERS) | st.integers(-50, 700).map(str)
    names = st.sampled_from(('"cube.1"', '"man.2"', '"man.2"', '"MAN.2"', '"café.1"', '"x"', '""', "7", "null"))
    boxes = st.lists(number, min_size=3, max_size=5).map(lambda some: f"[{','.join(some)}]")
    thing = st.builds('{{"id":{},"bbox":{}}}'.format, names, boxes)
    words = st.sampled_from(('"on"', '"left of"', '""', '"' + "x" * 200 + '"', "7"))
    relation = st.builds('{{"subject":{},"predicate":{},"object":{}}}'.format, names, words, names)
    lists = st.tuples(st.lists(thing, max_size=4), st.lists(relation, max_size=3))
    answers = st.sampled_from(("(A) left", "A", "", "(B) right", "3"))

    def build(some: tuple[list[str], list[str]], answer: str) -> str:
        scene = f'{{"objects":[{",".join(some[0])}],"relationships":[{",".join(some[1])}]}}'
        return f"<observe>o</observe><scene>{scene}</scene><think>t</think><answer>{answer}</answer>"

    return st.builds(build, lists, answers)
