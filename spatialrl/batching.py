"""From scored groups to one `TrainBatch` per optimizer step. Deterministic, and blind to the order in which completions
arrived: the same trajectories give the same batch.

Every rank gets the same number of micro-batches, or collectives would wait for ever. Where a rank has too few
trajectories for that, it gets fillers: a prompt of the batch with no completion, which has no token to learn from.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from spatialrl.errors import ConfigError
from spatialrl.types import Completion, Group, MicroBatch, Scored, TrainBatch, Trajectory

Chunk = tuple[Trajectory, ...]
"""Trajectories that stay together. Those of one task share its prompt: it passes through the model once for all."""

CHUNKS_PER_RANK = 2
"""A task's trajectories are parted into chunks small enough for a rank to hold this many: fewer balance badly, more
repeat the prompt on many ranks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """How a step is shared out."""

    num_ranks: int
    micro_batch_tokens: int
    """Most tokens one packed micro-batch may hold; a single trajectory may be longer."""
    updates_per_step: int = 1


def cost(trajectories: Iterable[Trajectory]) -> int:
    """The work of trajectories that are packed together, as updates and ranks share it out."""
    return num_tokens(trajectories)


def num_tokens(trajectories: Iterable[Trajectory]) -> int:
    """Of a packed row: every completion, and the prompt of each task once. Image tokens are among the prompt ids."""
    row = tuple(trajectories)
    prompts = {t.task.id: len(t.completion.prompt_ids) for t in row}
    return sum(prompts.values()) + sum(len(t.completion.token_ids) for t in row)


def check_batch_plan(*, tasks_per_step: int, completions_per_task: int, num_ranks: int, updates_per_step: int) -> None:
    """Raises ConfigError where a full step could not feed every rank in every update. Called while a config loads."""
    if updates_per_step < 1:
        raise ConfigError(f"actor.updates_per_step is {updates_per_step}; it must be at least 1.")
    num_trajectories = tasks_per_step // updates_per_step * completions_per_task
    if num_trajectories < num_ranks:
        raise ConfigError(
            f"An update has {num_trajectories} trajectories (trainer.tasks_per_step={tasks_per_step} / "
            f"actor.updates_per_step={updates_per_step} * rollout.completions_per_task={completions_per_task}) "
            f"but actor.num_ranks is {num_ranks}. Raise tasks_per_step or completions_per_task, or lower num_ranks."
        )


def with_advantages(group: Group, advantage: Callable[[list[float]], list[float]]) -> Group:
    """Fills in the advantages of a group. Completions without a score are not in its baseline and stay at 0."""
    rewards_G = [t.score.reward for t in group.trajectories_G if isinstance(t.score, Scored)]
    advantages = iter(advantage(rewards_G))
    return replace(
        group,
        trajectories_G=tuple(
            replace(t, advantage=next(advantages) if isinstance(t.score, Scored) else 0.0) for t in group.trajectories_G
        ),
    )


def build_batches(groups: Sequence[Group], *, plan: BatchPlan) -> list[TrainBatch]:
    """One batch per update, of about equal cost; fewer where fewer groups carry signal, none where none does."""
    chunks = [chunk for group in groups if (chunk := trainable(group))]
    updates = balance(chunks, num_bins=min(plan.updates_per_step, len(chunks)))
    return [pack([t for chunk in update for t in chunk], plan=plan) for update in updates]


def trainable(group: Group) -> Chunk:
    """The scored trajectories of a group; none where all advantages are 0, for then they teach nothing."""
    if all(t.advantage == 0 for t in group.trajectories_G):
        return ()
    return tuple(t for t in group.trajectories_G if isinstance(t.score, Scored))


def pack(trajectories: Sequence[Trajectory], *, plan: BatchPlan) -> TrainBatch:
    """All of these trajectories as one batch. None is left out: one longer than `micro_batch_tokens` goes alone."""
    assert trajectories, "nothing to pack"
    chunks = chunks_of(trajectories, limit=chunk_limit(trajectories, plan))
    ranks = [fit(share, limit=plan.micro_batch_tokens) for share in balance(chunks, num_bins=plan.num_ranks)]
    longest = max(len(micro_batches) for micro_batches in ranks)
    filler = without_completion(min(trajectories, key=lambda t: (len(t.completion.prompt_ids), order(t))))
    return TrainBatch(
        ranks=tuple(as_rank(pad(micro_batches, length=longest, filler=filler)) for micro_batches in ranks),
        num_loss_tokens=sum(len(t.completion.token_ids) for t in trajectories),
    )


def chunk_limit(trajectories: Sequence[Trajectory], plan: BatchPlan) -> int:
    """Most tokens of a chunk. One rank has nothing to balance, so its tasks are parted only where they must be."""
    if plan.num_ranks == 1:
        return plan.micro_batch_tokens
    tokens_per_rank = num_tokens(trajectories) // plan.num_ranks
    return min(plan.micro_batch_tokens, tokens_per_rank // CHUNKS_PER_RANK)


def chunks_of(trajectories: Iterable[Trajectory], *, limit: int) -> list[Chunk]:
    """Each task's trajectories, parted where they exceed the limit."""
    by_task = groupby(sorted(trajectories, key=order), key=lambda t: t.task.id)
    return [chunk for _, members in by_task for chunk in fit([(t,) for t in members], limit=limit)]


@dataclass(slots=True)
class Row:
    """A micro-batch being filled."""

    trajectories: Chunk = ()
    num_tokens: int = 0
    tasks: set[str] = field(default_factory=set)


def fit(chunks: Iterable[Chunk], *, limit: int) -> list[Chunk]:
    """First-fit-decreasing: joins chunks, each of one task, within the limit of tokens. A larger one stays alone."""
    rows: list[Row] = []
    for chunk in by_cost(chunks):
        task, size, prompt = chunk[0].task.id, num_tokens(chunk), len(chunk[0].completion.prompt_ids)
        row = next((row for row in rows if row.num_tokens + size - prompt * (task in row.tasks) <= limit), None)
        if row is None:
            row = Row()
            rows.append(row)
        row.num_tokens += size - prompt * (task in row.tasks)
        row.trajectories += chunk
        row.tasks.add(task)
    return [row.trajectories for row in rows]


def balance(chunks: Iterable[Chunk], *, num_bins: int) -> list[list[Chunk]]:
    """Shares chunks out, the costliest first, each to the bin with the least so far (Graham 1969)."""
    bins: list[list[Chunk]] = [[] for _ in range(num_bins)]
    loads = [0] * num_bins
    for chunk in by_cost(chunks):
        lightest = loads.index(min(loads))
        bins[lightest].append(chunk)
        loads[lightest] += cost(chunk)
    return bins


def pad(micro_batches: Sequence[Chunk], *, length: int, filler: Trajectory) -> list[Chunk]:
    """Splits the costliest micro-batches until there are as many as asked for; fillers where nothing is left to split."""
    padded = list(micro_batches)
    while len(padded) < length:
        padded = by_cost(padded)
        place = next((i for i, chunk in enumerate(padded) if len(chunk) > 1), None)
        if place is None:
            padded.append((filler,))
        else:
            chunk = sorted(padded.pop(place), key=order)
            padded += [tuple(chunk[: len(chunk) // 2]), tuple(chunk[len(chunk) // 2 :])]
    return padded


def as_rank(chunks: Iterable[Chunk]) -> tuple[MicroBatch, ...]:
    """The costliest first on every rank: those that run at the same time cost about the same."""
    return tuple(MicroBatch(trajectories=tuple(sorted(chunk, key=order))) for chunk in by_cost(chunks))


def without_completion(trajectory: Trajectory) -> Trajectory:
    nothing = Completion(prompt_ids=trajectory.completion.prompt_ids, token_ids=(), text="")
    return replace(trajectory, completion=nothing, advantage=0.0, reference_logprobs_T=())


def by_cost(chunks: Iterable[Chunk]) -> list[Chunk]:
    return sorted(chunks, key=lambda chunk: (-cost(chunk), [order(t) for t in chunk]))


def order(trajectory: Trajectory) -> tuple[str, int, tuple[int, ...]]:
    """Tasks together; the same whatever the order of arrival."""
    return (trajectory.task.id, -len(trajectory.completion.token_ids), trajectory.completion.token_ids)
