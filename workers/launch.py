"""Words become a plan, hands are hired, the loop runs. The one file that sees everything; nothing imports it."""

import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import replace

import torch

from spatialrl.checks import check_config
from spatialrl.collect import Collector
from spatialrl.compose import load_config
from spatialrl.config import RunConfig
from spatialrl.contrasts.apply import Contrasts
from spatialrl.data.media.store import open_store
from spatialrl.data.mixture import pools_of, tasks_in
from spatialrl.data.sampler import Pool, Sampler
from spatialrl.data.vision import PromptReader
from spatialrl.demonstrations import DemonstrationReader, check_demonstrations
from spatialrl.plan import plan
from spatialrl.prepare import as_asked, load_tasks, load_training, prepare_data, prepare_model
from spatialrl.report import write_report
from spatialrl.run_folder import check_folder, claim_folder
from spatialrl.run_log import RunLog
from spatialrl.sft import SupervisedTrainer
from spatialrl.summary import summary
from spatialrl.trainer import Trainer
from spatialrl.types import Task
from workers.actor.group import ActorGroup
from workers.cluster import join_ray
from workers.ending import run_until_signal
from workers.placement import Placement, check_engine, place
from workers.reference.group import ReferenceGroup
from workers.reward.pool import RewardPool
from workers.rollout.pool import RolloutPool
from workers.weights import TransferWeightSync


def train(words: list[str]) -> None:
    """Reinforcement learning."""
    config = ready_config(words)
    if config is None:
        return
    check_engine()
    pools, held_out, dropped = prepare(config)
    Contrasts(config.reward, tasks=tasks_in(pools)).check()
    with join_ray(config.cluster):
        placement = place(config, verb="train")
        log = RunLog(claim_folder(config), config=config, num_steps=config.trainer.max_steps, dropped=dropped)
        run_until_signal(run_training(config, placement, pools=pools, held_out=held_out, log=log))
    finish(log)


def sft(words: list[str]) -> None:
    """Supervised cold start."""
    config = ready_config(words)
    if config is None:
        return
    pools, _, dropped = prepare(config)
    check_demonstrations(tasks_in(pools))
    with join_ray(config.cluster):
        placement = place(config, verb="sft")
        log = RunLog(claim_folder(config), config=config, num_steps=config.sft.max_steps, dropped=dropped)
        run_until_signal(run_supervised(config, placement, pools=pools, log=log))
    finish(log)


def ready_config(words: list[str]) -> RunConfig | None:
    """Composed and checked; None after a dry run."""
    # The driver only counts tokens; threads of its own would take cores from the workers.
    torch.set_num_threads(1)
    config = load_config(words)
    check_config(config)
    if config.dry_run:
        sys.stdout.write(plan(config) + "\n")
        return None
    return config


def prepare(config: RunConfig) -> tuple[list[Pool], list[Task], list[tuple[str, str]]]:
    """Pools of training tasks, held-out tasks, and ids of what was dropped with the reason; the model folder is in place
    afterwards."""
    dropped: list[tuple[str, str]] = []

    def drop(task_id: str, reason: str) -> None:
        dropped.append((task_id, reason))

    check_folder(config)
    prepare_data(config.data, seed=config.seed)
    pools = load_training(config.data, seed=config.seed, drop=drop)
    held_out = load_tasks(config.data, config.data.test, drop=drop) if config.trainer.eval_tasks else []
    prepare_model(config)
    asked = [replace(pool, tasks=as_asked(pool.tasks, config)) for pool in pools]
    return asked, as_asked(held_out, config), dropped


async def run_training(
    config: RunConfig, placement: Placement, *, pools: list[Pool], held_out: list[Task], log: RunLog
) -> None:
    contrasts = Contrasts(config.reward, tasks=tasks_in(pools))
    log.doing("starting the workers")
    async with AsyncExitStack() as hired:
        hold_store(config, hired)
        rollout, actor, reference, reward = await hire(config, placement, hired)
        weights = TransferWeightSync(config, actor=actor, rollout=rollout)
        trainer = Trainer(
            config,
            sampler=Sampler(
                pools_of(pools, contrasts.leading()), tasks_per_step=config.trainer.tasks_per_step, seed=config.seed
            ),
            held_out=held_out,
            collector=Collector(
                rollout=rollout,
                reward=reward,
                trace=log.trace,
                drop=log.dropped if config.data.bad_media == "drop" else None,
            ),
            actor=actor,
            reference=reference,
            weights=weights,
            log=log,
            contrasts=contrasts,
        )
        await trainer.run()


def hold_store(config: RunConfig, hired: AsyncExitStack) -> None:
    """Leaves it last, when the workers of this node have let go."""
    if (store := open_store(config)) is not None:
        hired.callback(store.close)


async def hire(
    config: RunConfig, placement: Placement, hired: AsyncExitStack
) -> tuple[RolloutPool, ActorGroup, ReferenceGroup | None, RewardPool]:
    """Starts every service at once; whatever was started is let go when `hired` closes."""
    async with asyncio.TaskGroup() as starting:
        rollout = starting.create_task(RolloutPool.start(config, slots=placement.slots["rollout"]))
        actor = starting.create_task(
            ActorGroup.start(
                config,
                num_steps=num_updates(config),
                loss=config.algorithm.loss,
                optim=config.actor.optim,
                slots=placement.slots["actor"],
            )
        )
        reward = starting.create_task(start_reward(config))
        reference = starting.create_task(start_reference(config, placement))
    services = rollout.result(), actor.result(), reference.result(), reward.result()
    for service in services:
        if service is not None:
            hired.callback(service.close)
    return services


async def start_reward(config: RunConfig) -> RewardPool:
    return await RewardPool.start(config.reward, start_timeout_s=config.cluster.start_timeout_s)


async def start_reference(config: RunConfig, placement: Placement) -> ReferenceGroup | None:
    if config.algorithm.kl_coef == 0:
        return None
    return await ReferenceGroup.start(config, slots=placement.slots["reference"])


async def run_supervised(config: RunConfig, placement: Placement, *, pools: list[Pool], log: RunLog) -> None:
    log.doing("starting the workers")
    async with AsyncExitStack() as hired:
        hold_store(config, hired)
        actor = await ActorGroup.start(
            config, num_steps=config.sft.max_steps, loss="nll", optim=config.sft.optim, slots=placement.slots["actor"]
        )
        hired.callback(actor.close)
        await SupervisedTrainer(
            config,
            sampler=Sampler(pools, tasks_per_step=config.sft.tasks_per_step, seed=config.seed),
            demonstrations=DemonstrationReader(PromptReader(config.model.path, config.data)),
            actor=actor,
            log=log,
        ).run()


def num_updates(config: RunConfig) -> int:
    return config.trainer.max_steps * config.actor.updates_per_step


def finish(log: RunLog) -> None:
    log.close()
    write_report(log.folder)
    sys.stdout.write(summary(log.folder) + "\n")
