import pytest

from spatialrl.rewards.parse import Malformed, Number, in_metres, number

GOLDEN = {"a distance of 3.5 meters": 3.5, "twenty five": 25, "-2.5": -2.5, "1,200": 1200, "1e3": 1000}


@pytest.mark.parametrize(("answer", "value"), GOLDEN.items(), ids=GOLDEN.keys())
def test_numbers_that_the_original_misreads(answer, value):
    read = number(answer)
    assert isinstance(read, Number)
    assert read.value == value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("3", 3),
        ("3.", 3),
        (".5", 0.5),
        ("−4", -4),
        ("+4", 4),
        ("- 4", -4),
        ("minus five", -5),
        ("x = -3", -3),
        ("(-3)", -3),
        ("room-3", 3),
        ("1,234,567.5", 1234567.5),
        ("1.5e-3", 0.0015),
        (r"$2 \times 10^{3}$", 2000),
        ("2 x 10^3", 2000),
        ("1/2", 0.5),
        ("3 1/2", 3.5),
        ("3½", 3.5),
        (r"\frac{1}{4}", 0.25),
        ("2.5 million", 2.5e6),
        ("about 3 chairs", 3),
        ("5 (five)", 5),
        ("the one on the left is 3", 3),
        ("one", 1),
        (r"\text{7}", 7),
        ("'7'", 7),
        ('{"answer": "7"}', 7),
    ],
)
def test_numbers_are_written_in_many_ways(answer, value):
    assert number(answer) == Number(value)


@pytest.mark.parametrize(
    ("answer", "value", "unit"),
    [
        ("3.5m", 3.5, "m"),
        ("3.5 Meters.", 3.5, "m"),
        ("350 centimetres", 350, "cm"),
        ("12 mm", 12, "mm"),
        ("2 km", 2, "km"),
        ("5 inches", 5, "in"),
        ("5 in.", 5, "in"),
        ("There are 5 in the room", 5, ""),
        ("6 ft", 6, "ft"),
        ("5'6\"", 5.5, "ft"),
        ("5 feet 6 inches", 5.5, "ft"),
        ("1 m 80 cm", 1.8, "m"),
        ("12 m²", 12, "m2"),
        ("12 m^2", 12, "m2"),
        ("12 square meters", 12, "m2"),
        ("100 sq. ft.", 100, "ft2"),
        ("90°", 90, "deg"),
        (r"90^\circ", 90, "deg"),
        ("90 degrees", 90, "deg"),
        ("3 s", 3, "s"),
        ("half a metre", 0.5, "m"),
        ("3.5 m (350 cm)", 3.5, "m"),
        ("11.5 ft or 3.5 m", 11.5, "ft"),
        ("50 %", 50, "%"),
        ("3 more", 3, ""),
    ],
)
def test_units_are_read_and_normalised(answer, value, unit):
    read = number(answer)
    assert isinstance(read, Number)
    assert (read.value, read.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    "answer",
    ["3 or 4", "2-3 m", "2 to 3", "3,5", "1,2,3", "1 200", "2 x 3", "two and three", "3 m or 4 m", "3 m or 3 s"],
)
def test_several_numbers_are_ambiguous(answer):
    read = number(answer)
    assert isinstance(read, Malformed)
    assert read.code == "ambiguous"


@pytest.mark.parametrize(
    "answer",
    [
        "a chair",
        "a",
        "an",
        "tent",
        "3d",
        "2nd",
        "A1",
        "10^3",
        "1.2.3",
        "NaN",
        "inf",
        "1e999",
        "9" * 9000,
        "1/0",
        "second",
    ],
)
def test_what_is_no_finite_number_is_no_number(answer):
    read = number(answer)
    assert isinstance(read, Malformed)
    assert read.code == "not_a_number"


def test_an_answer_needs_text_and_an_end():
    assert number(" ") == Malformed("empty")
    assert number("1" * 10_001) == Malformed("too_long")


@pytest.mark.parametrize(
    ("value", "unit", "metres"),
    [(2, "", 2), (2, "m", 2), (50, "cm", 0.5), (5, "mm", 0.005), (2, "km", 2000), (10, "in", 0.254), (10, "ft", 3.048)],
)
def test_lengths_become_metres(value, unit, metres):
    assert in_metres(Number(value, unit)) == pytest.approx(metres)


@pytest.mark.parametrize("odd", [Number(2, "m2"), Number(2, "deg"), Number(1e306, "km")])
def test_what_is_no_length_has_no_metres(odd):
    assert in_metres(odd) is None
