#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A port that trains: waits for the retrain bit in a fake config space, then gives LNKSTA a speed and a width.

Usage: fake_training.py CONFIG SPEED WIDTH      the PCI Express capability is at 0x40
"""
import sys
import time

LINK_CONTROL = 0x50
LINK_STATUS = 0x52
RETRAIN = 0x20
DLL_ACTIVE = 1 << 13


def main(path: str, speed: int, width: int) -> int:
    end = time.monotonic() + 10
    with open(path, "r+b", buffering=0) as config:
        open(path + ".watched", "w", encoding="ascii").close()
        while time.monotonic() < end:
            config.seek(LINK_CONTROL)
            control = config.read(1)[0]
            if control & RETRAIN:
                config.seek(LINK_CONTROL)
                config.write(bytes([control & ~RETRAIN]))
                config.seek(LINK_STATUS)
                config.write((speed | width << 4 | DLL_ACTIVE).to_bytes(2, "little"))
                return 0
            time.sleep(0.0005)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
