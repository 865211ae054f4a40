"""Data: from files to tasks to what a model reads."""
