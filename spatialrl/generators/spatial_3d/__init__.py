"""Questions of 3DSRBench's twelve kinds about single images, with chains of thought in explicit 3D. See `make.py`."""
