"""Seeds that depend on what they are for, and on nothing else."""

import hashlib


def stable_seed(*parts: object) -> int:
    """The same 31-bit number for the same parts, in every process and on every machine."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
