"""Who can answer besides the vLLM workers. Each is a `RolloutService`: a task whose question is the whole prompt in, a
completion out."""
