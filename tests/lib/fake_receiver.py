#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Receivers that can be margined, in the fake config space of a port or a device.

Usage: fake_receiver.py CONFIG OFFSET LANES RECEIVERS BEHAVIOUR

OFFSET is that of the Lane Margining capability, RECEIVERS those that it has ("1", "123", "6"). Each answers commands (PCIe
5.0 section 4.2.13) from the lane's control register in its status register. BEHAVIOUR has NAME=NUMBER words: caps, vsteps,
tsteps, treach, vreach: the payloads of its reports; left, right, up, down: from which step on it errs 63 times, before that
'errors' times (0); nak: from which step on it refuses; dead: the lane that does not answer; leave: the step at which the
link drops to 8 GT/s. Every command goes into CONFIG.commands, a line each: lane, receiver, type, payload, and the port's
Link Control and Link Control 2 meanwhile.
"""
import struct
import sys
import time
from typing import BinaryIO

REPORTS = {0x88: "caps", 0x89: "vsteps", 0x8a: "tsteps", 0x8b: "treach", 0x8c: "vreach"}
LINK_STATUS = 0x52
SPEED_8 = 3


class Lane:
    """What the receivers of one lane say."""

    def __init__(self, behaviour: dict[str, int]) -> None:
        self.behaviour = behaviour
        self.limit = 4

    def step(self, kind: int, payload: int) -> int:
        timing = kind == 3
        number = payload & (0x3f if timing else 0x7f)
        negative = payload & (0x40 if timing else 0x80)
        side = ("left" if negative else "right") if timing else ("down" if negative else "up")
        if number >= self.behaviour.get("nak", 99):
            return 3 << 6
        fails = self.behaviour.get(side, 99)
        errors = self.behaviour.get("errors", 0) if number < fails else 63
        return errors if errors > self.limit else 2 << 6 | errors

    def answer(self, kind: int, payload: int) -> int:
        if kind == 1:
            return self.behaviour.get(REPORTS.get(payload, ""), 0)
        if kind == 2:
            if payload & 0xc0 == 0xc0:
                self.limit = payload & 0x3f
            return payload
        if kind in (3, 4):
            return self.step(kind, payload)
        return payload


def word(config: BinaryIO, offset: int) -> int:
    config.seek(offset)
    return int(struct.unpack("<H", config.read(2))[0])


def main(path: str, offset: int, lanes: int, receivers: str, words: list[str]) -> None:
    behaviour = {name: int(number, 0) for name, number in (word.split("=") for word in words)}
    state = [Lane(behaviour) for _ in range(lanes)]
    seen = [0] * lanes
    end = time.monotonic() + 600
    with open(path, "r+b", buffering=0) as config, open(path + ".commands", "w", encoding="ascii") as log:
        open(path + ".watched", "w", encoding="ascii").close()
        while time.monotonic() < end:
            config.seek(offset + 8)
            words_now = struct.unpack("<" + "HH" * lanes, config.read(4 * lanes))
            for lane in range(lanes):
                control = words_now[2 * lane]
                if control == seen[lane]:
                    continue
                seen[lane] = control
                receiver, kind, payload = control & 7, control >> 3 & 7, control >> 8
                log.write(f"{lane} {receiver} {kind} {payload:02x} {word(config, 0x50):04x} {word(config, 0x70):04x}\n")
                log.flush()
                if lane == behaviour.get("dead") or (kind != 7 and str(receiver) not in receivers):
                    continue
                if kind in (3, 4) and payload & 0x3f == behaviour.get("leave"):
                    old = word(config, LINK_STATUS)
                    config.seek(LINK_STATUS)
                    config.write(struct.pack("<H", old & ~0xf | SPEED_8))
                answer = state[lane].answer(kind, payload)
                config.seek(offset + 8 + 4 * lane + 2)
                config.write(struct.pack("<H", receiver | kind << 3 | answer << 8))
            time.sleep(0.0002)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2], 0), int(sys.argv[3]), sys.argv[4], sys.argv[5:])
