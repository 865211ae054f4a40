"""Cheap policies against every reward: what can be earned without looking at the image."""
