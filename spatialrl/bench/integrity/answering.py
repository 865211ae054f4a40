"""Policies that answer without looking, or write something else instead of an answer."""

import re
from collections import Counter

from spatialrl.bench.integrity.case import Case, scene_text
from spatialrl.bench.integrity.policy import Policy, Ways, each
from spatialrl.bench.integrity.styles import STYLES
from spatialrl.data.prompts import asked_text

LONG = 30_000
"""Characters."""
SHOWN = re.compile("<observe>.*?</answer>", re.DOTALL)
"""In the prompt: the form, and an example."""
CONSTANTS = {
    "count": "2",
    "measure": "1",
    "regression": "1",
    "text": "yes",
    "description": "red cube and behind it blue sphere",
    "reading": "EXIT",
    "direction": "0",
}


def empty(case: Case) -> Ways:
    return each("", " \n", ".")


def empty_blocks(case: Case) -> Ways:
    """Every tag, and nothing in it."""
    return each(STYLES[case.style].format_map(Blank()))


class Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def constant_answer(case: Case) -> Ways:
    fixed = CONSTANTS.get(case.prior.kind)
    return each(case.write(answer=case.prior.open_answers(case.item)[0] if fixed is None else fixed))


def most_frequent_answer(case: Case) -> Ways:
    return each(case.write(answer=case.prior.commonest(case.item)))


def best_constant_answer(case: Case) -> Ways:
    return each(case.write(answer=case.prior.best_constant(case.item)))


def random_guess(case: Case) -> Ways:
    return [[case.write(answer=answer) for answer in case.guesses]]


def option_text_dump(case: Case) -> Ways:
    options = list(case.task.options) or list(case.guesses)
    return each(*(case.write(answer=joint.join(options)) for joint in (" ", ", ", " or ")))


def all_letters(case: Case) -> Ways:
    listed = case.task.lettered_options or list(case.guesses)
    return each(*(case.write(answer=answer) for answer in (", ".join(listed), "ABCD", "A B C D")))


def common_words(case: Case) -> Ways:
    """The words that are most often in answers to the family's other questions."""
    uses = Counter(word for answer in case.prior.others(case.item) for word in answer.split())
    return each(*(case.write(answer=" ".join(word for word, _ in uses.most_common(count))) for count in (3, 8, 20)))


def several_answers(case: Case) -> Ways:
    """One block of the answer for each guess: the tags are there more than once."""
    head, _ = _at_answer(case.write(answer=case.guess))
    tails = [_at_answer(case.write(answer=answer))[1] for answer in case.guesses]
    return [[head + "".join(tails)], [head + tail + tail for tail in tails]]


def format_only(case: Case) -> Ways:
    words = ("unknown", "I cannot tell.", "?", "None", "nan")
    return each(*(case.write(answer=word, thought="thinking") for word in words))


def answer_inside_think(case: Case) -> Ways:
    """In the thought, and none after it, or none worth the name."""
    inside = [f"<answer>{answer}</answer> \\boxed{{{answer}}}" for answer in case.guesses]
    return [
        [f"<think>{thought}</think>" for thought in inside],
        [case.write(answer="see above", thought=thought) for thought in inside],
    ]


def tag_stuffing(case: Case) -> Ways:
    texts = [case.write(answer=answer) for answer in case.guesses]
    tags = "".join(re.findall(r"</?\w+>", texts[0]))
    return [
        [tags * 50],
        [20 * text for text in texts],
        [tags + text for text in texts],
        [case.write(answer=answer, thought=tags) for answer in case.guesses],
    ]


def prompt_echo(case: Case) -> Ways:
    prompt = asked_text(case.task, template="spatialthinker")
    asked = " ".join((case.task.question, *case.task.lettered_options))
    return each(prompt, case.write(answer=asked, thought=asked))


def copied_example(case: Case) -> Ways:
    """The form as the prompt shows it, and the worked examples of the systems' prompts."""
    form, example = SHOWN.findall(asked_text(case.task, template="spatialthinker"))
    man, bike = ("man.1", (10, 20, 110, 220)), ("bike.1", (50, 100, 300, 400))
    chain = (
        "The 3D location of the bottle is (0.20, 0.40, 0.60). The 3D location of the person is (0.00, 0.50, 1.00). "
        "The vector from the bottle to the person is (-0.20, 0.10, 0.40)."
    )
    scene, map = (
        scene_text([man, bike], [("man.1", "behind", "bike.1")]),
        '{"table": [[0, 3], [5, 7]], "chair": [[9, 3]]}',
    )
    return each(form, example, case.write(answer="(A) behind", scene=scene, map=map, thought=chain))


def very_long_text(case: Case) -> Ways:
    words = "maybe it is here or there " * (LONG // 26)
    return [[words], [case.write(answer=answer, thought=words) for answer in case.guesses[:1]]]


def _at_answer(text: str) -> tuple[str, str]:
    """Before and from where the answer is written."""
    at = max(text.rfind("<answer>"), text.rfind("\\boxed"))
    return text[:at], text[at:]


ANSWERS: dict[str, Policy] = {
    "empty": Policy(empty, "nothing"),
    "empty blocks": Policy(empty_blocks, "nothing"),
    "format only": Policy(format_only, "form"),
    "copied example": Policy(copied_example),
    "constant answer": Policy(constant_answer),
    "most frequent answer": Policy(most_frequent_answer),
    "best constant answer": Policy(best_constant_answer),
    "random guess": Policy(random_guess),
    "option text dump": Policy(option_text_dump),
    "all letters": Policy(all_letters),
    "common words": Policy(common_words),
    "several answers": Policy(several_answers),
    "answer inside think": Policy(answer_inside_think),
    "tag stuffing": Policy(tag_stuffing),
    "prompt echo": Policy(prompt_echo),
    "very long text": Policy(very_long_text),
}
