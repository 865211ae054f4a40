"""Sharded models and their forward pass, for the actor and the reference. No Ray in here."""
