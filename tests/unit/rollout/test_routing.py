import asyncio
from dataclasses import replace

import pytest

from spatialrl.config import SamplingConfig
from spatialrl.errors import WorkerError
from spatialrl.types import FramePlan
from tests.fakes import make_image, make_task
from workers.rollout.routing import Router, estimate_tokens


def test_the_replica_that_holds_least_takes_the_next_task():
    async def place() -> list[int]:
        router = Router(num_replicas=2, max_tokens=1000, timeout_s=1.0)
        sizes = (300, 100, 100, 300)
        seats = [await router.take(size, 1) for size in sizes]
        return [seat.replica for seat in seats]

    assert asyncio.run(place()) == [0, 1, 1, 1]


def test_a_task_waits_until_there_is_room_and_shares_are_given_back_one_by_one():
    async def wait() -> list[str]:
        router, events = Router(num_replicas=1, max_tokens=1000, timeout_s=5.0), []

        async def second() -> None:
            async with router.seat(300, num_completions=1):
                events.append("in")

        async with router.seat(200, num_completions=5) as first:
            waiting = asyncio.ensure_future(second())
            await asyncio.sleep(0)
            await router.give_back(first, first.share)
            await asyncio.sleep(0)
            events.append("200 free")
            await router.give_back(first, first.share)
            await waiting
        assert router.held == [0]
        return events

    assert asyncio.run(wait()) == ["200 free", "in"]


def test_a_task_larger_than_a_replica_waits_until_one_is_empty_and_no_longer_than_its_deadline():
    async def squeeze() -> None:
        router = Router(num_replicas=1, max_tokens=10, timeout_s=0.1)
        async with router.seat(1000, num_completions=1):
            with pytest.raises(WorkerError, match=r"within 0\.1 s; tokens held: \[1000\]"):
                await router.take(1, 1)

    asyncio.run(squeeze())


def test_media_weigh_what_they_cost_in_tokens():
    """112 x 112 pixels are 16 tokens of 28 x 28; five frames are three such pictures."""
    sampling = SamplingConfig(max_tokens=100)
    plan = FramePlan(indices=(0, 1, 2, 3, 4), source_fps=1.0, num_source_frames=5)
    film = replace(make_image(), kind="video", frames=plan)
    text = estimate_tokens(make_task(), sampling)
    assert 100 < text < 120
    assert estimate_tokens(make_task(media=(make_image(), make_image())), sampling) == text + 32
    assert estimate_tokens(make_task(media=(film,)), sampling) == text + 48


def test_a_closed_replica_takes_nothing_however_empty_it_is():
    async def place() -> list[int]:
        router = Router(num_replicas=3, max_tokens=1000, timeout_s=1.0)
        router.close(1)
        return [(await router.take(100, 1)).replica for _ in range(4)]

    assert asyncio.run(place()) == [0, 2, 0, 2]
