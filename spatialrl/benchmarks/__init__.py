"""Benchmarks: their questions, how answers are scored, and what a set of scores says."""
