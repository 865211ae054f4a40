"""Media that rows name by an address on the network. Nothing is fetched unless it is asked for, as whoever wrote the rows
decides which servers are called; and nothing without an end, in bytes or in time."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from spatialrl.data.importers.bad_row import BadRow

SCHEMES = ("http://", "https://")
CHUNK = 2**16
PAUSE_S = 1.0
"""Before the second attempt; twice as long before each further one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    max_bytes: int = 256 * 2**20
    """Of one file."""
    timeout_s: float = 60.0
    """For one file."""
    num_attempts: int = 3
    pause_s: float = PAUSE_S


class _TryAgain(Exception):
    """What another attempt may mend."""


def fetch(url: str, network: Network) -> bytes:
    """Raises BadRow where the server has no such file, or none within the limits."""
    reason = ""
    for attempt in range(network.num_attempts):
        if attempt:
            time.sleep(network.pause_s * 2 ** (attempt - 1))
        try:
            return _fetch(url, network)
        except _TryAgain as error:
            reason = str(error)
    raise BadRow("media", f"{url} can't be fetched in {network.num_attempts} attempts: {reason}.")


def _fetch(url: str, network: Network) -> bytes:
    # Door: a server may do anything.
    try:
        with urllib.request.urlopen(url, timeout=network.timeout_s) as reply:
            return _read(url, reply, network)
    except urllib.error.HTTPError as error:
        if error.code < 500 and error.code not in (408, 429):
            raise BadRow("media", f"{url} can't be fetched: the server answers {error.code}.") from error
        raise _TryAgain(f"the server answers {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _TryAgain(str(error) or type(error).__name__) from error
    except ValueError as error:
        raise BadRow("media", f"{url} is no address: {error}.") from error


def _read(url: str, reply: http.client.HTTPResponse, network: Network) -> bytes:
    end, announced = time.monotonic() + network.timeout_s, reply.length
    content = bytearray()
    while chunk := reply.read1(CHUNK):
        content += chunk
        if len(content) > network.max_bytes:
            raise BadRow("media", f"{url} is larger than the {network.max_bytes:,} bytes of max_url_mb.")
        if time.monotonic() > end:
            raise _TryAgain(f"it took longer than {network.timeout_s:g} s")
    if announced is not None and len(content) < announced:
        raise _TryAgain(f"the connection ended after {len(content):,} of {announced:,} bytes")
    return bytes(content)
