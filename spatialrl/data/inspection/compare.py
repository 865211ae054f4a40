"""Which contents show the same picture: candidates by hash, confirmed by their copies, as pairs into the notes."""

import numpy as np

from spatialrl.data.inspection.alike import Budget, close_pairs
from spatialrl.data.inspection.notes import Notes
from spatialrl.data.inspection.phash import are_confirmed

MOST_PAIRS = 500_000
"""Pairs that are noted. More means that nearly all pictures are alike."""
CONFIRMED_AT_ONCE = 20_000


def compare_pictures(notes: Notes, *, budget: Budget | None = None, most_pairs: int = MOST_PAIRS) -> bool:
    """Whether all were compared. Media of the same bytes are compared once."""
    budget = budget or Budget()
    signatures = notes.signatures()
    first = {medium for (medium,) in notes.all("SELECT medium FROM contents WHERE medium = content")}
    kept = np.flatnonzero(np.isin(signatures["medium"], np.fromiter(first, np.int32, len(first))))
    media, hashes = signatures["medium"][kept], np.array(signatures["hash"][kept])
    for left, right in close_pairs(hashes, budget=budget):
        others = media[left] != media[right]
        left, right = left[others], right[others]
        for start in range(0, len(left), CONFIRMED_AT_ONCE):
            ours, theirs = left[start : start + CONFIRMED_AT_ONCE], right[start : start + CONFIRMED_AT_ONCE]
            same = are_confirmed(signatures["copy"][kept[ours]], signatures["copy"][kept[theirs]])
            pairs = zip(media[ours[same]].tolist(), media[theirs[same]].tolist(), strict=True)
            notes.database.executemany("INSERT OR IGNORE INTO alike VALUES (?, ?)", map(sorted, pairs))
        if notes.one("SELECT count(*) FROM alike") > most_pairs:
            return False
    return not budget.is_spent
