"""One spelling for the many ways to write a mathematical answer. `plain` changes how an answer looks and never what it
says. `mathd_form` and `sympy_form` are the two normal forms of the published grader, which also strike out units; they
serve `grade_answer` alone. All of them take time linear in the text, up to a small number of passes."""

import math
import re

BRACKETS = "()[]"
MAX_PASSES = 20
"""Depth of nested fractions and roots that is resolved."""
MATHD_SPELLINGS = {
    "\n": "",
    "\\!": "",
    "\\\\": "\\",
    "tfrac": "frac",
    "dfrac": "frac",
    "\\left": "",
    "\\right": "",
    "^{\\circ}": "",
    "^\\circ": "",
    "\\$": "",
}
SYMPY_SPELLINGS = {
    "\\%": "%",
    "\\$": "$",
    "$": "",
    "%": "",
    " or ": " , ",
    " and ": " , ",
    "million": "*10^6",
    "billion": "*10^9",
    "trillion": "*10^12",
}
LENGTHS = ("cm", "centimeter", "meter", "mile", "foot", "feet", "inch", "yard")
SYMPY_UNITS = ("degree", *LENGTHS, "second", "minute", "hour", "day", "week", "month", "year")
LATEX_SYMBOLS = {
    "\\pi": "pi",
    "\\times": "*",
    "\\cdot": "*",
    "\\div": "/",
    "\\left": "",
    "\\right": "",
    "\\,": "",
    "\\!": "",
    "\\;": "",
    "\\ ": " ",
    "π": "pi",
    "√": "sqrt",
    "×": "*",
    "·": "*",
    "−": "-",
}

_FRACTION = re.compile(r"\\[dt]?frac *\{([^{}]*)\} *\{([^{}]*)\}")
_SHORT_FRACTION = re.compile(r"\\[dt]?frac *([0-9]) *([0-9])")
_ROOT = re.compile(r"\\sqrt *\{([^{}]*)\}")
_WORDS = re.compile(r"\\(?:text|mathrm|mathbf|textbf|mbox) *\{([^{}]*)\}")
_THOUSANDS_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_MIXED_NUMBER = re.compile(r"([0-9]) +([0-9])")
_MATHD_FRACTION = re.compile(r"(-?[0-9]+)/(-?[0-9]+)")


def plain(text: str) -> str:
    """Lower case, without LaTeX, blanks, dollar signs, separators of thousands and `x =`."""
    text = _without_latex(_unwrapped(text.strip()).replace("$", ""))
    text = _MIXED_NUMBER.sub(r"\1+\2", _without_short_left_side(text.strip().rstrip(".")))
    return "".join(_THOUSANDS_COMMA.sub("", text).lower().split())


def elements(text: str) -> list[str]:
    """Of a bracketed list without inner brackets; anything else is one element."""
    text = _THOUSANDS_COMMA.sub("", text)
    inside = text[1:-1]
    if len(text) > 2 and text[0] in BRACKETS and text[-1] in BRACKETS and not any(mark in inside for mark in BRACKETS):
        return [element.strip() for element in inside.split(",")]
    return [text] if text else []


def mathd_form(text: str) -> str:
    """The spelling in which MATH answers are compared (Hendrycks et al. 2021, arXiv:2103.03874)."""
    text = _unwrapped(text.strip())
    changed = _replaced(text, MATHD_SPELLINGS)
    number, *units = changed.split("\\text{ ")
    if len(units) > 1:
        return text
    changed = number.replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.")
    if not changed:
        return ""
    changed = _without_short_left_side("0" + changed if changed[0] == "." else changed)
    if changed.endswith("\\sqrt"):
        return text
    changed = re.sub(r"\\sqrt([^{])", r"\\sqrt{\1}", changed).replace(" ", "")
    return _mathd_fraction(re.sub(r"\\frac([^{])([^{])", r"\\frac{\1}{\2}", changed))


def sympy_form(text: str) -> str:
    """What the published grader hands to sympy."""
    text = _replaced(_unwrapped(text), SYMPY_SPELLINGS)
    for unit in SYMPY_UNITS:
        text = re.sub(rf"{unit}(es)?s? *(\^[0-9]+)?", "", text)
    text = re.sub(r"\^ *\\circ", "", text)
    text = text[1:-1] if text[:1] == "{" and text[-1:] == "}" else text
    text = _as_whole(re.sub(r",\\! *", "", text))
    text = _without_latex(text).strip() if "\\" in text else text
    text = _MIXED_NUMBER.sub(r"\1+\2", re.sub("- *", "-", text))
    text = text.replace(" ", "").replace("{", "").replace("}", "").lower()
    return _as_whole(_THOUSANDS_COMMA.sub("", text)) if whole_number(text) is not None else text


def whole_number(text: str) -> int | None:
    """Of a text such as `7`, `7.0` or `1,200`."""
    try:
        value = float(_THOUSANDS_COMMA.sub("", text))
    except ValueError:
        return None
    return round(value) if math.isfinite(value) and abs(value - round(value)) <= 1e-7 else None


def _as_whole(text: str) -> str:
    value = None if "," in text else whole_number(text)
    return text if value is None else str(value)


def _unwrapped(text: str) -> str:
    r"""What stands inside a \text{} that holds everything."""
    inside = text.removeprefix("\\text{")
    return inside[:-1].strip() if inside != text and inside[-1:] == "}" and len(inside) > 1 else text


def _replaced(text: str, spellings: dict[str, str]) -> str:
    for old, new in spellings.items():
        text = text.replace(old, new)
    return text


def _without_short_left_side(text: str) -> str:
    """`x = 5` -> ` 5`."""
    left, equals, right = text.partition("=")
    return right if equals and "=" not in right and len(left) <= 2 else text


def _mathd_fraction(text: str) -> str:
    if text == "0.5":
        return "\\frac{1}{2}"
    match = _MATHD_FRACTION.fullmatch(text)
    if match is None or any(str(int(part)) != part for part in match.groups()):
        return text
    return f"\\frac{{{match[1]}}}{{{match[2]}}}"


def _without_latex(text: str) -> str:
    r"""\frac{1}{2} -> 1/2, \sqrt{2} -> sqrt(2), \text{left} -> left; other commands lose their backslash."""
    text = _SHORT_FRACTION.sub(r" \1/\2", _replaced(text, LATEX_SYMBOLS))
    for _ in range(MAX_PASSES):
        changed = _FRACTION.sub(_quotient, _ROOT.sub(r"sqrt(\1)", _WORDS.sub(r"\1", text)))
        if changed == text:
            break
        text = changed
    return text.replace("\\", "").replace("{", "(").replace("}", ")")


def _quotient(match: re.Match[str]) -> str:
    top, bottom = (part.strip() if part.strip().isalnum() else f"({part})" for part in match.groups())
    # The blank keeps the whole of a mixed number apart: 1\frac{1}{2} is 1 + 1/2.
    return f" {top}/{bottom}"
