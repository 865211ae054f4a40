"""Contrasts: what an answer is worth beside answers to a twin of its task, or beside the others of its group. Adding one is
one file and one line.

Twins that are tasks of their own stand in one group with the task and learn: all are normalised together. A policy that
answers by habit is right about every completion of one side and wrong about every one of the other: two groups without
a difference inside, from which nothing is learned, and one group full of it. The common baseline depends on no single
completion, so the gradient stays unbiased; it costs variance only where the sides differ, which is where habit rules.
"""

from collections.abc import Callable

from spatialrl.contrasts.length import Length
from spatialrl.contrasts.temporal import Temporal, TemporalCompat
from spatialrl.contrasts.turned import Mirrored, Swapped
from spatialrl.contrasts.twin import Contrast

CONTRASTS: dict[str, Callable[..., Contrast]] = {
    "temporal": Temporal,
    "temporal_compat": TemporalCompat,
    "mirrored": Mirrored,
    "swapped": Swapped,
    "length": Length,
}
"""The name is also that of the part in metrics; the fields of the class are the arguments in the config."""
