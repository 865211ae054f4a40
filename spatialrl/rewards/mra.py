"""How close a number is to its target, from 0 to 1: mean relative accuracy (Yang et al. 2024, arXiv:2412.14171) and its
relatives. Pure: floats in, a float out; what a model wrote is read elsewhere.

    MRA = mean over theta in {.50, .55, ..., .95} of [ |prediction - target| / |target| <= 1 - theta ]
"""

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

from spatialrl.rewards.parse import Number, in_metres, number

OFFICIAL_TOLERANCES = tuple((1 - np.linspace(0.5, 0.95, 10)).tolist())
"""In floating point: 1 - .8 is a little less than .2, so 8 for 10 misses that step."""
NUM_STEPS = 10
STEP = Fraction(1, 20)
DIGITS = 12
"""Significant digits two numbers are compared in: enough for any measure, too few to see a float's last bits."""
SCALES = {
    "m2": ("area", 1.0),
    "cm2": ("area", 1e-4),
    "ft2": ("area", 0.3048**2),
    "deg": ("angle", 1.0),
    "rad": ("angle", 180 / math.pi),
    "s": ("time", 1.0),
    "ms": ("time", 1e-3),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
}


def official_mra(prediction: float, target: float) -> float:
    """As VSI-Bench counts, bit for bit: 8 for 10 is .6. Any number meets a negative target; 0 is never met."""
    if target == 0:
        return 0.0
    distance = abs(prediction - target) / target
    return sum(distance <= tolerance for tolerance in OFFICIAL_TOLERANCES) / len(OFFICIAL_TOLERANCES)


def exact_mra(prediction: float, target: float) -> float:
    """In exact arithmetic, with the distance over |target|: 8 for 10 is .7. A target of 0 is met or missed."""
    if not (math.isfinite(prediction) and math.isfinite(target)):
        return 0.0
    guess, truth = _decimal(prediction), _decimal(target)
    if truth == 0:
        return float(guess == 0)
    steps_away = math.ceil(abs(guess - truth) / abs(truth) / STEP)
    return max(0, NUM_STEPS + 1 - max(1, steps_away)) / NUM_STEPS


def relative_closeness(prediction: float, target: float) -> float:
    """1 - |prediction - target| / |target|, at least 0. A target of 0 is met or missed."""
    if target == 0:
        return float(prediction == 0)
    return 1 - min(1.0, abs(prediction - target) / abs(target))


def in_unit(measured: Number, unit: str) -> float | None:
    """The number in `unit` (`cm`, `square metres`, ...). Taken as it is where either side names no unit; None where the
    units measure different things."""
    wanted = _unit(unit)
    if not measured.unit or not wanted or measured.unit == wanted:
        return measured.value
    value, one = _base(measured), _base(Number(1.0, wanted))
    if value is None or one is None or value[0] != one[0]:
        return None
    # 7 cm are 7.000000000000001 hundredths of a metre: the last bits are the conversion's own.
    converted = float(f"{value[1] / one[1]:.{DIGITS}g}")
    return converted if math.isfinite(converted) else None


@lru_cache(maxsize=256)
def _unit(name: str) -> str:
    """Spelt as the parser spells it; "" for what it does not know."""
    measured = number(f"1 {name}")
    return measured.unit if isinstance(measured, Number) else ""


def _base(measured: Number) -> tuple[str, float] | None:
    """What is measured, and the value in the unit all of its kind share."""
    metres = in_metres(measured)
    if metres is not None:
        return "length", metres
    kind, factor = SCALES.get(measured.unit, ("", 0.0))
    return (kind, measured.value * factor) if kind else None


def _decimal(value: float) -> Fraction:
    return Fraction(f"{value:.{DIGITS}g}")
