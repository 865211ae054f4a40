"""`spatialrl data inspect=PATH`: what there is to know of a data set before money is spent on GPUs. `FINDINGS` are the names
of all findings, in the order in which they are told."""

from spatialrl.data.inspection.flaws import MEDIA_FLAWS, ROW_FLAWS
from spatialrl.data.inspection.leaks import LEAKS

FINDINGS = (
    *ROW_FLAWS,
    *MEDIA_FLAWS,
    "ids",
    "questions",
    "contradictions",
    "pictures",
    *LEAKS,
    "excluded scenes",
    "answers",
    "sides",
    "positions",
    "tokens",
)
