"""Questions of VSI-Bench's eight families about videos of rooms, with cognitive maps. See `make.py`."""
