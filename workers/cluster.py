"""Joins a Ray cluster or starts one here, and lets go of it whatever happens."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ray

from spatialrl.config import ClusterConfig
from spatialrl.errors import ResourceError


@contextmanager
def join_ray(config: ClusterConfig) -> Iterator[None]:
    """A cluster that is started here ends here; one that is joined goes on without our actors."""
    address = config.address or os.environ.get("RAY_ADDRESS")
    # Without an address Ray would join whatever cluster it finds on this machine.
    options: dict[str, Any] = {"address": address} if address else {"address": "local", "include_dashboard": False}
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    # Door: a node of Ray's own that does not come up in time is told by a bare Exception.
    except Exception as error:
        told = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ResourceError(
            f"Ray can't be reached or started (cluster.address={address}): {told} "
            "Start a head with `ray start --head`, or leave cluster.address and RAY_ADDRESS unset."
        ) from error
    try:
        yield
    finally:
        ray.shutdown()
