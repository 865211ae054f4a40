"""Questions from scene graphs: boxes and relations of a picture become questions with options. See `make.py`."""
