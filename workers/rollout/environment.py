"""What vLLM reads from the environment, as one dictionary; set before vLLM is imported, inherited by its processes.

The one rule: nothing else in this folder touches the environment.
"""

from spatialrl.config import RunConfig

QUIET = {
    "VLLM_LOGGING_LEVEL": "ERROR",
    "TORCH_CPP_LOG_LEVEL": "ERROR",
    "TRANSFORMERS_VERBOSITY": "error",
    "PYTHONWARNINGS": "ignore",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
}


def environment(config: RunConfig) -> dict[str, str]:
    variables = QUIET | {"VLLM_WORKER_MULTIPROC_METHOD": "spawn"}
    if config.cluster.threads_per_worker > 0:
        variables["OMP_NUM_THREADS"] = str(config.cluster.threads_per_worker)
    if config.cluster.device == "cpu":
        variables |= on_cpu(config)
    return variables


def on_cpu(config: RunConfig) -> dict[str, str]:
    variables = {
        # Several workers share few cores; a pinned thread would wait for a core that others use.
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    }
    if config.rollout.tensor_parallel == 1:
        # Lets the model run inside the engine process: one process and its 15 s of imports less.
        variables["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"
    return variables
