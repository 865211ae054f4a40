"""The way clusters use it: a job submitted to a head that asks for a token, and a training across two Ray nodes."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from ray.cluster_utils import Cluster

from tests.ray.conftest import spatialrl

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Head:
    address: str
    environment: dict[str, str]

    def ray(self, *words: str, timeout_s: float = 600) -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "ray"), "job", *words]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False
        )


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Head]:
    """A local head with token authentication, on ports of its own."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }
    environment.pop("RAY_ADDRESS", None)
    port, dashboard, client, agent = free_ports(4)
    command = [BIN / "ray", "start", "--head", "--block", f"--port={port}", f"--dashboard-port={dashboard}"]
    folder = Path("/tmp") / f"ray_{secrets.token_hex(4)}"  # socket paths have room for 107 characters only
    options = ["--num-cpus=2", f"--temp-dir={folder}", "--disable-usage-stats"]
    options += [f"--ray-client-server-port={client}", f"--dashboard-agent-listen-port={agent}"]
    log = (tmp_path_factory.mktemp("head") / "log").open("w")
    process = subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log, start_new_session=True)
    found = Head(f"http://127.0.0.1:{dashboard}", environment)
    wait_until_up(found)
    yield found
    end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """The head and what it started; whoever does not listen within 20 s is killed."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    _, deaf = psutil.wait_procs([*family, psutil.Process(process.pid)], timeout=20)
    for member in deaf:
        member.kill()


def free_ports(count: int) -> list[int]:
    import socket  # noqa: PLC0415

    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def wait_until_up(head: Head, deadline_s: float = 180) -> None:
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if head.ray("list", "--address", head.address).returncode == 0:
            return
        time.sleep(1)
    raise AssertionError(f"no head at {head.address} within {deadline_s} s")


def test_a_job_without_the_token_is_refused(head: Head):
    environment = {k: v for k, v in head.environment.items() if k != "RAY_AUTH_TOKEN"}
    stranger = Head(head.address, {**environment, "RAY_AUTH_TOKEN": "0" * 64})
    assert stranger.ray("list", "--address", head.address).returncode != 0


def test_a_submitted_job_trains_and_streams_its_log(head: Head, words: list[str], tmp_path: Path):
    job = ["submit", "--address", head.address, "--working-dir", ".", "--"]
    done = head.ray(*job, "spatialrl", "train", *words, "actor.num_ranks=1", "trainer.max_steps=2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "step 2/2" in done.stdout + done.stderr
    assert len((tmp_path / "run/metrics.jsonl").read_text().splitlines()) == 2


def test_a_submitted_job_can_be_stopped(head: Head, words: list[str], tmp_path: Path):
    job = ["submit", "--no-wait", "--submission-id", "stop_me", "--address", head.address, "--working-dir", ".", "--"]
    head.ray(*job, "spatialrl", "train", *words, "actor.num_ranks=1", "trainer.max_steps=1000")
    end = time.monotonic() + 120
    while not (tmp_path / "run/metrics.jsonl").exists() and time.monotonic() < end:
        time.sleep(1)
    stopped = head.ray("stop", "stop_me", "--address", head.address, timeout_s=60)
    assert stopped.returncode == 0, stopped.stdout + stopped.stderr
    assert "STOPPED" in head.ray("status", "stop_me", "--address", head.address).stdout.upper()


def test_a_training_runs_across_two_ray_nodes(words: list[str], tmp_path: Path):
    """Workers ask for 1.6 CPUs and each node has 1: the run stands on both or does not start."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        share = ["cluster.cpus_per_worker=0.4", "reward.num_workers=1", f"cluster.address={cluster.address}"]
        done = spatialrl("train", *words, *share, "trainer.max_steps=2")
        assert done.returncode == 0, done.stderr
    finally:
        cluster.shutdown()
    assert len((tmp_path / "run/metrics.jsonl").read_text().splitlines()) == 2
