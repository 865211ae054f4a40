"""Spatial457 (Wang et al. 2025, arXiv:2502.08636): a word, a number or yes and no, in a small dictionary.

https://github.com/open-compass/VLMEvalKit   vlmeval/dataset/spatial457.py
"""

import re

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.rewards.parse import Malformed, Number, number
from spatialrl.types import Task

KINDS = {
    "car": "suv wagon minivan sedan truck addi car",
    "bus": "articulated regular double school bus",
    "motorbike": "chopper dirtbike scooter cruiser motorbike",
    "aeroplane": "jet fighter biplane airliner aeroplane",
    "bicycle": "road utility mountain tandem bicycle",
}
KIND_OF = {shape: kind for kind, shapes in KINDS.items() for shape in shapes.split()}
FIELDS = [re.compile(pattern) for pattern in (r"Answer': '(.*?)'", r'Answer": "(.*?)"', r"Answer': (\d)")]
FIELD = re.compile(r"""['"]?answer['"]?\s{0,3}:\s{0,3}['"]?([^'"}\n]{1,100})""", re.IGNORECASE)
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
DIGITS = {word: str(value) for value, word in enumerate(WORDS)}


def official(task: Task, response: str) -> Grade:
    """Another shape of the same kind is right, too: `jet` for `airliner`; so are `0` for No and any digit for Yes."""
    found = next((match[1] for field in FIELDS if (match := field.search(response))), response)
    return graded(lenient(found, task.answer), found)


def lenient(given: str, truth: str) -> bool:
    given = "no" if given.lower() == "none" else given
    said, true = given.lower(), truth.lower()
    if said == true or DIGITS.get(said) == truth or (given == "0" and truth == "No"):
        return True
    if true == "yes" and given in set("123456789"):
        return True
    kinds = [KIND_OF.get(text.split(" ")[0]) for text in (said, true)]
    return kinds[0] is not None and kinds[0] == kinds[1]


def strict(task: Task, response: str) -> Grade:
    """The answer itself: the very shape, the number, yes or no; in the form asked for or not."""
    fields = FIELD.findall(response)
    answer = fields[-1] if fields else final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    given, truth = plain(answer), plain(task.answer)
    if truth.isdigit():
        found = number(given)
        return graded(found.value == int(truth), given) if isinstance(found, Number) else unread(found.reason)
    return graded(given == truth, given) if given else unread("empty")


def plain(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return " ".join(word for word in words if word not in ("a", "an", "the")) or " ".join(words)
