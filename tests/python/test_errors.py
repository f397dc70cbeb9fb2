# SPDX-License-Identifier: GPL-2.0-or-later
"""Each kind of error is an exception of its own, and of Python's."""
import asyncio
import os

import pytest
from conftest import BAR, SYSROOT

import pcietool


def test_kinds(dev):
    with pytest.raises(pcietool.SelectError, match="no device") as caught:
        pcietool.Device("07:00.0", sysroot=SYSROOT)
    assert isinstance(caught.value, LookupError)
    with pytest.raises(pcietool.UsageError) as caught:
        dev.regs.CTRL = 1 << 40
    assert caught.value.code == "value-too-wide" and isinstance(caught.value, ValueError)
    with pytest.raises(pcietool.UsageError, match="NOPE"):
        dev.regs["NOPE"].read()
    with pytest.raises(pcietool.UsageError) as caught:
        dev.regs.KICK.read()
    assert caught.value.code == "write-only"
    with pytest.raises(pcietool.UnsupportedError) as caught:
        dev.irq.enable("msi")
    assert "driver bind" in str(caught.value) and isinstance(caught.value, NotImplementedError)
    with pytest.raises(pcietool.UnsupportedError):
        dev.dma("rx", 4096)
    with pytest.raises(pcietool.UnsupportedError):
        dev.link
    with pytest.raises(pcietool.UsageError):
        pcietool.Device("1234:11e8", sysroot=SYSROOT, via="air")
    with pytest.raises(pcietool.Error):
        pcietool.Device("1234:11e8", sysroot=SYSROOT, map="nothing.map").regs.ID.read()
    with pytest.raises(pcietool.UsageError):
        dev.capture(output="x", size="what")
    for wrong in (0, b"COMMAND", None):
        with pytest.raises(TypeError, match=f"a str is needed, not {type(wrong).__name__}"):
            dev.config[wrong]
        with pytest.raises(TypeError, match="a str is needed"):
            dev.config[wrong] = 1
        with pytest.raises(TypeError, match="a str is needed"):
            dev.regs[wrong]
    for seconds in (-1, -0.001, float("nan")):
        for call in (dev.irq.wait, lambda timeout: dev.wait("CTRL==1", timeout), lambda t: dev.regs.CTRL.wait(1, timeout=t),
                     lambda t: dev.wait("CTRL==0", interval=t), lambda t: asyncio.run(dev.irq.wait_async(t))):
            with pytest.raises(pcietool.UsageError, match="no time to wait: None is for ever") as caught:
                call(seconds)
            assert caught.value.code == "bad-time"
    os.truncate(BAR, 0)
    with pytest.raises(pcietool.GoneError) as caught:
        dev.regs.CTRL.read()
    assert isinstance(caught.value, OSError)


def test_an_error_does_not_stick(dev):
    for _ in range(3):
        with pytest.raises(pcietool.UsageError):
            dev.regs["NOPE"].read()
        assert dev.regs.ID.value == 0x010000ED


def test_log():
    said = []
    device = pcietool.Device(
        "1234:11e8", sysroot=SYSROOT, map="board.map", log=lambda level, message: said.append((level, message))
    )
    device.regs.ID.read()
    assert any("board.map" in message for _, message in said)


def test_a_nul_is_in_no_name(dev):
    for use in (
        lambda: dev.regs["CTRL\0X"],
        lambda: dev.regs.CTRL.write("1\0"),
        lambda: dev.config["COMMAND\0X"],
        lambda: dev.config.__setitem__("COMMAND", "3\0X"),
        lambda: dev.wait("CTRL==0\0X"),
        lambda: dev.dma("rx\0X", 4096),
        lambda: dev.open_dma("rx\0X"),
        lambda: dev.irq.enable("msi\0X"),
        lambda: dev.capture("a\0b"),
        lambda: dev.capture(size="1\0M"),
        lambda: pcietool.find("1234:\0X"),
        lambda: pcietool.Device("1234:11e8\0X"),
        lambda: pcietool.Device("1234:11e8", map="board.map\0X"),
    ):
        with pytest.raises(pcietool.UsageError, match="NUL"):
            use()
