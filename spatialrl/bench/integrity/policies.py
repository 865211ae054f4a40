"""Policies that do not look at the image. Each keeps to the form its reward asks for wherever it can, and all of them may
know the question, its options, the size of the image and how answers are distributed; where a name says so, the true
names and numbers of the objects, too.
"""

from spatialrl.bench.integrity.answering import ANSWERS
from spatialrl.bench.integrity.drawing import SCENES
from spatialrl.bench.integrity.mapping import MAPS
from spatialrl.bench.integrity.policy import Policy
from spatialrl.bench.integrity.storytelling import CHAINS

POLICIES: dict[str, Policy] = ANSWERS | SCENES | MAPS | CHAINS
