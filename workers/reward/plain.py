"""Plain processes that call a reward function on completions they were given beforehand: what the pool is measured by."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

from spatialrl.config import RewardConfig
from spatialrl.errors import WorkerError
from spatialrl.rewards import REWARDS, score_batch
from spatialrl.types import Completion, Task

REPLY_TIMEOUT_S = 600.0


class PlainProcesses:
    def __init__(self, pipes: Sequence[Connection]) -> None:
        self.pipes = pipes

    def score(self) -> float:
        """All of them score their share; returns the seconds of CPU it took them."""
        for pipe in self.pipes:
            pipe.send("score")
        return sum(map(reply, self.pipes))


def reply(pipe: Connection) -> float:
    if not pipe.poll(REPLY_TIMEOUT_S):
        raise WorkerError(
            f"A plain process did not end its round within {REPLY_TIMEOUT_S:g} s; ask for fewer completions."
        )
    return pipe.recv()


@contextmanager
def plain_processes(
    config: RewardConfig, pairs: Sequence[tuple[Task, Completion]], *, one_by_one: bool
) -> Iterator[PlainProcesses]:
    """As many as the pool has workers, each with an equal share."""
    context = multiprocessing.get_context("spawn")
    share = -(-len(pairs) // config.num_workers)
    pipes, processes = [], []
    try:
        for start in range(0, len(pairs), share):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, config, pairs[start : start + share], one_by_one))
            process.start()
            processes.append(process)
            pipes.append(ours)
        yield PlainProcesses(pipes)
    finally:
        for process in processes:
            process.kill()


def serve(pipe: Connection, config: RewardConfig, pairs: Sequence[tuple[Task, Completion]], one_by_one: bool) -> None:
    while pipe.recv() == "score":
        start = time.process_time()
        if one_by_one:
            scores = [REWARDS[config.name](task, completion, **config.args) for task, completion in pairs]
        else:
            scores = score_batch(config.name, pairs, config.args)
        assert len(scores) == len(pairs)
        pipe.send(time.process_time() - start)
