"""What a run would do, for `dry_run=true`: the resolved config in short and the memory each role needs."""

from pathlib import Path

from spatialrl.config import DataConfig, RunConfig
from spatialrl.contrasts.settings import make_contrasts
from spatialrl.memory import memory_plan, model_size


def plan(config: RunConfig) -> str:
    """One line per role, then the loop."""
    rollout, actor, trainer = config.rollout, config.actor, config.trainer
    completions = trainer.tasks_per_step * rollout.completions_per_task
    return "\n".join(
        [
            f"run        {config.name} -> {config.output_dir}",
            f"model      {config.model.path} ({config.model.dtype})",
            f"data       {trained_on(config.data)}, held out {config.data.test}, prompt {config.data.template}",
            f"rollout    {rollout.num_workers} vLLM workers x {rollout.tensor_parallel} {config.cluster.device}",
            f"actor      {actor.num_ranks} FSDP ranks, {actor.updates_per_step} updates per step",
            f"reference  {f'{config.reference.num_ranks} ranks' if config.algorithm.kl_coef else 'none'}",
            f"reward     {config.reward.num_workers} CPU workers, {config.reward.name}",
            *contrast_lines(config),
            f"loop       {trainer.max_steps} steps of {trainer.tasks_per_step} tasks x "
            f"{rollout.completions_per_task} completions = {completions} completions a step",
            *memory_lines(config),
        ]
    )


def contrast_lines(config: RunConfig) -> list[str]:
    names = ", ".join(make_contrasts(config.reward))
    return [f"contrasts  {names}: bonuses beside other completions"] if names else []


def trained_on(data: DataConfig) -> str:
    """The sources of the training tasks, with their weights."""
    weights = {
        source.path: "" if source.weight is None else f" x {source.weight:g}" for source in data.sources.values()
    }
    return ", ".join(f"{path}{weight}" for path, weight in weights.items())


def memory_lines(config: RunConfig) -> list[str]:
    """One line per role. Sizes are read from the model folder, which a plan does not make or download."""
    if not Path(config.model.path).is_dir():
        return [f"memory     not estimated: {config.model.path} is no folder on this machine"]
    return [f"memory     {role}" for role in memory_plan(config, model_size(config.model.path))]
