"""Rows and media that are wrong by themselves, counted by what is wrong, each with its id and the reason."""

from spatialrl.data.exclusion import read_exclusion
from spatialrl.data.inspection.finding import Finding, Verdict, count_bars, plural
from spatialrl.data.inspection.notes import Notes

MOST_EXAMPLES = 50

ROW_FLAWS = {
    "unreadable": ("Could not be read", "Every row can be read."),
    "fields": ("A field is missing, or has a value nobody knows", "Every row has its fields."),
    "answer": ("The answer can't be right", "Every answer is one that can be given."),
    "placeholders": ("Media are named otherwise than they are", "<image> and <video> are as many as the media."),
    "box": ("A box lies outside the image, or is empty", "Every box lies in its image."),
    "scene": ("The scene contradicts itself", "Every scene agrees with itself."),
}
"""What is told where there are such rows, and where there is none."""
MEDIA_FLAWS: dict[str, tuple[Verdict, str, str]] = {
    "missing media": ("stop", "Not there", "Every media file is there."),
    "bad media": ("stop", "Can't be decoded, or not what the row says", "All media can be decoded."),
    "wrong extension": ("look", "Named like another format", "Every file has the name of its format."),
}


def find_row_flaws(notes: Notes, kind: str) -> Finding:
    some, none = ROW_FLAWS[kind]
    count = notes.one("SELECT coalesce(sum(num_rows), 0) FROM flaws WHERE kind = ?", kind)
    query = "SELECT file, name, reason FROM flaws WHERE kind = ? ORDER BY rowid LIMIT ?"
    examples = tuple(f"{file}: {name}: {reason}" for file, name, reason in notes.all(query, kind, MOST_EXAMPLES))
    told = f"{some}: {plural(count, 'row')}." if count else none
    return Finding(name=kind, verdict="stop" if count else "ok", told=told, examples=examples)


def find_media_flaws(notes: Notes, kind: str) -> Finding:
    verdict, some, none = MEDIA_FLAWS[kind]
    count = notes.one("SELECT count(*) FROM seen WHERE kind = ?", kind)
    rows = notes.one("SELECT count(DISTINCT row) FROM uses JOIN seen ON seen.medium = uses.medium WHERE kind = ?", kind)
    query = (
        "SELECT rows.id, count(DISTINCT rows.number), reason, min(rows.number) FROM seen "
        "JOIN uses ON uses.medium = seen.medium JOIN rows ON rows.number = uses.row "
        "WHERE seen.kind = ? GROUP BY seen.medium ORDER BY seen.medium LIMIT ?"
    )
    told_of = notes.all(query, kind, MOST_EXAMPLES)
    examples = tuple(f"{name}{others(users)}: {reason}" for name, users, reason, _ in told_of)
    told = f"{some}: {plural(count, 'file')}, of {plural(rows, 'row')}." if count else none
    return Finding(name=kind, verdict=verdict if count else "ok", told=told, examples=examples)


def others(users: int) -> str:
    return f" and {plural(users - 1, 'other')}" if users > 1 else ""


def find_excluded(notes: Notes, path: str) -> Finding:
    """Rows that test are not trained on."""
    scenes = read_exclusion(path)
    notes.database.execute("CREATE TEMP TABLE excluded (scene TEXT PRIMARY KEY)")
    for scene in sorted(scenes):
        notes.add("excluded", scene)
    query = (
        "FROM rows JOIN scenes ON scenes.row = rows.number JOIN excluded USING (scene) WHERE rows.is_ours AND part < 2"
    )
    count = notes.one(f"SELECT count(DISTINCT rows.number) {query}")
    examples = notes.all(f"SELECT rows.id, scene {query} ORDER BY rows.number LIMIT ?", MOST_EXAMPLES)
    bars = notes.all(f"SELECT scene, count(*) {query} GROUP BY scene ORDER BY count(*) DESC LIMIT 10")
    told = f"Scenes of {path}: {plural(count, 'row')}." if count else f"No row shows a scene of {path}."
    return Finding(
        name="excluded scenes",
        verdict="stop" if count else "ok",
        told=told,
        examples=tuple(f"{name} shows {scene}" for name, scene in examples),
        bars=(count_bars("Excluded scenes", bars, total=count),) if count else (),
    )
