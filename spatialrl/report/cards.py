"""The trajectories worth reading: what the run learned, its best and its worst answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatialrl.report.intervals import is_right, turned
from spatialrl.report.pictures import Picture, picture
from spatialrl.report.record import Record, Row
from spatialrl.types import LETTERS

MOST_TURNED = 4
MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    value: float
    fill: float
    """Share of the bar, 0 to 1: a part may lie outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    title: str
    row: Row
    options: list[str]
    """With letters."""
    answer: str
    is_right: bool
    response: str
    earlier: str
    """The response of the model before the run; empty where it is not compared."""
    picture: Picture | None
    parts: list[Part]


def choose_cards(record: Record) -> list[Card]:
    return turned_cards(record) + extreme_cards(record.last_rollouts)


def turned_cards(record: Record) -> list[Card]:
    """Held-out tasks that went from wrong to right, the best of each family first."""
    gained, _ = turned(record.evaluations.get("before", []), record.evaluations.get("after", []))
    best_first = sorted(gained, key=lambda pair: -pair[1]["reward"])
    chosen = one_of_each_family(best_first)[:MOST_TURNED]
    return [make_card("Wrong before, right after", after, earlier=before["response"]) for before, after in chosen]


def one_of_each_family(pairs: Sequence[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    """Rotates through the families, each in its own order."""
    seen: dict[str, int] = {}
    rounds = []
    for pair in pairs:
        family = pair[1]["family"]
        seen[family] = seen.get(family, 0) + 1
        rounds.append(seen[family])
    order = sorted(range(len(pairs)), key=lambda index: rounds[index])
    return [pairs[index] for index in order]


def extreme_cards(rows: Sequence[Row]) -> list[Card]:
    """Answers to shuffled frames are only compared with; they are neither."""
    judged = [row for row in rows if row["status"] == "scored" and "shuffled" not in row.get("shown", "")]
    scored = sorted(judged, key=lambda row: row["reward"])
    if not scored:
        return []
    best = make_card("Best of the last step", scored[-1])
    return [best] if len(scored) == 1 else [best, make_card("Worst of the last step", scored[0])]


def make_card(title: str, row: Row, *, earlier: str = "") -> Card:
    options = [f"({letter}) {text}" for letter, text in zip(LETTERS, row["options"], strict=False)]
    expected = [option for option in options if option.startswith(f"({row['answer']})")]
    return Card(
        title=title,
        row=row,
        options=options,
        answer=expected[0] if expected else row["answer"],
        is_right=is_right(row),
        response=shortened(row["response"]),
        earlier=shortened(earlier),
        picture=picture(row),
        parts=[Part(name=n, value=v, fill=min(1.0, max(0.0, v))) for n, v in row.get("parts", {}).items()],
    )


def shortened(text: str) -> str:
    left = len(text) - MOST_CHARACTERS
    return text if left <= 0 else f"{text[:MOST_CHARACTERS]} ... and {left:,} more characters"
