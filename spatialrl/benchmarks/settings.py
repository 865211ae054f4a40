"""What an answer depends on, as one flat mapping: its hash names the folder of the answers.

The one rule: whatever changes an answer is in it, and nothing else. How many workers there are, how often they are asked
again and where results go is not.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spatialrl.benchmarks.identity import file_hash
from spatialrl.benchmarks.maps import NONE, SELF
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.config import RunConfig
from spatialrl.data.prompts import template_text

Settings = dict[str, Any]
HASH_LENGTH = 12
ENDPOINTS = ("openai", "anthropic")
"""Back-ends that are asked over HTTP."""
VIDEO_PIXELS = ("min_pixels", "max_pixels", "total_pixels")
DECIDING = ("backend", "template", "frames", "fps", "resolution", "blind", "limit", "mode")


def settings_of(config: RunConfig, benchmark: Benchmark, *, model: Mapping[str, str], dataset: str) -> Settings:
    """`model` and `dataset` say which ones: see `identity`."""
    asked = config.eval
    local = {"model.dtype": config.model.dtype, "model.max_tokens": config.model.max_tokens}
    return {
        **{f"model.{name}": value for name, value in model.items()},
        **({"patch": asked.patch} if asked.backend in ENDPOINTS else local),
        "benchmark": benchmark.name,
        "benchmark.description": digest(json.dumps(asdict(benchmark), sort_keys=True, default=str)),
        "benchmark.rows": dataset,
        "template.text": digest(template_text(str(asked.template))),
        **({} if asked.cognitive_map == NONE else {"map_tokens": asked.map_tokens}),
        "cognitive_map": asked.cognitive_map
        if asked.cognitive_map in (NONE, SELF)
        else file_hash(Path(asked.cognitive_map)),
        "coordinates": config.data.coordinates,
        "min_pixels": config.data.min_pixels,
        "max_pixels": config.data.max_pixels,
        **{f"video.{name}": getattr(config.data.video, name) for name in VIDEO_PIXELS},
        "seed": config.seed,
        **{f"sampling.{name}": value for name, value in asdict(asked.sampling).items()},
        **{name: getattr(asked, name) for name in DECIDING},
    }


def settings_hash(settings: Settings) -> str:
    return digest(json.dumps(settings, sort_keys=True))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def changes(earlier: Settings, now: Settings) -> list[str]:
    """`sampling.max_tokens 512 -> 1024`, one for each setting that differs."""
    names = sorted({*earlier, *now})
    return [f"{name} {earlier.get(name)} -> {now.get(name)}" for name in names if earlier.get(name) != now.get(name)]
