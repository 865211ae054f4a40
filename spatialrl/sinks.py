"""Where a step's numbers go. JSONL always; the console for people; TensorBoard and wandb when asked for."""

import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from spatialrl.errors import ConfigError

CONSOLE = {
    "reward/mean": "reward",
    "reward/accuracy": "accuracy",
    "loss/policy": "loss",
    "rollout/completion_tokens_mean": "tokens",
    "time/step_s": "seconds",
}
"""The few numbers a person follows, and their short names."""


class Sink:
    """Each kind overrides what it has a use for."""

    def write(self, step: int, metrics: Mapping[str, float]) -> None:
        """The numbers of one step."""

    def doing(self, what: str) -> None:
        """What a run is busy with between steps."""

    def close(self) -> None:
        """No number comes any more."""


class JsonlSink(Sink):
    """One row per step."""

    def __init__(self, folder: Path, name: str, num_steps: int) -> None:
        self.file = (folder / "metrics.jsonl").open("a")

    def write(self, step: int, metrics: Mapping[str, float]) -> None:
        self.file.write(json.dumps({"step": step, "wall_time": time.time(), **metrics}) + "\n")
        self.file.flush()

    def close(self) -> None:
        self.file.close()


class ConsoleSink(Sink):
    """A progress bar on a terminal, one line per step in a log."""

    def __init__(self, folder: Path, name: str, num_steps: int) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.num_steps = num_steps
        self.bar = tqdm(total=num_steps, desc=name, unit="step", disable=not self.is_terminal, dynamic_ncols=True)

    def write(self, step: int, metrics: Mapping[str, float]) -> None:
        shown = {short: f"{metrics[name]:.3g}" for name, short in CONSOLE.items() if name in metrics}
        if self.is_terminal:
            self.bar.set_postfix(shown, refresh=False)
            self.bar.update()
        else:
            numbers = "  ".join(f"{name} {value}" for name, value in shown.items())
            sys.stderr.write(f"step {step}/{self.num_steps}  {numbers}\n")

    def doing(self, what: str) -> None:
        if self.is_terminal:
            self.bar.set_postfix_str(what)
        else:
            sys.stderr.write(f"{what} ...\n")

    def close(self) -> None:
        self.bar.close()


class TensorBoardSink(Sink):
    def __init__(self, folder: Path, name: str, num_steps: int) -> None:
        module: Any = import_extra("torch.utils.tensorboard", sink="tensorboard")
        self.writer = module.SummaryWriter(folder / "tensorboard")

    def write(self, step: int, metrics: Mapping[str, float]) -> None:
        for key, value in metrics.items():
            self.writer.add_scalar(key, value, step)

    def close(self) -> None:
        self.writer.close()


class WandbSink(Sink):
    """Online or, with WANDB_MODE=offline, into the run folder."""

    def __init__(self, folder: Path, name: str, num_steps: int) -> None:
        wandb: Any = import_extra("wandb", sink="wandb")
        self.run = wandb.init(project="spatialrl", name=name, dir=folder)

    def write(self, step: int, metrics: Mapping[str, float]) -> None:
        self.run.log(dict(metrics), step=step)

    def close(self) -> None:
        self.run.finish()


SINKS: dict[str, Callable[[Path, str, int], Sink]] = {
    "jsonl": JsonlSink,
    "console": ConsoleSink,
    "tensorboard": TensorBoardSink,
    "wandb": WandbSink,
}


def open_sinks(names: list[str], *, folder: Path, name: str, num_steps: int) -> list[Sink]:
    wanted = dict.fromkeys(["jsonl", *names])
    return [SINKS[sink](folder, name, num_steps) for sink in wanted]


def import_extra(module: str, *, sink: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(
            f"trainer.sinks asks for {sink}, which is not installed ({error}); run: pip install 'spatialrl[sinks]'."
        ) from error
