"""Everything that can be known to be wrong before a worker starts, each as one sentence with a way out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from spatialrl.algorithms import ADVANTAGES, KL_ESTIMATORS, LOSSES
from spatialrl.batching import check_batch_plan
from spatialrl.config import DataConfig, RewardConfig, RunConfig
from spatialrl.contrasts.settings import check_contrasts
from spatialrl.data.media.check import check_header
from spatialrl.data.media.frame_plan import FRAMES_PER_PATCH
from spatialrl.data.mixture import check_sources
from spatialrl.data.prompts import template_names
from spatialrl.data.validate import check_task
from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards import REWARDS
from spatialrl.rewards.composed import JUDGED, check_parts
from spatialrl.rewards.judge import check_judged, with_absolute_journal
from spatialrl.rewards.nature import lines
from spatialrl.rewards.options import check_options
from spatialrl.rewards.user_file import checked_function
from spatialrl.sinks import SINKS
from spatialrl.types import Frame, Media, Task

NOTHING: Mapping[str, str] = MappingProxyType({})
BAD_MEDIA = ("fail", "drop")
SHOWN = 3
"""Bad rows named one by one; the rest are counted."""


def check_config(config: RunConfig) -> None:
    """Names that do not exist and values that contradict each other."""
    check_choices(config)
    check_sizes(config)
    check_sources(config.data)
    check_batch_plan(
        tasks_per_step=config.trainer.tasks_per_step,
        completions_per_task=config.rollout.completions_per_task,
        num_ranks=config.actor.num_ranks,
        updates_per_step=config.actor.updates_per_step,
    )


def check_choices(config: RunConfig) -> None:
    check_choice("algorithm.advantage", config.algorithm.advantage, ADVANTAGES)
    check_choice("algorithm.loss", config.algorithm.loss, LOSSES)
    check_choice("algorithm.kl", config.algorithm.kl, KL_ESTIMATORS)
    check_reward(config.reward)
    check_contrasts(config.reward)
    check_choice("data.template", config.data.template, template_names())
    check_choice("data.coordinates", config.data.coordinates, get_args(Frame))
    if config.reward.name == "spatialthinker_compat" and config.data.coordinates != "pixels":
        raise ConfigError(
            f"data.coordinates is {config.data.coordinates}, but reward.name=spatialthinker_compat measures in pixels of "
            "the file, as its original does. Choose reward=spatialthinker, or data.coordinates=pixels."
        )
    check_choice("data.bad_media", config.data.bad_media, BAD_MEDIA)
    if config.data.store_gb < 0:
        raise ConfigError(f"data.store_gb is {config.data.store_gb:g}; it must be at least 0, which switches it off.")
    check_choice("model.dtype", config.model.dtype, ("bfloat16", "float32"))
    check_choice("model.attention", config.model.attention, ("sdpa", "flash_attention_2"))
    check_choice("cluster.device", config.cluster.device, ("cuda", "cpu"))
    check_choice("cluster.placement", config.cluster.placement, ("split", "colocated"))
    for schedule in (config.actor.optim.schedule, config.sft.optim.schedule):
        check_choice("optim.schedule", schedule, ("constant", "linear", "cosine"))
    for sink in config.trainer.sinks:
        check_choice("trainer.sinks", sink, SINKS)


def check_reward(reward: RewardConfig) -> None:
    check_choice("reward.name", reward.name, REWARDS)
    if reward.name != "user":
        check_whole_preset(reward)
    if reward.name == "composed":
        check_parts(reward.args.get("parts", {}))
        for line in (line for line in lines(reward.args) if line["part"] == JUDGED):
            args = line["args"] = with_absolute_journal(line.get("args", {}))
            check_judged(args, timeout_s=reward.timeout_s, max_batch=reward.max_batch)
    if reward.name == "user":
        reward.args["function"] = checked_function(reward.args.get("function", ""))


def check_whole_preset(reward: RewardConfig) -> None:
    try:
        check_options("reward.args", REWARDS[reward.name], reward.args)
    except ConfigError as error:
        raise ConfigError(
            f"With reward.name={reward.name}: {error} To take a reward with its own options, say reward=NAME."
        ) from error


def check_choice(key: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise ConfigError(f"{key} is '{value}'; there are: {', '.join(sorted(known))}.")


def check_sizes(config: RunConfig) -> None:
    positive = {
        "trainer.max_steps": config.trainer.max_steps,
        "trainer.tasks_per_step": config.trainer.tasks_per_step,
        "rollout.num_workers": config.rollout.num_workers,
        "rollout.completions_per_task": config.rollout.completions_per_task,
        "actor.num_ranks": config.actor.num_ranks,
        "actor.micro_batch_tokens": config.actor.micro_batch_tokens,
        "reward.num_workers": config.reward.num_workers,
        "reward.max_batch": config.reward.max_batch,
        "reward.max_pending": config.reward.max_pending,
    }
    for key, value in positive.items():
        if value < 1:
            raise ConfigError(f"{key} is {value}; it must be at least 1.")
    for key, value in {"memory_mb": config.reward.memory_mb, "cache_size": config.reward.cache_size}.items():
        if value < 0:
            raise ConfigError(f"reward.{key} is {value}; it must be at least 0, which switches it off.")
    if config.rollout.sampling.max_tokens >= config.model.max_tokens:
        raise ConfigError(
            f"rollout.sampling.max_tokens is {config.rollout.sampling.max_tokens} but model.max_tokens is "
            f"{config.model.max_tokens}, which leaves no room for a prompt. Raise the second or lower the first."
        )
    if config.rollout.sampling.top_p != 1:
        raise ConfigError(
            f"rollout.sampling.top_p is {config.rollout.sampling.top_p}: completions would come from a part of the "
            "distribution whose probabilities the actor computes, and every update would be biased. Set it to 1."
        )
    check_pixels(config.data)
    if config.rollout.completions_per_task == 1:
        raise ConfigError(
            "rollout.completions_per_task is 1, but a group's advantage compares completions. Ask for at least 2."
        )


def check_pixels(data: DataConfig) -> None:
    video = data.video
    pairs = [
        ("data", "min_pixels", data.min_pixels, "max_pixels", data.max_pixels),
        ("data.video", "min_pixels", video.min_pixels, "max_pixels", video.max_pixels),
        ("data.video", "min_pixels", video.min_pixels, "total_pixels", video.total_pixels),
        ("data.video", "min_frames", video.min_frames, "max_frames", video.max_frames),
    ]
    for section, low, least, high, most in pairs:
        if least is not None and most is not None and least > most:
            raise ConfigError(f"{section}.{low} is {least} but {section}.{high} is {most}; swap them.")
    if video.fps <= 0 or video.max_frames < FRAMES_PER_PATCH:
        raise ConfigError(
            f"data.video.fps is {video.fps:g} and data.video.max_frames is {video.max_frames}; expected more than 0 and at "
            f"least {FRAMES_PER_PATCH}."
        )


def check_model_folder(path: str) -> None:
    """A local folder must hold a model and its processor. An id of the Hub is left to transformers."""
    folder = Path(path)
    if not folder.exists():
        if path.startswith((".", "/", "outputs")) or path.count("/") != 1:
            raise ConfigError(
                f"model.path {path} does not exist. Give a Hugging Face folder, or an id such as org/name."
            )
        return
    for needed in ("config.json", "preprocessor_config.json|processor_config.json", "tokenizer_config.json"):
        if not any((folder / name).exists() for name in needed.split("|")):
            raise ConfigError(
                f"model.path {path} has no {needed.split('|')[0]}: it is not a complete vision-language model folder. "
                "Save model, tokenizer and processor into it with save_pretrained."
            )


def check_tasks(tasks: Sequence[Task], *, path: str, unplanned: Mapping[str, str] = NOTHING) -> None:
    """Every row and the header of every media file. `unplanned` says of videos by their path why no frames could be
    chosen."""
    if not tasks:
        raise DataError(f"{path} holds no task that data.families keeps.")
    check_medium = medium_check(unplanned)
    bad = {task.id: problem for task in tasks if (problem := check_task(task, check_medium=check_medium)) is not None}
    if bad:
        raise DataError(
            f"{path} has {len(bad)} bad of {len(tasks)} rows ({first_few(bad)}). "
            f"See them all with: spatialrl data validate={path}"
        )


def bad_media(tasks: Sequence[Task], *, unplanned: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Ids of the tasks whose media are not fit, with the reason; rows may have other flaws."""
    check_medium = medium_check(unplanned)
    found = {task.id: next(filter(None, map(check_medium, task.media)), None) for task in tasks}
    return {name: reason for name, reason in found.items() if reason is not None}


def medium_check(unplanned: Mapping[str, str]) -> Callable[[Media], str | None]:
    """Many tasks ask about one video."""
    return cache(lambda medium: unplanned.get(medium.path) or check_header(medium))


def first_few(bad: Mapping[str, str]) -> str:
    shown = "; ".join(f"{name}: {problem}" for name, problem in list(bad.items())[:SHOWN])
    return shown + (f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else "")
