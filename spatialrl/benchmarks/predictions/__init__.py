"""Other harnesses' files of results, line by line. Adding a form is one function and one line."""

from spatialrl.benchmarks.predictions.lines import spacer, spatial_ssrl, vsi
from spatialrl.benchmarks.predictions.prediction import Form, Prediction
from spatialrl.benchmarks.predictions.spatialthinker import spatialthinker
from spatialrl.benchmarks.predictions.vlmevalkit import vlmevalkit

FORMS: dict[str, Form] = {
    "vlmevalkit": vlmevalkit,
    "spatialthinker": spatialthinker,
    "spacer": spacer,
    "spatial_ssrl": spatial_ssrl,
    "vsi": vsi,
}

__all__ = ["FORMS", "Form", "Prediction"]
