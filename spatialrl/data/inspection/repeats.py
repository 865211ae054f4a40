"""What is there twice: ids, questions, pictures. The same question about the same media is one row too many; with another
answer one of the two is wrong."""

from spatialrl.data.inspection.finding import Finding, plural
from spatialrl.data.inspection.notes import Notes

MOST_EXAMPLES = 50

ASKED = """
CREATE TEMP TABLE asked AS SELECT rows.number, question, answer, coalesce(group_concat(thing, ' '), '') AS media
FROM rows LEFT JOIN (
    SELECT row, coalesce('c' || content, 'm' || uses.medium) || shown AS thing FROM uses
    LEFT JOIN contents ON contents.medium = uses.medium ORDER BY row, place) AS things ON things.row = rows.number
WHERE is_ours GROUP BY rows.number
"""
"""What each row asks about which contents."""


def find_ids(notes: Notes) -> Finding:
    query = "FROM (SELECT id, count(*) AS n FROM rows WHERE is_ours GROUP BY id HAVING n > 1)"
    count = notes.one(f"SELECT coalesce(sum(n - 1), 0) {query}")
    examples = notes.all(f"SELECT id, n {query} ORDER BY n DESC, id LIMIT ?", MOST_EXAMPLES)
    told = f"Used by an earlier row: {plural(count, 'id')}." if count else "Every id is used once."
    return Finding(
        name="ids",
        verdict="stop" if count else "ok",
        told=told,
        examples=tuple(f"{name} stands {n} times" for name, n in examples),
    )


def note_questions(notes: Notes) -> None:
    notes.database.execute(ASKED)
    notes.database.execute("CREATE INDEX temp.asked_by_question ON asked (question, media)")


def find_questions(notes: Notes) -> Finding:
    query = (
        "FROM (SELECT min(number) AS number, count(*) AS n FROM asked GROUP BY question, media, answer HAVING n > 1)"
    )
    count = notes.one(f"SELECT coalesce(sum(n - 1), 0) {query}")
    examples = notes.all(
        f"SELECT id, n {query} JOIN rows USING (number) ORDER BY n DESC, number LIMIT ?", MOST_EXAMPLES
    )
    told = (
        f"Asked by an earlier row, with the same answer: {plural(count, 'row')}."
        if count
        else "No question is asked twice."
    )
    return Finding(
        name="questions",
        verdict="look" if count else "ok",
        told=told,
        examples=tuple(f"what {name} asks is asked {n} times" for name, n in examples),
    )


def find_contradictions(notes: Notes) -> Finding:
    query = (
        "FROM (SELECT min(number) AS first, max(number) AS last, count(*) AS n FROM asked GROUP BY question, media "
        "HAVING count(DISTINCT answer) > 1)"
    )
    count = notes.one(f"SELECT count(*) {query}")
    pairs = (
        f"SELECT a.id, a.answer_text, b.id, b.answer_text {query} JOIN asked AS x ON x.number = first "
        "JOIN rows AS a ON a.number = first JOIN rows AS b ON b.number = (SELECT min(y.number) FROM asked AS y "
        "WHERE y.question = x.question AND y.media = x.media AND y.answer <> x.answer) ORDER BY first LIMIT ?"
    )
    told = (
        f"Asked twice, with different answers: {plural(count, 'question')}."
        if count
        else "No question has two answers."
    )
    return Finding(
        name="contradictions",
        verdict="stop" if count else "ok",
        told=told,
        examples=tuple(f"{a} says {x}, {b} says {y}" for a, x, b, y in notes.all(pairs, MOST_EXAMPLES)),
    )


def find_pictures(notes: Notes, *, is_complete: bool) -> Finding:
    """Among the media of the data itself. Of the same bytes: files beside the first one; alike: contents beside it."""
    ours = "SELECT DISTINCT medium FROM uses JOIN rows ON rows.number = uses.row WHERE is_ours"
    copies = (
        f"FROM (SELECT content, count(DISTINCT path) AS n FROM contents JOIN ({ours}) USING (medium) "
        "JOIN (SELECT number AS medium, json_extract(told, '$.path') AS path FROM media) USING (medium) "
        "GROUP BY content HAVING n > 1)"
    )
    alike = (
        f"FROM alike WHERE content IN (SELECT content FROM contents JOIN ({ours}) USING (medium)) "
        f"AND other IN (SELECT content FROM contents JOIN ({ours}) USING (medium))"
    )
    num_copies = notes.one(f"SELECT coalesce(sum(n - 1), 0) {copies}")
    num_alike = notes.one(f"SELECT count(DISTINCT other) {alike}")
    told = "No picture is there twice."
    if num_copies or num_alike:
        told = f"The bytes of another file: {plural(num_copies, 'file')}. Another's picture, saved anew: {plural(num_alike, 'file')}."
    if not is_complete:
        told += " So many are alike that the search was ended before all were compared."
    examples = [
        f"{name(notes, a)} and {name(notes, b)}"
        for a, b in notes.all(f"SELECT content, other {alike} ORDER BY 2, 1 LIMIT ?", MOST_EXAMPLES)
    ]
    examples += [
        f"{name(notes, content)} {n} times"
        for content, n in notes.all(f"SELECT content, n {copies} ORDER BY 1 LIMIT ?", MOST_EXAMPLES)
    ]
    return Finding(
        name="pictures",
        verdict="look" if num_copies or num_alike or not is_complete else "ok",
        told=told,
        examples=tuple(examples),
    )


def name(notes: Notes, medium: int) -> str:
    """The file, and a row that shows it."""
    query = "SELECT rows.id FROM uses JOIN rows ON rows.number = uses.row WHERE uses.medium = ? ORDER BY row LIMIT 1"
    path = notes.one("SELECT json_extract(told, '$.path') FROM media WHERE number = ?", medium)
    return f"{path} ({notes.one(query, medium)})"
