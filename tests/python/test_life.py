# SPDX-License-Identifier: GPL-2.0-or-later
"""After close(), in a child, in threads; nothing is leaked."""
import copy
import gc
import inspect
import os
import pickle
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


def test_one_descriptor_for_all_registers(dev):
    def opened():
        gc.collect()
        return sum("resource0" in os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{n}"))

    before = opened()
    regs = [dev.regs[f"0x{4 * n:x}"] for n in range(100)] + [dev.regs.CTRL, dev.regs.DMA.LEN]
    assert opened() == before + 1
    dev.bar(0).read(0)
    assert opened() <= before + 2
    regs[1].write(7)
    assert dev.regs.CTRL.value == 7 and dev.bar(0).read(4) == 7
    dev.regs._forget()
    del regs
    assert dev.regs.CTRL.value == 7


def test_a_bar_that_moved_is_opened_anew(dev, word):
    bar = dev.bar(0)
    dev.regs.CTRL = 1
    old = dev.regs.CTRL
    assert bar.read(4) == 1
    # as after a rescan: another file of the same name
    path = os.path.join(SYSROOT, "sys/bus/pci/devices", dev.address, "resource0")
    with open(path, "rb") as file:
        data = file.read()
    os.rename(path, path + ".old")
    with open(path, "wb") as file:
        file.write(data[:4] + bytes([9]) + data[5:])
    os.truncate(path + ".old", 0)
    try:
        assert bar.read(4) == 9
        bar.write(4, 8)
        with pytest.raises(pcietool.GoneError):
            old.read()
        dev.regs._forget()
        assert dev.regs.CTRL.value == 8 and bar.read(4) == 8
    finally:
        os.rename(path + ".old", path)


def test_decoding_that_is_off_is_told(dev):
    bar = dev.bar(0)
    assert bar.read(4) == 0
    bar.write(4, 0xFFFFFFFF)
    assert bar.read(4) == 0xFFFFFFFF
    dev.config["COMMAND.MEMORY"] = 0
    # as a device answers then
    with pytest.raises(pcietool.Error) as caught:
        bar.read(4)
    assert caught.value.code == "decoding-off"
    dev.config["COMMAND.MEMORY"] = 1


def test_not_copied(dev):
    for one in (dev, dev.regs, dev.regs.CTRL, dev.regs.DMA, dev.bar(0), dev.config, dev.irq, dev.blocks()):
        for call in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="neither copied nor pickled"):
                call(one)


def test_who_looks_at_all_members_accesses_nothing(dev):
    # one that may not be read
    assert "value" not in dir(dev.regs.KICK)
    for reg in (dev.regs.KICK, dev.regs.CTRL):
        assert {"name", "bits", "read", "write"} <= {name for name, _ in inspect.getmembers(reg)}
    assert "MODE" in dir(dev.regs.CTRL)
    with pytest.raises(pcietool.UsageError):
        dev.regs.KICK.value  # pylint: disable=pointless-statement


def test_what_a_log_function_raises():
    calls = []

    def log(level, message):
        calls.append(message)
        raise KeyError(len(calls))

    device = pcietool.Device.__new__(pcietool.Device)
    try:
        device.__init__("1234:11e8", sysroot=SYSROOT, map="board.map", log=log)
        device.regs.ID.read()
        raise AssertionError
    except KeyError as error:
        # the first
        assert error.args == (1,)
    # and no other call's
    device._calls.log = lambda level, message: None
    assert device.regs.ID.value == 0x010000ED


def test_objects_that_end_in_another_thread_wait_for_their_turn(dev):
    turns = dev._turns
    ended = []
    holder = [dev._keep(dev.regs.CTRL._handle, lambda native: ended.append(threading.get_ident()))]
    turns.take()
    thread = threading.Thread(target=holder.clear)
    thread.start()
    thread.join(10)
    assert not thread.is_alive() and not ended
    turns.give()
    assert ended == [threading.get_ident()]


def test_reads_of_threads(dev):
    """Those without the lock, and those that have it: none sees what is another's."""
    stop = threading.Event()
    failures = []

    def read(name, value):
        reg = dev.regs[name]
        while not stop.is_set():
            if reg.read() != value:
                failures.append(name)

    def fail():
        while not stop.is_set():
            try:
                dev.regs["KICK"].read()
                failures.append("KICK")
            except pcietool.UsageError as error:
                if error.code != "write-only":
                    failures.append(error)

    dev.regs["0x100/64"] = 2**64 - 1
    dev.regs["0x108/64"] = 5
    threads = [threading.Thread(target=read, args=a) for a in (("0x100/64", 2**64 - 1), ("0x108/64", 5), ("ID", 0x010000ED))]
    threads.append(threading.Thread(target=fail))
    for thread in threads:
        thread.start()
    for i in range(300):
        dev.regs.CTRL = i
        assert dev.config["COMMAND"] == 3
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
