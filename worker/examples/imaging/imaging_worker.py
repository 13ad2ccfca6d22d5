"""A handler for `image` steps in Python: takes an image and counts the cells in it.

There is no camera here: the image is drawn, and the result says so (`simulated`). Whoever has one
replaces `expose`, and leaves `simulated` out of the result.

    pip install -r requirements.txt
    python imaging_worker.py --address 127.0.0.1:7233
"""

import argparse
import asyncio
import os
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

WIDTH, HEIGHT = 320, 240
BACKGROUND, CELL, THRESHOLD = 30, 200, 115
RADIUS = 6


def expose(seed: str) -> list[bytearray]:
    """Draws cells that do not touch each other; the same seed is the same image."""
    chance = random.Random(seed)
    centres: list[tuple[int, int]] = []
    for _ in range(chance.randint(20, 60)):
        x = chance.randint(RADIUS, WIDTH - RADIUS - 1)
        y = chance.randint(RADIUS, HEIGHT - RADIUS - 1)
        if all((x - a) ** 2 + (y - b) ** 2 > (3 * RADIUS) ** 2 for a, b in centres):
            centres.append((x, y))
    rows = [bytearray([BACKGROUND] * WIDTH) for _ in range(HEIGHT)]
    for x, y in centres:
        for dy in range(-RADIUS, RADIUS + 1):
            for dx in range(-RADIUS, RADIUS + 1):
                if dx * dx + dy * dy <= RADIUS * RADIUS:
                    rows[y + dy][x + dx] = CELL
    return rows


def count_cells(rows: list[bytearray]) -> int:
    """Counts connected bright regions."""
    seen = [bytearray(len(row)) for row in rows]
    cells = 0
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if value < THRESHOLD or seen[y][x]:
                continue
            cells += 1
            seen[y][x] = 1
            border = [(x, y)]
            while border:
                a, b = border.pop()
                for c, d in ((a + 1, b), (a - 1, b), (a, b + 1), (a, b - 1)):
                    inside = 0 <= d < len(rows) and 0 <= c < len(rows[d])
                    if inside and rows[d][c] >= THRESHOLD and not seen[d][c]:
                        seen[d][c] = 1
                        border.append((c, d))
    return cells


def write_image(file: Path, rows: list[bytearray]) -> None:
    """Whole or not at all: an attempt that was cut off leaves no half an image."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_bytes(b"P5 %d %d 255\n" % (WIDTH, HEIGHT) + b"".join(rows))
    os.replace(fresh, file)


class Imaging:
    def __init__(self, images: Path) -> None:
        self.images = images

    @activity.defn(name="image")
    def image(self, step: dict) -> dict:
        exposure = step["parameters"].get("exposure_ms", 100)
        if exposure <= 0:
            # Not to be tried again: it would fail again.
            raise ApplicationError("exposure_ms must be above 0", non_retryable=True)
        activity.heartbeat("exposes")
        name = f"{step['execution_id']}-{step['step_index'] + 1}-{step['epoch']}"
        rows = expose(name)
        file = self.images / f"{name}.pgm"
        write_image(file, rows)
        activity.heartbeat("counts")
        return {
            "image_path": str(file.resolve()),
            "cell_count": count_cells(rows),
            "simulated": True,
        }


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--address", default=os.environ.get("TEMPORAL_ADDRESS", "127.0.0.1:7233"))
    options.add_argument("--namespace", default=os.environ.get("TEMPORAL_NAMESPACE", "default"))
    options.add_argument("--task-queue", default="imaging")
    options.add_argument("--images", type=Path, default=Path("images"))
    given = options.parse_args()

    client = await Client.connect(given.address, namespace=given.namespace)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    with ThreadPoolExecutor(max_workers=2) as threads:
        async with Worker(
            client,
            task_queue=given.task_queue,
            activities=[Imaging(given.images).image],
            activity_executor=threads,
        ):
            print(f"Imaging on {given.task_queue} at {given.address}. Stop with Ctrl-C.", flush=True)
            await ended.wait()


if __name__ == "__main__":
    asyncio.run(main())
