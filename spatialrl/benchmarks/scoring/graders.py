"""Every way to score one answer, by the name a benchmark's file gives as `metric`. Adding one is one file and one line."""

from spatialrl.benchmarks.scoring import (
    choices,
    kinds,
    letters,
    mathematics,
    numbers,
    points,
    qspatial,
    sequences,
    spar,
    spatial457,
    spatialthinker,
    tempcompass,
    texts,
    vlmevalkit,
    vsi,
    yes_no,
)
from spatialrl.benchmarks.scoring.grading import Grader, Rule

VSI_STRICT = "`A)`, `Option A` and `2.5m` are read; MRA in exact arithmetic over the size of the target, in its unit"
CHOICE_STRICT = (
    "one letter or one option's text of the final answer, in any spelling; two of them, or none, are no answer"
)


def grader(official: Rule, strict: Rule, source: str, corrects: str) -> Grader:
    return Grader(official=official, strict=strict, source=source, corrects=corrects)


def choice_by(official: Rule, source: str) -> Grader:
    return grader(official, choices.strict_choice, source, CHOICE_STRICT)


GRADERS: dict[str, Grader] = {
    "choice": choice_by(vlmevalkit.exact_matching, "VLMEvalKit, exact matching"),
    "choice_spatial_ssrl": choice_by(letters.without_length_limit, "Spatial-SSRL's VLMEvalKit, exact matching"),
    "choice_spatialthinker": choice_by(spatialthinker.evals, "SpatialThinker, evals.py"),
    "first_letter": choice_by(letters.first_letter, "Video-MME and LongVideoBench, in SpaceR-Eval"),
    "whats_up": choice_by(letters.contains_letter, "Spatial-SSRL, whatsup_eval"),
    "sti_bench": choice_by(letters.sti_bench, "STI-Bench, in SpaceR-Eval"),
    "yes_no": grader(
        yes_no.vlmevalkit_yes_no,
        yes_no.strict_yes_no,
        "VLMEvalKit, YOrN_Extraction",
        "the final answer alone is looked at, and its first word decides",
    ),
    "vsi": grader(vsi.official, vsi.strict, "thinking-in-space, vsibench", VSI_STRICT),
    "vsi_spacer": grader(vsi.spacer, vsi.strict, "SpaceR-Eval, vsi_util", VSI_STRICT),
    "vsi_spatial_ssrl": grader(vsi.spatial_ssrl, vsi.strict, "Spatial-SSRL, check_accuracy.py", VSI_STRICT),
    "number": grader(vsi.official, numbers.strict_mra, "thinking-in-space, vsibench", VSI_STRICT),
    "relative": grader(
        numbers.official_regression,
        numbers.strict_relative,
        "SpaceR, regression reward",
        "`nan` is no number; a unit is read; a target of 0 is met or missed",
    ),
    "count": grader(
        texts.exact_text, numbers.strict_count, "lmms-eval, exact_match", "`3 chairs`, `three` and `3.0` are 3"
    ),
    "spar_bench": grader(
        spar.official,
        spar.strict,
        "SPAR-Bench, in SpaceR-Eval",
        "saying nothing is worth nothing; signs count; motions are measured by the truth, and standing still earns nothing",
    ),
    "qspatial": grader(
        *qspatial.rules(2.0),
        "Q-Spatial-Bench, delta 2",
        "a distance is read in any form and unit; `1,200` is 1200; two numbers are no answer",
    ),
    "qspatial_1_5": grader(*qspatial.rules(1.5), "Q-Spatial-Bench, delta 1.5", "as qspatial"),
    "spatial457": grader(
        spatial457.official,
        spatial457.strict,
        "VLMEvalKit, Spatial457",
        "a jet is no airliner and 3 is not Yes; the last `Answer` counts, in any quotes",
    ),
    "robospatial": grader(
        points.official_robospatial,
        points.strict_robospatial,
        "RoboSpatial-Eval, evaluate_answer",
        "`nothing` is not No; the final answer's points count, all of them, in the frame the model writes in",
    ),
    "point": grader(
        points.official_point,
        points.strict_point,
        "Where2Place and RefSpatial, points in the mask",
        "points in square brackets and JSON are read; reasoning is not",
    ),
    "box": grader(points.box, points.box, "accuracy at IoU 0.5", "nothing"),
    "lego": grader(
        sequences.official_lego,
        sequences.strict_lego,
        "VLMEvalKit, LEGO-Puzzles",
        "`B, A, D, C` is an order; the article after `first` is no letter",
    ),
    "sequence": grader(
        sequences.official_sequence,
        sequences.strict_sequence,
        "Spatial-SSRL, img_score",
        "separators, brackets and LaTeX wrappers aside",
    ),
    "mathvista": grader(
        mathematics.official_mathvista,
        mathematics.strict_mathvista,
        "VLMEvalKit, MathVista without its judge",
        "a number is found in the final answer, with its unit, and compared in the places the question gives",
    ),
    "math": grader(
        mathematics.official_math,
        mathematics.strict_math,
        "mathruler, as in SpatialThinker's evals.py",
        "5 m is not 5 cm; 1/2, 0.5 and \\frac{1}{2} are one answer",
    ),
    "tempcompass": grader(
        tempcompass.official,
        tempcompass.strict,
        "TempCompass, in SpaceR-Eval",
        "`nothing` is not No; options are read in any spelling, captions with the names they have",
    ),
    "text": grader(
        texts.exact_text,
        texts.strict_text,
        "lmms-eval, exact_match",
        "articles, punctuation and spelling of values aside",
    ),
    "free_form": grader(
        texts.official_free_form,
        texts.strict_free_form,
        "SpaceR, free-form reward",
        "the last answer block counts, not the first",
    ),
    "transcription": grader(
        texts.official_transcription,
        texts.strict_transcription,
        "SpaceR, OCR reward",
        "the last answer block counts, not the first",
    ),
    "ocr": grader(
        texts.official_ocr, texts.strict_ocr, "VLMEvalKit, OCRBench", "whole words of the final answer: 5 is not in 150"
    ),
    "chart": grader(
        texts.official_chart,
        texts.strict_chart,
        "ChartQA, relaxed accuracy",
        "a number is found in the final answer, with its unit",
    ),
    "mixed": grader(
        texts.exact_text, kinds.rooms, "lmms-eval, exact_match", "choices, counts and words are read as such"
    ),
    "kinds": grader(kinds.by_kind, kinds.by_kind, "the rewards of this project", "nothing"),
    "scenes": grader(kinds.rooms, kinds.rooms, "this project", "nothing"),
}
