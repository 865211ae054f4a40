"""Importers: data sets of other projects become rows of ours. Each says how one row becomes a task."""

from collections.abc import Callable

from spatialrl.data.importers.alpaca import alpaca
from spatialrl.data.importers.conversations import conversations
from spatialrl.data.importers.easyr1 import easyr1
from spatialrl.data.importers.record import Converter
from spatialrl.data.importers.spacer import spacer
from spatialrl.data.importers.spatial_ssrl import spatial_ssrl
from spatialrl.data.importers.spatialreasoner import spatialreasoner
from spatialrl.data.importers.stvqa import stvqa
from spatialrl.data.importers.vlmevalkit import vlmevalkit
from spatialrl.data.importers.vsi_bench import vsi_bench

IMPORTERS: dict[str, Callable[..., Converter]] = {
    "stvqa": stvqa,
    "spacer": spacer,
    "spatial_ssrl": spatial_ssrl,
    "spatialreasoner": spatialreasoner,
    "vsi_bench": vsi_bench,
    "vlmevalkit": vlmevalkit,
    "easyr1": easyr1,
    "llava": conversations,
    "sharegpt": conversations,
    "alpaca": alpaca,
}
BENCHMARKS = ("vsi_bench", "vlmevalkit")
"""Their rows are of the test split where nothing says otherwise."""
