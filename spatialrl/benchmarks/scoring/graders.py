"""Every way to score one answer, by the name a benchmark's file gives as `metric`. Adding one is one file and one line."""

from spatialrl.benchmarks.scoring import choices, vlmevalkit, vsi
from spatialrl.benchmarks.scoring.grading import Grader

GRADERS: dict[str, Grader] = {
    "choice": Grader(
        official=vlmevalkit.exact_matching,
        strict=choices.strict_choice,
        source="VLMEvalKit, exact matching",
        corrects="the article A is no letter; the text of an option inside another's is not both; reasoning is not the answer",
    ),
    "vsi": Grader(
        official=vsi.official,
        strict=vsi.strict,
        source="thinking-in-space, vsibench",
        corrects="`A)`, `Option A` and `2.5m` are read; MRA in exact arithmetic, over |target|, in the question's unit",
    ),
}
