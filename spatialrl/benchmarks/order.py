"""What `spatialrl eval` was asked for: from words to one checked description of the run, and the benchmarks it names."""

from dataclasses import fields, replace
from pathlib import Path

from spatialrl.benchmarks.recorded import OWN_WORDS, as_trained
from spatialrl.benchmarks.scoring import MODES
from spatialrl.benchmarks.settings import ENDPOINTS
from spatialrl.benchmarks.spec import Benchmark, expand
from spatialrl.checks import check_choice, check_model_folder
from spatialrl.compose import load_config
from spatialrl.config import EvalConfig, RunConfig
from spatialrl.data.prompts import template_names
from spatialrl.endpoints.settings import EndpointSettings, read_settings
from spatialrl.errors import ConfigError

OWN = tuple(field.name for field in fields(EvalConfig))
"""Words that stand for the key of that name in the section `eval`."""
LOCAL = ("vllm", "transformers")


def read_order(words: list[str]) -> tuple[RunConfig, list[Benchmark]]:
    """A model is asked in the words it was trained with."""
    words = [in_section(word) for word in words]
    config = load_config(words)
    if config.eval.backend in LOCAL:
        config = as_trained(words)
    config.eval.template = config.eval.template or OWN_WORDS
    check(config)
    benchmarks = expand(config.eval.suite or config.eval.benchmark)
    check_source(config.eval, benchmarks)
    if config.eval.backend in LOCAL and Path(config.model.path).exists():
        # Workers of a cluster stand in folders of their own.
        config.model.path = str(Path(config.model.path).absolute())
    return config, benchmarks


def in_section(word: str) -> str:
    """`limit=10` and `sampling.top_p=0.9` are keys of `eval`."""
    return f"eval.{word}" if word.split("=")[0].split(".")[0] in OWN else word


def check(config: RunConfig) -> None:
    asked = config.eval
    if bool(asked.benchmark) == bool(asked.suite):
        raise ConfigError("Say either benchmark=NAME or suite=NAME: `spatialrl eval benchmark=scenes model.path=PATH`.")
    check_choice("eval.backend", asked.backend, (*LOCAL, *ENDPOINTS))
    check_choice("eval.mode", asked.mode, MODES)
    check_choice("eval.template", str(asked.template), template_names())
    check_choice("model.dtype", config.model.dtype, ("bfloat16", "float32"))
    check_choice("cluster.device", config.cluster.device, ("cuda", "cpu"))
    check_sizes(config)
    if asked.backend in ENDPOINTS:
        read_endpoint(asked)
    if asked.backend in LOCAL:
        check_model_folder(config.model.path)


def check_sizes(config: RunConfig) -> None:
    asked = config.eval
    for key in ("limit", "frames", "fps", "resolution", "max_in_flight"):
        if getattr(asked, key) < 0:
            raise ConfigError(f"eval.{key} is {getattr(asked, key)}; it must be at least 0, which leaves it open.")
    for key in ("num_attempts", "patch"):
        if getattr(asked, key) < 1:
            raise ConfigError(f"eval.{key} is {getattr(asked, key)}; it must be at least 1.")
    if asked.backend in LOCAL and asked.sampling.max_tokens >= config.model.max_tokens:
        raise ConfigError(
            f"eval.sampling.max_tokens is {asked.sampling.max_tokens} but model.max_tokens is "
            f"{config.model.max_tokens}, which leaves no room for a prompt. Raise the second or lower the first."
        )


def read_endpoint(asked: EvalConfig) -> EndpointSettings:
    """Raises ConfigError about the first setting that can't be."""
    return read_settings({**asked.endpoint, "api": asked.backend}, what="eval.endpoint")


def check_source(asked: EvalConfig, benchmarks: list[Benchmark]) -> None:
    if (asked.source or asked.media_root) and len(benchmarks) > 1:
        raise ConfigError(
            f"eval.source and eval.media_root say where one benchmark is, but {len(benchmarks)} are asked for; name one."
        )


def with_sight(config: RunConfig, *, blind: bool) -> RunConfig:
    """Everything is asked twice where a blind baseline is wanted; each time is a run of its own."""
    return replace(config, eval=replace(config.eval, blind=blind))


def num_in_flight(config: RunConfig) -> int:
    """Questions under way at the same time."""
    if config.eval.max_in_flight:
        return config.eval.max_in_flight
    if config.eval.backend in ENDPOINTS:
        return read_endpoint(config.eval).max_concurrent
    return config.rollout.num_workers * config.rollout.max_num_seqs if config.eval.backend == "vllm" else 1
