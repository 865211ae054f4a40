import subprocess
import sys

import pytest

from workers.reward.memory_limit import is_out_of_memory


def told(code: str) -> str:
    """What a fresh process with room for 100 MB prints."""
    program = f"from workers.reward.memory_limit import MemoryLimit\nlimit = MemoryLimit(100)\n{code}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("a = bytearray(50 << 20); print('fits')", "fits"),
        ("a = bytearray(150 << 20)", "MemoryError"),
        ("import mmap; mmap.mmap(-1, 150 << 20, flags=mmap.MAP_PRIVATE)", "OSError: [Errno 12] Cannot allocate memory"),
        ("limit.lift(); a = bytearray(150 << 20); print('fits')", "fits"),
    ],
)
def test_the_kernel_holds_a_process_to_its_limit(code, answer):
    assert told(code) == answer


def test_half_of_the_room_after_the_first_call_is_near():
    grow = "kept.append(bytearray(12 << 20)); seen.append(limit.is_near())"
    # The first call fills 20 MB; half of the 80 MB that are left is 40 MB.
    code = f"kept, seen = [bytearray(20 << 20)], [limit.is_near()]\nfor _ in range(6): {grow}\nprint(seen)"
    assert told(code) == "[False, False, False, False, True, True, True]"


def test_memory_that_runs_out_is_known_by_all_its_names():
    wrapped = ValueError("no boxes")
    wrapped.__cause__ = MemoryError()
    torch_says = RuntimeError("DefaultCPUAllocator: can't allocate memory. Error code 12 (Cannot allocate memory)")
    for error in (MemoryError(), wrapped, torch_says, ExceptionGroup("several", [ValueError(), MemoryError()])):
        assert is_out_of_memory(error)
    assert not is_out_of_memory(ValueError("no memory of this"))
