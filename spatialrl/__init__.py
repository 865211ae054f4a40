"""SpatialRL: what we compute. Runs on a laptop; imports neither Ray nor vLLM."""

__version__ = "0.1.0"
