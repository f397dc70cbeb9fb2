# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers, fields, names that collide, config space, BARs."""
import pytest
from conftest import SYSROOT

import pcietool


def test_attributes_and_brackets(dev, word):
    assert dev.regs.ID.value == 0x010000ED
    assert int(dev.regs["ID"]) == 0x010000ED
    dev.regs.CTRL = 0x12
    assert word(4) == 0x12
    dev.regs.CTRL.MODE = "FAST"
    assert word(4) == 0x52
    assert dev.regs.CTRL.MODE.value == 5
    dev.regs["CTRL"]["START"] = 1
    assert word(4) == 0x53
    dev.regs.CTRL.write("0x0:0x3")
    assert word(4) == 0x50
    dev.regs.CTRL.value = 0x11
    assert dev.regs.CTRL.fields == {"START": 1, "MODE": 1}
    assert dev.regs.CTRL.bits == 32 and dev.regs.CTRL.MODE.bits == 4


def test_a_register_narrower_than_its_access(dev):
    with open(f"{SYSROOT}/sys/bus/pci/devices/{dev.address}/resource0", "r+b") as file:
        file.seek(0x70)
        file.write((0xFFFFF105).to_bytes(4, "little"))
    assert dev.regs.MIXED.bits == 12
    assert dev.regs.MIXED.value == 0x105
    dev.regs["MIXED"].wait(0x105)
    assert dev.regs.MIXED.fields == {"LOW": 5}
    with pytest.raises(pcietool.UsageError):
        dev.regs["MIXED"].wait(0x1105)


def test_nothing_is_accessed_before_a_value(dev, word):
    reg = dev.regs.CTRL
    field = reg.MODE
    assert "CTRL" in repr(reg) and field.name == "CTRL.MODE"
    with open(f"{SYSROOT}/sys/bus/pci/devices/{dev.address}/resource0", "r+b") as file:
        file.seek(4)
        file.write(b"\x70")
    assert field.value == 7


def test_blocks_and_arrays(dev, word):
    dev.regs.DMA.LEN = 9
    assert word(0x40) == 9
    assert dev.regs.DMA.LEN.value == 9
    assert dir(dev.regs.DMA) == ["LEN", "STATE"]
    assert "DMA" in dir(dev.regs)
    dev.regs["CH[1].ADDR"] = 0x77
    assert word(0x54) == 0x77
    with pytest.raises(pcietool.UsageError, match="DMA.NONE"):
        dev.regs.DMA.NONE.read()


def test_names_that_are_python_s(dev, word):
    dev.regs["class"] = 3
    assert word(0x60) == 3
    dev.regs["value"] = 4
    assert word(0x64) == 4
    assert dev.regs["CTRL2"]["value"].value == 0
    dev.regs["CTRL2"] = 0x11223344
    dev.regs["CTRL2"]["value"] = 5
    assert word(0x68) == 0x11223345
    dev.regs.CTRL2.value = 6
    assert word(0x68) == 6
    dev.regs["CTRL2"] = 0
    assert set(dev.regs) >= {"ID", "class", "value", "DMA.LEN"}
    assert len(dev.regs) == 12 and "ID" in dev.regs and "NOPE" not in dev.regs


def test_offsets_and_blocks(dev, word):
    assert dev.regs["0x0/16"].value == 0xED
    dev.regs["0x10/8"] = 0xAB
    assert word(0x10) == 0xAB
    bar = dev.bar(0)
    bar.write(0x14, 0x1122, 16)
    assert bar.read(0x14) == 0x1122 and bar.read(0x15, 8) == 0x11
    bar.write_block(0x20, bytes(range(16)), 64)
    assert bar.read_block(0x20, 16) == bytes(range(16))
    for bad in (lambda: bar.read(1), lambda: bar.read(0, 24), lambda: bar.write(0, 256, 8), lambda: bar.read(0x1000)):
        with pytest.raises(pcietool.UsageError):
            bad()


def test_config_space(dev):
    assert dev.config["COMMAND"] == 3
    dev.config["COMMAND.MASTER"] = 1
    assert dev.config["COMMAND"] == 7
    dev.config["COMMAND"] = "0:0x4"
    assert dev.config["COMMAND"] == 3
    assert dev.ids == (0x1234, 0x11E8, 0xFF0000)


def test_wait(dev):
    assert dev.wait("CTRL==0", timeout=0) == 0
    assert dev.regs.CTRL.wait(0, timeout=0, mask=1) == 0
    with pytest.raises(pcietool.TimedOutError, match="timed out waiting for CTRL==0x1") as caught:
        dev.regs.CTRL.wait(1, timeout=0.01)
    assert isinstance(caught.value, TimeoutError) and caught.value.code == "timeout"


def test_find_and_check():
    assert pcietool.find("1234:", sysroot=SYSROOT) == ["0000:01:00.0"]
    assert pcietool.find(sysroot=SYSROOT) == ["0000:01:00.0"]
    assert pcietool.check(sysroot=SYSROOT) == []


def test_peakrdl_callbacks(dev, word):
    from pcietool.peakrdl import Callbacks

    calls = Callbacks(dev.bar(0), base=0x80000000)
    calls.write(0x80000080, 64, 32, 0x1122334455667788)
    assert (word(0x80), word(0x84)) == (0x55667788, 0x11223344)
    assert calls.read(0x80000080, 64, 32) == 0x1122334455667788
    assert calls.read(0x80000084, 16, 16) == 0x3344


def test_a_register_is_not_its_value(dev):
    for wrong in (lambda: bool(dev.regs.CTRL), lambda: dev.regs.CTRL == 0, lambda: dev.regs.CTRL.MODE != "FAST", lambda: list(dev.regs.CTRL)):
        with pytest.raises(TypeError):
            wrong()
    assert dev.regs.CTRL is dev.regs.CTRL and len({dev.regs.CTRL, dev.regs.ID}) == 2
    assert f"{dev.regs.ID:#010x}" == "0x010000ed"


def test_names_that_are_not_there(dev):
    assert not hasattr(dev.regs, "NOPE") and not hasattr(dev.regs.CTRL, "shape") and not hasattr(dev.regs.DMA, "shape")
    assert getattr(dev.regs, "NOPE", None) is None and dev.regs.get("NOPE", 7) == 7
    for error in (AttributeError, KeyError, pcietool.UsageError):
        with pytest.raises(error):
            dev.regs["NOPE"]


def test_blocks_of_any_buffer(dev, word):
    import array

    bar = dev.bar(0)
    bar.write_block(0x200, array.array("I", [0x11111111, 0x22222222]))
    assert (word(0x200), word(0x204)) == (0x11111111, 0x22222222)
    bar.write_block(0x200, memoryview(bytes(range(8))).cast("B", (2, 4)))
    assert word(0x204) == 0x07060504
    for number in (-1, 6, 9):
        with pytest.raises(pcietool.UsageError, match="there is no BAR"):
            dev.bar(number)
