# SPDX-License-Identifier: GPL-2.0-or-later
"""A device's interrupts: waited for by a thread, or by an event loop through a descriptor."""
from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar

from ._errors import Uncopied, UnsupportedError, UsageError, encoded, new_error, raise_error
from ._native import ffi, lib

if TYPE_CHECKING:
    from ._device import Device

T = TypeVar("T")

NS = 1_000_000_000
# s; how long another thread may have to wait for one that waits for an interrupt
_SLICE = 0.02
# s; who disables interrupts in another process tells nobody
_LOOK = 1.0


def check_time(seconds: Optional[float]) -> None:
    """What is below 0, and NaN, is a mistake of the caller's, who may mean never by it."""
    if seconds is not None and not seconds >= 0:
        raise UsageError(f"{seconds} s is no time to wait: None is for ever, 0 looks once", "bad-time")


def nanoseconds(seconds: Optional[float]) -> int:
    """None, and what is beyond 500 years, is never."""
    never = 2**64 - 1
    check_time(seconds)
    return never if seconds is None or seconds * NS >= never else int(seconds * NS)


class _Watch:
    """A descriptor that an interrupt makes readable."""

    def __init__(self, device: Device, vector: int) -> None:
        self.fd = -1
        fd = ffi.new("int *")
        device._call(lib.pcietool_irq_fd, vector, fd)
        self.fd = fd[0]

    def clear(self) -> None:
        lib.pcietool_irq_fd_clear(self.fd)

    def close(self) -> None:
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)

    __del__ = close


class Interrupts(Uncopied):
    """INTx, MSI or MSI-X."""

    def __init__(self, device: Device) -> None:
        self._device = device
        # wakes an event loop that waits
        self._loops: set[Callable[[], object]] = set()

    def enable(self, type: str = "auto", vectors: int = 0) -> int:
        """How many there are then; VECTORS 0: all."""
        enabled = ffi.new("unsigned int *")
        self._device._call(lib.pcietool_irq_enable, encoded(type), vectors, enabled)
        return enabled[0]

    def disable(self) -> None:
        self._device._call(lib.pcietool_irq_disable)
        self._wake()

    def count(self, vector: int = 0) -> int:
        count = ffi.new("uint64_t *")
        self._device._call(lib.pcietool_irq_count, vector, count)
        return count[0]

    def wait(
        self,
        timeout: Optional[float] = None,
        vector: int = 0,
        since: Optional[int] = None,
        ended: Optional[threading.Event] = None,
    ) -> int:
        """Until the count exceeds SINCE (what it is now): the count. TimedOutError after TIMEOUT seconds, or when ENDED is set."""
        check_time(timeout)
        end = None if timeout is None else time.monotonic() + timeout
        if since is None:
            since = self.count(vector)
        while True:
            left = _SLICE if end is None else max(0.0, min(_SLICE, end - time.monotonic()))
            is_last = (end is not None and left < _SLICE) or (ended is not None and ended.is_set())
            count = self._look(vector, since, left, is_last)
            if count is not None:
                return count
            self._device._turns.let_pass()

    def _look(self, vector: int, since: int, timeout: float, is_last: bool) -> Optional[int]:
        """None: nothing came in time, which is an error of the LAST look; or a signal, whose handler Python runs now."""
        count = ffi.new("uint64_t *")
        error = new_error()
        rc = self._device._turns.run_slice(self._wait, vector, since, nanoseconds(timeout), count, error)
        if rc == 0:
            return count[0]
        if rc == -errno.EINTR:
            return None
        if is_last or lib.pcietool_error_kind(error) != lib.PCIETOOL_TIMEOUT:
            raise_error(error)
        return None

    def _wait(self, *arguments: Any) -> int:
        device = self._device
        try:
            return lib.pcietool_irq_wait(device._open_handle(), *arguments)
        finally:
            device._calls.end()

    # --- in an event loop

    async def wait_async(self, timeout: Optional[float] = None, vector: int = 0, since: Optional[int] = None) -> int:
        """The same for asyncio, by a descriptor in its loop; where there is none (UIO in a session), by a thread of its executor."""
        check_time(timeout)
        end = None if timeout is None else time.monotonic() + timeout
        if since is None:
            since = await self._turn(self.count, vector)
        try:
            watch = await self._turn(_Watch, self._device, vector)
        except UnsupportedError as error:
            if error.code != "no-descriptor":
                raise
            return await self._wait_on_thread(None if end is None else max(0.0, end - time.monotonic()), vector, since)
        while True:
            count = await self._wait_watch(watch, end, vector, since)
            if count is not None:
                return count
            # nothing of that descriptor's: interrupts that were disabled and enabled since need another
            watch = await self._turn(_Watch, self._device, vector)

    async def _turn(self, call: Callable[..., T], *arguments: Any) -> T:
        """CALL's result. A loop does not stand still while another thread has the device."""
        result = self._device._turns.try_run(call, *arguments)
        if result is None:
            return await asyncio.get_running_loop().run_in_executor(None, call, *arguments)
        return result[0]

    async def _wait_watch(self, watch: _Watch, end: Optional[float], vector: int, since: int) -> Optional[int]:
        """None: WATCH tells nothing, for a while or because of somebody who disabled interrupts, or closed the device."""
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        is_news = True

        def tell() -> None:
            nonlocal is_news
            is_news = True
            woken.set()

        def wake() -> None:
            # a loop that was closed waits for nothing
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(woken.set)

        self._loops.add(wake)
        loop.add_reader(watch.fd, tell)
        try:
            while is_news:
                watch.clear()
                woken.clear()
                is_news = False
                left = _LOOK if end is None else min(_LOOK, end - time.monotonic())
                count = await self._turn(self._look, vector, since, 0.0, left <= 0)
                if count is not None:
                    return count
                timer = loop.call_later(max(left, 0.0), woken.set)
                await woken.wait()
                timer.cancel()
            return None
        finally:
            self._loops.discard(wake)
            with contextlib.suppress(RuntimeError):
                loop.remove_reader(watch.fd)
            watch.close()

    async def _wait_on_thread(self, timeout: Optional[float], vector: int, since: int) -> int:
        ended = threading.Event()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(None, self.wait, timeout, vector, since, ended)
        finally:
            # a cancelled one waits no more
            ended.set()

    def _wake(self) -> None:
        for wake in list(self._loops):
            wake()
