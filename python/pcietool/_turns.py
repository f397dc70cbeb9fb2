# SPDX-License-Identifier: GPL-2.0-or-later
"""Threads take turns with a device, and so does what is closed when nobody has it any more."""
from __future__ import annotations

import collections
import os
import threading
import time
from typing import Any, Callable

from ._native import ffi, lib


class Turns:
    """The lock of a device and all that was made with it. The thread that has it may take it again."""

    def __init__(self) -> None:
        self._garbage: collections.deque[tuple[Any, Callable[[Any], None], Any]] = collections.deque()
        # what reads of registers, which do without the lock, look at
        self.native = ffi.new("struct pcietool_python_turn *")
        self.renew()

    def renew(self) -> None:
        """In a child of fork(): another thread of the parent's may have had it."""
        self._lock = threading.RLock()
        self._next = threading.Lock()
        self._depth = 0
        lib.pcietool_python_give(self.native)

    def end(self) -> None:
        """No read does without the lock any more."""
        self.native.is_over = 1

    def take(self) -> None:
        if not self._lock.acquire(blocking=False):
            # whoever waits is next: see let_pass()
            with self._next:
                self._lock.acquire()
        self._enter()

    def try_take(self) -> bool:
        """For one that cannot wait."""
        taken = self._lock.acquire(blocking=False)
        if taken:
            self._enter()
        return taken

    def _enter(self) -> None:
        self._depth += 1
        if self._depth == 1:
            # a read is a matter of a microsecond
            while not lib.pcietool_python_take(self.native):
                time.sleep(0)

    def give(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            lib.pcietool_python_give(self.native)
        self._lock.release()
        if self._garbage:
            self._sweep()

    def __enter__(self) -> None:
        self.take()

    def __exit__(self, *exception: object) -> None:
        self.give()

    def let_pass(self) -> None:
        """For one that takes turn after turn: whoever waits has the next."""
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
        while self._garbage and self._lock.acquire(blocking=False):
            self._enter()
            try:
                while self._garbage:
                    native, close, parent = self._garbage.popleft()
                    close(native)
                    del native, parent
            finally:
                self._depth -= 1
                if self._depth == 0:
                    lib.pcietool_python_give(self.native)
                self._lock.release()
