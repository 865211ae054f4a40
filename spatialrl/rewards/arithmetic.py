"""The value of a small expression such as `3/4`, `2*sqrt(3)` or `2^10`: digits, + - * / ^, brackets, sqrt and pi, and
nothing else. The text may come from a model, so that nothing is ever given to `eval`: length, exponents and the size of
whole numbers are bounded, and whatever lies beyond has no value."""

import math
import re
from fractions import Fraction

Value = Fraction | float
"""Exact while only whole numbers and decimals meet + - * / and whole powers."""

MAX_CHARACTERS = 200
MAX_BITS = 4096
RELATIVE_TOLERANCE = 1e-9
"""Of two values of which one is not exact."""

_TOKEN = re.compile(r" *([0-9]+(?:\.[0-9]*)?|\.[0-9]+|\*\*|[-+*/^()]|sqrt|pi)")


class _NoValue(ValueError):
    """Never leaves this file: `evaluate` turns it into None."""


def evaluate(text: str) -> Value | None:
    """None where the text is no expression, or one without a finite real value."""
    try:
        value = _Reader(_tokens(text)).whole()
        return value if math.isfinite(value) else None
    # Division by zero, and numbers beyond floats.
    except (_NoValue, ArithmeticError):
        return None


def same_value(a: str, b: str) -> bool:
    """Whether both have a value, and it is the same. Decimals are exact: 0.1 + 0.2 is 0.3."""
    one, other = evaluate(a), evaluate(b)
    if one is None or other is None:
        return False
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    return math.isclose(float(one), float(other), rel_tol=RELATIVE_TOLERANCE)


def _tokens(text: str) -> list[str]:
    text = text.strip(" ")
    _require(0 < len(text) <= MAX_CHARACTERS)
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _NoValue
        tokens.append("^" if match[1] == "**" else match[1])
        position = match.end()
    return tokens


class _Reader:
    """Recursive descent: sum of products of signed powers of atoms. What stands before a
    bracket, a root or pi without a sign is multiplied by it."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._position = 0

    def whole(self) -> Value:
        value = self._sum()
        _require(self._peek() == "")
        return value

    def _sum(self) -> Value:
        value = self._product()
        while self._peek() in ("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return _checked(value)

    def _product(self) -> Value:
        value = self._signed()
        while self._peek() in ("*", "/", "(", "sqrt", "pi"):
            operator = self._take() if self._peek() in ("*", "/") else "*"
            value = value * self._signed() if operator == "*" else value / self._signed()
            _checked(value)
        return value

    def _signed(self) -> Value:
        if self._peek() in ("+", "-"):
            return self._signed() if self._take() == "+" else -self._signed()
        base = self._atom()
        if self._peek() != "^":
            return base
        self._take()
        return _power(base, self._signed())

    def _atom(self) -> Value:
        token = self._take()
        if token == "(":
            value = self._sum()
            _require(self._take() == ")")
            return value
        if token == "sqrt":
            return math.sqrt(_not_negative(self._atom()))
        if token == "pi":
            return math.pi
        _require(token[:1].isdigit() or token[:1] == ".")
        return Fraction(token)

    def _peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._position += 1
        return token


def _power(base: Value, exponent: Value) -> Value:
    """Whole powers of exact numbers are exact; how large they become is known before they are computed."""
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        _require(bits * abs(exponent.numerator) <= MAX_BITS)
        return base**exponent.numerator
    return float(_not_negative(base)) ** float(exponent)


def _not_negative(value: Value) -> Value:
    _require(value >= 0)
    return value


def _checked(value: Value) -> Value:
    if isinstance(value, Fraction):
        _require(max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS)
    return value


def _require(condition: bool) -> None:
    if not condition:
        raise _NoValue
