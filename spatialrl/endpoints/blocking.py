"""An endpoint for threads: they wait, while one loop of its own asks."""

import asyncio
import atexit
import threading
from contextlib import AbstractAsyncContextManager

from spatialrl.endpoints.endpoint import Endpoint, IsUsable, anything, connect
from spatialrl.endpoints.question import NoReply, Question, Reply
from spatialrl.endpoints.settings import EndpointSettings

CLOSE_S = 5.0


class BlockingEndpoint:
    """Closed with its process at the latest."""

    def __init__(self, settings: EndpointSettings) -> None:
        settings.check()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="endpoint", daemon=True)
        self._thread.start()
        self._context: AbstractAsyncContextManager[Endpoint] = connect(settings)
        self._endpoint = asyncio.run_coroutine_threadsafe(self._context.__aenter__(), self._loop).result()
        atexit.register(self.close)

    def ask(self, question: Question, *, is_usable: IsUsable = anything) -> Reply | NoReply:
        """Waits no longer than its turn takes and `timeout_s` then allows."""
        return asyncio.run_coroutine_threadsafe(self._endpoint.ask(question, is_usable=is_usable), self._loop).result()

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._loop.is_closed():
            return
        leaving = self._context.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leaving, self._loop).result(timeout=CLOSE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=CLOSE_S)
        self._loop.close()
