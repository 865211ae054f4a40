"""SpatialRL: where it runs. Ray actors, vLLM, FSDP, weight transfer, the launcher."""
