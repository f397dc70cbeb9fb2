# SPDX-License-Identifier: GPL-2.0-or-later
"""A PCIe device's registers, config space, DMA memory and interrupts: libpcietool for Python.

    import pcietool

    dev = pcietool.Device("1234:11e8", map="examples/edu.map")
    dev.regs.LIVENESS = 0x12345678
    print(hex(dev.regs.LIVENESS.value), dev.regs["STATUS"].fields)

An access is made where a value is read or written, and nowhere else: one load or store of the register's width. Operands are
those of pcietool(8), and so are the kinds of errors.
"""
from ._capture import Block, Blocks, Capture
from ._device import Buffer, Device, Finding, Link, check, find, version
from ._errors import (
    DeniedError,
    DiffersError,
    Error,
    GoneError,
    SelectError,
    TimedOutError,
    UnknownNameError,
    UnsupportedError,
    UsageError,
)
from ._registers import Bar, Config, Register, Registers

__version__ = version()
__all__ = [
    "Bar",
    "Block",
    "Blocks",
    "Buffer",
    "Capture",
    "Config",
    "DeniedError",
    "Device",
    "DiffersError",
    "Error",
    "Finding",
    "GoneError",
    "Link",
    "Register",
    "Registers",
    "SelectError",
    "TimedOutError",
    "UnknownNameError",
    "UnsupportedError",
    "UsageError",
    "check",
    "find",
    "version",
]
