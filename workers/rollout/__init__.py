"""vLLM rollout workers: the only folder that may import vLLM, and only inside the worker's own process."""
