# SPDX-License-Identifier: GPL-2.0-or-later
"""Blocks of QEMU's edu, bound to the helper or vfio-pci: python3 blocks.py DEVICE RECIPE [WHAT]. For tests/vm/library.bats."""
import os
import signal
import sys
import threading

import pcietool

SIZE = 2048
PATTERN = bytes(range(256)) * (SIZE // 256)


def at_rest(dev):
    return dev.config["COMMAND.MASTER"] == 0


def fill(dev):
    """The device's own memory, by its DMA."""
    with dev.dma("tx", SIZE) as tx:
        tx.memory[:] = PATTERN
        tx.sync_for_device()
        dev.config["COMMAND.MASTER"] = 1
        dev.regs["0x80"] = "@tx"
        dev.regs["0x88"] = 0x40000
        dev.regs["0x90"] = SIZE
        dev.regs["0x98"] = 1
        dev.wait("0x98==0:1", timeout=10)
        dev.config["COMMAND.MASTER"] = 0


def code_of(call):
    try:
        call()
    except pcietool.Error as error:
        return error.code
    return "nothing"


def ready(dev):
    """The end of a capture turns it off."""
    dev.config["COMMAND.MASTER"] = 1


def blocks_of(dev, *arguments, **options):
    ready(dev)
    return dev.blocks(*arguments, **options)


def look(dev, recipe):
    data = [(block.number, block.offset, block.length, block.data) for block in blocks_of(dev, recipe, size=3 * SIZE)]
    assert data == [(n, n * SIZE, SIZE, PATTERN) for n in range(3)], data
    assert at_rest(dev)
    # to a file as well; by a function; what is kept too long
    kept = []
    with blocks_of(dev, recipe, size=SIZE + 100, output="out") as blocks:
        assert blocks.result is None
        for block in blocks:
            kept.append(block)
            into = bytearray(SIZE)
            assert block.read_into(into) == block.length and into[: block.length] == PATTERN[: block.length]
            assert code_of(lambda: block.read_into(bytearray(1))) == "too-small"
            # the device is to be had meanwhile, but for another capture
            assert dev.regs["0x0"].value == 0x010000ED
            assert code_of(lambda: dev.capture(recipe, size=SIZE, output="other")) == "busy"
            assert code_of(lambda: next(blocks_of(dev, recipe, size=SIZE))) == "busy"
    assert blocks.result.bytes == SIZE + 100 and blocks.result.blocks == 2 and [b.length for b in kept] == [SIZE, 100]
    with open("out", "rb") as file:
        assert file.read() == PATTERN + PATTERN[:100]
    assert code_of(lambda: kept[0].data) == "given-back"
    assert next(blocks, None) is None
    ready(dev)
    seen = []
    assert dev.capture(recipe, size=SIZE, on_block=lambda block: seen.append(block.data)).blocks == 1
    assert seen == [PATTERN]
    # what ends it early
    for block in blocks_of(dev, recipe):
        if block.number == 2:
            break
    assert block.number == 2 and at_rest(dev) and threading.active_count() == 1
    try:
        for block in blocks_of(dev, recipe):
            raise KeyError("mine")
    except KeyError as error:
        assert at_rest(dev) and threading.active_count() == 1, error
    blocks = blocks_of(dev, recipe)
    next(blocks)
    assert not at_rest(dev)
    blocks.close()
    assert at_rest(dev) and blocks.result.blocks >= 1
    # errors
    assert code_of(lambda: next(blocks_of(dev, recipe, size="what"))) == "bad-number"
    ready(dev)
    assert code_of(lambda: dev.capture(recipe, size=SIZE)) != "nothing"
    with blocks_of(dev, "/dev/null", block=SIZE, done="0x4==0x12345", each="0x4=1", timeout="100ms") as never:
        assert code_of(lambda: next(never)) == "timeout"
    assert at_rest(dev) and code_of(never.close) == "nothing"

    # Ctrl-C, while C waits for a block that does not come
    def strike(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    waiting = blocks_of(dev, "/dev/null", block=SIZE, done="0x4==0x12345", each="0x4=1")
    try:
        next(waiting)
        raise AssertionError
    except KeyboardInterrupt:
        assert at_rest(dev) and threading.active_count() == 1
    # closed in its midst
    for block in blocks_of(dev, recipe):
        break
    closing = blocks_of(dev, recipe)
    next(closing)
    dev.close()
    assert code_of(lambda: next(closing)) == "closed" and threading.active_count() == 1
    print("seen")


if __name__ == "__main__":
    dev = pcietool.Device(sys.argv[1], open_vfio=True)
    fill(dev)
    if len(sys.argv) == 3:
        look(dev, sys.argv[2])
    else:
        stream = blocks_of(dev, sys.argv[2])
        next(stream)
        print("begun", flush=True)
        if sys.argv[3] == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if sys.argv[3] == "forked" and os.fork() == 0:
            print(code_of(lambda: next(stream)))
            sys.exit()
        # the end of the program, with the iterator in hand
