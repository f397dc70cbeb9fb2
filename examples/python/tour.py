#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The README's tour in Python: python3 tour.py 1234:11e8 ../edu.map, on QEMU's device edu, bound to the helper or vfio-pci."""
import asyncio
import sys

import pcietool

SIZE = 2048


def transfer(dev, source, destination, command):
    dev.regs.DMA_SRC = source
    dev.regs.DMA_DST = destination
    dev.regs.DMA_COUNT = SIZE
    dev.regs.DMA_CMD = command
    dev.wait("DMA_CMD.START==0", timeout=5)


def main(selector, path):
    with pcietool.Device(selector, map=path, open_vfio=True) as dev:
        print(f"version {dev.regs.ID.fields['MAJOR']}")
        dev.regs.LIVENESS = 0x12345678
        print(f"{dev.regs.LIVENESS.value:#x}")
        dev.irq.enable("msi")
        with dev.dma("tx", SIZE) as tx, dev.dma("rx", SIZE) as rx:
            tx.memory[:] = bytes(range(256)) * (SIZE // 256)
            tx.sync_for_device()
            dev.config["COMMAND.MASTER"] = 1
            before = dev.irq.count()
            transfer(dev, "@tx", 0x40000, 5)
            print(f"{asyncio.run(dev.irq.wait_async(timeout=5, since=before)) - before} interrupt")
            dev.regs.IRQ_ACK = 0x100
            transfer(dev, 0x40000, "@rx", 3)
            rx.sync_for_cpu()
            print("the same" if rx.memory == tx.memory else "DIFFERENT")
            dev.config["COMMAND.MASTER"] = 0
        dev.irq.disable()


if __name__ == "__main__":
    main(*sys.argv[1:])
