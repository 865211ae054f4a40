"""Reward workers: completions scored on CPUs, away from the loop."""
