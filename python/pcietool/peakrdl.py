# SPDX-License-Identifier: GPL-2.0-or-later
"""A BAR as the read and write callbacks of the register models that PeakRDL-python generates.

    from soc.reg_model import soc_cls
    from soc.lib import NormalCallbackSet

    calls = Callbacks(dev.bar(0))
    soc = soc_cls(callbacks=NormalCallbackSet(read_callback=calls.read, write_callback=calls.write))
"""
from __future__ import annotations

from ._registers import Bar


class Callbacks:
    """ADDRESS is the model's; BASE is what is offset 0 of the BAR there."""

    def __init__(self, bar: Bar, base: int = 0) -> None:
        self._bar = bar
        self._base = base

    def read(self, addr: int, width: int, accesswidth: int) -> int:
        """A register of WIDTH bits, low word first, by accesses of ACCESSWIDTH."""
        value = 0
        for shift in range(0, width, accesswidth):
            value |= self._bar.read(addr - self._base + shift // 8, accesswidth) << shift
        return value

    def write(self, addr: int, width: int, accesswidth: int, data: int) -> None:
        for shift in range(0, width, accesswidth):
            self._bar.write(addr - self._base + shift // 8, data >> shift & (1 << accesswidth) - 1, accesswidth)
