# SPDX-License-Identifier: GPL-2.0-or-later
"""QEMU's edu in an event loop: python3 loop.py DEVICE TYPE [VIA]. For tests/vm/library.bats."""
import asyncio
import gc
import os
import sys
import threading

import pcietool


def fds():
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def strike(dev):
    dev.regs["0x60"] = 1


def acknowledge(dev):
    dev.regs["0x64"] = 1


async def fails(awaitable):
    try:
        await awaitable
    except pcietool.Error as error:
        return error.code
    return "nothing"


async def main(dev, threaded):
    loop = asyncio.get_running_loop()
    irq = dev.irq
    assert await fails(irq.wait_async(timeout=0.05)) == "timeout"
    acknowledge(dev)
    strike(dev)
    acknowledge(dev)
    before = fds()
    # one after another, none is lost
    for i in range(20):
        count = irq.count()
        strike(dev)
        assert await irq.wait_async(timeout=20, since=count) == count + 1, i
        acknowledge(dev)
    # one that came before; one that is cancelled takes nothing from the other
    assert await irq.wait_async(timeout=20, since=count) == count + 1
    count += 1
    other = asyncio.create_task(irq.wait_async(timeout=20))
    try:
        await asyncio.wait_for(irq.wait_async(), 0.1)
        raise AssertionError
    except asyncio.TimeoutError:
        pass
    strike(dev)
    assert await other == count + 1
    acknowledge(dev)
    if not threaded:
        # nothing is left, and there is no thread
        assert fds() == before, (fds(), before)
        assert threading.active_count() == 1, threading.enumerate()
    assert await fails(irq.wait_async(vector=40)) == "no-vector"
    # three waiters, and threads that take what they can; each sees it
    count = irq.count()
    takers = [threading.Thread(target=irq.wait, args=(20, 0, count)) for _ in range(2)]
    for taker in takers:
        taker.start()
    waits = [asyncio.create_task(irq.wait_async(timeout=20, since=count)) for _ in range(3)]
    await asyncio.sleep(0.1)
    strike(dev)
    assert await asyncio.gather(*waits) == [count + 1] * 3
    for taker in takers:
        taker.join()
    acknowledge(dev)
    # what takes longer than a look
    loop.call_later(1.5, strike, dev)
    assert await irq.wait_async(timeout=20) == count + 2
    acknowledge(dev)
    if "uio" not in sys.argv:
        waiting = asyncio.create_task(irq.wait_async())
        await asyncio.sleep(0.1)
        irq.disable()
        assert await asyncio.wait_for(fails(waiting), 20) == "irq-not-enabled"
        irq.enable(sys.argv[2])
        # in between, and counted anew
        waiting = asyncio.create_task(irq.wait_async(timeout=20, since=0))
        await asyncio.sleep(0.1)
        irq.disable()
        irq.enable(sys.argv[2])
        await asyncio.sleep(0.1)
        strike(dev)
        assert await waiting == 1
        acknowledge(dev)
    waiting = asyncio.create_task(irq.wait_async())
    await asyncio.sleep(0.1)
    dev.config["COMMAND.MASTER"] = 0
    dev.close()
    assert await asyncio.wait_for(fails(waiting), 20) == "closed"
    print(sys.argv[2], "seen")


if __name__ == "__main__":
    via = sys.argv[3] if len(sys.argv) > 3 else None
    with pcietool.Device(sys.argv[1], open_vfio=True, via=via) as edu:
        edu.irq.enable(sys.argv[2])
        edu.config["COMMAND.MASTER"] = 1
        asyncio.run(main(edu, "PCIETOOL_SESSION" in os.environ and via == "uio"))
