# SPDX-License-Identifier: GPL-2.0-or-later
"""After close(), in a child, in threads; nothing is leaked."""
import gc
import os
import signal
import threading
import time

import pytest
from conftest import SYSROOT

import pcietool


def test_closed(dev):
    reg = dev.regs.CTRL
    dev.close()
    for use in (reg.read, lambda: reg.write(1), dev.check, lambda: dev.regs.ID.value, lambda: dev.config["COMMAND"]):
        with pytest.raises(pcietool.UsageError, match="is closed"):
            use()
    dev.close()


def test_forked(dev):
    reg = dev.regs.CTRL
    assert reg.read() == 0
    child = os.fork()
    if child == 0:
        status = 1
        try:
            reg.read()
        except pcietool.UsageError as error:
            status = 0 if error.code == "forked" else 2
        del reg
        gc.collect()
        # one of its own
        with pcietool.Device("1234:11e8", sysroot=SYSROOT, map="board.map") as own:
            status = status or int(own.regs.CTRL.read() != 0)
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert reg.read() == 0


def test_threads(dev):
    failures = []

    def work(number):
        try:
            for i in range(300):
                dev.regs[f"0x{0x100 + 4 * number:x}"] = i
                assert dev.regs[f"0x{0x100 + 4 * number:x}"].value == i
                with pytest.raises(pcietool.UsageError):
                    dev.regs["NOPE"].read()
        except BaseException as error:  # pylint: disable=broad-except
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_descriptors_are_given_back():
    def opened():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    before = opened()
    for _ in range(50):
        with pcietool.Device("1234:11e8", sysroot=SYSROOT, map="board.map") as device:
            device.regs.CTRL.MODE.read()
            device.bar(0).read(0)
    assert opened() == before


def test_a_signal_ends_a_wait(dev):
    def strike(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        dev.wait("CTRL==1", timeout=None)
    assert time.monotonic() - start < 20
    assert dev.regs.ID.value == 0x010000ED
    with pytest.raises(pcietool.TimedOutError):
        dev.wait("CTRL==1", timeout=0)


def test_one_that_never_opened():
    device = object.__new__(pcietool.Device)
    with pytest.raises(pcietool.SelectError):
        device.__init__("07:00.0", sysroot=SYSROOT)
    assert "07:00.0" in repr(device)
    device.close()
