"""How a run ends that was asked to: SIGTERM and Ctrl-C let the work clean up after itself first."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


def run_until_signal(work: Coroutine[None, None, None]) -> None:
    """SIGTERM, which is how `ray job stop` asks, ends a run as Ctrl-C does: workers first, then the process."""

    async def guarded() -> None:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        loop.set_exception_handler(forget_abandoned)
        await work

    try:
        asyncio.run(guarded())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def forget_abandoned(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A call that nobody waits for any more failed because the run ended; the cause is told by whoever ended it."""
    if "never retrieved" not in context["message"]:
        loop.default_exception_handler(context)
