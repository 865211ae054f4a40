"""Pretext tasks: questions that plain photographs answer by themselves, with depth or without. See `make.py`."""
