"""Where in a model's text the answer stands. Every function here reads any string in linear time and gives a text or
the reason why there is none; nothing of what the model means is judged here."""

import re
from dataclasses import dataclass

MAX_TEXT = 4_000_000
"""Characters of a whole response; longer ones are not looked at."""
MAX_ANSWER = 10_000
"""Characters of one answer. Longer ones are no answers, and the readers of answers may be slower than linear."""

OPENING_BRACES = re.compile(r"\\boxed\s{0,3}\{|[{}]")
FENCE = "```"
WRAPPERS = re.compile(r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|operatorname|boxed)\s{0,3}\{([^{}]*)\}")
"""LaTeX commands that change the look of what they wrap, not its meaning."""
MAX_WRAPPERS = 4
SILENT = re.compile(r"</?[A-Za-z_]\w{0,19}>|\\(?:text|math|operatorname|boxed)[a-z]{0,2}")
"""Tags and LaTeX wrappers: without something inside they say nothing."""
PLAIN = {
    r"\(": " ",
    r"\)": " ",
    r"\[": " ",
    r"\]": " ",
    r"\,": "",
    r"\;": " ",
    r"\!": "",
    r"\ ": " ",
    r"\%": "%",
    r"\circ": "°",
    r"\degree": "°",
    r"\rightarrow": "->",
    r"\to": "->",
    r"\times": "×",
    r"\cdot": "×",
    "**": "",
    "`": "",
    "$": "",
}
DRESSING = re.compile("|".join(re.escape(key) + (r"(?![a-zA-Z])" if key[-1].isalpha() else "") for key in PLAIN))


@dataclass(frozen=True, slots=True)
class Malformed:
    """What keeps a text from being read: a code, where it helps with a detail after a colon.

    no_answer, no_block, empty, ambiguous, not_an_option, not_a_number, not_json, not_a_scene, not_a_map,
    not_a_sequence, not_a_pair, too_long. The strict reader of SpatialThinker's format gives sentences instead.
    """

    reason: str

    @property
    def code(self) -> str:
        """The reason without its detail: fit for counting."""
        return self.reason.partition(":")[0]


def last_block(text: str, tag: str) -> str | Malformed:
    """What stands inside the last complete `<tag>..</tag>`, stripped; it may be empty."""
    if len(text) > MAX_TEXT:
        return Malformed("too_long")
    opening, closing = f"<{tag}>", f"</{tag}>"
    start = text.rfind(opening, 0, max(text.rfind(closing), 0))
    if start < 0:
        return Malformed(f"no_block: <{tag}>")
    start += len(opening)
    return text[start : text.index(closing, start)].strip()


def last_boxed(text: str) -> str | Malformed:
    r"""What stands inside the last `\boxed{..}` whose braces balance, stripped; it may be empty."""
    if len(text) > MAX_TEXT:
        return Malformed("too_long")
    first = text.find(r"\boxed")
    if first < 0:
        return Malformed(r"no_block: \boxed")
    open_braces: list[tuple[int, bool]] = []
    inside = (-1, -1)
    # A brace that opens before the first box closes after it, or never: neither changes what is in a box.
    for brace in OPENING_BRACES.finditer(text, first):
        if brace.group() != "}":
            open_braces.append((brace.end(), len(brace.group()) > 1))
        elif open_braces:
            start, is_boxed = open_braces.pop()
            inside = max(inside, (start, brace.start())) if is_boxed else inside
    return text[inside[0] : inside[1]].strip() if inside[0] >= 0 else Malformed(r"no_block: \boxed")


def last_fence(text: str) -> str | Malformed:
    """What stands inside the last complete pair of code fences, without the language named after the first."""
    if len(text) > MAX_TEXT:
        return Malformed("too_long")
    pieces = text.split(FENCE)
    if len(pieces) < 3:
        return Malformed("no_block: code fence")
    inside = pieces[-2] if len(pieces) % 2 else pieces[-3]
    head, newline, rest = inside.partition("\n")
    return (rest if newline and head.strip().isalnum() else inside).strip()


def says_something(text: str) -> bool:
    """Blanks, punctuation, empty tags and empty boxes do not."""
    return any(map(str.isalnum, SILENT.sub(" ", text)))


def answer_text(text: str) -> str | Malformed:
    r"""What stands inside the last `<answer>..</answer>`, else inside the last `\boxed{..}`; never empty."""
    inside = last_block(text, "answer")
    if isinstance(inside, Malformed) and inside.code == "no_block":
        inside = last_boxed(text)
    if isinstance(inside, Malformed):
        return Malformed("no_answer") if inside.code == "no_block" else inside
    return inside or Malformed("empty")


def undressed(answer: str) -> str:
    r"""Without LaTeX wrappers and Markdown: `$\boxed{\text{A}}$` and `**A**` are `A`."""
    for _ in range(MAX_WRAPPERS):
        answer, count = WRAPPERS.subn(r"\1", answer)
        if not count:
            break
    return DRESSING.sub(lambda found: PLAIN[found.group()], answer).strip("*_ \t\r\n")
