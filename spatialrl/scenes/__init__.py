"""Procedural rooms with exact ground truth: images, depth, videos and questions about space."""
