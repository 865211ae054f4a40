"""A bound on what a process may allocate, kept by the kernel, so that libraries written in C are held to it as well.
Shared memory and files are not counted.
"""

import errno
import os
import resource
from pathlib import Path

RESIDENT, DATA = 1, 5
"""Columns of /proc/self/statm."""


class MemoryLimit:
    def __init__(self, megabytes: int) -> None:
        """On top of what this process holds now; 0 for no limit."""
        self._end = allocated_bytes() + (megabytes << 20) if megabytes else 0
        self._renewal = 0
        if megabytes:
            _, most = resource.getrlimit(resource.RLIMIT_DATA)
            resource.setrlimit(resource.RLIMIT_DATA, (self._end, most))

    def is_near(self) -> bool:
        """Whether half of the room that was left after the first time this was asked is gone. A process that leaks is
        better replaced between two calls than ended within one."""
        held = allocated_bytes()
        self._renewal = self._renewal or (held + self._end) // 2
        return bool(self._end) and held > self._renewal

    def lift(self) -> None:
        """So that a process that ran out of memory can still say so."""
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def allocated_bytes() -> int:
    """What the kernel counts against the limit: writable memory of this process alone, touched or not."""
    return memory_of_this_process(DATA)


def resident_bytes() -> int:
    """What is in memory now, shared libraries included."""
    return memory_of_this_process(RESIDENT)


def memory_of_this_process(column: int) -> int:
    return int(Path("/proc/self/statm").read_text().split()[column]) * resource.getpagesize()


def is_out_of_memory(error: BaseException | None) -> bool:
    """Also where it is the cause of another exception or one of several; torch says it in the system's words."""
    if error is None:
        return False
    if isinstance(error, MemoryError) or os.strerror(errno.ENOMEM) in str(error):
        return True
    several = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return any(map(is_out_of_memory, (error.__cause__, error.__context__, *several)))
