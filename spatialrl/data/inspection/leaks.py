"""Rows for training that show what is tested: a scene, a file, or a picture of the same that was saved anew. Looked at are
the splits of the data itself and the sets it is inspected against; of two rows the one nearer to training is told."""

from spatialrl.data.inspection.finding import Finding, plural
from spatialrl.data.inspection.notes import Notes

MOST_EXAMPLES = 50

WHERE_SHOWN = """
CREATE TEMP TABLE shown AS SELECT DISTINCT content AS thing, part, rows.number AS row FROM contents
JOIN uses ON uses.medium = contents.medium JOIN rows ON rows.number = uses.row;
CREATE TEMP TABLE first_shown AS SELECT thing, part, min(row) AS row FROM shown GROUP BY thing, part;
CREATE INDEX temp.first_shown_by_thing ON first_shown (thing, part);
CREATE TEMP TABLE first_in AS SELECT scene, part, min(row) AS row FROM scenes JOIN rows ON rows.number = row
GROUP BY scene, part;
CREATE INDEX temp.first_in_by_scene ON first_in (scene, part);
CREATE INDEX temp.shown_by_thing ON shown (thing);
CREATE TEMP TABLE pairs AS SELECT content AS thing, other FROM alike UNION SELECT other, content FROM alike
"""
LEAKS = {
    "leaked scenes": (
        "a scene that is tested",
        "SELECT s.row, min(t.row) AS other FROM scenes AS s JOIN rows AS a ON a.number = s.row "
        "JOIN first_in AS t ON t.scene = s.scene AND t.part > a.part GROUP BY s.row",
    ),
    "leaked files": (
        "a file that is tested",
        "SELECT s.row, min(t.row) AS other FROM shown AS s JOIN first_shown AS t ON t.thing = s.thing "
        "AND t.part > s.part GROUP BY s.row",
    ),
    "leaked pictures": (
        "a picture that is tested, saved anew",
        "SELECT s.row, min(t.row) AS other FROM pairs JOIN shown AS s ON s.thing = pairs.thing "
        "JOIN first_shown AS t ON t.thing = pairs.other AND t.part > s.part GROUP BY s.row",
    ),
}
"""What is shown, and the statement that finds each row with one it shares something with."""


def note_shown(notes: Notes) -> None:
    """Of every thing only the first row of a part is kept beside those that are told: all pairs could be too many."""
    for statement in WHERE_SHOWN.split(";"):
        notes.database.execute(statement)


def find_leaks(notes: Notes, kind: str) -> Finding:
    thing, query = LEAKS[kind]
    count = notes.one(f"SELECT count(*) FROM ({query})")
    pairs = (
        f"SELECT a.file, a.id, b.file, b.id FROM ({query}) AS found JOIN rows AS a ON a.number = found.row "
        "JOIN rows AS b ON b.number = found.other ORDER BY found.row LIMIT ?"
    )
    examples = tuple(f"{x}: {a} with {y}: {b}" for x, a, y, b in notes.all(pairs, MOST_EXAMPLES))
    told = f"To be trained on, but shows {thing}: {plural(count, 'row')}." if count else f"No row shows {thing}."
    return Finding(name=kind, verdict="stop" if count else "ok", told=told, examples=examples)
