"""What every reward keeps, whatever a model writes and whatever the task: it is total, in its range, deterministic, and
monotone where geometry says so. Responses are generated; `examples.py` says how many."""
