# SPDX-License-Identifier: GPL-2.0-or-later
"""Threads take turns with a device, and so does what is closed when nobody has it any more.

A signal's handler may raise an exception, as that of Ctrl-C does, between any two of Python's instructions. So the locks are only
taken by 'with', on objects whose __enter__ and __exit__ are C: between those and the block there is no such moment. Nothing else
is to be kept in step with them: is_held that stays set makes reads slower until the next turn ends.
"""
from __future__ import annotations

import collections
import functools
import os
import threading
import time
from typing import Any, Callable, Optional, TypeVar

from ._native import ffi, lib

T = TypeVar("T")


class Turns:
    """The locks of a device and all that was made with it. The thread that has its turn may take another in it."""

    def __init__(self) -> None:
        self._garbage: collections.deque[tuple[Any, Callable[[Any], None], Any]] = collections.deque()
        # what reads of registers, which do without the lock, look at
        self.native = ffi.new("struct pcietool_python_turn *")
        self.renew()

    def renew(self) -> None:
        """In a child of fork(): another thread of the parent's may have had it."""
        # whoever has this has the device
        self._lock = threading.RLock()
        # taken before it, but by those that take slice after slice: see let_pass()
        self._next = threading.RLock()
        # 'with' as acquire(blocking=False): release() fails where that did
        self._attempt: Any = type(
            "Attempt",
            (),
            {
                "__enter__": staticmethod(functools.partial(self._lock.acquire, False)),
                "__exit__": staticmethod(self._lock.__exit__),
            },
        )()
        self.native.is_reading = 0
        lib.pcietool_python_let(self.native)

    def end(self) -> None:
        """No read does without the lock any more."""
        self.native.is_over = 1

    def run(self, call: Callable[..., T], *arguments: Any) -> T:
        """CALL's result, which has the device alone."""
        if self.is_mine():
            return self._use(False, call, arguments)
        with self._next:
            return self.run_slice(call, *arguments)

    def run_slice(self, call: Callable[..., T], *arguments: Any) -> T:
        """The same for one that takes turn after turn, with let_pass() between."""
        is_outer = not self.is_mine()
        try:
            with self._lock:
                return self._use(is_outer, call, arguments)
        finally:
            self._sweep()

    def try_run(self, call: Callable[..., T], *arguments: Any) -> Optional[tuple[T]]:
        """For one that cannot wait: a tuple of the result; None: others have their turn."""
        is_outer = not self.is_mine()
        is_taken = False
        try:
            with self._attempt as is_taken:
                if is_taken:
                    return (self._use(is_outer, call, arguments),)
        except RuntimeError:
            if is_taken:
                raise
        return None

    def _use(self, is_outer: bool, call: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        """With the lock."""
        try:
            # a read is a matter of a microsecond
            while not lib.pcietool_python_hold(self.native):
                time.sleep(0)
            return call(*arguments)
        finally:
            if is_outer:
                lib.pcietool_python_let(self.native)

    def pause(self, wait: Callable[[], None]) -> None:
        """Others have the device meanwhile. For a turn of a thread that is not the main one, which alone runs signals' handlers."""
        lib.pcietool_python_let(self.native)
        self._lock.release()
        self._next.release()
        try:
            self._sweep()
            wait()
        finally:
            self._next.acquire()
            self._lock.acquire()
            while not lib.pcietool_python_hold(self.native):
                time.sleep(0)

    def let_pass(self) -> None:
        """Between slices: whoever waits for a turn has one."""
        # who waits would wait for this one, where it has the device
        if not self.is_mine():
            with self._next:
                pass

    def is_mine(self) -> bool:
        # as threading.Condition asks it
        return self._lock._is_owned()  # type: ignore[attr-defined]

    def owned(self, native: Any, close: Callable[[Any], None], parent: Any) -> Any:
        """NATIVE is closed when nobody has it any more, before PARENT, which it was made with; not by a child of fork():
        over VFIO that would stop the parent process' device."""
        process = os.getpid()

        def end(native: Any, parent: Any = parent) -> None:
            if os.getpid() == process:
                self._garbage.append((native, close, parent))
                self._sweep()

        return ffi.gc(native, end)

    def _sweep(self) -> None:
        """Python ends objects in any thread, at any moment: none waits there, the one that has the lock does it."""
        while self._garbage and self.try_run(self._close_garbage) is not None:
            pass

    def _close_garbage(self) -> None:
        while True:
            try:
                native, close, parent = self._garbage.popleft()
            except IndexError:
                return
            close(native)
            del native, parent
