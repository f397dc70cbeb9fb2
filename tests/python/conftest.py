# SPDX-License-Identifier: GPL-2.0-or-later
"""The fake tree of tests/host/python.bats: a device 1234:11e8 whose BAR 0 is the file BAR."""
import os

import pytest

import pcietool

SYSROOT = os.environ["SYSROOT"]
BAR = os.environ["BAR"]
TOP = os.environ["TOP"]


@pytest.fixture
def dev():
    with pcietool.Device("1234:11e8", sysroot=SYSROOT, map="board.map") as device:
        yield device


@pytest.fixture
def word():
    def read(offset, length=4):
        with open(BAR, "rb") as file:
            file.seek(offset)
            return int.from_bytes(file.read(length), "little")

    return read
