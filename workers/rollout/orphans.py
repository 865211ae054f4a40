"""Keeps vLLM's processes from outliving the worker that started them, however that one ended.

The one rule: a process that vLLM started ends within a second after its parent, with a GPU's memory or without.
"""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """Does nothing in a process that multiprocessing did not start."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), name="end-with-parent", daemon=True).start()
