"""What a run would do, for `dry_run=true`: the resolved config in short and the memory each role needs."""

from spatialrl.config import RunConfig


def plan(config: RunConfig) -> str:
    """One line per role, then the loop."""
    rollout, actor, trainer = config.rollout, config.actor, config.trainer
    completions = trainer.tasks_per_step * rollout.completions_per_task
    return "\n".join(
        [
            f"run        {config.name} -> {config.output_dir}",
            f"model      {config.model.path} ({config.model.dtype})",
            f"data       {config.data.train}, held out {config.data.test}, prompt {config.data.template}",
            f"rollout    {rollout.num_workers} vLLM workers x {rollout.tensor_parallel} {config.cluster.device}",
            f"actor      {actor.num_ranks} FSDP ranks, {actor.updates_per_step} updates per step",
            f"reference  {f'{config.reference.num_ranks} ranks' if config.algorithm.kl_coef else 'none'}",
            f"reward     {config.reward.num_workers} CPU workers, {config.reward.name}",
            f"loop       {trainer.max_steps} steps of {trainer.tasks_per_step} tasks x "
            f"{rollout.completions_per_task} completions = {completions} completions a step",
        ]
    )
