# SPDX-License-Identifier: GPL-2.0-or-later
"""After close(), in a child, in threads; nothing is leaked."""
import copy
import gc
import inspect
import os
import pickle
import random
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
        # by its first access; the mapping for the other direction goes with it
        assert bar.read_block(4, 8) == bytes([9]) + bytes(7)
        assert dev.bar(0).read(4) == 9
        bar.write(4, 8)
        with pytest.raises(pcietool.GoneError):
            old.read()
        dev.regs._forget()
        assert dev.regs.CTRL.value == 8 and bar.read(4) == 8
    finally:
        os.rename(path + ".old", path)


def test_the_mappings_for_both_directions_go_together(dev, word):
    bar = dev.bar(0)
    bar.write(4, 0xFFFFFFFF)
    assert bar.read(4) == 0xFFFFFFFF
    path = os.path.join(SYSROOT, "sys/bus/pci/devices", dev.address, "resource0")
    os.rename(path, path + ".old")
    with open(path, "wb") as file:
        file.truncate(4096)
    try:
        # all ones: it is opened anew, to look why
        bar.read(4)
        bar.write(4, 8)
        assert word(4) == 8
    finally:
        os.rename(path + ".old", path)


def test_no_access_of_a_block_is_made_twice(dev, word):
    folder = os.path.join(SYSROOT, "sys/bus/pci/devices", dev.address)
    path = os.path.join(folder, "resource0")
    with open(os.path.join(folder, "resource"), encoding="ascii") as file:
        resources = file.read()
    with open(os.path.join(folder, "resource"), "w", encoding="ascii") as file:
        file.write(resources.replace("0x00000000fe000fff", "0x00000000fe001fff", 1))
    os.truncate(path, 8192)
    try:
        with pcietool.Device(dev.address, sysroot=SYSROOT) as wide:
            bar = wide.bar(0)
            bar.write_block(4080, bytes(32), 64)
            os.rename(path, path + ".old")
            with open(path, "wb") as file:
                file.truncate(8192)
            os.truncate(path + ".old", 4096)
            # the third access is to what is gone
            with pytest.raises(pcietool.GoneError):
                bar.write_block(4080, bytes([0xAA]) * 32, 64)
            assert word(4080, 8) == 0
            with open(path + ".old", "rb") as file:
                assert file.read()[4080:] == bytes([0xAA]) * 16
            # by its first
            bar.write_block(4096, bytes([0xBB]) * 16, 64)
            assert word(4096, 16) == int.from_bytes(bytes([0xBB]) * 16, "little")
    finally:
        os.rename(path + ".old", path)
        os.truncate(path, 4096)
        with open(os.path.join(folder, "resource"), "w", encoding="ascii") as file:
            file.write(resources)


def test_decoding_that_is_off_is_told(dev):
    bar = dev.bar(0)
    assert bar.read(4) == 0
    bar.write(4, 0xFFFFFFFF)
    assert bar.read(4) == 0xFFFFFFFF
    dev.config["COMMAND.MEMORY"] = 0
    # as a device answers then; a write would be lost
    for access in (lambda: bar.read(4), lambda: bar.write(4, 1), lambda: bar.write_block(4, bytes(8))):
        with pytest.raises(pcietool.Error) as caught:
            access()
        assert caught.value.code == "decoding-off"
    dev.config["COMMAND.MEMORY"] = 1
    assert bar.read(4) == 0xFFFFFFFF
    bar.write_block(4, bytes(8))
    assert bar.read(4) == 0


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


def test_what_is_opened_when_a_log_function_raises_is_closed():
    device = pcietool.Device("1234:11e8", sysroot=SYSROOT, map="board.map", log=lambda level, message: None)
    keep, kept = device._keep, []

    def log(level, message):
        raise KeyError(message)

    def keep_and_count(native, close):
        kept.append(close)
        return keep(native, close)

    device._calls.log = log
    device._keep = keep_and_count
    raised = 0
    for name in ("CTRL", "CTRL2", "ID"):
        try:
            pcietool.Register(device, name)
        except KeyError:
            raised += 1
    assert raised
    # whoever is kept is closed when nobody has it
    assert len(kept) == 3
    device._calls.log = lambda level, message: None
    assert device.regs.ID.value == 0x010000ED
    device.close()


def test_objects_that_end_in_another_thread_wait_for_their_turn(dev):
    turns = dev._turns
    ended = []
    holder = [dev._keep(dev.regs.CTRL._handle, lambda native: ended.append(threading.get_ident()))]

    def use():
        thread = threading.Thread(target=holder.clear)
        thread.start()
        thread.join(10)
        assert not thread.is_alive() and not ended

    turns.run(use)
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


def test_signals_that_raise_leave_the_device_to_others(dev):
    """Between any two of Python's instructions."""

    def strike(number, frame):
        raise KeyboardInterrupt

    def use():
        # what a handler raises while Python ends an object goes nowhere
        for _ in range(300):
            dev.regs.CTRL.value = 1
            dev.regs.CTRL.MODE.read()
            assert dev.bar(0).read(0) == 0x010000ED
            dev._turns.try_run(dev.regs.ID.read)
            dev._keep(dev.regs.ID._handle, lambda native: None)

    random.seed(1)
    seen = 0
    before = signal.signal(signal.SIGALRM, strike)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 1e-3))
            use()
        except KeyboardInterrupt:
            seen += 1
            assert not dev._turns.is_mine()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    assert seen > 100
    read = []
    thread = threading.Thread(target=lambda: read.append(dev.bar(0).read(0)), daemon=True)
    thread.start()
    thread.join(10)
    assert read == [0x010000ED]
    # reads do without the lock again
    assert not dev._turns.native.is_held


def test_a_read_in_the_midst_of_a_read(dev):
    """As a handler of signals makes one, between what C did and how that went."""
    reg = dev.regs["KICK"]
    ones = dev.regs["0x100/64"]
    ones.write(2**64 - 1)
    lib = pcietool._registers.lib
    read = lib.pcietool_python_read
    assert read(reg._reader) == 2**64 - 1
    assert ones.read() == 2**64 - 1 and dev.regs.ID.read() == 0x010000ED
    with pytest.raises(pcietool.UsageError, match="write-only|cannot be read"):
        reg.read()
    # one that nobody asks about, as its thread was struck
    read(ones._reader)
    with pytest.raises(pcietool.UsageError) as caught:
        reg._read_on()
    assert caught.value.code == "write-only"
    # many of those
    for _ in range(100):
        read(ones._reader)
    with pytest.raises(pcietool.UsageError):
        reg.read()
    assert ones.read() == 2**64 - 1


def test_a_handler_that_reads_while_reads_fail(dev):
    ones = dev.regs["0x100/64"]
    ones.write(2**64 - 1)
    kick = dev.regs["KICK"]
    before = signal.signal(signal.SIGALRM, lambda number, frame: ones.read())
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
    try:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            with pytest.raises(pcietool.UsageError):
                kick.read()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def streams(dev, monkeypatch, count):
    """Blocks of a capture that is none: as C tells of them."""

    class Run:
        def __init__(self, device, recipe, play, options):
            self.given = given

        def run(self, wants):
            for number in range(count):
                block = object.__new__(pcietool.Block)
                block.number = number
                if self.tell(block):
                    break
            ran.append(True)

        def result(self):
            return None

    given = []
    ran = []
    monkeypatch.setattr(pcietool._capture, "Run", Run)
    return dev.blocks(), ran


def test_threads_that_take_from_one_loop(dev, monkeypatch):
    blocks, _ = streams(dev, monkeypatch, 2000)
    seen = []

    def take():
        for block in blocks:
            seen.append(block.number)
            dev.regs.ID.read()

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert sorted(seen) == list(range(2000))


def test_signals_that_raise_in_a_loop_over_blocks(dev, monkeypatch):
    def strike(number, frame):
        raise KeyboardInterrupt

    random.seed(2)
    before = signal.signal(signal.SIGALRM, strike)
    seen = 0
    for _ in range(300):
        blocks, _ = streams(dev, monkeypatch, 100)
        try:
            try:
                signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 2e-3))
                for block in blocks:
                    dev.regs.CTRL.value = 1
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except KeyboardInterrupt:
            seen += 1
        blocks.close()
        assert not dev._turns.is_mine() and dev._calls.stream is None
        # it ends, and touches nothing, where start() was struck
        if blocks._stream.thread.ident is not None:
            blocks._stream.thread.join(10)
            assert not blocks._stream.thread.is_alive()
    signal.signal(signal.SIGALRM, before)
    assert seen > 100
    assert dev.bar(0).read(0) == 0x010000ED


def test_what_a_signal_raised_in_start_is_raised_also_where_start_loses_its_lock(dev, monkeypatch):
    def struck(thread):
        try:
            raise KeyboardInterrupt
        finally:
            raise RuntimeError("release unlocked lock")

    def refused(thread):
        raise RuntimeError("can't start new thread")

    for start, expected in (struck, KeyboardInterrupt), (refused, RuntimeError):
        blocks, ran = streams(dev, monkeypatch, 3)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", start)
            with pytest.raises(expected):
                try:
                    raise ValueError
                except ValueError:
                    next(iter(blocks))
        assert not ran and dev._calls.stream is None
    assert dev.bar(0).read(0) == 0x010000ED


def test_a_thread_that_start_left_behind_captures_nothing(dev, monkeypatch):
    blocks, ran = streams(dev, monkeypatch, 3)
    start = threading.Thread.start

    def struck(thread):
        start(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", struck)
    with pytest.raises(KeyboardInterrupt):
        next(blocks)
    monkeypatch.undo()
    blocks._stream.thread.join(10)
    assert not ran and not blocks._stream.thread.is_alive() and dev._calls.stream is None


def test_forked_in_a_loop_over_blocks(dev, monkeypatch):
    blocks, _ = streams(dev, monkeypatch, 10**9)
    next(blocks)
    waiting = threading.Thread(target=lambda: [None for _ in blocks])
    for _ in range(100):
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            blocks.close()
            dev.close()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        if waiting.ident is None:
            waiting.start()
    blocks.close()
    waiting.join(30)
    assert not waiting.is_alive()


def test_a_thread_that_waits_in_a_callback(dev):
    """Whoever has the device does not wait for those that wait for it."""
    turns = dev._turns
    thread = threading.Thread(target=turns.run, args=(lambda: None,))

    def use():
        thread.start()
        time.sleep(0.2)
        turns.let_pass()

    turns.run(use)
    thread.join(10)
    assert not thread.is_alive()


def test_slices_let_others_in(dev):
    stop = threading.Event()

    def wait():
        while not stop.is_set():
            dev._turns.run_slice(time.sleep, 0.02)
            dev._turns.let_pass()

    thread = threading.Thread(target=wait)
    thread.start()
    start = time.monotonic()
    for _ in range(20):
        dev.regs.CTRL.value = 1
    took = time.monotonic() - start
    stop.set()
    thread.join()
    assert took < 5
